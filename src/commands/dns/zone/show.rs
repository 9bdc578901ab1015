//! `hostctl dns zone show ZONE`.

use crate::commands::Take;
use crate::commands::scope::visible;
use crate::dns::{observe, show_zone};
use crate::error::Result;
use crate::model::{Given, ZoneName};
use crate::runner::{Context, World};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The zone
    #[arg(value_name = "ZONE")]
    zone: Given<ZoneName>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let zone = args.zone.take(&context.ui);
    let session = context.session().await?;
    let observed = observe(&*session, &World::new(&context.config).providers, &zone, None).await?;
    if let Some(account) = visible(context, &*session).await? {
        observed.check_account(account)?;
    }
    context.ui.one(&show_zone(&*session, &observed).await?)
}
