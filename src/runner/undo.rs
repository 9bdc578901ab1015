//! Undoing a finished operation: its steps turned round, newest first, where the world is still as they left it.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use super::trial::Trial;
use super::{Context, World};
use crate::account;
use crate::control::{Session, sqlstate};
use crate::error::{Error, Kind, Result};
use crate::journal::{
    self, Change, Effects, Found, MarkUndone, Operation, Place, PlannedStep, Reversal, State, StepRecord,
    StepState, StepView, Turned,
};
use crate::mail::alias;
use crate::trash;

/// The verb itself.
const UNDO: &str = "op.undo";
/// Waits for something and changes nothing: it is not turned round but done once more, at the end.
const PUBLISHED: &str = "dns.published";
const KEPT: &str = "trash.keep";
/// How a constraint is named by which something belongs to an account.
const OF_ACCOUNT: &str = "_account_id_fkey";
/// Steps that tell by their marks alone whether all is as they left it, and what would be lost that was done on top of them.
const COVERED: [(&str, &[&str]); 2] = [
    (
        "database.adopt",
        &[
            "database.limits",
            "database.mend",
            "database.swap",
            "database.extend",
            "database.install",
        ],
    ),
    ("database.swap", &["database.swap"]),
];

/// Whether an operation can be undone at all.
///
/// # Errors
/// `conflict`: `not_finished`, `undone`, `changed` while somebody is undoing it, `forward_only`, `purged`.
pub async fn check_undoable(session: &Session, operation: &Operation) -> Result<()> {
    let id = operation.id;
    if operation.state != State::Succeeded {
        let message = format!(
            "operation {id} is {}: only what has succeeded can be undone",
            operation.state.word().replace('_', " ")
        );
        return Err(Error::new(Kind::Conflict, "not_finished", message).hint(format!("hostctl op show {id}")));
    }
    if let Some(by) = operation.undone_by {
        return Err(undone(session, id, by).await?);
    }
    let steps = journal::steps(&**session, id).await?;
    let is_final = |step: &&StepView| {
        let undo = step.description.get("undo");
        step.state == StepState::Applied
            && undo.is_some_and(|undo| *undo == serde_json::json!(Reversal::ForwardOnly))
    };
    if let Some(step) = steps.iter().find(is_final) {
        let message = format!(
            "{} {} cannot be undone: {} is forward only",
            operation.kind.replace('.', " "),
            operation.target,
            step.resource
        );
        return Err(Error::new(Kind::Conflict, "forward_only", message).hint(format!("hostctl op show {id}")));
    }
    let kept = steps.iter().filter(|step| step.kind == KEPT).count();
    let selection = trash::Selection {
        operations: Some(vec![id]),
        ..trash::Selection::default()
    };
    if kept != trash::list(&**session, &selection).await?.len() {
        let message = format!("what operation {id} deleted was purged since");
        return Err(Error::new(Kind::Conflict, "purged", message).hint("hostctl op trash list"));
    }
    Ok(())
}

/// Why operation `id` is not undone once more: `by` has done so, or is at it and may still turn back.
async fn undone(session: &Session, id: Uuid, by: Uuid) -> Result<Error> {
    match journal::find(&**session, by).await {
        Ok(undoing) if undoing.state.is_open() || undoing.state == State::Stuck => {
            let message = format!("operation {id} is being undone by {by}");
            Ok(Error::new(Kind::Conflict, "changed", message).hint(format!("hostctl op show {by}")))
        }
        Err(error) if error.kind() != Kind::NotFound => Err(error),
        Ok(_) | Err(_) => Ok(journal::undone(id)),
    }
}

/// The step by which the finished operation remembers that it was undone.
///
/// # Errors
/// `internal`.
pub fn mark_undone(operation: &Operation) -> Result<PlannedStep> {
    let change = Change {
        action: "mark",
        resource: format!("operation {}", operation.id),
        before: Some("succeeded".to_owned()),
        after: Some("undone".to_owned()),
        undo: Reversal::Undoable,
    };
    PlannedStep::in_control(
        &MarkUndone {
            operation: operation.id,
        },
        change,
    )
}

