//! `hostctl domain verify NAME…|--file FILE [--poll DURATION]`.

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{advice, names};
use crate::clock;
use crate::commands::scope;
use crate::domain::{self, Challenge, Checked, Evidence, State};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::lookup::Look;
use crate::model::{DomainName, Given, Span};
use crate::output::words::Count;
use crate::output::{Column, Format, List, Row};
use crate::runner::Context;

/// How long one round may take where no `--timeout` says otherwise.
const ROUND: Duration = Duration::from_secs(300);
/// The pauses between two rounds: short at first, since publishing may take no time at all.
const PAUSES: [u64; 4] = [1, 2, 5, 10];

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domains
    #[arg(value_name = "NAME", required_unless_present = "file")]
    names: Vec<Given<DomainName>>,
    /// A file with one domain a line; - is stdin
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Look again and again for so long, until all are verified
    #[arg(long, value_name = "DURATION")]
    poll: Option<Span>,
}

#[derive(Serialize)]
struct Line {
    name: String,
    account: Option<String>,
    scope: Option<&'static str>,
    method: Option<&'static str>,
    state: String,
    found: String,
    retry_at: Option<Timestamp>,
    evidence: Vec<Evidence>,
}

impl Row for Line {
    const NOUN: &'static str = "domain";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account").detail(),
        Column::new("scope"),
        Column::new("method"),
        Column::new("state").state(),
        Column::new("found"),
        Column::new("retry_at").titled("try again").time().detail(),
        Column::new("evidence").detail(),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let names = names::read(&args.names, args.file.as_deref(), context).await?;
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    let all = domain::named(&*session, &names).await?;
    drop(session);
    let is_seen = |challenge: &&Challenge| account.is_none_or(|account| challenge.account_id() == account);
    let own: Vec<Challenge> = all.iter().filter(is_seen).cloned().collect();
    let missing = missing(&names, &own);
    let news = (own.len() > 1 && context.ui.options().format == Format::Ndjson).then(|| News::new(context));
    let checked = rounds(args.poll, own, &all, news.as_ref(), context).await?;
    if let Some(news) = news {
        return conclude(
            news.list.into_inner(),
            &names,
            &missing,
            &checked,
            &news.told.into_inner(),
        );
    }
    if let ([], [only]) = (missing.as_slice(), checked.as_slice()) {
        return alone(only, context);
    }
    if let ([only], []) = (missing.as_slice(), checked.as_slice()) {
        return Err(none(only));
    }
    conclude(context.ui.list(), &names, &missing, &checked, &HashSet::new())
}

/// Lines of their own are written as soon as they are known; where all are one table, or one array, they are in order.
struct News<'a> {
    context: &'a Context,
    list: RefCell<List<'a, Line>>,
    told: RefCell<HashSet<Which>>,
}

