//! The heartbeat after a good run.

use crate::certificate::heartbeat;
use crate::runner::Context;

/// Calls `certificate.heartbeat_url`, if there is one: to be called after a renewal in which nothing failed. That it cannot
/// be called is a warning, and changes nothing of the run.
pub async fn beat(context: &Context) {
    let Some(url) = &context.config.certificate.heartbeat_url else {
        return;
    };
    if let Err(error) = heartbeat::call(url).await {
        context.ui.warn(error.message());
    }
}
