//! `hostctl mail domain`: domains that take mail.

mod create;
mod delete;
mod list;
mod row;
mod show;
mod state;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a domain take mail, with a key that signs what it sends
    Create(create::Args),
    /// List the domains that take mail
    List(list::Args),
    /// Show one domain and the DNS records it needs
    Show(show::Args),
    /// Let nobody log in to the boxes of a domain, and put its mail off
    Suspend(state::Args),
    /// Let a suspended domain work again
    Resume(state::Args),
    /// Make a domain take mail no more
    Delete(delete::Args),
}

impl Command {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Create(args) => create::run(args, context).await,
            Command::List(args) => list::run(&args, context).await,
            Command::Show(args) => show::run(args, context).await,
            Command::Suspend(args) => state::suspend(args, context).await,
            Command::Resume(args) => state::resume(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}
