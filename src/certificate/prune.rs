//! Removing what nobody needs any more from the control database: orders that ended long ago, what counts against no limit,
//! waits that are over, and generations that have expired.

use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use super::rows::query;
use super::{ca, ledger};
use crate::config::Config;
use crate::error::Result;

/// How long it is known what became of an order.
const ORDERS: &str = "30 days";
/// How many generations stay, expired or not.
const GENERATIONS: i64 = 3;

/// Prunes.
///
/// # Errors
/// Those of the control database.
pub async fn prune(client: &impl GenericClient, config: &Config) -> Result<()> {
    ledger::prune(client, ledger::longest(config)).await?;
    ca::prune_pauses(client).await?;
    prune_orders(client).await?;
    prune_generations(client).await
}

/// One that still has something in the world, or whose operation is not over, stays.
async fn prune_orders(client: &impl GenericClient) -> Result<()> {
    let statement = "DELETE FROM hostctl.certificate_orders r
        WHERE r.state IN ('issued', 'failed', 'abandoned') AND r.answers = '[]'
            AND r.changed_at < hostctl.now() - $1::text::interval
            AND NOT EXISTS (SELECT FROM hostctl.operations o WHERE o.id = r.operation_id
                AND o.state IN ('running', 'unwinding', 'stuck'))
        RETURNING 1";
    query(
        client,
        "the orders of certificates",
        statement,
        &[(&ORDERS, Type::TEXT)],
    )
    .await
    .map(drop)
}

/// What is to be served, what a host serves, what has not expired and the last few stay.
async fn prune_generations(client: &impl GenericClient) -> Result<()> {
    let statement = "DELETE FROM hostctl.certificate_generations g USING hostctl.certificates c
        WHERE c.name = g.certificate AND g.not_after < hostctl.now() AND g.number IS DISTINCT FROM c.generation
            AND g.number <= (SELECT n.number FROM hostctl.certificate_generations n WHERE n.certificate = g.certificate
                ORDER BY n.number DESC OFFSET $1 LIMIT 1)
            AND NOT EXISTS (SELECT FROM hostctl.certificate_places p
                WHERE p.certificate = g.certificate AND p.generation = g.number)
        RETURNING 1";
    query(
        client,
        "the generations of certificates",
        statement,
        &[(&GENERATIONS, Type::INT8)],
    )
    .await
    .map(drop)
}
