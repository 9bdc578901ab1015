//! Telling a transaction pooler from a server: locks of a session are worth nothing behind one.

use tokio_postgres::{Client, SimpleQueryMessage};

use super::connect::Target;
use super::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};

/// Refuses a transaction pooler.
///
/// An idle pooler hands out the same backend again and looks like a server. So a second connection keeps a
/// transaction open on a backend, and then the first is asked again which one it has.
///
/// # Errors
/// `usage`, reason `pooler`.
pub async fn refuse(target: &Target, client: &Client, deadline: Deadline) -> Result<()> {
    let first = backend(client, &target.name).await?;
    let other = target.connect(deadline).await?;
    other
        .batch_execute("BEGIN")
        .await
        .map_err(|error| sqlstate::error(&target.name, error))?;
    let occupied = backend(&other, &target.name).await?;
    let second = backend(client, &target.name).await?;
    if first == second && first != occupied {
        return Ok(());
    }
    let message = format!(
        "{} is behind a pooler that changes the server under a session",
        target.name
    );
    Err(Error::new(Kind::Usage, "pooler", message)
        .hint("name the server itself in the URL, or set pool_mode = session for this database"))
}

async fn backend(client: &Client, what: &str) -> Result<String> {
    // The simple protocol: pgbouncer before 1.21 cannot carry prepared statements.
    let answer = client
        .simple_query("SELECT pg_backend_pid()")
        .await
        .map_err(|error| sqlstate::error(what, error))?;
    let row = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(ToOwned::to_owned),
        _ => None,
    });
    row.ok_or_else(|| Error::internal("a server without a backend"))
}
