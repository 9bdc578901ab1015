//! `hostctl package show NAME`.

use super::row::Shown;
use crate::account::package;
use crate::commands::Take;
use crate::error::Result;
use crate::model::{Given, PackageName};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The package
    #[arg(value_name = "NAME")]
    name: Given<PackageName>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let found = package::find(&*session, &args.name.take(&context.ui)).await?;
    context.ui.one(&Shown::from(found))
}
