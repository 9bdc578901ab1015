//! `hostctl op`: operations.

mod abandon;
mod accept;
mod list;
mod reconcile;
mod recover;
mod retry;
mod row;
mod show;
mod trash;
mod undo;
mod watch;

pub use trash::purge_expired;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List operations, oldest first
    List(list::Args),
    /// Show an operation and each of its steps
    Show(show::Args),
    /// Follow an operation until it ends
    Watch(watch::Args),
    /// End what dead processes left: take it back, or finish it after its point of no return
    Recover(recover::Args),
    /// Undo a finished operation, where everything is still as it left it
    Undo(undo::Args),
    /// What was deleted and can still be brought back
    #[command(subcommand)]
    Trash(trash::Command),
    /// Try again to take back what is stuck
    Retry(retry::Args),
    /// Accept one step of a stuck operation as it is: its claim is freed
    Accept(accept::Args),
    /// Give up an operation that is stuck or kept: what remains of it stays, its claims are freed
    Abandon(abandon::Args),
    /// Compare the world with the journal after a fail-over or a restore of the control database
    Reconcile(reconcile::Args),
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::List(args) => list::run(&args, context).await,
            Command::Show(args) => show::run(&args, context).await,
            Command::Watch(args) => watch::run(&args, context).await,
            Command::Recover(args) => recover::run(&args, context).await,
            Command::Undo(args) => undo::run(&args, context).await,
            Command::Trash(command) => command.run(context).await,
            Command::Retry(args) => retry::run(&args, context).await,
            Command::Accept(args) => accept::run(&args, context).await,
            Command::Abandon(args) => abandon::run(&args, context).await,
            Command::Reconcile(args) => reconcile::run(&args, context).await,
        }
    }
}
