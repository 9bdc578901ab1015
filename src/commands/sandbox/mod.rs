//! `hostctl sandbox`: a private playground.

mod demo;
mod down;
mod env;
mod status;
mod up;

use std::path::PathBuf;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start one and make it ready
    Up(up::Args),
    /// Show its servers
    Status(Place),
    /// Print the variables for a shell: eval "$(hostctl sandbox env)"
    Env(Place),
    /// Show what hostctl does, in a sandbox of its own that is gone afterwards
    Demo(demo::Args),
    /// End its servers and remove it
    Down(down::Args),
}

/// Where the sandbox is.
#[derive(Debug, clap::Args)]
pub struct Place {
    /// Its one directory
    #[arg(long, value_name = "DIR", default_value = "/tmp/hostctl-sandbox")]
    dir: PathBuf,
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Up(args) => up::run(&args, context).await,
            Command::Status(place) => status::run(&place, context).await,
            Command::Env(place) => env::run(&place, context).await,
            Command::Demo(args) => demo::run(&args, context).await,
            Command::Down(args) => down::run(&args, context).await,
        }
    }
}
