//! `hostctl ca limits [CA]`.

use crate::certificate::ledger::{self, Limit};
use crate::error::Result;
use crate::output::{Column, Row};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The authority [acme.NAME]
    #[arg(value_name = "CA")]
    ca: Option<String>,
}

impl Row for Limit {
    const NOUN: &'static str = "count";
    const COLUMNS: &'static [Column] = &[
        Column::new("ca"),
        Column::new("kind"),
        Column::new("subject"),
        Column::new("used"),
        Column::new("limit"),
        Column::new("window"),
        Column::new("until").titled("not before").time(),
        Column::new("reason"),
    ];
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let limits = ledger::limits(&*session, &context.config, args.ca.as_deref()).await?;
    context.ui.all(&limits)
}
