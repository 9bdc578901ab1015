//! `hostctl mail alias show SOURCE`.

use crate::commands::{Take, scope};
use crate::error::Result;
use crate::mail::alias;
use crate::model::{AliasSource, Given};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address, or @DOMAIN
    #[arg(value_name = "SOURCE")]
    source: Given<AliasSource>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    context
        .ui
        .one(&alias::find(&*session, &args.source.take(&context.ui), account).await?)
}
