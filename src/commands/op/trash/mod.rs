//! `hostctl op trash`: what was deleted and can still be brought back.

mod list;
mod purge;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

pub use purge::purge_expired;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List what was deleted and can still be brought back, oldest first
    List(list::Args),
    /// Delete for good what lies in the trash
    Purge(purge::Args),
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::List(args) => list::run(&args, context).await,
            Command::Purge(args) => purge::run(&args, context).await,
        }
    }
}
