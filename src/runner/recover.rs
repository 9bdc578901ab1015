//! Recovery: ending what a dead process left.

use std::time::Duration;

use tracing::Instrument as _;
use uuid::Uuid;

use super::ending::{error_of, kept};
use super::execute::in_log;
use super::{Context, World};
use crate::certificate::order;
use crate::control::Session;
use crate::env::crash::Phase;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Direction, Ending, Engine, Journal, Operation, State, StepRecord};
use crate::keyring::Keyring;
use crate::output::words::Listed;

/// How long recovery goes on with one operation that is kept: there may be others behind it.
const RESUMED: Duration = Duration::from_secs(60);

/// How long the lock of whoever has just let go of an operation may still be seen.
pub(super) const LETTING_GO: Duration = Duration::from_secs(5);

/// What recovery made of an operation.
#[derive(Debug)]
pub enum Recovered {
    /// It has ended so.
    Ended(State),
    /// It is still open or stuck; this is why.
    Left(Error),
}

/// Everything that recovery has to look at: open operations, and those whose fenced predecessor may still be heard of.
///
/// # Errors
/// Those of the control database.
pub async fn open_and_due(context: &Context) -> Result<Vec<Operation>> {
    let session = context.session().await?;
    journal::open_operations(&session).await
}

/// Recovers one operation, waiting up to `wait` for a living holder; with `fences` its session is ended first.
///
/// # Errors
/// `busy`, reason `held`, where a living process holds it.
pub async fn recover(
    context: &Context,
    operation: &Operation,
    direction: Direction,
    wait: Duration,
    fences: bool,
) -> Result<Recovered> {
    let world = World::of(context);
    let keyring = context.keyring()?;
    let session = context.session().await?;
    let wait = if fences {
        journal::fence(&session, operation).await?;
        wait.max(Duration::from_secs(5))
    } else {
        wait
    };
    one(
        context,
        &world,
        session,
        operation,
        direction,
        keyring.as_ref(),
        wait,
    )
    .await
}

pub(super) async fn by_id(
    context: &Context,
    world: &World,
    id: Uuid,
    direction: Direction,
    wait: Duration,
) -> Result<Recovered> {
    let keyring = context.keyring()?;
    let session = context.session().await?;
    let operation = journal::find(&*session, id).await?;
    if !operation.state.is_open() {
        return Ok(Recovered::Ended(operation.state));
    }
    one(
        context,
        world,
        session,
        &operation,
        direction,
        keyring.as_ref(),
        wait,
    )
    .await
}

/// Takes an operation back that this process began and lost its journal in. What hangs on the server's side of the lost
/// connection would hold the operation until the server notices; it is ours to end.
///
/// # Errors
/// `busy`, reason `fenced`, where another process took it over; unless that one has finished it.
pub(super) async fn own(context: &Context, world: &World, id: Uuid) -> Result<Recovered> {
    let keyring = context.keyring()?;
    let session = context.session_for_undo().await?;
    let operation = journal::find(&*session, id).await?;
    let is_ours = journal::is_held_by(&operation, &context.actor);
    if !is_ours && operation.epoch > journal::FIRST_EPOCH && operation.state != State::Succeeded {
        return Err(fenced(&operation));
    }
    if !operation.state.is_open() {
        return Ok(Recovered::Ended(operation.state));
    }
    if is_ours {
        journal::fence(&session, &operation).await?;
    }
    one(
        context,
        world,
        session,
        &operation,
        Direction::Back,
        keyring.as_ref(),
        Duration::from_secs(5),
    )
    .await
}

/// What a process is told that another one took its operation from.
fn fenced(operation: &Operation) -> Error {
    let holder = &operation.holder;
    let message = format!(
        "{} (pid {}) on {} took the operation over, and it is {}; this process did nothing more",
        holder.user,
        holder.pid,
        holder.host,
        operation.state.word().replace('_', " ")
    );
    Error::new(Kind::Busy, "fenced", message)
        .operation(operation.id.to_string())
        .hint(format!("hostctl op show {}", operation.id))
}

