//! `hostctl mail alias`: mail for one address goes to others.

mod create;
mod delete;
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
    /// Send mail for an address, or for a whole domain, to others
    Create(create::Args),
    /// List aliases
    List(list::Args),
    /// Show one alias
    Show(show::Args),
    /// Give an alias other destinations
    Set(set::Args),
    /// Delete an alias
    Delete(delete::Args),
}

impl Command {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Create(args) => create::run(args, context).await,
            Command::List(args) => list::run(args, context).await,
            Command::Show(args) => show::run(args, context).await,
            Command::Set(args) => set::run(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}
