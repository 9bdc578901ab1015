//! `hostctl mail box show ADDRESS`.

use crate::commands::{Take, scope};
use crate::error::Result;
use crate::mail::boxes;
use crate::model::{Given, MailAddress};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address
    #[arg(value_name = "ADDRESS")]
    address: Given<MailAddress>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    context
        .ui
        .one(&boxes::find(&*session, &args.address.take(&context.ui), account).await?)
}
