//! `hostctl doctor`: every room is asked how it stands; what one cannot say keeps no other from being asked.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::config::Config;
use crate::control::checks::{Check, Level};
use crate::control::{self, Session};
use crate::database::{self, Clusters};
use crate::dns::Providers;
use crate::env::deadline::Deadline;
use crate::env::variables::Environment;
use crate::error::{Error, Kind, Result};
use crate::model::escape::escape;
use crate::output::words::Count;
use crate::output::{Column, Format, Row, Ui};
use crate::runner::Context;
use crate::{clock, hook, journal, keyring, schedule};

/// For all that answers slowly, or not at all.
const LIMIT: Duration = Duration::from_secs(30);
/// After so many seconds without a run, cron has forgotten `tick`.
const TICK_OVERDUE_S: i64 = 600;
const CRON: &str = "in /etc/cron.d/hostctl: * * * * * root hostctl tick";

#[derive(Serialize)]
struct Line {
    check: String,
    state: &'static str,
    message: String,
    hint: Option<String>,
}

impl Row for Line {
    const NOUN: &'static str = "check";
    const COLUMNS: &'static [Column] = &[
        Column::new("check"),
        Column::new("state").state(),
        Column::new("message"),
        Column::new("hint").detail(),
    ];
}

/// Looks at everything.
///
/// # Errors
/// `no`, reason `unhealthy`, where something cannot work.
pub async fn run(context: &Context) -> Result<()> {
    context.ui.step("asking databases and providers");
    let findings = examine(&context.config, &context.environment, context.within(LIMIT)).await;
    tell(&context.ui, findings)
}

/// Every finding, in the order of the rooms.
pub(super) async fn examine(config: &Config, environment: &Environment, deadline: Deadline) -> Vec<Check> {
    let mut findings = vec![configuration(config), key_ring(config, environment)];
    findings.extend(control::checks::checks(config, deadline).await);
    findings.extend(operations(config, deadline).await);
    findings.extend(clusters(config, deadline).await);
    findings.extend(providers(config, deadline).await);
    findings.extend(hook::checks(config));
    findings
}

/// Shows the findings.
///
/// # Errors
/// As [`run`].
pub(super) fn tell(ui: &Ui, findings: Vec<Check>) -> Result<()> {
    let failed = findings
        .iter()
        .filter(|finding| finding.level == Level::Failed)
        .count();
    let lines: Vec<Line> = findings.into_iter().map(line).collect();
    ui.all(&lines)?;
    if ui.options().format == Format::Table && !ui.options().is_quiet {
        tell_hints(ui, &lines)?;
    }
    match failed {
        0 => Ok(()),
        _ => Err(Error::new(
            Kind::No,
            "unhealthy",
            format!("{} failed", Count(failed, "check")),
        )),
    }
}

/// Below the table, each in one piece: whoever copies a statement out of a narrow column gets half of it.
fn tell_hints(ui: &Ui, lines: &[Line]) -> Result<()> {
    let mut told: Vec<(&str, &str)> = Vec::new();
    for line in lines {
        let Some(hint) = line.hint.as_deref() else {
            continue;
        };
        let pair = (line.check.as_str(), hint);
        if !told.contains(&pair) {
            told.push(pair);
        }
    }
    told.iter()
        .try_for_each(|(check, hint)| ui.print(&format!("\n{}:\n  {}\n", escape(check), escape(hint))))
}

fn line(finding: Check) -> Line {
    let state = match finding.level {
        Level::Ok => "ok",
        Level::Warning => "warning",
        Level::Failed => "error",
    };
    Line {
        check: finding.subject,
        state,
        message: finding.message,
        hint: finding.hint,
    }
}

fn configuration(config: &Config) -> Check {
    const SUBJECT: &str = "configuration";
    match &config.file {
        Some(path) => Check::new(SUBJECT, Level::Ok, path.display().to_string()),
        None => Check::new(SUBJECT, Level::Warning, "there is no configuration file").hint("hostctl setup"),
    }
}

fn key_ring(config: &Config, environment: &Environment) -> Check {
    const SUBJECT: &str = "key ring";
    match keyring::open(config, environment) {
        Ok(ring) => Check::new(SUBJECT, Level::Ok, format!("opens, {}", Count(ring.len(), "key"))),
        Err(error) => Check::failed(SUBJECT, &error),
    }
}

