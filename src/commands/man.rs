//! `hostctl man DIRECTORY`.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where the pages go, a file each
    #[arg(value_name = "DIRECTORY")]
    directory: PathBuf,
}

/// Writes one page a noun and verb of `command`.
///
/// # Errors
/// `usage` where the directory cannot be written.
pub fn run(args: &Args, _: &Context, command: clap::Command) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::invalid(format!("{} cannot be written: {error}", args.directory.display())).source(error)
    };
    std::fs::create_dir_all(&args.directory).map_err(failed)?;
    clap_mangen::generate_to(command, &args.directory).map_err(failed)
}
