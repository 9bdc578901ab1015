//! `hostctl op list`.

use super::row::OperationRow;
use crate::account;
use crate::error::Result;
use crate::journal::{self, Selection};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only those that are not over: running, unwinding or stuck
    #[arg(long)]
    open: bool,
    /// At most so many, the newest
    #[arg(long, value_name = "N", default_value = "50", value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// All of them
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let account = match &context.settings.account {
        Some(name) => Some(account::find(&*session, name).await?.id),
        None => None,
    };
    let selection = Selection {
        is_unfinished: args.open,
        account,
        limit: (!args.all).then_some(i64::from(args.limit)),
        ..Selection::default()
    };
    let operations = journal::list(&*session, &selection).await?;
    context
        .ui
        .all(&operations.iter().map(OperationRow::from).collect::<Vec<_>>())
}
