//! `hostctl ca`: our accounts at certificate authorities.

mod deactivate;
mod limits;
mod register;
mod rollover;
mod row;
mod show;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an account, or tell the authority other contacts
    Register(register::Args),
    /// Show the account at an authority, as the authority sees it; without a name, all accounts
    Show(show::Args),
    /// Show what counts against the limits of authorities, and which of them want to be left alone
    Limits(limits::Args),
    /// Give an account another key
    Rollover(rollover::Args),
    /// End an account, for good
    Deactivate(deactivate::Args),
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Register(args) => register::run(args, context).await,
            Command::Show(args) => show::run(&args, context).await,
            Command::Limits(args) => limits::run(&args, context).await,
            Command::Rollover(args) => rollover::run(&args, context).await,
            Command::Deactivate(args) => deactivate::run(&args, context).await,
        }
    }
}
