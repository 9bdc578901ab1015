//! The heartbeat after a good run.

use crate::certificate::{heartbeat, renewal};
use crate::error::Result;
use crate::runner::Context;

/// Calls `certificate.heartbeat_url`, if there is one: to be called after a renewal, and the deployment that follows
/// it, in which nothing failed. Between two attempts at what ends soon nothing fails, and nothing is well. That it
/// cannot be called is a warning, and changes nothing of the run.
pub async fn beat(context: &Context) {
    let Some(url) = &context.config.certificate.heartbeat_url else {
        return;
    };
    if let Err(error) = call(url, context).await {
        context.ui.warn(error.message());
    }
}

async fn call(url: &str, context: &Context) -> Result<()> {
    match renewal::is_failing(&*context.session().await?).await? {
        true => Ok(()),
        false => heartbeat::call(url).await,
    }
}
