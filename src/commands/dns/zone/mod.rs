//! `hostctl dns zone`.

mod create;
mod delete;
mod list;
mod row;
mod show;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a zone with its SOA and NS records
    Create(create::Args),
    /// List zones
    List(list::Args),
    /// Show one zone
    Show(show::Args),
    /// Delete a zone with all its records
    Delete(delete::Args),
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Create(args) => create::run(args, context).await,
            Command::List(args) => list::run(args, context).await,
            Command::Show(args) => show::run(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}
