//! `hostctl account`: customers.

mod create;
mod delete;
mod list;
mod row;
mod set;
mod show;
mod suspend;

use std::time::Duration;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// How long looking at what an account owns may take.
const LOOK: Duration = Duration::from_secs(30);

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create an account
    Create(create::Args),
    /// List accounts, with how much each owns
    List,
    /// Show one account: what it has, and what its package allows
    Show(show::Args),
    /// Give an account another package
    Set(set::Args),
    /// Shut an account out: logins and mail, not its zones
    Suspend(suspend::Args),
    /// Let a suspended account in again
    Resume(suspend::Args),
    /// Delete an account with everything it owns
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
            Command::Suspend(args) => suspend::suspend(args, context).await,
            Command::Resume(args) => suspend::resume(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}
