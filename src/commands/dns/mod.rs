//! `hostctl dns`: zones, records, and asking DNS.

mod lookup;
mod record;
mod zone;

use clap::Subcommand;
use serde_json::Value;

use crate::error::Result;
use crate::output::Ui;
use crate::output::words::Listed;
use crate::runner::{Context, Done};

/// The nouns, and `lookup`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Zones at the DNS providers
    #[command(subcommand)]
    Zone(zone::Command),
    /// Records of a zone
    #[command(subcommand)]
    Record(record::Command),
    /// Ask DNS; needs no control database
    Lookup(lookup::Args),
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Zone(command) => command.run(context).await,
            Command::Record(command) => command.run(context).await,
            Command::Lookup(args) => lookup::run(args, context).await,
        }
    }
}

/// Tells where a change could not be seen yet, though the provider has it.
fn tell_unseen(ui: &Ui, done: &Done) {
    let last = done.outputs.iter().flatten().next_back();
    match last
        .and_then(|output| output.get("state"))
        .and_then(Value::as_str)
    {
        Some("pending") => {
            let late = last
                .and_then(|output| output.get("late"))
                .and_then(Value::as_array);
            let late: Vec<&str> = late.into_iter().flatten().filter_map(Value::as_str).collect();
            ui.note(&format!("not seen yet at {}", Listed(&late)));
        }
        Some("not_asked") => ui.note("no name server of the zone has an address yet, so none was asked"),
        _ => {}
    }
}
