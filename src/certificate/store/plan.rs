//! Plans: pure, from what is wanted and what was seen to steps.

use serde_json::Value;

use super::add::KEY;
use super::delete::ROWS;
use super::{
    AddGeneration, Create, Delete, Image, NewGeneration, Options, Place, SetOptions, Unplace, Wanted,
};
use crate::certificate::rows::described;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, PlannedStep, Reversal};
use crate::model::{CertificateName, Secret};
use crate::trash::{self, Fate};

/// What certificates are called in the trash.
const KIND: &str = "certificate";

/// Plans a new certificate, of which nothing is issued yet: one step.
///
/// # Errors
/// `internal`.
pub fn plan_create(wanted: Wanted) -> Result<PlannedStep> {
    let change = Change {
        action: "create",
        resource: described(&wanted.name),
        before: None,
        after: Some(format!(
            "{} by {}",
            wanted.identifiers.join(", "),
            wanted.challenge
        )),
        undo: Reversal::Undoable,
    };
    PlannedStep::in_control(&Create { wanted }, change)
}

/// Plans the generation after `before`, with its key as [`super::seal_key`] sealed it.
///
/// # Errors
/// `internal`.
pub fn plan_add(
    name: &CertificateName,
    before: Option<i32>,
    generation: NewGeneration,
    sealed_key: Option<String>,
) -> Result<PlannedStep> {
    let change = Change {
        action: "keep",
        resource: described(name),
        before: before.map(|number| format!("generation {number}")),
        after: Some(format!(
            "serial {}, valid until {}",
            generation.serial, generation.not_after
        )),
        undo: Reversal::Undoable,
    };
    let step = AddGeneration {
        name: name.clone(),
        before,
        generation,
        has_key: sealed_key.is_some(),
    };
    let step = PlannedStep::in_control(&step, change)?;
    Ok(match sealed_key {
        Some(sealed) => step.secret(KEY, Secret::new(sealed)),
        None => step,
    })
}

/// Plans other options: one step, or none where they are so already.
///
/// # Errors
/// `internal`.
pub fn plan_options(image: &Image, after: Options) -> Result<Vec<PlannedStep>> {
    let before = image.options.clone();
    if before == after {
        return Ok(Vec::new());
    }
    let words = |options: &Options| {
        let hook = options
            .deploy_hook
            .as_ref()
            .map_or("of the host".to_owned(), |hook| {
                hook.first().cloned().unwrap_or_else(|| "none".to_owned())
            });
        let keep = if options.reuse_key { ", kept" } else { "" };
        let probe = options.probe.as_deref().unwrap_or("none");
        format!("key {}{keep}, hook {hook}, probe {probe}", options.key_type)
    };
    let change = Change {
        action: "change",
        resource: described(&image.name),
        before: Some(words(&before)),
        after: Some(words(&after)),
        undo: Reversal::Undoable,
    };
    let step = SetOptions {
        name: image.name.clone(),
        before,
        after,
    };
    Ok(vec![PlannedStep::in_control(&step, change)?])
}

/// Plans that it is to lie on `host`.
///
/// # Errors
/// `internal`.
pub fn plan_place(name: &CertificateName, host: &str) -> Result<PlannedStep> {
    let change = Change {
        action: "place",
        resource: format!("{} on {host}", described(name)),
        before: None,
        after: Some("placed".to_owned()),
        undo: Reversal::Undoable,
    };
    let step = Place {
        name: name.clone(),
        host: host.to_owned(),
    };
    PlannedStep::in_control(&step, change)
}

fn plan_unplace(name: &CertificateName, host: &str, row: &Value) -> Result<PlannedStep> {
    let change = Change {
        action: "take off",
        resource: format!("{} on {host}", described(name)),
        before: Some("placed".to_owned()),
        after: None,
        undo: Reversal::Undoable,
    };
    let step = Unplace {
        name: name.clone(),
        host: host.to_owned(),
        row: row.clone(),
    };
    PlannedStep::in_control(&step, change)
}

/// Plans where it is to lie: a step a host, none where it is so already.
///
/// # Errors
/// `internal`.
pub fn plan_places(image: &Image, on: &[String], off: &[String]) -> Result<Vec<PlannedStep>> {
    let row = |host: &String| image.places.iter().find(|(placed, _)| placed == host);
    let placed = on
        .iter()
        .filter(|host| row(host).is_none())
        .map(|host| plan_place(&image.name, host));
    let taken = off
        .iter()
        .filter_map(row)
        .map(|(host, row)| plan_unplace(&image.name, host, row));
    placed.chain(taken).collect()
}

/// Plans the end of a certificate. What lies on hosts stays there.
///
/// # Errors
/// `conflict`, reason `placed`, where it lies on hosts and `with_places` is not given; `internal`.
pub fn plan_delete(image: Image, with_places: bool, fate: Fate) -> Result<Vec<PlannedStep>> {
    let hosts: Vec<&str> = image.places.iter().map(|(host, _)| host.as_str()).collect();
    if !hosts.is_empty() && !with_places {
        let message = format!("{} is placed on {}", described(&image.name), hosts.join(", "));
        return Err(Error::new(Kind::Conflict, "placed", message).hint(format!(
            "hostctl cert place {} --off {}, or --with-places",
            image.name,
            hosts.join(" --off ")
        )));
    }
    let change = Change {
        action: "delete",
        resource: described(&image.name),
        before: Some(image.identifiers.join(", ")),
        after: None,
        undo: Reversal::Undoable,
    };
    let (name, account) = (image.name.to_string(), image.account);
    let step = PlannedStep::in_control(&Delete { name: image.name }, change)?.secret(ROWS, image.rows);
    match fate {
        Fate::Purged => Ok(vec![step]),
        Fate::Kept(retention) => Ok(vec![
            step.keep_secrets(),
            trash::keep(KIND, &name, Some(account), Value::Null, retention)?,
        ]),
    }
}
