//! `hostctl cert check HOST:PORT`: for monitoring, without the control database.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::certificate::check::{self, Checked, Limits, Verdict};
use crate::certificate::probe::Target;
use crate::error::{Error, Kind, Result};
use crate::model::Span;
use crate::output::{Column, Row};
use crate::runner::Context;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked for.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 ok, 10 warning (less than --warn is left), 5 critical (a client refuses it, or less than \
    --crit is left), 8 nobody answers, 2 usage."
)]
pub struct Args {
    /// The port; 443 where none is given. A mail server has `starttls+smtp://` or `starttls+imap://` before it
    #[arg(value_name = "HOST:PORT")]
    target: Port,
    /// The name to ask for and to verify; default: the host
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Warn where less is left
    #[arg(long, value_name = "DURATION", default_value = "20d")]
    warn: Span,
    /// Critical where less is left
    #[arg(long, value_name = "DURATION", default_value = "7d")]
    crit: Span,
    /// Trust the roots in this file (PEM) instead of the system's
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

#[derive(Clone, Debug)]
struct Port(Target);

impl FromStr for Port {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Target::parse(text).map(Port)
    }
}

impl Row for Checked {
    const NOUN: &'static str = "port";
    const COLUMNS: &'static [Column] = &[
        Column::new("target"),
        Column::new("name"),
        Column::new("state").state(),
        Column::new("days_left"),
        Column::new("why"),
        Column::new("not_after").titled("expires").time(),
        Column::new("not_before").titled("valid from").time(),
        Column::new("issuer"),
        Column::new("identifiers").titled("names"),
        Column::new("serial"),
        Column::new("fingerprint"),
        Column::new("chain_length").titled("certificates sent"),
    ];
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    if args.crit > args.warn {
        return Err(Error::invalid("--crit is longer than --warn"));
    }
    let limits = Limits {
        warning: args.warn.duration(),
        critical: args.crit.duration(),
    };
    let target = &args.target.0;
    let name = args.name.as_deref().unwrap_or(&target.host);
    let deadline = context.within(PATIENCE);
    let found = check::check(target, name, args.ca_file.as_deref(), limits, deadline).await?;
    context.ui.one(&found)?;
    let why = found.why.unwrap_or_default();
    let message = format!("{target} as {name}: {why}");
    match found.state {
        Verdict::Ok => Ok(()),
        Verdict::Warning => Err(Error::new(Kind::Partial, "warning", message)),
        Verdict::Critical => Err(Error::new(Kind::No, "critical", message)),
    }
}
