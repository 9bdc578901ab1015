//! `hostctl mail domain list`.

use crate::commands::scope;
use crate::error::Result;
use crate::mail::domain;
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Those that others wrote into the control database
    #[arg(long)]
    foreign: bool,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    let rows = match args.foreign {
        true => domain::list_foreign(&*session, account).await?,
        false => domain::list(&*session, account).await?,
    };
    context.ui.all(&rows)
}
