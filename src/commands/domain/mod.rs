//! `hostctl domain`: who owns which domain.

mod add;
mod advice;
mod delete;
mod list;
mod names;
mod row;
mod show;
mod verify;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what to publish to prove that a domain is one's own
    Add(add::Args),
    /// Look whether it was published, at every server that speaks for the domain
    Verify(verify::Args),
    /// List the domains, proven or not
    List,
    /// Show one domain: what to publish, and what was seen
    Show(show::Args),
    /// Forget a domain, and what it has proven
    Delete(delete::Args),
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Add(args) => add::run(args, context).await,
            Command::Verify(args) => verify::run(args, context).await,
            Command::List => list::run(context).await,
            Command::Show(args) => show::run(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}
