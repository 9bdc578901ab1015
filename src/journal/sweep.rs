//! The sweep: what a fenced predecessor had under way may reach the world after its operation was rolled back, so the
//! world is asked about it again until that can no longer be.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::takeover::load_steps;
use super::{Effects, Found, Place, StepRecord, StepState};
use crate::control::{Session, sqlstate};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::trail::{self, Actor, Event, Outcome};

const WHAT: &str = "the journal";
/// How long one probe, or one undo, may take: both while others wait for the claim.
const ATTEMPT: Duration = Duration::from_secs(9);
/// How long after the last deadline the world is looked at for the last time: a server may go on with what it was sent.
const SLACK: &str = "5 minutes";
/// How long after it is waited for what cannot be looked at: a host that alone can, a server that is away.
const ABSENCE: &str = "1 day";

/// A rolled back operation of which something may still arrive.
#[derive(Debug)]
pub struct Due {
    /// Which.
    pub id: Uuid,
    /// The command's words.
    pub kind: String,
    /// What it is about.
    pub target: String,
    account: Option<Uuid>,
    epoch: i64,
    is_last: bool,
    is_over: bool,
}

/// What one look at an operation has brought.
#[derive(Debug)]
pub struct Looked {
    /// The resources of which something was taken back, each once.
    pub taken_back: Vec<String>,
    /// The first thing that could not be looked at or taken back. The operation stays due, unless it was for the last time.
    pub failure: Option<Error>,
    /// The first thing that this host has not the means to look at any more: nothing is known to be wrong, and the operation
    /// stays due as above.
    pub unasked: Option<Error>,
    /// Whether it was for the last time.
    pub is_over: bool,
}

/// What became of one step.
enum Swept {
    /// There is nothing of it.
    Clean,
    /// Something was there, and is gone.
    TakenBack,
    /// Another operation is at work there.
    Later,
    /// This host has not the means to look.
    Unasked(Error),
}

/// The operations to sweep, oldest first. Those that ended otherwise have nothing to take back and are forgotten here; those
/// of an earlier life of the control database are left alone: what came after them may be missing from the journal.
///
/// # Errors
/// Those of the control database.
pub async fn due_sweeps(session: &Session) -> Result<Vec<Due>> {
    let statement = "UPDATE hostctl.operations SET sweep_until = NULL
        WHERE sweep_until < hostctl.now() AND state IN ('succeeded', 'abandoned')";
    session
        .query_typed(statement, &[])
        .await
        .map_err(|error| sqlstate::error(WHAT, error))?;
    let statement =
        "SELECT id, kind, target, account_id, epoch, sweep_until + $1::text::interval < hostctl.now(),
            sweep_until + $2::text::interval < hostctl.now()
        FROM hostctl.operations WHERE sweep_until IS NOT NULL AND state = 'rolled_back'
            AND incarnation = hostctl.incarnation() ORDER BY started_at, id";
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
        [(&SLACK, Type::TEXT), (&ABSENCE, Type::TEXT)];
    let rows = session.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    let due = rows.iter().map(|row| Due {
        id: row.get(0),
        kind: row.get(1),
        target: row.get(2),
        account: row.get(3),
        epoch: row.get(4),
        is_last: row.get(5),
        is_over: row.get(6),
    });
    Ok(due.collect())
}

/// Probes every outside step of `due` once more and takes back what is ours. What is bound to another host than `host` is left
/// to that one. What cannot be looked at keeps nothing else from it, and is given up when it was waited for long enough. May be
/// repeated, also by several hosts at once.
///
/// A failure is `stuck`, reason `residue`, where something is there and not as we wrote it, or that of asking or taking back.
///
/// # Errors
/// Those of the control database.
pub async fn sweep<E: Effects>(
    session: &mut Session,
    effects: &E,
    actor: &Actor,
    host: &str,
    due: &Due,
) -> Result<Looked> {
    let steps = load_steps(session, due.id, None).await?;
    let is_begun = |step: &&StepRecord| step.place != Place::Control && step.state != StepState::Pending;
    let mut taken_back = Vec::new();
    let mut failure: Option<Error> = None;
    let mut unasked: Option<Error> = None;
    let mut silent: Vec<&Place> = Vec::new();
    let mut is_through = true;
    for step in steps.iter().rev().filter(is_begun) {
        // What does not answer is not asked for each of its steps: others wait for this look.
        if step.place.host().is_some_and(|bound| bound != host) || silent.contains(&&step.place) {
            is_through = false;
            continue;
        }
        match sweep_step(session, effects, actor, due, step).await {
            Ok(Swept::Clean) => {}
            Ok(Swept::TakenBack) if taken_back.contains(&step.resource) => {}
            Ok(Swept::TakenBack) => taken_back.push(step.resource.clone()),
            Ok(Swept::Later) => is_through = false,
            Ok(Swept::Unasked(error)) => {
                is_through = false;
                unasked = unasked.or(Some(error));
            }
            Err(error) => {
                is_through = false;
                if error.kind() == Kind::Unavailable {
                    silent.push(&step.place);
                }
                // Another host alone can look: that is its turn, and no failure.
                if error.reason() != "elsewhere" {
                    failure = failure.or(Some(error));
                }
            }
        }
    }
    if due.is_last && is_through {
        forget(&**session, due).await?;
    } else if due.is_over {
        give_up(session, actor, due).await?;
        failure = failure.map(|error| error.context("looked for the last time"));
        unasked = unasked.map(|error| error.context("looked for the last time"));
    }
    Ok(Looked {
        taken_back,
        failure,
        unasked,
        is_over: due.is_over,
    })
}

