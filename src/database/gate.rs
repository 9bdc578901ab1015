//! The gate of a database: while it is shut nobody comes in, whoever may enter it, and we neither.
//!
//! Who is put out by the very transaction that renames a database, or that forbids to enter it, comes again before that one
//! commits. So the gate is shut first, by a transaction of its own, for as long as it takes to put everybody out and to
//! rename; it knows two states only, of which the first is known, so that whoever finds it shut can open it.

use tokio_postgres::types::Type;

use super::catalog::{end_sessions, end_unseen_in, leave, unseen_in};
use super::clusters::Link;
use super::entry::Entrants;
use super::failure::failed;
use super::stand_in::{LEAVING, LOOKS, PAUSE};
use super::subject::is_marked;
use crate::control::quote::identifier;
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::Result;
use crate::journal::Failure;

/// Shuts the gate.
pub(super) fn shut(database: &str) -> String {
    format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", identifier(database))
}

/// Opens it again.
pub(super) fn open(database: &str) -> String {
    format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", identifier(database))
}

/// Lets nobody into `database` any more, for good, and ends the sessions of tenants in it.
pub(super) async fn clear(link: &Link, database: &str, what: &str) -> Result<(), Failure> {
    forbid(link, database, what).await?;
    put_out(link, database, what).await
}

/// Lets nobody into `database` any more, for good.
pub(super) async fn forbid(link: &Link, database: &str, what: &str) -> Result<(), Failure> {
    let owner = "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = $1";
    let rows = link.client.query_typed(owner, &[(&database, Type::TEXT)]).await;
    let rows = rows.map_err(|error| failed(what, error))?;
    let Some(owner) = rows.first().map(|row| row.get::<_, String>(0)) else {
        return Ok(());
    };
    let entrants = Entrants::of(link, database).await.map_err(Failure::not_now)?;
    let doors = entrants.doors(link, &owner).await.map_err(Failure::not_now)?;
    let shut = doors.shut(database).join("; ");
    if shut.is_empty() {
        return Ok(());
    }
    let done = link.client.batch_execute(&shut).await;
    done.map_err(|error| failed(what, error))
}

/// Ends the sessions in `database`, which nobody may enter any more, until there is none that we may end: one that was
/// logging in when it was shut may come late. Those of others, a superuser's, are for the rename to find.
pub(super) async fn put_out(link: &Link, database: &str, what: &str) -> Result<(), Failure> {
    let deadline = Deadline::after(LEAVING);
    let mut quiet = 0;
    while quiet < LOOKS && !deadline.is_spent() {
        let Inside { tenants, ours } = inside(link, database).await.map_err(Failure::unknown)?;
        let unseen = unseen_in(link, database).await.map_err(Failure::unknown)?;
        if tenants.is_empty() && ours == 0 && unseen == 0 {
            quiet += 1;
        } else {
            quiet = 0;
            end(link, database, &tenants, what).await?;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

async fn end(link: &Link, database: &str, tenants: &[String], what: &str) -> Result<(), Failure> {
    let with = |statement: String| {
        let joins = tenants.iter().map(|role| link.join(role));
        let leaves = tenants.iter().map(|role| leave(role));
        let all: Vec<String> = joins.chain([statement]).chain(leaves).collect();
        all.join("; ")
    };
    let ended = link.client.batch_execute(&with(end_sessions(database))).await;
    ended.map_err(|error| Failure::unknown(failed(what, error).error))?;
    // Whose it is cannot be seen. The server lets us end none that is not a tenant's here: another one is no failure.
    link.client
        .batch_execute(&with(end_unseen_in(database)))
        .await
        .ok();
    Ok(())
}

/// Those in a database whose sessions we may end.
struct Inside {
    /// Tenants of ours whom we have to join for it.
    tenants: Vec<String>,
    /// How many sessions we may end as we are.
    ours: usize,
}

async fn inside(link: &Link, database: &str) -> Result<Inside> {
    let statement =
        "SELECT r.rolname::text, shobj_description(r.oid, 'pg_authid'), pg_has_role(r.oid, 'USAGE')
        FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
        WHERE a.datname = $1 AND a.pid <> pg_backend_pid() AND (NOT r.rolsuper OR pg_has_role(r.oid, 'USAGE'))
        ORDER BY 1";
    let rows = link
        .client
        .query_typed(statement, &[(&database, Type::TEXT)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("the sessions of {}", link.cluster), error))?;
    let is_ours = |row: &tokio_postgres::Row| row.get::<_, bool>(2);
    let tenants = rows.iter().filter(|row| !is_ours(row) && is_marked(row.get(1)));
    let mut tenants: Vec<String> = tenants.map(|row| row.get(0)).collect();
    tenants.dedup();
    Ok(Inside {
        tenants,
        ours: rows.iter().filter(|row| is_ours(row)).count(),
    })
}
