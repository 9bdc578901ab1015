//! `hostctl account`: customers.

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
    /// Create an account
    Create(create::Args),
    /// List accounts, with how much each owns
    List,
    /// Show one account
    Show(show::Args),
    /// Delete an account that owns nothing any more
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