pub(super) async fn one(
    context: &Context,
    world: &World,
    session: Session,
    operation: &Operation,
    direction: Direction,
    keyring: Option<&Keyring>,
    wait: Duration,
) -> Result<Recovered> {
    context.engage();
    let direction = match way(context, &session, operation, direction).await? {
        Ok(direction) => direction,
        Err(elsewhere) => return Ok(Recovered::Left(kept(&elsewhere, operation.id))),
    };
    let mut taken = journal::take_over(&session, operation, &context.actor, keyring, wait).await?;
    let steps = std::mem::take(&mut taken.steps);
    let mut journal = Journal::resume(session, &context.config, world, &context.actor, &taken);
    let words = format!("{} {}", operation.kind.replace('.', " "), operation.target);
    let watcher =
        |step: &StepRecord, _: Phase| context.ui.step(&format!("recovering {words}: {}", step.kind));
    let patience = journal::Patience {
        whole: operation.resumes.then(|| Deadline::after(RESUMED)),
        back: None,
        ..context.patience()
    };
    let mut engine = Engine::new(&mut journal, world, steps, patience, &context.interrupt, &watcher)
        .resuming(operation.resumes);
    let ending = engine
        .recover(taken.state, direction)
        .instrument(in_log(operation.id))
        .await;
    context.ui.clear_progress();
    Ok(match ending {
        Ending::Done => Recovered::Ended(State::Succeeded),
        Ending::RolledBack(_) => Recovered::Ended(State::RolledBack),
        ending => Recovered::Left(error_of(ending, operation.id)),
    })
}

/// Which way an operation is brought to its end from here. What is gone on with is left to the host that alone can do so, and
/// not even touched, so that it shows for how long that one has been silent; when that is for too long, it is given up.
async fn way(
    context: &Context,
    session: &Session,
    operation: &Operation,
    direction: Direction,
) -> Result<std::result::Result<Direction, Error>> {
    if !operation.resumes {
        return Ok(Ok(direction));
    }
    let bound = journal::bound(&**session).await?;
    Ok(match bound.get(&operation.id) {
        Some(bound) if bound.is_elsewhere(context.host()) => Err(bound.error()),
        Some(bound) if bound.is_let_lie(context.host()) => Ok(Direction::GiveUp),
        _ if direction == Direction::GiveUp => Ok(direction),
        _ => Ok(Direction::Forward),
    })
}

/// What a sweep could not do.
#[derive(Debug, Default)]
pub struct Unswept {
    /// What could not be looked at or taken back.
    pub left: Vec<Error>,
    /// What this host has not the means to look at any more, to be told now and then.
    pub unasked: Vec<String>,
    /// As `unasked`, given up.
    pub given_up: Vec<String>,
}

/// Looks once more at what was rolled back while its process was out of reach, and takes back what arrived since. What was
/// taken back is told as a note.
///
/// # Errors
/// Those of the control database.
pub async fn sweep(context: &Context) -> Result<Unswept> {
    let mut session = context.session().await?;
    let due = journal::due_sweeps(&session).await?;
    let world = World::of(context);
    let mut unswept = Unswept::default();
    for operation in &due {
        context.engage();
        let words = format!("{} {}", operation.kind.replace('.', " "), operation.target);
        let looked = journal::sweep(&mut session, &world, &context.actor, context.host(), operation).await;
        let failure = match looked {
            Ok(looked) => {
                if !looked.taken_back.is_empty() {
                    let listed = Listed(&looked.taken_back);
                    context.ui.note(&format!(
                        "took back what came late of {words} ({}): {listed}",
                        operation.id
                    ));
                }
                let told = match looked.is_over {
                    true => &mut unswept.given_up,
                    false => &mut unswept.unasked,
                };
                told.extend(looked.unasked.map(|error| unasked(operation, &words, &error)));
                looked.failure
            }
            Err(error) => Some(error),
        };
        let failure = failure.map(|error| error.context(format!("sweeping {words}")));
        unswept.left.extend(failure);
    }
    Ok(unswept)
}

/// A step that cannot be looked at for want of its commands, and what helps.
fn unasked(due: &journal::Due, words: &str, error: &Error) -> String {
    let id = due.id;
    let message = error.message();
    format!(
        "{words} ({id}) was rolled back, and what of it may come late is not looked for: {message} (put it back as it was, then: \
         hostctl op recover; or look there yourself: hostctl op show {id})"
    )
}

/// Gives an operation up that is stuck or kept. Of one that is kept is taken back what can be; what remains stays as it is and
/// is recorded so, its claims are freed.
///
/// # Errors
/// As [`recover`].
pub async fn abandon(context: &Context, operation: &Operation) -> Result<()> {
    use crate::journal::Store as _;
    let wait = context.settings.lock_wait.max(LETTING_GO);
    if operation.state != State::Stuck {
        match recover(context, operation, Direction::GiveUp, wait, false).await? {
            Recovered::Ended(_) => return Ok(()),
            Recovered::Left(error) => context.ui.note(error.message()),
        }
    }
    let world = World::of(context);
    let session = context.session().await?;
    let taken = journal::take_over(&session, operation, &context.actor, None, wait).await?;
    order::give_up(&*session, operation.id).await?;
    let mut journal = Journal::resume(session, &context.config, &world, &context.actor, &taken);
    journal.state(State::Abandoned, None).await
}
