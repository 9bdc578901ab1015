//! What the servers of a zone answer, beside what its provider holds.

use std::time::Duration;

use futures_util::future::join_all;

use super::observe::Observed;
use super::zone;
use crate::env::deadline::Deadline;
use crate::error::Result;
use crate::journal::PlannedStep;
use crate::lookup;

/// One question.
const QUESTION: Duration = Duration::from_secs(1);

/// The configured servers that do not answer with the zone as its provider holds it, in words: `192.0.2.53:53 has serial 3`.
/// None where no servers are configured: the zone's own may not be reachable from here.
pub async fn late_servers(observed: &Observed, deadline: Deadline) -> Vec<String> {
    let Some(live) = &observed.live else {
        return Vec::new();
    };
    let questions = observed.target.query_servers.iter().map(|server| async move {
        match lookup::serial(*server, observed.zone.as_str(), deadline.within(QUESTION)).await {
            Ok(found) if found.has(live.served_serial) => None,
            Ok(found) => Some(match found.serial {
                Some(serial) => format!("{server} has serial {serial}"),
                None => format!("{server} has no such zone"),
            }),
            Err(_) => Some(format!("{server} does not answer")),
        }
    });
    join_all(questions).await.into_iter().flatten().collect()
}

/// Plans to wait until these servers have caught up.
///
/// # Errors
/// `internal`.
pub fn plan_published(observed: &Observed, late: &[String]) -> Result<PlannedStep> {
    let mut step = zone::published(observed)?;
    step.change.before = Some(late.join(", "));
    Ok(step)
}
