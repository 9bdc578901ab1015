//! Writing it down.

use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::admit::{Request, WHAT, is_written};
use super::counts::{Count, proved};
use crate::certificate::authorities::Authorities;
use crate::certificate::rows::query;
use crate::error::Result;

/// Keeps the places of an order.
pub(super) async fn reserve(
    client: &impl GenericClient,
    request: &Request<'_>,
    counts: &[Count],
) -> Result<()> {
    let written = || counts.iter().filter(|count| is_written(count));
    let kinds: Vec<&str> = written().map(|count| count.counted.word()).collect();
    let subjects: Vec<&str> = written().map(|count| count.subject.as_str()).collect();
    if kinds.is_empty() {
        return Ok(());
    }
    let statement = "INSERT INTO hostctl.ca_ledger (ca, kind, subject, order_id, spent)
        SELECT $1, a.kind, a.subject, $4, a.kind = 'order' FROM unnest($2::text[], $3::text[]) AS a(kind, subject)
        ON CONFLICT (order_id, kind, subject) WHERE kind <> 'order' DO UPDATE SET at = hostctl.now() RETURNING 1";
    let parameters = [
        (&request.ca as _, Type::TEXT),
        (&kinds as _, Type::TEXT_ARRAY),
        (&subjects as _, Type::TEXT_ARRAY),
        (&request.order as _, Type::UUID),
    ];
    query(client, WHAT, statement, &parameters).await.map(drop)
}

/// The request of the order is about to be sent: from now on its certificate counts, whatever comes of it.
///
/// # Errors
/// Those of the control database.
pub async fn spend(client: &impl GenericClient, order: Uuid) -> Result<()> {
    let statement = "UPDATE hostctl.ca_ledger SET spent = true, at = hostctl.now()
        WHERE order_id = $1 AND kind IN ('certificate', 'domain') RETURNING 1";
    query(client, WHAT, statement, &[(&order, Type::UUID)])
        .await
        .map(drop)
}

/// The order ended before its request was sent: its places are free again. That it was asked for stays counted.
///
/// # Errors
/// Those of the control database.
pub async fn release(client: &impl GenericClient, order: Uuid) -> Result<()> {
    let statement =
        "DELETE FROM hostctl.ca_ledger WHERE order_id = $1 AND kind <> 'order' AND NOT spent RETURNING 1";
    query(client, WHAT, statement, &[(&order, Type::UUID)])
        .await
        .map(drop)
}

/// Counts a name that could not be proved, once an order. What cannot be counted is no reason to fail.
pub async fn fail(world: &Authorities, ca: &str, order: Uuid, name: &str) {
    let noted = async {
        let statement =
            "INSERT INTO hostctl.ca_ledger (ca, kind, subject, order_id) VALUES ($1, 'failure', $2, $3)
            ON CONFLICT (order_id, kind, subject) WHERE kind <> 'order' DO NOTHING RETURNING 1";
        let name = proved(name);
        let parameters = [
            (&ca as _, Type::TEXT),
            (&name as _, Type::TEXT),
            (&order as _, Type::UUID),
        ];
        let session = world.session().await?;
        query(&**session, WHAT, statement, &parameters).await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "a failure could not be counted");
    }
}
