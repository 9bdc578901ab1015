//! What stands in the way of a verb: operations of others on the same things. Those of the dead the verb ends first, so that a
//! plan made beside them is of a world that it would not meet; `--dry-run` says so.

use std::collections::BTreeSet;

use serde::Serialize;
use uuid::Uuid;

use super::Context;
use crate::control::Session;
use crate::dns::records::in_brief;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Operation, Plan, PlannedStep, Reversal, State};
use crate::output::{Column, Format, Row};

/// A step as `--dry-run` shows it.
#[derive(Debug, Serialize)]
pub struct PlanRow {
    /// 0 for what is ended before the first one.
    step: usize,
    action: &'static str,
    resource: String,
    before: Option<String>,
    after: Option<String>,
    undo: Reversal,
    /// The operation of the dead that is ended first.
    operation: Option<Uuid>,
}

impl Row for PlanRow {
    const NOUN: &'static str = "step";
    const COLUMNS: &'static [Column] = &[
        Column::new("step"),
        Column::new("action"),
        Column::new("resource"),
        Column::new("before"),
        Column::new("after"),
        Column::new("undo"),
        Column::new("operation").detail(),
    ];
}

/// Those that have one of `claims`, or are open and about `target`.
///
/// # Errors
/// Those of the control database.
pub(super) async fn in_the_way(
    session: &Session,
    target: Option<&str>,
    claims: &[String],
) -> Result<BTreeSet<Uuid>> {
    let mut found = journal::claimants(session, claims).await?;
    if let Some(target) = target {
        let open = journal::open_operations(session).await?.into_iter();
        let same = open.filter(|operation| operation.target == target);
        found.extend(same.map(|operation| operation.id));
    }
    Ok(found)
}

/// Those among them that the verb would end first.
///
/// # Errors
/// `busy` as the verb would: reason `held` where a living process is at work, `stuck` where a person is needed; those of the
/// control database.
pub(super) async fn of_the_dead(
    session: &Session,
    target: Option<&str>,
    claims: &[String],
) -> Result<Vec<Operation>> {
    let mut dead = Vec::new();
    for id in in_the_way(session, target, claims).await? {
        let operation = journal::find(&**session, id).await?;
        if operation.state == State::Stuck {
            return Err(stuck(&operation));
        }
        if !operation.state.is_open() {
            continue;
        }
        if journal::is_held(session, &operation).await? {
            return Err(journal::held(&operation));
        }
        dead.push(operation);
    }
    Ok(dead)
}

/// The refusal where nobody but a person can go on.
pub(super) fn stuck(operation: &Operation) -> Error {
    let message = format!("{} is stuck and holds this", words(operation));
    Error::new(Kind::Busy, "stuck", message).hint(format!("hostctl op show {}", operation.id))
}

/// Shows what `plan` would do, and what would be done before it.
pub(super) fn show(context: &Context, dead: &[Operation], plan: &Plan) -> Result<()> {
    for operation in dead {
        let (words, id) = (words(operation), operation.id);
        let left = left(operation);
        context.ui.warn(&format!(
            "{words} ({id}) {left}: the steps are planned for what is there now, not for what \
             will be then (hostctl op recover {id} --dry-run)"
        ));
    }
    let steps = plan
        .steps
        .iter()
        .enumerate()
        .map(|(index, step)| row(context, index, step));
    let rows: Vec<PlanRow> = dead.iter().map(ended).chain(steps).collect();
    context.ui.all(&rows)
}

/// Shows what would be done before anything can be planned; `refusal` says why not before.
pub(super) fn show_alone(context: &Context, dead: &[Operation], refusal: &Error) -> Result<()> {
    for operation in dead {
        let (words, id) = (words(operation), operation.id);
        let left = left(operation);
        context.ui.warn(&format!(
            "{words} ({id}) {left}; nothing can be planned before that: {} (hostctl op recover \
             {id} --dry-run)",
            refusal.message()
        ));
    }
    let rows: Vec<PlanRow> = dead.iter().map(ended).collect();
    context.ui.all(&rows)
}

fn row(context: &Context, index: usize, step: &PlannedStep) -> PlanRow {
    let is_for_people = context.ui.options().format == Format::Table;
    let told = |text: &Option<String>| match text {
        Some(text) if is_for_people => Some(in_brief(text).into_owned()),
        text => text.clone(),
    };
    PlanRow {
        step: index + 1,
        action: step.change.action,
        resource: step.change.resource.clone(),
        before: told(&step.change.before),
        after: told(&step.change.after),
        undo: step.change.undo,
        operation: None,
    }
}

fn ended(operation: &Operation) -> PlanRow {
    PlanRow {
        step: 0,
        action: "recover",
        resource: words(operation),
        before: Some(operation.state.word().to_owned()),
        after: Some("ended".to_owned()),
        undo: Reversal::ForwardOnly,
        operation: Some(operation.id),
    }
}

fn left(operation: &Operation) -> &'static str {
    match operation.resumes {
        true => "is kept, and is gone on with or given up first",
        false => "was left half done and is ended first",
    }
}

fn words(operation: &Operation) -> String {
    format!("{} {}", operation.kind.replace('.', " "), operation.target)
}
