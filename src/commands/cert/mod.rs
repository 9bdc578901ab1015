//! `hostctl cert`: certificates.

mod issue;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Get a certificate from an authority
    Issue(issue::Args),
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Issue(args) => issue::run(args, context).await,
        }
    }
}
