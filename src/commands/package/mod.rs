//! `hostctl package`: what accounts may have.

mod create;
mod delete;
mod limits;
mod list;
mod row;
mod set;
mod show;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a package of limits
    Create(create::Args),
    /// List packages
    List,
    /// Show one package
    Show(show::Args),
    /// Change the limits of a package, and of every account that has it
    Set(set::Args),
    /// Delete a package that no account has
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
            Command::Set(args) => set::run(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}