/// Name, account and scope.
type Which = (String, String, &'static str);

impl<'a> News<'a> {
    fn new(context: &'a Context) -> Self {
        News {
            context,
            list: RefCell::new(context.ui.list()),
            told: RefCell::default(),
        }
    }

    fn tell(&self, checked: &Checked) -> Result<()> {
        self.context.ui.clear_progress();
        self.told.borrow_mut().insert(which(&checked.challenge));
        self.list.borrow_mut().push(&line(checked))
    }
}

fn which(challenge: &Challenge) -> Which {
    (
        challenge.name.clone(),
        challenge.account.clone(),
        challenge.scope.word(),
    )
}

fn missing(names: &[String], own: &[Challenge]) -> Vec<String> {
    let known: HashSet<&str> = own.iter().map(|challenge| challenge.name.as_str()).collect();
    names
        .iter()
        .filter(|name| !known.contains(name.as_str()))
        .cloned()
        .collect()
}

/// Looks once, and, as long as `poll` says, again for what may still come.
async fn rounds(
    poll: Option<Span>,
    challenges: Vec<Challenge>,
    all: &[Challenge],
    news: Option<&News<'_>>,
    context: &Context,
) -> Result<Vec<Checked>> {
    let until = poll.map(|span| context.within(span.duration()));
    let mut ended = Vec::with_capacity(challenges.len());
    let mut open = challenges;
    let mut pauses = PAUSES.into_iter();
    let mut pause = Duration::ZERO;
    while !open.is_empty() {
        let is_over = |one: &Checked| until.is_none() || !may_pass(one);
        let tell = |checked: &[Checked]| match news {
            Some(news) => checked
                .iter()
                .filter(|one| is_over(one))
                .try_for_each(|one| news.tell(one)),
            None => Ok(()),
        };
        let checked = round(open, all, tell, context).await?;
        pause = pauses.next().map_or(pause, Duration::from_secs);
        let is_last = until.is_none_or(|until| until.remaining() <= pause);
        let (later, over): (Vec<Checked>, Vec<Checked>) =
            checked.into_iter().partition(|one| !is_last && may_pass(one));
        ended.extend(over);
        if !later.is_empty() {
            context
                .ui
                .step(&format!("{} not verified yet", Count(later.len(), "domain")));
            tokio::time::sleep(pause).await;
        }
        open = later.into_iter().map(|one| one.challenge).collect();
    }
    context.ui.clear_progress();
    ended.sort_by(|one, other| key(&one.challenge).cmp(&key(&other.challenge)));
    Ok(ended)
}

/// One look at the world, and what it has shown kept, and told once it is.
async fn round(
    challenges: Vec<Challenge>,
    all: &[Challenge],
    tell: impl Fn(&[Checked]) -> Result<()>,
    context: &Context,
) -> Result<Vec<Checked>> {
    let config = &context.config;
    let deadline: Deadline = context.within(ROUND);
    let look = Look::new(&config.resolver, &config.domain.reach, deadline)?;
    let keep = async |mut checked: Vec<Checked>| {
        if !context.settings.is_dry_run && !checked.is_empty() {
            let mut session = context.session().await?;
            domain::keep(&mut session, &context.actor, &mut checked).await?;
        }
        tell(&checked)?;
        Ok(checked)
    };
    let challenges = (challenges, all);
    let checked = domain::check_all(&look, &config.domain, challenges, clock::now(), deadline, keep).await?;
    tracing::debug!(questions = look.questions(), "looked");
    Ok(checked)
}

fn may_pass(checked: &Checked) -> bool {
    match &checked.finding {
        Ok(finding) => finding.state.may_pass(),
        Err(error) => error.kind() == Kind::Unavailable,
    }
}

fn key(challenge: &Challenge) -> (&str, &str, &'static str) {
    (&challenge.name, &challenge.account, challenge.scope.word())
}

/// One domain: its answer is the program's.
fn alone(checked: &Checked, context: &Context) -> Result<()> {
    let name = &checked.challenge.name;
    let finding = match &checked.finding {
        Ok(finding) => finding,
        Err(error) => return Err(again(error).context(format_args!("domain {name}"))),
    };
    context.ui.all(&[line(checked)])?;
    match finding.state {
        State::Verified => Ok(()),
        state => {
            let message = format!("domain {name} is not verified: {}", advice::explanation(finding));
            Err(Error::new(Kind::No, state.word(), message).hint(advice::hint(&checked.challenge, state)))
        }
    }
}

/// Many: each in its row, those that were not told yet; the worst is the program's answer.
fn conclude(
    mut list: List<'_, Line>,
    names: &[String],
    missing: &[String],
    checked: &[Checked],
    told: &HashSet<Which>,
) -> Result<()> {
    for one in checked {
        if !told.contains(&which(&one.challenge)) {
            list.push(&line(one))?;
        }
    }
    for name in missing {
        list.push(&Line {
            name: name.clone(),
            account: None,
            scope: None,
            method: None,
            state: "error".to_owned(),
            found: none(name).message().to_owned(),
            retry_at: None,
            evidence: Vec::new(),
        })?;
    }
    list.finish()?;
    let failed = missing.len() + checked.iter().filter(|one| one.finding.is_err()).count();
    let is_no = |one: &&Checked| {
        one.finding
            .as_ref()
            .is_ok_and(|finding| finding.state != State::Verified)
    };
    let refused = checked.iter().filter(is_no).count();
    if failed > 0 {
        let message = format!(
            "{failed} of {} could not be checked",
            Count(names.len(), "domain")
        );
        return Err(Error::new(Kind::Partial, "failed", message));
    }
    if refused > 0 {
        let message = format!("{refused} of {} are not verified", Count(names.len(), "domain"));
        return Err(
            Error::new(Kind::No, "not_verified", message).hint("hostctl domain verify NAME says what helps")
        );
    }
    Ok(())
}

fn line(checked: &Checked) -> Line {
    let challenge = &checked.challenge;
    let line = Line {
        name: challenge.name.clone(),
        account: Some(challenge.account.clone()),
        scope: Some(challenge.scope.word()),
        method: Some(challenge.method.word()),
        state: "error".to_owned(),
        found: String::new(),
        retry_at: None,
        evidence: Vec::new(),
    };
    match &checked.finding {
        Err(error) => Line {
            found: error.message().to_owned(),
            ..line
        },
        Ok(finding) => Line {
            state: finding.state.word().to_owned(),
            found: finding.found.clone(),
            retry_at: finding
                .retry_seconds
                .filter(|_| finding.state.may_pass())
                .map(|seconds| clock::now() + SignedDuration::from_secs(seconds.into())),
            evidence: finding.evidence.clone(),
            ..line
        },
    }
}

fn none(name: &str) -> Error {
    let message = format!("no challenge for domain {name}");
    Error::new(Kind::NotFound, "not_found", message).hint(format!("hostctl domain add {name}"))
}

/// The same error once more: it belongs to the row.
fn again(error: &Error) -> Error {
    let again = Error::new(error.kind(), error.reason(), error.message());
    match error.hint_text() {
        Some(hint) => again.hint(hint),
        None => again,
    }
}
