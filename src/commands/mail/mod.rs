//! `hostctl mail`: domains, boxes, aliases, signing keys, and what the mail servers need.

mod alias;
mod boxes;
mod config;
pub mod dkim;
mod domain;
mod home;

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
    /// Aliases: mail for one address goes to others
    #[command(subcommand)]
    Alias(alias::Command),
    /// Directories that deleted boxes have left
    #[command(subcommand)]
    Home(home::Command),
    /// The keys that sign a domain's mail
    #[command(subcommand)]
    Dkim(dkim::Command),
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
            Command::Alias(command) => command.run(context).await,
            Command::Home(command) => command.run(context).await,
            Command::Dkim(command) => command.run(context).await,
            Command::Config(command) => command.run(context),
        }
    }
}
