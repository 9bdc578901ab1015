//! From the steps that stand for a site to those that are wanted.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::plan::{configured, forgotten, new_row, plan_delete, recorded, run, take_back};
use super::{Facts, Hooks, Row, Standing};
use crate::config::Step;
use crate::error::{Error, Result};
use crate::journal::PlannedStep;
use crate::model::escape::excerpt;
use crate::model::nearest;

/// Which steps are to stand for a site, and what their programs are told.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// Their names.
    pub names: &'a [String],
    /// What they are told.
    pub facts: &'a Facts,
    /// Whether somebody said the addresses; else a step that stands keeps those it was told.
    pub says_addresses: bool,
    /// Whether those that are not named go.
    pub prunes: bool,
}

/// What brings them there.
#[derive(Debug, Default)]
pub struct Changes {
    /// Takes back what goes: before anything else, since the programs may need the rest.
    pub ends: Vec<PlannedStep>,
    /// Runs what is new, and anew what is lost or was told something else: after everything that the programs are told of.
    pub runs: Vec<PlannedStep>,
    /// The rows of what is taken back.
    pub forgotten: Vec<PlannedStep>,
    /// The rows of what is run, which need the site's own row.
    pub recorded: Option<PlannedStep>,
    /// What goes, in words.
    pub removals: Vec<String>,
}

/// Plans it, for the steps that `operation` runs. A step that is there for creating alone is run once.
///
/// # Errors
/// `usage` for a step that is not configured, with the nearest name, or a program that cannot be run; `conflict`, reason
/// `elsewhere`, where one that is to be taken back is bound to another host; reason `changed`, where it is not configured here.
pub fn plan_change(
    hooks: &Hooks,
    operation: Uuid,
    wish: &Wish<'_>,
    standing: Vec<Standing>,
) -> Result<Changes> {
    let is_named = |one: &Standing| wish.names.contains(&one.row.name);
    let (named, others): (Vec<_>, Vec<_>) = standing.into_iter().partition(is_named);
    let others: Vec<Row> = others.into_iter().map(|one| one.row).collect();
    let mut changes = Changes::default();
    if wish.prunes {
        let of = |row: &Row| format!("step {} of {}", row.name, row.facts.domain);
        changes.removals.extend(others.iter().map(of));
        let ended = plan_delete(hooks, others)?;
        changes.ends = ended.steps;
        changes.forgotten.extend(ended.rows);
    }
    let mut to_run: Vec<(&str, &Step, Option<Standing>)> = Vec::new();
    for name in wish
        .names
        .iter()
        .filter(|name| named.iter().all(|one| one.row.name != **name))
    {
        let step = hooks.find(name).ok_or_else(|| unknown(hooks, wish, name))?;
        to_run.push((name, step, None));
    }
    for one in &named {
        let row = &one.row;
        let is_once = hooks.find(&row.name).is_some_and(|step| !step.is_of_delete);
        if !is_once && (one.is_lost || differs(wish, row)) {
            let step = configured(hooks, row, "site apply")?;
            to_run.push((&row.name, step, Some(one.clone())));
        }
    }
    to_run.sort_by_key(|(name, step, _)| (step.order, *name));
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for (name, step, former) in to_run {
        let facts = wish.facts.clone();
        if let Some(Standing { row, is_lost }) = former {
            // Of what is lost there is nothing to take back.
            if !is_lost {
                changes.runs.push(take_back(&row, step)?);
            }
            old.push(row);
        }
        let row = new_row(hooks, operation, name, step, facts);
        changes.runs.push(run(&row, step)?);
        new.push(row);
    }
    changes.forgotten.extend(forgotten(old)?);
    changes.recorded = recorded(new)?;
    Ok(changes)
}

/// Whether the programs of a step that stands were told something else.
fn differs(wish: &Wish<'_>, row: &Row) -> bool {
    let without = |facts: &Facts| Facts {
        addresses: Vec::new(),
        ..facts.clone()
    };
    let set = |facts: &Facts| facts.addresses.iter().copied().collect::<BTreeSet<_>>();
    without(wish.facts) != without(&row.facts) || (wish.says_addresses && set(wish.facts) != set(&row.facts))
}

fn unknown(hooks: &Hooks, wish: &Wish<'_>, name: &str) -> Error {
    let known: Vec<&str> = hooks.in_order().into_iter().map(|(name, _)| name).collect();
    let message = format!(
        "site {}: no [step.{}] is configured on this host",
        wish.facts.domain,
        excerpt(name)
    );
    let error = Error::invalid(message);
    match (nearest(name, known.iter().copied()), known.is_empty()) {
        (Some(near), _) => error.hint(format!("the nearest configured step is `{near}`")),
        (None, false) => error.hint(format!("configured: {}", known.join(", "))),
        (None, true) => error,
    }
}
