//! `hostctl mail box`: mail boxes.

mod create;
mod credential;
mod delete;
mod list;
mod passwd;
mod row;
mod set;
mod show;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a mail box
    Create(create::Args),
    /// List mail boxes
    List(list::Args),
    /// Show one mail box
    Show(show::Args),
    /// Set another password for a mail box
    Passwd(passwd::Args),
    /// Give a mail box another quota
    Set(set::Args),
    /// Let nobody log in to a mail box, and put its mail off
    Suspend(set::State),
    /// Let a suspended mail box work again
    Resume(set::State),
    /// Delete a mail box; its mail stays where it is
    Delete(delete::Args),
}

impl Command {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Create(args) => create::run(args, context).await,
            Command::List(args) => list::run(args, context).await,
            Command::Show(args) => show::run(args, context).await,
            Command::Passwd(args) => passwd::run(args, context).await,
            Command::Set(args) => set::set(args, context).await,
            Command::Suspend(args) => set::suspend(args, context).await,
            Command::Resume(args) => set::resume(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}