/// What is planned in the place of some steps of a finished operation, where turning them round is not what is wanted.
#[derive(Debug, Default)]
pub struct Instead {
    /// Their places in its plan.
    pub numbers: BTreeSet<u32>,
    /// What is done where the last of them would be turned round.
    pub planned: Vec<PlannedStep>,
}

/// Plans to turn back every step of a finished operation, but for those `instead` of which something else is planned. Before,
/// written and now are compared: anything that is not as the operation left it stands in the way, and all of it is told.
///
/// # Errors
/// `conflict`, reason `changed`; `denied`, reason `limit`, where the account would have too much, or `suspended`; whatever
/// asking the world brings.
pub async fn turn_back(
    context: &Context,
    world: &World,
    operation: &Operation,
    instead: Vec<Instead>,
) -> Result<Vec<PlannedStep>> {
    let mut session = context.session().await?;
    let is_awake = must_be_awake(&session, operation).await?;
    if let Some(account) = operation.account_id.filter(|_| is_awake) {
        account::check_awake(&*session, account).await?;
    }
    let keyring = context.keyring()?;
    let steps = journal::finished_steps(&session, operation, keyring.as_ref()).await?;
    let (again, back): (Vec<_>, Vec<_>) = steps
        .into_iter()
        .filter(|step| step.state == StepState::Applied)
        .partition(|step| step.kind == PUBLISHED);
    let replaced: BTreeSet<u32> = instead.iter().flat_map(|other| other.numbers.clone()).collect();
    let aliases = alias::Check::of(back.iter().map(|step| step.resource.as_str()))?;
    let turning = back.iter().filter(|step| !replaced.contains(&step.number));
    let mut in_the_way = outside(world, operation, turning).await?;
    in_the_way.extend(on_top(&session, operation, &back).await?);
    let trial = Trial {
        world,
        operation,
        steps: &back,
        is_awake,
        aliases: aliases.as_ref(),
    };
    let tried = trial.run(&mut session).await?;
    in_the_way.extend(tried.in_the_way);
    if !in_the_way.is_empty() {
        let message = format!(
            "{} {} cannot be undone, because of what came after it: {}",
            operation.kind.replace('.', " "),
            operation.target,
            in_the_way.join("; ")
        );
        return Err(
            Error::new(Kind::Conflict, "changed", message).hint(format!("hostctl op show {}", operation.id))
        );
    }
    let gains = tried.gains?;
    let views = journal::steps(&*session, operation.id).await?;
    let mut planned = Vec::with_capacity(back.len() + again.len() + 1);
    let mut instead = instead;
    for step in back.into_iter().rev() {
        if replaced.contains(&step.number) {
            let others = instead
                .iter_mut()
                .filter(|other| other.numbers.contains(&step.number));
            planned.extend(others.flat_map(|other| std::mem::take(&mut other.planned)));
            continue;
        }
        let change = turned(&views, &step);
        let gain = gains.get(&step.number).map(serde_json::to_value).transpose();
        let gain = gain.map_err(|error| Error::internal("a gain cannot be written down").source(error))?;
        planned.push(Turned::plan(step, operation.epoch, change, gain)?);
    }
    planned.extend(aliases.map(|check| check.plan()).transpose()?);
    for step in again {
        if !replaced.contains(&step.number) {
            planned.push(once_more(&views, step));
        }
    }
    Ok(planned)
}

/// Whether the account must not be suspended for it: where its own verb, or in turn the undoing of that, would be refused.
async fn must_be_awake(session: &Session, operation: &Operation) -> Result<bool> {
    let (mut kind, mut result) = (operation.kind.clone(), operation.result.clone());
    let mut is_undoing = true;
    while kind == UNDO {
        let undone = result["undone"].as_str().and_then(|id| id.parse::<Uuid>().ok());
        let undone = undone.ok_or_else(|| Error::internal("an undoing of nothing"))?;
        match journal::find(&**session, undone).await {
            Ok(undone) => (kind, result) = (undone.kind, undone.result),
            Err(error) if error.kind() == Kind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        }
        is_undoing = !is_undoing;
    }
    Ok(!account::is_free_of_suspension(&kind, is_undoing))
}

