//! Planning changes of packages. Pure.

use serde_json::{Value, json};

use super::limits::Limits;
use super::package::{Create, Delete, Package, Set, in_use};
use crate::error::Result;
use crate::journal::{Change, Plan, PlannedStep, Reversal};
use crate::model::PackageName;

/// Plans a new package.
///
/// # Errors
/// `internal`.
pub fn plan_create(name: &PackageName, limits: Limits) -> Result<Plan> {
    let change = change("create", name, None, Some(words(&limits)));
    let step = Create {
        name: name.clone(),
        limits,
    };
    Ok(plan(
        "package.create",
        name,
        vec![PlannedStep::in_control(&step, change)?],
    ))
}

/// Plans other limits; no steps where they are so already.
///
/// # Errors
/// `internal`.
pub fn plan_set(package: &Package, after: Limits, is_forced: bool) -> Result<Plan> {
    if after == package.limits {
        return Ok(plan("package.set", &package.name, Vec::new()));
    }
    let change = change(
        "change",
        &package.name,
        Some(words(&package.limits)),
        Some(words(&after)),
    );
    let step = Set {
        name: package.name.clone(),
        before: package.limits.clone(),
        after,
        is_forced,
    };
    Ok(plan(
        "package.set",
        &package.name,
        vec![PlannedStep::in_control(&step, change)?],
    ))
}

/// Plans the end of a package.
///
/// # Errors
/// `conflict`, reason `in_use`, where accounts have it.
pub fn plan_delete(package: &Package) -> Result<Plan> {
    if package.accounts > 0 {
        return Err(in_use(&package.name));
    }
    let change = change("delete", &package.name, Some(words(&package.limits)), None);
    let step = Delete {
        name: package.name.clone(),
        limits: package.limits.clone(),
        created_at: package.created_at,
    };
    Ok(plan(
        "package.delete",
        &package.name,
        vec![PlannedStep::in_control(&step, change)?],
    ))
}

fn plan(kind: &'static str, name: &PackageName, steps: Vec<PlannedStep>) -> Plan {
    Plan {
        kind,
        target: name.to_string(),
        account: None,
        request: Value::Null,
        steps,
        claims: Vec::new(),
        result: json!({ "package": name }),
    }
}

fn change(action: &'static str, name: &PackageName, before: Option<String>, after: Option<String>) -> Change {
    Change {
        action,
        resource: format!("package {name}"),
        before,
        after,
        undo: Reversal::Undoable,
    }
}

/// `databases 2, boxes unlimited, …`
fn words(limits: &Limits) -> String {
    let all = [
        ("databases", limits.databases),
        ("boxes", limits.boxes),
        ("domains", limits.domains),
        ("zones", limits.zones),
        ("aliases", limits.aliases),
        ("quota", limits.quota_bytes),
        ("database size", limits.database_bytes),
    ];
    let all = all.map(|(name, most)| {
        format!(
            "{name} {}",
            most.map_or("unlimited".to_owned(), |most| most.to_string())
        )
    });
    all.join(", ")
}
