//! `hostctl ca limits [CA]`.

use crate::certificate::ca::{self, Limit};
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
        Column::new("window"),
        Column::new("until").time(),
        Column::new("reason"),
    ];
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    context.ui.all(&ca::limits(&*session, args.ca.as_deref()).await?)
}
