//! What of the configured steps belongs to a new site, and what of those that stand to its end.

use uuid::Uuid;

use super::checks::check_step;
use super::program::digest;
use super::{Apply, Facts, Forget, Hooks, Image, Record, Row, Undo};
use crate::config::Step;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, PlannedStep, Reversal};

/// The part of a plan that own steps are.
#[derive(Debug, Default)]
pub struct Planned {
    /// The programs, in their order.
    pub steps: Vec<PlannedStep>,
    /// The rows in the control database, which need the site's own row.
    pub rows: Option<PlannedStep>,
}

/// Plans every configured step for the site that `operation` makes.
///
/// # Errors
/// `usage` where a program cannot be run.
pub fn plan_create(hooks: &Hooks, operation: Uuid, facts: &Facts) -> Result<Planned> {
    let mut planned = Planned::default();
    let mut rows = Vec::new();
    for (name, step) in hooks.in_order() {
        let row = new_row(hooks, operation, name, step, facts.clone());
        planned.steps.push(run(&row, step)?);
        rows.push(row);
    }
    planned.rows = recorded(rows)?;
    Ok(planned)
}

pub(super) fn new_row(hooks: &Hooks, operation: Uuid, name: &str, step: &Step, facts: Facts) -> Row {
    Row {
        name: name.to_owned(),
        host: step.is_host_bound.then(|| hooks.host().to_owned()),
        facts,
        operation,
        created_at: None,
    }
}

pub(super) fn run(row: &Row, step: &Step) -> Result<PlannedStep> {
    let change = Change {
        before: None,
        after: Some("applied".to_owned()),
        ..words("run", row, step)
    };
    PlannedStep::outside(&Apply(image(row, step)?), change)
}

pub(super) fn take_back(row: &Row, step: &Step) -> Result<PlannedStep> {
    let change = Change {
        before: Some("applied".to_owned()),
        after: None,
        ..words("take back", row, step)
    };
    PlannedStep::outside(&Undo(image(row, step)?), change)
}

/// Plans the end of the steps that stand for a site, the last one first.
///
/// # Errors
/// `conflict`, reason `elsewhere`, where one is bound to another host; reason `changed`, where one is not configured here;
/// `usage` where a program cannot be run.
pub fn plan_delete(hooks: &Hooks, rows: Vec<Row>) -> Result<Planned> {
    let mut planned = Planned::default();
    let mut standing = Vec::new();
    for row in &rows {
        let command = format!("site delete {}", row.facts.domain);
        standing.push((configured(hooks, row, &command)?, row));
    }
    standing.sort_by_key(|(step, _)| step.order);
    for (step, row) in standing.into_iter().rev().filter(|(step, _)| step.is_of_delete) {
        planned.steps.push(take_back(row, step)?);
    }
    planned.rows = forgotten(rows)?;
    Ok(planned)
}

/// The step of a row that `command` is to take back.
pub(super) fn configured<'a>(hooks: &'a Hooks, row: &Row, command: &str) -> Result<&'a Step> {
    let (name, domain) = (&row.name, &row.facts.domain);
    if let Some(host) = row.host.as_ref().filter(|host| *host != hooks.host()) {
        let message = format!("step {name} of {domain} was run on {host}, which alone can take it back");
        return Err(
            Error::new(Kind::Conflict, "elsewhere", message).hint(format!("on {host}: hostctl {command}"))
        );
    }
    hooks.find(name).ok_or_else(|| {
        let message = format!("step {name} of {domain} is not configured on this host");
        Error::new(Kind::Conflict, "changed", message)
            .hint(format!("add [step.{name}] to the configuration file"))
    })
}

pub(super) fn image(row: &Row, step: &Step) -> Result<Image> {
    check_step(&row.name, step)?;
    Ok(Image {
        name: row.name.clone(),
        host: row.host.clone(),
        digest: digest(step),
        timeout_s: step.timeout.as_secs(),
        owner: row.operation,
        facts: row.facts.clone(),
    })
}

fn words(action: &'static str, row: &Row, step: &Step) -> Change {
    let program = step.apply.first().map_or("", String::as_str);
    let place = row
        .host
        .as_ref()
        .map(|host| format!(" on {host}"))
        .unwrap_or_default();
    Change {
        action,
        resource: format!("step {} of {}{place} ({program})", row.name, row.facts.domain),
        before: None,
        after: None,
        undo: Reversal::Undoable,
    }
}

pub(super) fn recorded(rows: Vec<Row>) -> Result<Option<PlannedStep>> {
    note(
        rows,
        |rows, change| PlannedStep::in_control(&Record(rows), change),
        "record",
    )
}

pub(super) fn forgotten(rows: Vec<Row>) -> Result<Option<PlannedStep>> {
    note(
        rows,
        |rows, change| PlannedStep::in_control(&Forget(rows), change),
        "forget",
    )
}

fn note(
    rows: Vec<Row>,
    step: impl Fn(Vec<Row>, Change) -> Result<PlannedStep>,
    action: &'static str,
) -> Result<Option<PlannedStep>> {
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let applied = || Some("applied".to_owned());
    let is_new = action == "record";
    let change = Change {
        action,
        resource: format!("own steps of {}", first.facts.domain),
        before: if is_new { None } else { applied() },
        after: if is_new { applied() } else { None },
        undo: Reversal::Undoable,
    };
    step(rows, change).map(Some)
}
