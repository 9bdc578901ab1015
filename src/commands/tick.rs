//! `hostctl tick [--list]`: for cron, on any number of hosts.

use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;
use serde::Serialize;

use crate::certificate;
use crate::clock;
use crate::commands::cert;
use crate::commands::mail::dkim;
use crate::commands::op::purge_expired;
use crate::env::deadline::Deadline;
use crate::env::seldom;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Bound, Direction, Operation};
use crate::output::{Column, Row};
use crate::runner::{Context, Recovered, Unswept, open_and_due, recover, sweep};
use crate::schedule::{self, Outcome, Task};
use crate::trail;

/// How many months of the audit trail have their partition before they begin.
const MONTHS_AHEAD: i32 = 12;

/// What a host remembers it by that it has told what it cannot look at, and how often it is told.
const UNASKED: (&str, Duration) = ("unasked", Duration::from_secs(60 * 60));

/// How many kept operations are gone on with at once, and until when others of them are begun.
const KEPT: (usize, Duration) = (16, Duration::from_secs(60));

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Show each task, when it ran last and when it is due, and do nothing
    #[arg(long)]
    list: bool,
}

#[derive(Serialize)]
struct Line {
    task: &'static str,
    last: Option<Timestamp>,
    outcome: Option<String>,
    next: Option<Timestamp>,
}

impl Row for Line {
    const NOUN: &'static str = "task";
    const COLUMNS: &'static [Column] = &[
        Column::new("task"),
        Column::new("last").time(),
        Column::new("outcome").state(),
        Column::new("next").time(),
    ];
}

/// Runs what is due.
///
/// # Errors
/// `partial`, reason `failed`, where a task failed; `stuck`, reason `left_to_recovery`, where one left something; those
/// of reaching the control database.
pub async fn run(args: &Args, context: &Context) -> Result<()> {
    if args.list || context.settings.is_dry_run {
        return list(context).await;
    }
    due(context)
        .await
        .map_err(|error| cert::unreachable(context, error))
}

async fn due(context: &Context) -> Result<()> {
    let host = context.host();
    let holder = format!("{host}/{}", context.actor.identity.pid);
    let mut worst = Outcome::Ok;
    let (mut has_renewed, mut is_well) = (false, true);
    for task in Task::ALL {
        if context.interrupt.is_requested() {
            return Err(Error::new(
                Kind::Interrupted,
                "interrupted",
                "interrupted between two tasks",
            ));
        }
        // A session for each: a task may take longer than an idle one lives.
        if schedule::lease(&*context.session().await?, task, host, &holder).await? {
            let outcome = perform(task, context).await;
            schedule::finish(&*context.session().await?, task, host, &holder, outcome).await?;
            worst = worst.max(outcome);
            if matches!(task, Task::Renewal | Task::Certificates) {
                has_renewed |= task == Task::Renewal;
                is_well &= outcome == Outcome::Ok;
            }
        }
    }
    if has_renewed && is_well {
        cert::beat(context).await;
    }
    match worst {
        Outcome::Ok => Ok(()),
        Outcome::Left => Err(Error::new(
            Kind::Stuck,
            "left_to_recovery",
            "some operations are stuck or still open",
        )
        .hint("hostctl op list --open")),
        Outcome::Failed => {
            Err(Error::new(Kind::Partial, "failed", "a task failed").hint("hostctl tick --list"))
        }
    }
}

async fn list(context: &Context) -> Result<()> {
    let host = context.host();
    let entries = schedule::entries(&*context.session().await?, host).await?;
    let line = |entry: schedule::Entry| Line {
        task: entry.task.word(),
        last: entry.last,
        outcome: entry.outcome,
        next: entry.next,
    };
    context.ui.all(&entries.into_iter().map(line).collect::<Vec<_>>())
}

async fn perform(task: Task, context: &Context) -> Outcome {
    let done = match task {
        Task::Recover => recover_all(context).await,
        Task::RecoverHere => recover_here(context).await,
        Task::Sweep => sweep_all(context).await,
        Task::Partitions => make_partitions(context).await,
        Task::Dkim => retire_keys(context).await,
        Task::DkimFiles => dkim::write_configured(context).await.map(|()| Outcome::Ok),
        Task::PurgeTrash => purge_trash(context).await,
        Task::Renewal => renew_certificates(context).await,
        Task::Certificates => deploy_certificates(context).await,
        Task::Notices => cert::tell_ends(context).await.map(|()| Outcome::Ok),
        Task::Prune => prune_certificates(context).await,
    };
    done.unwrap_or_else(|error| {
        let way_out = error
            .hint_text()
            .map(|hint| format!(" ({hint})"))
            .unwrap_or_default();
        context
            .ui
            .warn(&format!("{}: {}{way_out}", task.word(), error.message()));
        Outcome::Failed
    })
}

async fn recover_all(context: &Context) -> Result<Outcome> {
    let is_anybodys = |bound: Option<&Bound>| {
        bound.is_none_or(|bound| !bound.is_on(context.host()) && !bound.is_elsewhere(context.host()))
    };
    let outcome = recover_those(context, is_anybodys).await?;
    journal::check_life(&*context.session().await?).await?;
    let is_stuck = !journal::stuck(&*context.session().await?).await?.is_empty();
    Ok(if is_stuck { Outcome::Left } else { outcome })
}

