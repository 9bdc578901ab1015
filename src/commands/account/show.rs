//! `hostctl account show NAME`.

use crate::account;
use crate::commands::Take;
use crate::error::Result;
use crate::model::{AccountName, Given};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The account
    #[arg(value_name = "NAME")]
    name: Given<AccountName>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    context
        .ui
        .one(&account::find(&*session, &args.name.take(&context.ui)).await?)
}
