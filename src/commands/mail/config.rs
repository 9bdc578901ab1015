//! `hostctl mail config`: text for the configuration of mail servers.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;

use crate::error::Result;
use crate::mail::daemon::{self, ConfigInputs, File, PostfixInputs, Version};
use crate::mail::records;
use crate::output::{Column, Format, Row};
use crate::runner::Context;

/// The servers.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print what Dovecot needs to read its users from the control database
    Dovecot(Dovecot),
    /// Print what Postfix needs to take mail for the domains, and to let their users send
    Postfix(Postfix),
    /// Print what OpenDKIM needs to sign what they send
    Opendkim(Opendkim),
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

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Postfix {
    /// The role it logs in with
    #[arg(long, value_name = "NAME", default_value = "hostctl_postfix")]
    role: String,
    /// The file with the password of that role, in the form of libpq
    #[arg(long, value_name = "FILE", default_value = "/var/lib/postfix/hostctl.pgpass")]
    passfile: PathBuf,
    /// Where its configuration is
    #[arg(long, value_name = "DIR", default_value = "/etc/postfix")]
    directory: PathBuf,
    /// Where Dovecot takes mail
    #[arg(long, value_name = "ADDRESS", default_value = "unix:private/dovecot-lmtp")]
    lmtp: String,
    /// Where Dovecot says who may send
    #[arg(long, value_name = "ADDRESS", default_value = "private/auth")]
    sasl: String,
    /// Where Dovecot says whether a box is full
    #[arg(long, value_name = "ADDRESS", default_value = "unix:private/quota-status")]
    quota_status: String,
    /// Where OpenDKIM signs
    #[arg(long, value_name = "ADDRESS", default_value = daemon::DEFAULT_MILTER)]
    milter: String,
    /// The certificate with its chain
    #[arg(
        long,
        value_name = "FILE",
        default_value = "/etc/ssl/certs/ssl-cert-snakeoil.pem"
    )]
    certificate: PathBuf,
    /// The key of the certificate
    #[arg(
        long,
        value_name = "FILE",
        default_value = "/etc/ssl/private/ssl-cert-snakeoil.key"
    )]
    key: PathBuf,
}

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Opendkim {
    /// Where it listens
    #[arg(long, value_name = "ADDRESS", default_value = daemon::DEFAULT_MILTER)]
    milter: String,
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
            Command::Postfix(args) => postfix(&args, context),
            Command::Opendkim(args) => opendkim(&args, context),
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
    tell(daemon::dovecot_files(&inputs)?, context)
}

fn postfix(args: &Postfix, context: &Context) -> Result<()> {
    let hostname = records::host(context.config.mail.hostname.as_deref())?;
    let inputs = PostfixInputs {
        database: ConfigInputs {
            control: &context.config.control()?.url,
            role: &args.role,
            passfile: &args.passfile,
            directory: Path::new(daemon::DEFAULT_DIRECTORY),
            version: Version::V23,
        },
        hostname: hostname.as_str(),
        directory: &args.directory,
        lmtp: &args.lmtp,
        sasl: &args.sasl,
        quota: &args.quota_status,
        milter: &args.milter,
        certificate: &args.certificate,
        key: &args.key,
    };
    if context.ui.options().format == Format::Table {
        return context.ui.print(&daemon::postfix_configuration(&inputs)?);
    }
    tell(daemon::postfix_files(&inputs)?, context)
}

fn opendkim(args: &Opendkim, context: &Context) -> Result<()> {
    let configured = context.config.mail.dkim_directory.as_deref();
    let directory = configured.unwrap_or(Path::new(daemon::DEFAULT_KEY_DIRECTORY));
    if context.ui.options().format == Format::Table {
        return context
            .ui
            .print(&daemon::opendkim_configuration(directory, &args.milter)?);
    }
    tell(daemon::opendkim_files(directory, &args.milter)?, context)
}

fn tell(files: Vec<File>, context: &Context) -> Result<()> {
    let part = |file: File| Part {
        path: file.path,
        text: file.text,
    };
    context.ui.all(&files.into_iter().map(part).collect::<Vec<_>>())
}
