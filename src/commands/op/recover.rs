//! `hostctl op recover [ID] [--resume] [--fence]`.

use serde::Serialize;
use uuid::Uuid;

use crate::commands::scope;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Direction, Operation};
use crate::output::{Column, Row};
use crate::runner::{Context, Recovered, foresee, open_and_due, recover, sweep};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The operation; all that are open where none is named
    #[arg(value_name = "ID")]
    id: Option<Uuid>,
    /// Finish what was begun instead of taking it back
    #[arg(long)]
    resume: bool,
    /// End the database session of a holder that is alive but does not move
    #[arg(long, requires = "id")]
    fence: bool,
}

#[derive(Serialize)]
struct Line {
    id: Uuid,
    kind: String,
    target: String,
    state: &'static str,
    message: Option<String>,
}

impl Row for Line {
    const NOUN: &'static str = "open operation";
    const COLUMNS: &'static [Column] = &[
        Column::new("id"),
        Column::new("kind"),
        Column::new("target"),
        Column::new("state").state(),
        Column::new("message").detail(),
    ];
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    match args.id {
        Some(id) => one(id, args, context).await,
        None => all(args, context).await,
    }
}

async fn one(id: Uuid, args: &Args, context: &Context) -> Result<()> {
    let operation = scope::operation(context, &*context.session().await?, id).await?;
    if !operation.state.is_open() {
        return tell_ended(&operation, context);
    }
    if args.fence {
        let holder = &operation.holder;
        context.ui.note(&format!(
            "held by {} (pid {}) on {} since {}",
            holder.user, holder.pid, holder.host, operation.started_at
        ));
    }
    if context.settings.is_dry_run {
        let steps = foresee(context, &operation, direction(args), args.fence).await?;
        return context.ui.all(&steps);
    }
    if args.fence {
        context
            .ui
            .confirm("end the holder's session and take the operation over?")?;
    }
    let wait = context.settings.lock_wait;
    match recover(context, &operation, direction(args), wait, args.fence).await {
        Ok(Recovered::Ended(state)) => {
            context.stands(format!("op.recover {id}"), Some(id));
            context.ui.one(&line(&operation, state.word(), None))
        }
        // Another one was quicker.
        Err(error) if error.reason() == "ended" => {
            let ended = scope::operation(context, &*context.session().await?, id).await?;
            tell_ended(&ended, context)
        }
        Ok(Recovered::Left(error)) | Err(error) => Err(error),
    }
}

fn tell_ended(operation: &Operation, context: &Context) -> Result<()> {
    let (id, state) = (operation.id, operation.state.word());
    context.ui.note(&format!("operation {id} is {state} already"));
    context.ui.one(&line(operation, state, None))
}

/// The steps of every recovery that would be done now.
async fn preview(args: &Args, context: &Context) -> Result<()> {
    let mut steps = Vec::new();
    for operation in open_and_due(context).await? {
        match foresee(context, &operation, direction(args), false).await {
            Ok(more) => steps.extend(more),
            Err(error) if error.reason() == "held" => context.ui.note(error.message()),
            Err(error) => return Err(error),
        }
    }
    context.ui.all(&steps)
}

async fn all(args: &Args, context: &Context) -> Result<()> {
    if context.settings.is_dry_run {
        return preview(args, context).await;
    }
    let mut rows = Vec::new();
    let mut is_left = false;
    let bound = journal::bound(&*context.session().await?).await?;
    for operation in open_and_due(context).await? {
        let bound = bound.get(&operation.id);
        if let Some(bound) = bound.filter(|bound| bound.is_elsewhere(context.host())) {
            rows.push(line(&operation, "elsewhere", Some(bound.error())));
            continue;
        }
        match recover(
            context,
            &operation,
            direction(args),
            context.settings.lock_wait,
            false,
        )
        .await
        {
            Ok(Recovered::Ended(state)) => {
                context.stands("op.recover", None);
                rows.push(line(&operation, state.word(), None));
            }
            // A living holder is at work: that is no trouble.
            Err(error) if error.reason() == "held" => rows.push(line(&operation, "held", Some(error))),
            Err(error) if error.reason() == "ended" => {}
            Ok(Recovered::Left(error)) if error.kind() == Kind::Busy => {
                rows.push(line(&operation, "kept", Some(error)));
            }
            Ok(Recovered::Left(error)) | Err(error) => {
                is_left = true;
                context.ui.warn(&format!("{}: {}", operation.id, error.message()));
                rows.push(line(&operation, "left", Some(error)));
            }
        }
    }
    let unswept = sweep(context).await?;
    for message in unswept.unasked.iter().chain(&unswept.given_up) {
        context.ui.warn(message);
    }
    for error in &unswept.left {
        context.ui.warn(error.message());
        is_left = true;
    }
    is_left |= !journal::stuck(&*context.session().await?).await?.is_empty();
    context.ui.all(&rows)?;
    // Of an earlier life nothing is taken over: that is for another verb.
    journal::check_life(&*context.session().await?).await?;
    match is_left {
        false => Ok(()),
        true => Err(Error::new(
            Kind::Stuck,
            "left_to_recovery",
            "some operations are stuck or still open",
        )
        .hint("hostctl op list --open")),
    }
}

fn direction(args: &Args) -> Direction {
    if args.resume {
        Direction::Forward
    } else {
        Direction::Back
    }
}

fn line(operation: &Operation, state: &'static str, error: Option<Error>) -> Line {
    Line {
        id: operation.id,
        kind: operation.kind.clone(),
        target: operation.target.clone(),
        state,
        message: error.map(|error| error.message().to_owned()),
    }
}
