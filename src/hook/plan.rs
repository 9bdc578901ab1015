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
        let row = Row {
            name: name.to_owned(),
            host: step.is_host_bound.then(|| hooks.host().to_owned()),
            facts: facts.clone(),
            operation,
            created_at: None,
        };
        let change = Change {
            before: None,
            after: Some("applied".to_owned()),
            ..words("run", &row, step)
        };
        planned
            .steps
            .push(PlannedStep::outside(&Apply(image(&row, step)?), change)?);
        rows.push(row);
    }
    planned.rows = note(
        rows,
        |rows, change| PlannedStep::in_control(&Record(rows), change),
        "record",
    )?;
    Ok(planned)
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
        standing.push((configured(hooks, row)?, row));
    }
    standing.sort_by_key(|(step, _)| step.order);
    for (step, row) in standing.into_iter().rev().filter(|(step, _)| step.is_of_delete) {
        let change = Change {
            before: Some("applied".to_owned()),
            after: None,
            ..words("take back", row, step)
        };
        planned
            .steps
            .push(PlannedStep::outside(&Undo(image(row, step)?), change)?);
    }
    planned.rows = note(
        rows,
        |rows, change| PlannedStep::in_control(&Forget(rows), change),
        "forget",
    )?;
    Ok(planned)
}

fn configured<'a>(hooks: &'a Hooks, row: &Row) -> Result<&'a Step> {
    let (name, domain) = (&row.name, &row.facts.domain);
    if let Some(host) = row.host.as_ref().filter(|host| *host != hooks.host()) {
        let message = format!("step {name} of {domain} was run on {host}, which alone can take it back");
        return Err(Error::new(Kind::Conflict, "elsewhere", message)
            .hint(format!("on {host}: hostctl site delete {domain}")));
    }
    hooks.find(name).ok_or_else(|| {
        let message = format!("step {name} of {domain} is not configured on this host");
        Error::new(Kind::Conflict, "changed", message)
            .hint(format!("add [step.{name}] to the configuration file"))
    })
}

fn image(row: &Row, step: &Step) -> Result<Image> {
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
