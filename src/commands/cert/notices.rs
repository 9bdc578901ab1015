//! Telling which certificates are about to end, on stderr: cron sends that by mail.

use crate::certificate::notice;
use crate::error::Result;
use crate::runner::Context;

/// Tells what is due, once for all hosts.
///
/// # Errors
/// Those of the control database.
pub async fn tell_ends(context: &Context) -> Result<()> {
    let mut session = context.session().await?;
    notice::tell(&mut session, |notice| context.ui.warn(&notice.to_string()))
        .await
        .map(drop)
}
