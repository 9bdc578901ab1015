//! `hostctl dns zone export ZONE`.

use serde::Serialize;

use super::observed;
use crate::commands::Take;
use crate::dns::{masterfile, readable};
use crate::error::Result;
use crate::model::{Given, ZoneName};
use crate::output::words::Count;
use crate::output::{Column, Format, Row};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The zone
    #[arg(value_name = "ZONE")]
    zone: Given<ZoneName>,
}

#[derive(Serialize)]
struct Exported {
    name: String,
    serial: u32,
    text: String,
}

impl Row for Exported {
    const NOUN: &'static str = "zone";
    const COLUMNS: &'static [Column] = &[Column::new("name"), Column::new("serial"), Column::new("text")];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let zone = args.zone.take(&context.ui);
    let observed = observed(context, &zone).await?;
    let live = readable(&observed)?;
    if !live.unread.is_empty() {
        let sets = Count(live.unread.len(), "record set");
        context
            .ui
            .note(&format!("{sets} of types that only the provider knows left out"));
    }
    let text = masterfile::write(live);
    match context.ui.options().format {
        Format::Table => context.ui.print(&text),
        _ => context.ui.one(&Exported {
            name: zone.to_string(),
            serial: live.serial,
            text,
        }),
    }
}
