//! `hostctl cert list`.

use crate::certificate::store;
use crate::commands::scope;
use crate::error::Result;
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {}

pub(super) async fn run(_: &Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    context.ui.all(&store::list(&*session, account).await?)
}
