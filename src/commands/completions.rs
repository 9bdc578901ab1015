//! `hostctl completions SHELL`.

use clap_complete::Shell;

use crate::error::{Error, Result};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the completions of `command` for the shell.
///
/// # Errors
/// Those of writing.
pub fn run(args: &Args, context: &Context, mut command: clap::Command) -> Result<()> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command, "hostctl", &mut text);
    let text = String::from_utf8(text).map_err(|_| Error::internal("completions that are no text"))?;
    context.ui.print(&text)
}
