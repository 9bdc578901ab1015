//! Forgetting what counts nowhere any more.

use std::time::Duration;

use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use super::admit::{WHAT, window};
use crate::certificate::rows::query;
use crate::config::Config;
use crate::error::Result;

/// What is shown of authorities without limits.
const SHOWN: Duration = Duration::from_secs(7 * 86_400);
/// Kept longer than anything counts: clocks, and hosts whose configuration is changed one after the other.
const SPARE: Duration = Duration::from_secs(86_400);

/// The longest window of all authorities, and some time to spare.
#[must_use]
pub fn longest(config: &Config) -> Duration {
    let windows = config.acme.values().map(|acme| acme.limits.longest());
    let longest = windows.max().unwrap_or_default().max(SHOWN);
    Duration::from_secs_f64(window(longest.as_secs_f64())) + SPARE
}

/// Removes what is older than `age`.
///
/// # Errors
/// Those of the control database.
pub async fn prune(client: &impl GenericClient, age: Duration) -> Result<()> {
    let statement =
        "DELETE FROM hostctl.ca_ledger WHERE at < hostctl.now() - make_interval(secs => $1) RETURNING 1";
    let seconds = age.as_secs_f64();
    query(client, WHAT, statement, &[(&seconds, Type::FLOAT8)])
        .await
        .map(drop)
}
