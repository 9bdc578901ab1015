//! `hostctl keyring`: the keys that seal secrets at rest.

mod check;
mod init;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a key ring with one key; needs no control database
    Init,
    /// Open every sealed secret (exit 5 where one does not open)
    Check,
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Init => init::run(context),
            Command::Check => check::run(context).await,
        }
    }
}