/// What outside is not as it was left.
async fn outside(
    world: &World,
    operation: &Operation,
    steps: impl Iterator<Item = &StepRecord>,
) -> Result<Vec<String>> {
    let world = onlooker(world);
    let mut in_the_way = Vec::new();
    for step in steps.filter(|step| step.place != Place::Control) {
        match world.probe(step, step.marker(operation.epoch)).await? {
            Found::Ours(_) => {}
            Found::Absent => in_the_way.push(format!("{} is as it was before", step.resource)),
            Found::Changed(evidence) | Found::Foreign(evidence) => in_the_way.push(evidence),
        }
    }
    Ok(in_the_way)
}

/// The same world, for whoever does not hold what is looked at: another one may be turning it back at this moment, and is not
/// disturbed.
fn onlooker(world: &World) -> World {
    World {
        clusters: world.clusters.to_look(),
        providers: Arc::clone(&world.providers),
        hooks: world.hooks.to_look(),
        authorities: Arc::clone(&world.authorities),
    }
}

/// What was done later on top of steps that do not see it themselves, and stands.
async fn on_top(session: &Session, operation: &Operation, steps: &[StepRecord]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (kind, later) in COVERED {
        for step in steps.iter().filter(|step| step.kind == kind) {
            let standing = journal::standing_since(&**session, operation.id, &step.resource, later).await?;
            let others = standing.into_iter().filter(|later| later.kind != UNDO);
            found.extend(others.map(|later| {
                let (kind, target, id) = (later.kind.replace('.', " "), later.target, later.id);
                format!("{kind} {target} came later (hostctl op undo {id})")
            }));
        }
    }
    Ok(found)
}

/// What cannot come back because what it belongs to is gone, in our words.
pub(super) fn alone(step: &StepRecord, error: Error) -> Error {
    let Some(constraint) = sqlstate::foreign_key(&error) else {
        return error;
    };
    let what = if constraint.ends_with(OF_ACCOUNT) {
        "the account it belongs to is gone".to_owned()
    } else {
        format!("what it belongs to is gone, or something belongs to it by now ({constraint})")
    };
    let message = format!("{}: {what}", step.resource);
    Error::new(Kind::Conflict, "changed", message).source(error)
}

/// Whether it is [`alone`] that speaks, of another row than the account's.
pub(super) fn refers_to_others(error: &Error) -> bool {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Error>());
    let constraint = source.and_then(sqlstate::foreign_key);
    constraint.is_some_and(|constraint| !constraint.ends_with(OF_ACCOUNT))
}

/// The row of `--dry-run`: before and after change places.
fn turned(views: &[StepView], step: &StepRecord) -> Change {
    let text = |key: &str| described(views, step, key);
    Change {
        action: "undo",
        resource: format!(
            "{} {}",
            text("action").unwrap_or_else(|| step.kind.clone()),
            text("resource").unwrap_or_else(|| step.resource.clone())
        ),
        before: text("after"),
        after: text("before"),
        undo: Reversal::Undoable,
    }
}

fn once_more(views: &[StepView], step: StepRecord) -> PlannedStep {
    let change = Change {
        action: "publish",
        resource: described(views, &step, "resource").unwrap_or_else(|| step.resource.clone()),
        before: None,
        after: described(views, &step, "after"),
        undo: Reversal::Undoable,
    };
    PlannedStep {
        kind: PUBLISHED,
        version: step.version,
        resource: step.resource,
        place: step.place,
        parameters: step.parameters,
        secrets: step.secrets.0,
        keeps_secrets: false,
        is_pivot: false,
        resumes: false,
        change,
    }
}

fn described(views: &[StepView], step: &StepRecord, key: &str) -> Option<String> {
    let view = views
        .iter()
        .find(|view| u32::try_from(view.number) == Ok(step.number))?;
    view.description.get(key)?.as_str().map(ToOwned::to_owned)
}
