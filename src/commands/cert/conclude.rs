//! What belongs to the end of each run of `cert renew` by cron.

use super::{beat, tell_ends, unreachable};
use crate::error::Result;
use crate::runner::Context;

/// Tells what is about to end, whatever came of the run; calls the heartbeat, if it was a good one; says that the control
/// database is down no oftener than it has to be said.
pub(super) async fn conclude(context: &Context, outcome: Result<()>) -> Result<()> {
    let told = tell_ends(context).await;
    let outcome = outcome.and(told);
    if outcome.is_ok() {
        beat(context).await;
    }
    outcome.map_err(|error| unreachable(context, error))
}
