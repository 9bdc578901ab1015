//! `hostctl mail box`: mail boxes.

mod create;
mod credential;
mod delete;
mod list;
mod passwd;
mod row;
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
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}
