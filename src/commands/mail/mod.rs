//! `hostctl mail`: domains, boxes, and what the mail servers need.

mod boxes;
mod config;
mod domain;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// The nouns below.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Domains that take mail
    #[command(subcommand)]
    Domain(domain::Command),
    /// Mail boxes
    #[command(subcommand, alias = "mailbox")]
    Box(boxes::Command),
    /// Configuration for mail servers
    #[command(subcommand)]
    Config(config::Command),
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Domain(command) => command.run(context).await,
            Command::Box(command) => command.run(context).await,
            Command::Config(command) => command.run(context),
        }
    }
}