/// What another host went on with first would never be this one's turn, where one row were for all of them.
async fn recover_here(context: &Context) -> Result<Outcome> {
    recover_those(context, |bound| {
        bound.is_some_and(|bound| bound.is_on(context.host()))
    })
    .await
}

async fn recover_those(context: &Context, are_meant: impl Fn(Option<&Bound>) -> bool) -> Result<Outcome> {
    let bound = journal::bound(&*context.session().await?).await?;
    let mut operations = open_and_due(context).await?;
    operations.retain(|operation| are_meant(bound.get(&operation.id)));
    let (kept, open): (Vec<_>, Vec<_>) = operations.into_iter().partition(|operation| operation.resumes);
    let mut outcome = Outcome::Ok;
    for operation in &open {
        outcome = outcome.max(recover_one(context, operation).await);
    }
    Ok(outcome.max(recover_kept(context, kept).await?))
}

/// What is gone on with mostly waits, so that many are gone on with at once. What there was no time for is the next run's:
/// each begins elsewhere, or those in front would keep the others waiting for ever.
async fn recover_kept(context: &Context, mut kept: Vec<Operation>) -> Result<Outcome> {
    if let Some(last) = kept.len().checked_sub(1) {
        kept.rotate_left(usize::from(u16::from_be_bytes(clock::random()?)) % (last + 1));
    }
    let deadline = Deadline::after(KEPT.1);
    let recover = async |operation: Operation| match deadline.is_spent() {
        true => Outcome::Ok,
        false => recover_one(context, &operation).await,
    };
    let recovered = stream::iter(kept).map(recover).buffer_unordered(KEPT.0);
    Ok(recovered
        .fold(Outcome::Ok, async |worst, one| worst.max(one))
        .await)
}

async fn recover_one(context: &Context, operation: &Operation) -> Outcome {
    // Behind a pointer: many of these are part of one future.
    let recovered = Box::pin(recover(
        context,
        operation,
        Direction::Back,
        context.settings.lock_wait,
        false,
    ));
    match recovered.await {
        Ok(Recovered::Ended(_)) => Outcome::Ok,
        // A living holder is at work, or was quicker.
        Err(error) if matches!(error.reason(), "held" | "ended") => Outcome::Ok,
        // It was too early, and it is gone on with at the next run.
        Ok(Recovered::Left(error)) if error.kind() == Kind::Busy => {
            tracing::info!(operation = %operation.id, cause = error.message(), "kept");
            Outcome::Ok
        }
        Ok(Recovered::Left(error)) | Err(error) => {
            context
                .ui
                .warn(&format!("recover {}: {}", operation.id, error.message()));
            Outcome::Left
        }
    }
}

async fn sweep_all(context: &Context) -> Result<Outcome> {
    let Unswept {
        left,
        unasked,
        given_up,
    } = sweep(context).await?;
    let tell = |messages: &[String]| messages.iter().for_each(|message| context.ui.warn(message));
    if context.ui.terminal().stderr {
        tell(&unasked);
    } else if !unasked.is_empty() {
        let directory = &context.config.state_directory;
        seldom::say(directory, UNASKED.0, UNASKED.1, clock::now(), || tell(&unasked));
    }
    tell(&given_up);
    for error in &left {
        context.ui.warn(error.message());
    }
    Ok(if left.is_empty() {
        Outcome::Ok
    } else {
        Outcome::Left
    })
}

async fn retire_keys(context: &Context) -> Result<Outcome> {
    let failed = dkim::retire_due(context).await?;
    for error in &failed {
        context.ui.warn(error.message());
    }
    Ok(if failed.is_empty() {
        Outcome::Ok
    } else {
        Outcome::Failed
    })
}

async fn renew_certificates(context: &Context) -> Result<Outcome> {
    let failed = cert::renew_due(context).await?;
    for error in &failed {
        context.ui.warn(error.message());
    }
    Ok(if failed.is_empty() {
        Outcome::Ok
    } else {
        Outcome::Failed
    })
}

async fn deploy_certificates(context: &Context) -> Result<Outcome> {
    let failed = cert::deploy_pending(context).await?;
    for error in &failed {
        context.ui.warn(error.message());
    }
    Ok(if failed.is_empty() {
        Outcome::Ok
    } else {
        Outcome::Failed
    })
}

async fn purge_trash(context: &Context) -> Result<Outcome> {
    let left = purge_expired(context).await?;
    for error in &left {
        context.ui.warn(error.message());
    }
    Ok(if left.is_empty() {
        Outcome::Ok
    } else {
        Outcome::Failed
    })
}

async fn prune_certificates(context: &Context) -> Result<Outcome> {
    certificate::prune(&*context.session().await?, &context.config).await?;
    Ok(Outcome::Ok)
}

async fn make_partitions(context: &Context) -> Result<Outcome> {
    trail::partitions_ahead(&*context.session().await?, MONTHS_AHEAD).await?;
    Ok(Outcome::Ok)
}
