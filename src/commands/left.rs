//! Telling what a purge leaves: the mail of boxes that are gone, in directories that nobody else gets.

use uuid::Uuid;

use crate::error::Result;
use crate::journal::{self, ControlStep};
use crate::mail::{boxes, homes};
use crate::model::MailAddress;
use crate::output::words::Listed;
use crate::runner::Context;

/// How many are named.
const NAMED: usize = 5;

/// Tells what the boxes have left that `operation` has deleted. The deed stands: a question that nobody answers is no error.
pub async fn of_operation(context: &Context, operation: Uuid) {
    let found = async {
        let session = context.session().await?;
        let steps = journal::steps(&*session, operation).await?;
        let deleted = steps.iter().filter(|step| step.kind == boxes::Delete::KIND);
        let address = deleted.filter_map(|step| step.resource.strip_prefix("box:")?.parse().ok());
        tell(context, &address.collect::<Vec<_>>()).await
    };
    if let Err(error) = found.await {
        tracing::debug!(%error, "what is left could not be asked");
    }
}

/// Tells what boxes of these addresses have left.
///
/// # Errors
/// Those of the control database.
pub async fn tell(context: &Context, addresses: &[MailAddress]) -> Result<()> {
    if addresses.is_empty() {
        return Ok(());
    }
    let homes = homes::left_by(&*context.session().await?, addresses).await?;
    let root = context.config.mail.directory.as_deref();
    let path = |home: &homes::Home| match root {
        Some(root) => root.join(&home.home).display().to_string(),
        None => home.home.clone(),
    };
    let paths: Vec<String> = homes.iter().take(NAMED).map(path).collect();
    if !paths.is_empty() {
        let more = if homes.len() > NAMED { ", …" } else { "" };
        context.ui.note(&format!(
            "mail stays on disk until somebody removes it: {}{more} (hostctl mail home list)",
            Listed(&paths)
        ));
    }
    Ok(())
}