/// Nothing is looked for any more. Tells whether something was until now.
async fn forget(client: &impl GenericClient, due: &Due) -> Result<bool> {
    let statement = "UPDATE hostctl.operations SET sweep_until = NULL
        WHERE id = $1 AND epoch = $2 AND sweep_until IS NOT NULL RETURNING 1";
    let rows = client
        .query_typed(statement, &[(&due.id, Type::UUID), (&due.epoch, Type::INT8)])
        .await;
    Ok(!rows.map_err(|error| sqlstate::error(WHAT, error))?.is_empty())
}

/// As [`forget`], although it is not known whether anything is there: the trail remembers that.
async fn give_up(session: &mut Session, actor: &Actor, due: &Due) -> Result<()> {
    let transaction = session
        .transaction()
        .await
        .map_err(|error| sqlstate::error(WHAT, error))?;
    if !forget(&transaction, due).await? {
        return Ok(());
    }
    let event = event(due, Outcome::Failure, json!({ "sweep": "given up" }));
    trail::append(&transaction, actor, &event).await?;
    transaction
        .commit()
        .await
        .map_err(|error| sqlstate::error(WHAT, error))
}

fn event(due: &Due, outcome: Outcome, details: Value) -> Event<'_> {
    Event {
        action: &due.kind,
        target: &due.target,
        account: due.account,
        outcome,
        operation: Some(due.id),
        details,
    }
}

/// The claim is made and given back in one transaction: whoever wants to begin there waits for it, and a crash leaves
/// none behind.
async fn sweep_step<E: Effects>(
    session: &mut Session,
    effects: &E,
    actor: &Actor,
    due: &Due,
    step: &StepRecord,
) -> Result<Swept> {
    if let Err(error) = effects.check(step) {
        return unasked(error);
    }
    let transaction = session
        .transaction()
        .await
        .map_err(|error| sqlstate::error(WHAT, error))?;
    if !claim(&transaction, due, step).await? {
        return Ok(Swept::Later);
    }
    if is_of_a_later_one(&transaction, due, step).await? {
        return Ok(Swept::Clean);
    }
    let marker = step.marker(due.epoch);
    let limit = effects
        .look_limit(step)
        .map_or(ATTEMPT, |limit| limit.max(ATTEMPT));
    let looked = Deadline::after(limit).run(&step.resource, effects.probe(step, marker));
    match looked.await {
        Ok(Found::Absent | Found::Foreign(_)) => return Ok(Swept::Clean),
        Ok(Found::Changed(evidence)) => return Err(residue(due, &evidence)),
        Ok(Found::Ours(_)) => {}
        Err(error) => return unasked(error),
    }
    let limit = effects.limit(step).map_or(ATTEMPT, |limit| limit.max(ATTEMPT));
    let deadline = Deadline::after(limit);
    match tokio::time::timeout_at(deadline.instant().into(), effects.undo(step, marker)).await {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => return Err(failure.error),
        Err(_) => return Err(deadline.expired(&step.resource)),
    }
    let statement = "DELETE FROM hostctl.claims WHERE resource = $1 AND operation_id = $2";
    let freed = transaction
        .query_typed(statement, &[(&step.resource, Type::TEXT), (&due.id, Type::UUID)])
        .await;
    freed.map_err(|error| sqlstate::error(WHAT, error))?;
    let event = event(due, Outcome::RolledBack, json!({ "swept": step.resource }));
    trail::append(&transaction, actor, &event).await?;
    transaction
        .commit()
        .await
        .map_err(|error| sqlstate::error(WHAT, error))?;
    Ok(Swept::TakenBack)
}

async fn claim(transaction: &Transaction<'_>, due: &Due, step: &StepRecord) -> Result<bool> {
    let statement = "INSERT INTO hostctl.claims (resource, operation_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1";
    let rows = transaction
        .query_typed(statement, &[(&step.resource, Type::TEXT), (&due.id, Type::UUID)])
        .await;
    Ok(!rows.map_err(|error| sqlstate::error(WHAT, error))?.is_empty())
}

/// What a later operation made in the same place is its own, however much it looks like ours: records carry no marker.
async fn is_of_a_later_one(transaction: &Transaction<'_>, due: &Due, step: &StepRecord) -> Result<bool> {
    let statement = "SELECT EXISTS (SELECT FROM hostctl.operations o
        JOIN hostctl.operations l ON l.started_at >= o.started_at AND l.id <> o.id AND l.state <> 'rolled_back'
        JOIN hostctl.operation_steps s ON s.operation_id = l.id AND s.resource = $2
        WHERE o.id = $1)";
    let rows = transaction
        .query_typed(statement, &[(&due.id, Type::UUID), (&step.resource, Type::TEXT)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    Ok(rows.first().is_some_and(|row| row.get(0)))
}

/// Why it could not be looked at: what it was done with is configured no more, or otherwise.
fn unasked(error: Error) -> Result<Swept> {
    match error.reason() {
        "changed" if error.kind() == Kind::Conflict => Ok(Swept::Unasked(error)),
        _ => Err(error),
    }
}

fn residue(due: &Due, evidence: &str) -> Error {
    let message = format!(
        "{} {} was rolled back, and then came: {evidence}",
        due.kind.replace('.', " "),
        due.target
    );
    Error::new(Kind::Stuck, "residue", message)
        .operation(due.id.to_string())
        .hint("remove it by hand; the next sweep sees that it is gone")
}
