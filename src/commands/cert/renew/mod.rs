//! `hostctl cert renew [NAME…]`, also as `tick` does it: for cron, on any number of hosts.

mod crew;
mod item;
mod next;
mod row;

use std::collections::BTreeSet;

use crate::certificate::renewal::{self, Renewer, Selection};
use crate::clock;
use crate::commands::cert::conclude::conclude;
use crate::commands::{Take, scope};
use crate::control::Session;
use crate::error::{Error, Kind, Result};
use crate::journal;
use crate::model::{CertificateName, Given};
use crate::output::words::Count;
use crate::output::{Format, Row as _};
use crate::runner::Context;
use crate::schedule::Task;

use crew::Crew;
use row::Line;

/// How many sessions with the control database the orders share, and how many new ones are begun at once, where nobody
/// says otherwise.
const JOBS: u8 = 8;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only these, whatever failed before; without names: whatever is due
    #[arg(value_name = "NAME")]
    names: Vec<Given<CertificateName>>,
    /// Also what is not due yet
    #[arg(long, requires = "names")]
    force: bool,
    /// How many at once; those that wait for DNS or for the authority do not count
    #[arg(short, long, value_name = "N", default_value_t = JOBS, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
}

/// What was told.
#[derive(Default)]
struct Told {
    total: usize,
    failed: usize,
    first: Option<Error>,
    /// What is under way is finished, whatever becomes of the answer.
    unwritten: Option<Error>,
}

impl Told {
    fn count(&mut self, error: Option<Error>) {
        self.total += 1;
        self.failed += usize::from(error.is_some());
        self.first = self.first.take().or(error);
    }
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let is_for_cron = args.names.is_empty() && !context.settings.is_dry_run;
    let outcome = renew(args, context).await;
    match is_for_cron {
        true => conclude(context, outcome).await,
        false => outcome,
    }
}

async fn renew(args: Args, context: &Context) -> Result<()> {
    let names: BTreeSet<String> = args
        .names
        .into_iter()
        .map(|given| given.take(&context.ui).to_string())
        .collect();
    let names: Vec<String> = names.into_iter().collect();
    let session = context.session().await?;
    journal::check_life(&*session).await?;
    let renewer = renewer(context, &session).await?;
    let selection = match (names.is_empty(), args.force) {
        (true, _) => Selection::Due,
        (false, false) => Selection::Named(names.clone()),
        (false, true) => Selection::Forced(names.clone()),
    };
    if context.settings.is_dry_run {
        return foresee(context, &session, &renewer, &selection).await;
    }
    let mut list = shows(context).then(|| context.ui.list());
    let mut told = Told::default();
    let mut missing: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let mut tell = |line: &Line, error: Option<Error>| {
        missing.remove(line.certificate.as_str());
        if let Some(error) = error.as_ref().filter(|_| names.len() != 1) {
            warn(context, &line.certificate, error);
        }
        told.count(error);
        if let Some(Err(error)) = list.as_mut().map(|list| list.push(line)) {
            told.unwritten.get_or_insert(error);
        }
    };
    let crew = Crew::new(context, renewer, usize::from(args.jobs));
    let done = crew.work(&session, &selection, &mut tell).await;
    for name in std::mem::take(&mut missing) {
        let (line, error) = crew.untouched(&session, name).await?;
        told.count(error);
        list.as_mut().map_or(Ok(()), |list| list.push(&line))?;
    }
    list.map_or(Ok(()), crate::output::List::finish)?;
    done?;
    told.unwritten.map_or(Ok(()), Err)?;
    let (first, failed, total) = (told.first, told.failed, told.total);
    match first {
        None => Ok(()),
        Some(error) if names.len() == 1 => Err(error),
        Some(_) => {
            let message = format!("{failed} of {} failed", Count(total, Line::NOUN));
            Err(Error::new(Kind::Partial, "partial", message).hint("hostctl cert status"))
        }
    }
}

/// Renews whatever is due and may be renewed from this host. Gives what failed.
///
/// # Errors
/// Those of the control database.
pub async fn renew_due(context: &Context) -> Result<Vec<Error>> {
    let session = context.session().await?;
    let renewer = renewer(context, &session).await?;
    let mut failed = Vec::new();
    let mut tell = |line: &Line, error: Option<Error>| {
        failed.extend(error.map(|error| error.context(format_args!("certificate {}", line.certificate))));
    };
    let crew = Crew::new(context, renewer, usize::from(JOBS));
    crew.work(&session, &Selection::Due, &mut tell).await?;
    Ok(failed)
}

async fn renewer(context: &Context, session: &Session) -> Result<Renewer> {
    if let Some(before) = context.config.certificate.renew_before
        && !context.settings.is_dry_run
    {
        renewal::bring_forward(&**session, before).await?;
    }
    let [a, b] = clock::random::<2>()?;
    let identity = &context.actor.identity;
    Ok(Renewer {
        holder: format!("{} (pid {}, {a:02x}{b:02x})", context.host(), identity.pid),
        host: context.host().to_owned(),
        account: scope::visible(context, &**session).await?,
        has_ports: renewal::take_host(&**session, context.host()).await?,
        horizon: Task::Renewal.every(),
    })
}

/// Nobody reads what cron throws away; who asks for a format, or for more words, does.
fn shows(context: &Context) -> bool {
    let options = context.ui.options();
    context.ui.terminal().stdout || options.is_verbose || options.format != Format::Table
}

fn warn(context: &Context, name: &str, error: &Error) {
    context.ui.warn(&format!("{name}: {}", error.message()));
}

async fn foresee(
    context: &Context,
    session: &Session,
    renewer: &Renewer,
    selection: &Selection,
) -> Result<()> {
    let due = renewal::due(&**session, renewer, selection).await?;
    let lines: Vec<Line> = due.into_iter().map(Line::due).collect();
    context.ui.all(&lines)
}
