//! `hostctl setup [--answers FILE]`: from nothing to a configuration that works. What it made is taken away where a later
//! part fails; roles and schema in the control database stay, and making them again changes nothing.

mod answers;
mod files;
mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::answers::Answers;
use self::files::Made;
use self::text::Layout;
use super::doctor;
use crate::config::{self, Config};
use crate::control::{schema, session};
use crate::error::{Error, Kind, Result};
use crate::keyring;
use crate::runner::Context;

/// Making the schema, and asking everybody afterwards.
const LIMIT: Duration = Duration::from_secs(120);

/// What is asked for.
#[derive(Debug, clap::Args)]
#[command(after_help = "The answers file is TOML and must be 0600:\n  \
    control.url = \"postgres://hostctl@localhost/hostctl\"\n  control.password = \"...\"\n  \
    cluster.url, cluster.password         default: the same server\n  \
    dns.url, dns.api_key, dns.nameservers PowerDNS, if there is one\n  \
    mail.hostname, site.address           a name, and a list of addresses")]
pub struct Args {
    /// Read the answers from a file that nobody else may read, and ask nothing
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
}

/// Asks, writes, makes the schema and looks at the result.
///
/// # Errors
/// `conflict`, reason `exists`, where there is a configuration file; `usage` where nobody can be asked or an answer will
/// not do; those of the control database: nothing was written then. `no`, reason `unhealthy`, where everything was
/// written and something does not work yet.
pub async fn run(args: &Args, context: &Context) -> Result<()> {
    let path = place(context)?;
    let answers = match &args.answers {
        Some(file) => answers::read(file)?,
        None => answers::ask(&context.ui)?,
    };
    let layout = Layout::new(&path, &answers)?;
    let text = text::configuration(&layout, &answers);
    let config = parse(&path, &text)?;
    if context.settings.is_dry_run {
        return context.ui.print(&text);
    }
    context.engage();
    tokio::select! {
        biased;
        made = make(context, &layout, &answers, &config, &text) => made?,
        () = context.interrupt.first() => {
            return Err(Error::new(Kind::Interrupted, "interrupted", "interrupted; the files were taken away again"));
        }
    }
    context.ui.clear_progress();
    let findings = doctor::examine(&config, &context.environment, context.within(LIMIT)).await;
    let health = doctor::tell(&context.ui, findings);
    tell_next(context, &layout);
    health
}

/// Where the configuration is going to be.
fn place(context: &Context) -> Result<PathBuf> {
    let named = context
        .config
        .file
        .as_deref()
        .ok_or_else(|| Error::internal("a setup without a place"))?;
    let path = std::path::absolute(named)
        .map_err(|error| Error::configuration("the current directory cannot be read").source(error))?;
    if path.symlink_metadata().is_ok() {
        let message = format!("there is a configuration at {} already", path.display());
        return Err(Error::new(Kind::Conflict, "exists", message).hint("hostctl doctor"));
    }
    Ok(path)
}

/// Reads what is about to be written as every verb will read it, before anything is touched.
fn parse(path: &Path, text: &str) -> Result<Config> {
    let request = config::Request {
        explicit: Some(path),
        variables: &BTreeMap::new(),
        flags: &[],
        tolerates_unknown_keys: false,
    };
    config::load(&request, |_| Ok(Some(text.to_owned())))
        .map_err(|error| error.context("the answers make no configuration"))
}

async fn make(
    context: &Context,
    layout: &Layout,
    answers: &Answers,
    config: &Config,
    text: &str,
) -> Result<()> {
    let mut made = Made::default();
    made.directory(&layout.directory)?;
    for (path, secret) in layout.secrets(answers) {
        made.file(path, &format!("{}\n", secret.expose()))?;
    }
    if layout.keyring.exists() {
        keyring::open(config, &context.environment)?;
        context
            .ui
            .note(&format!("the key ring at {} is kept", layout.keyring.display()));
    } else {
        keyring::create(&layout.keyring)?;
        made.remember(&layout.keyring);
    }
    context.ui.step("making roles and schema");
    let target = session::target(config)?;
    schema::init(&target, context.within(LIMIT))
        .await
        .map_err(|error| match error.kind() {
            Kind::NotFound => error.hint(format!(
                "as a superuser there: CREATE DATABASE {0} OWNER {1}",
                target.database_name(),
                target.user()
            )),
            _ => error,
        })?;
    made.file(&layout.file, text)?;
    made.keep();
    Ok(())
}

fn tell_next(context: &Context, layout: &Layout) {
    let ui = &context.ui;
    ui.note(&format!("{} is written", layout.file.display()));
    ui.note(&format!(
        "keep a copy of {} in a safe place: without it the sealed secrets are lost",
        layout.keyring.display()
    ));
    ui.note("each minute: echo '* * * * * root hostctl tick' > /etc/cron.d/hostctl");
    ui.note("the first site: hostctl site create example.com --dry-run");
}
