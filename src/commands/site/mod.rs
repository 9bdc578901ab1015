//! `hostctl site`: everything of one domain as one operation.

mod create;
mod delete;
mod list;
mod show;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create the database, mail and zone of a domain: all of it or nothing
    Create(create::Args),
    /// List sites
    List,
    /// Show one site
    Show(show::Args),
    /// Delete a site with everything that was made with it
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
            Command::List => list::run(context).await,
            Command::Show(args) => show::run(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}
