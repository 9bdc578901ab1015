//! `hostctl mail dkim`: the keys that sign a domain's mail.

mod place;
mod retire;
mod rotate;
mod show;
mod write;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

pub use retire::retire_due;
pub use write::write_configured;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the keys of a domain and the DNS records that belong to them
    Show(show::Args),
    /// Sign with a new key: publish it, see it on every name server, switch; the old one leaves DNS a week later
    Rotate(rotate::Args),
    /// Take a key that signs no more out of DNS: before its week is over, or after that was undone
    Retire(retire::Args),
    /// Write the private keys and OpenDKIM's tables into a directory, on a host that signs
    Write(write::Args),
}

impl Command {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Show(args) => show::run(args, context).await,
            Command::Rotate(args) => rotate::run(args, context).await,
            Command::Retire(args) => retire::run(args, context).await,
            Command::Write(args) => write::run(&args, context).await,
        }
    }
}
