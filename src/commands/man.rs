//! `hostctl man DIRECTORY`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use crate::commands::examples;
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
pub fn run(args: &Args, _: &Context, command: &clap::Command) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::invalid(format!("{} cannot be written: {error}", args.directory.display())).source(error)
    };
    std::fs::create_dir_all(&args.directory).map_err(failed)?;
    clap_mangen::generate_to(command.clone(), &args.directory).map_err(failed)?;
    for verb in verbs(command, "") {
        let page = args
            .directory
            .join(format!("hostctl-{}.1", verb.replace(' ', "-")));
        let mut page = OpenOptions::new().append(true).open(page).map_err(failed)?;
        page.write_all(examples::section(&verb).as_bytes())
            .map_err(failed)?;
    }
    Ok(())
}

/// The words of every verb.
fn verbs(command: &clap::Command, words: &str) -> Vec<String> {
    let below = command.get_subcommands().flat_map(|verb| {
        let words = format!("{words} {}", verb.get_name());
        match verb.has_subcommands() {
            true => verbs(verb, &words),
            false => vec![words.trim_start().to_owned()],
        }
    });
    below.collect()
}