/// What waits for a person, and whether `tick` comes; nothing where the control database cannot say.
async fn operations(config: &Config, deadline: Deadline) -> Vec<Check> {
    let asked = async {
        let session = Session::open(config, deadline).await?;
        Ok((
            journal::life(&*session).await?.is_registered,
            journal::stuck(&*session).await?.len(),
            // The tasks of all hosts tell whether any host's cron works.
            schedule::entries(&*session, "").await?,
        ))
    };
    let Ok((is_registered, stuck, entries)) = deadline.run("the journal", asked).await else {
        return Vec::new();
    };
    if !is_registered {
        let lost =
            "the control database was failed over or restored: what was done last may be missing from it";
        let operations = Check::new("operations", Level::Failed, lost).hint("hostctl op reconcile");
        return vec![operations];
    }
    let operations = match stuck {
        0 => Check::new("operations", Level::Ok, "none is stuck"),
        count => Check::new(
            "operations",
            Level::Warning,
            format!("{} stuck", Count(count, "operation")),
        )
        .hint("hostctl op list --open"),
    };
    let last = entries.iter().filter_map(|entry| entry.last).max();
    vec![operations, tick(last, clock::now())]
}

fn tick(last: Option<Timestamp>, now: Timestamp) -> Check {
    const SUBJECT: &str = "tick";
    match last.map(|last| now.as_second() - last.as_second()) {
        None => Check::new(
            SUBJECT,
            Level::Warning,
            "has never run: nothing that dies is recovered by itself",
        )
        .hint(CRON),
        Some(age) if age > TICK_OVERDUE_S => Check::new(
            SUBJECT,
            Level::Warning,
            format!("has not run for {}", Count(minutes(age), "minute")),
        )
        .hint(CRON),
        Some(_) => Check::new(SUBJECT, Level::Ok, "runs"),
    }
}

fn minutes(seconds: i64) -> usize {
    usize::try_from(seconds / 60).unwrap_or_default()
}

async fn clusters(config: &Config, deadline: Deadline) -> Vec<Check> {
    if config.clusters.is_empty() {
        let none = Check::new(
            "cluster",
            Level::Warning,
            "none is configured: there can be no databases",
        );
        return vec![none.hint("add `[cluster.main]` with `url` to the configuration file")];
    }
    database::checks(&Clusters::new(config), deadline).await
}

async fn providers(config: &Config, deadline: Deadline) -> Vec<Check> {
    if config.dns.is_empty() {
        let none = Check::new(
            "dns",
            Level::Warning,
            "no provider is configured: there can be no zones",
        );
        return vec![none.hint("add `[dns.main]` with `provider` and `url` to the configuration file")];
    }
    let providers = Providers::new(config);
    let asked = async { Ok(providers.checks().await) };
    match deadline.run("the DNS providers", asked).await {
        Ok(checks) => checks.into_iter().map(provider).collect(),
        Err(error) => vec![Check::failed("dns", &error)],
    }
}

fn provider(check: crate::dns::provider::Check) -> Check {
    let subject = format!("dns {}", check.provider);
    match check.outcome {
        Ok(product) if check.capabilities.compare_and_swap => Check::new(&subject, Level::Ok, product),
        Ok(product) => {
            let window = "it has no compare-and-swap: a change by others at the same instant is noticed only afterwards";
            Check::new(&subject, Level::Ok, format!("{product}; {window}"))
        }
        Err(error) => Check::failed(&subject, &error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_that_stopped_is_noticed() {
        let now = Timestamp::from_second(1_800_000_000).expect("valid");
        let ago = |seconds: i64| Timestamp::from_second(1_800_000_000 - seconds).ok();
        let of = |last| tick(last, now);
        assert_eq!((of(ago(600)).level, of(None).level), (Level::Ok, Level::Warning));
        assert_eq!(of(ago(601)).message, "has not run for 10 minutes");
    }

    #[test]
    fn each_level_has_the_word_that_scripts_read() {
        let word = |level| line(Check::new("x", level, "y")).state;
        assert_eq!(
            [Level::Ok, Level::Warning, Level::Failed].map(word),
            ["ok", "warning", "error"]
        );
    }
}
