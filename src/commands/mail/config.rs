//! `hostctl mail config`: text for the configuration of mail servers.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;

use crate::error::Result;
use crate::mail::daemon::{self, ConfigInputs, Version};
use crate::output::{Column, Format, Row};
use crate::runner::Context;

/// The servers.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print what Dovecot needs to read its users from the control database
    Dovecot(Dovecot),
}

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Dovecot {
    /// Which Dovecot: 2.3 or 2.4
    #[arg(long, value_name = "VERSION", default_value = "2.3")]
    version: Version,
    /// The role it logs in with
    #[arg(long, value_name = "NAME", default_value = daemon::DEFAULT_ROLE)]
    role: String,
    /// The file with the password of that role, in the form of libpq
    #[arg(long, value_name = "FILE", default_value = daemon::DEFAULT_PASSFILE)]
    passfile: PathBuf,
}

#[derive(Serialize)]
struct Part {
    path: String,
    text: String,
}

impl Row for Part {
    const NOUN: &'static str = "file";
    const COLUMNS: &'static [Column] = &[Column::new("path"), Column::new("text")];
}

impl Command {
    pub(super) fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Dovecot(args) => dovecot(&args, context),
        }
    }
}

fn dovecot(args: &Dovecot, context: &Context) -> Result<()> {
    let directory = context.config.mail.directory.as_deref();
    let inputs = ConfigInputs {
        control: &context.config.control()?.url,
        role: &args.role,
        passfile: &args.passfile,
        directory: directory.unwrap_or(Path::new(daemon::DEFAULT_DIRECTORY)),
        version: args.version,
    };
    if context.ui.options().format == Format::Table {
        return context.ui.print(&daemon::dovecot_configuration(&inputs)?);
    }
    let files = daemon::dovecot_files(&inputs)?.into_iter();
    context.ui.all(
        &files
            .map(|file| Part {
                path: file.path,
                text: file.text,
            })
            .collect::<Vec<_>>(),
    )
}
