//! `hostctl site apply FILE…` and `hostctl site apply --plan FILE`.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use tokio::sync::Semaphore;

use super::input::{How, items, sources};
use super::kept::Kept;
use super::plan;
use super::preview::Watch;
use super::removal::Removals;
use super::work::{Task, Worker};
use crate::error::{Error, Kind, Result};
use crate::output::words::Count;
use crate::runner::{Context, SecretFile};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Manifests in TOML, JSON or NDJSON; - is stdin
    #[arg(value_name = "FILE", required_unless_present = "plan")]
    files: Vec<PathBuf>,
    /// Carry out a plan that site plan --out has kept, unless what it saw has changed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "prune", "prune_sites"])]
    plan: Option<PathBuf>,
    #[command(flatten)]
    how: How,
    /// Let so many things go, where that is more than 10 or 30 percent of what stands
    #[arg(long, value_name = "N")]
    max_removals: Option<usize>,
    /// Go on with the other sites where one fails
    #[arg(long)]
    keep_going: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    if context.settings.idempotency_key.is_some() {
        let message = "--idempotency-key: a manifest says what is to be, and what is there already stays";
        return Err(Error::invalid(message).hint("leave it out: applying twice is applying once"));
    }
    let (items, how) = match &args.plan {
        None => {
            let sources = sources(&args.files, context).await?;
            (items(&sources, args.keep_going, context).await?, args.how)
        }
        Some(file) => {
            let (kept, items) = Kept::read(file, args.keep_going, context).await?;
            let prune = kept.prune;
            (items, How { prune, ..args.how })
        }
    };
    if context.settings.is_dry_run {
        return plan::show(&items, how, context).await.map(|_| ());
    }
    let watch = Watch::open(context).await?;
    let removals = Removals::find(&watch, &items, how).await?;
    removals.confirm(context, args.max_removals)?;
    let file = SecretFile::create(context)?;
    let worker = Worker {
        context,
        watch: &watch,
        file: file.clone(),
        prunes: how.prune,
        cores: Semaphore::new(std::thread::available_parallelism().map_or(1, std::num::NonZero::get)),
        unseen: &removals.unseen,
    };
    let tasks = items.into_iter().map(|item| Task::Apply(Box::new(item)));
    let tasks = tasks.chain(
        removals
            .sites
            .iter()
            .cloned()
            .map(|site| Task::Delete(Box::new(site))),
    );
    let outcome = all(tasks.collect(), how, args.keep_going, &worker).await;
    finish(file.as_ref(), context);
    outcome
}

/// Runs them side by side; a row each, as they end.
async fn all(tasks: Vec<Task>, how: How, keeps_going: bool, worker: &Worker<'_>) -> Result<()> {
    let (context, total) = (worker.context, tasks.len());
    let (stops, mut list) = (Cell::new(false), context.ui.list());
    let (mut failed, mut first, mut unshown) = (0, None, 0);
    let run = async |task| {
        if stops.get() || context.interrupt.is_requested() {
            return Worker::skipped(&task);
        }
        let row = worker.run(task).await;
        stops.set(stops.get() || (row.failure.is_some() && !keeps_going));
        row
    };
    let mut rows = stream::iter(tasks)
        .map(run)
        .buffer_unordered(usize::from(how.jobs));
    let mut unwritten = None;
    while let Some(mut row) = rows.next().await {
        unshown += row.unshown;
        if let Some(error) = row.failure.take() {
            failed += 1;
            if total > 1 {
                context.ui.warn(&format!("{}: {}", row.domain, error.message()));
            }
            first.get_or_insert(error);
        }
        // What is under way is finished, whatever becomes of the answer.
        if let Err(error) = list.push(&row) {
            stops.set(true);
            unwritten.get_or_insert(error);
        }
    }
    if unshown > 0 {
        let what = Count(unshown, "password");
        context.ui.note(&format!(
            "{what} made and not shown here (--show-secret, --secret-out FILE); set others with db passwd and mail box passwd"
        ));
    }
    list.finish()?;
    match (first, unwritten) {
        (None, None) => Ok(()),
        (None, Some(error)) => Err(error),
        (Some(error), _) if total == 1 || error.kind() == Kind::Interrupted => Err(error),
        (Some(_), _) => {
            let message = format!("{failed} of {} failed; the list says which", Count(total, "site"));
            Err(Error::new(Kind::Partial, "partial", message)
                .hint("mend what the errors say and give the command again: what is done stays"))
        }
    }
}

/// The deeds stand, whatever becomes of the file.
fn finish(file: Option<&Arc<SecretFile>>, context: &Context) {
    if let Some(Err(error)) = file.map(|file| file.finish()) {
        context.ui.warn(error.message());
    }
}
