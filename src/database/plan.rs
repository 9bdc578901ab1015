//! From a request and the observed world to steps. Pure.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::inventory::Database;
use super::observe::{Existing, Request, Room};
use super::plan_backup::REPLACED;
use super::roles::VERIFIER;
use super::subject::{owner_of, trash_of};
use super::{
    Create, Drop, DropReplaced, DropRoles, Forget, Hide, Prepare, Publish, Record, Roles, SetPassword,
    Subject, dependents, verifier,
};
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, Plan, PlannedStep, Reversal};
use crate::model::password::Password;
use crate::trash::{self, Fate};

/// What `db create` answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Created {
    /// The database.
    pub database: String,
    /// The account that owns it.
    pub account: String,
    /// The cluster it is on.
    pub cluster: String,
    /// The NOLOGIN role that owns it there.
    pub owner: String,
    /// The role that logs in.
    pub role: String,
    /// Where clients find the cluster.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Never in the journal; the caller fills it in where it may be shown.
    pub password: Option<String>,
    /// The operation that made it.
    pub operation: Uuid,
}

/// Plans a new database. `operation` is the identifier under which the plan is going to begin; names are derived from
/// it. The plan's result is a [`Created`] without password.
///
/// # Errors
/// `invalid` for a password that the server would take for a verifier.
pub fn plan_create(operation: Uuid, request: &Request, room: &Room, password: &Password) -> Result<Plan> {
    let subject = Subject {
        cluster: room.cluster.clone(),
        substrate: room.substrate.clone(),
        name: request.name.clone(),
        owner: owner_of(operation),
    };
    let created = Created {
        database: request.name.to_string(),
        account: request.account.clone(),
        cluster: room.cluster.clone(),
        owner: subject.owner.clone(),
        role: request.name.to_string(),
        host: room.host.clone(),
        port: room.port,
        password: None,
        operation,
    };
    Ok(Plan {
        kind: "db.create",
        target: request.name.to_string(),
        account: Some(request.account_id),
        request: wanted(request, room),
        steps: create_steps(request, &subject, password)?,
        claims: Vec::new(),
        result: serde_json::to_value(created).map_err(|_| Error::internal("a result that is no JSON"))?,
    })
}

/// What was asked for; the same again is the same request.
fn wanted(request: &Request, room: &Room) -> Value {
    json!({
        "name": request.name,
        "account": request.account,
        "cluster": room.cluster,
        "locale": request.locale,
        "extensions": request.extensions,
        "connections": request.connections,
        "statement_timeout_ms": request.statement_timeout.map(milliseconds),
        "idle_in_transaction_timeout_ms": request.idle_in_transaction_timeout.map(milliseconds),
    })
}

fn create_steps(request: &Request, subject: &Subject, password: &Password) -> Result<Vec<PlannedStep>> {
    let (name, cluster) = (&subject.name, &subject.cluster);
    let words = subject.words();
    let roles = Roles {
        subject: subject.clone(),
        connections: request.connections,
        statement_timeout_ms: request.statement_timeout.map(milliseconds),
        idle_in_transaction_timeout_ms: request.idle_in_transaction_timeout.map(milliseconds),
    };
    let create = Create {
        subject: subject.clone(),
        locale: request.locale.clone(),
    };
    let prepare = Prepare {
        subject: subject.clone(),
        extensions: request.extensions.clone(),
    };
    let publish = Publish {
        subject: subject.clone(),
        connections: request.connections,
    };
    let record = Record {
        subject: subject.clone(),
        account_id: request.account_id,
    };
    let roles_words = format!("roles {name} and {} on {cluster}", subject.owner);
    let mut inside = vec![format!("schema public of {name}")];
    inside.extend(request.extensions.iter().cloned());
    let inside = inside.join(", ");
    Ok(vec![
        PlannedStep::outside(&roles, change("create", roles_words, None, Some("no login")))?
            .secret(VERIFIER, verifier(password)?),
        PlannedStep::outside(
            &create,
            change("create", words.clone(), None, Some("unpublished")),
        )?,
        PlannedStep::outside(&prepare, change("prepare", words.clone(), None, Some(&inside)))?,
        PlannedStep::outside(
            &publish,
            change("publish", words.clone(), Some("unpublished"), Some("login")),
        )?,
        PlannedStep::in_control(&record, change("record", words, None, Some("active")))?,
    ])
}

/// What the trash keeps of a database that was deleted.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(flatten)]
    pub subject: Subject,
    pub role_operation: Uuid,
    /// The restores whose replaced databases have to go before the roles can, with the numbers of these.
    #[serde(default)]
    pub replaced: Vec<(Uuid, u32)>,
}

/// What the trash calls a database.
pub const KIND: &str = "database";

/// Plans the end of a database, its roles and all that is in it: out of reach and kept for a while, or gone.
///
/// # Errors
/// `conflict`, reason `in_use`, where the database could not be dropped at the end, or the roles that shall be gone at once.
pub fn plan_delete(existing: &Existing, fate: Fate) -> Result<Plan> {
    check_unused(existing, fate)?;
    let (subject, row) = (&existing.subject, &existing.database);
    let hide = Hide {
        subject: subject.clone(),
        database_operation: row.database_operation,
        role_operation: row.role_operation,
        comment: existing.database_comment.clone(),
        can_login: existing.can_login,
        renames_role: fate != Fate::Purged,
        entrants: Some(existing.entrants.clone()),
    };
    let forget = Forget::of(row, subject);
    let (words, state) = (subject.words(), row.state.as_str());
    let mut steps = vec![
        PlannedStep::outside(&hide, change("hide", words.clone(), Some(state), Some("hidden")))?,
        PlannedStep::in_control(&forget, change("forget", words, Some(state), None))?,
    ];
    match fate {
        Fate::Kept(retention) => {
            let kept = Kept {
                subject: subject.clone(),
                role_operation: row.role_operation,
                replaced: existing.replaced.clone(),
            };
            let name = format!("{}/{}", subject.cluster, subject.name);
            steps.push(trash::keep(
                KIND,
                &name,
                Some(row.account_id),
                json!(kept),
                retention,
            )?);
        }
        Fate::Purged => steps.extend(drop_steps(subject, row.role_operation, &existing.replaced, None)?),
    }
    Ok(Plan {
        kind: "db.delete",
        target: subject.name.to_string(),
        account: Some(row.account_id),
        request: json!({ "name": subject.name, "cluster": subject.cluster, "purge": fate == Fate::Purged }),
        steps,
        claims: Vec::new(),
        result: json!({ "database": subject.name, "cluster": subject.cluster, "state": "deleted" }),
    })
}

/// Plans to drop what lies in the trash.
///
/// # Errors
/// `internal` where the trash holds something else.
pub fn plan_purge(entry: &trash::Entry) -> Result<Vec<PlannedStep>> {
    let kept: Kept = serde_json::from_value(entry.content.clone())
        .map_err(|error| Error::internal("the trash does not tell which database it is").source(error))?;
    drop_steps(
        &kept.subject,
        kept.role_operation,
        &kept.replaced,
        Some(entry.operation),
    )
}

/// Plans to take a database that is no longer ours, or no longer there, out of the inventory. Nothing in the cluster is touched.
///
/// # Errors
/// `internal`.
pub fn plan_forget(row: &Database) -> Result<Plan> {
    let subject = row.subject()?;
    let forget = Forget::of(row, &subject);
    let words = format!("inventory of {}", subject.words());
    let change = change("forget", words, Some(row.state.as_str()), None);
    Ok(Plan {
        kind: "db.delete",
        target: subject.name.to_string(),
        account: Some(row.account_id),
        request: json!({ "name": subject.name, "cluster": subject.cluster, "forget": true }),
        steps: vec![PlannedStep::in_control(&forget, change)?],
        claims: Vec::new(),
        result: json!({ "database": subject.name, "cluster": subject.cluster, "state": "forgotten" }),
    })
}

fn check_unused(existing: &Existing, fate: Fate) -> Result<()> {
    let subject = &existing.subject;
    if !existing.slots.is_empty() {
        let message = format!(
            "{} has slots of logical replication: {}",
            subject.words(),
            existing.slots.join(", ")
        );
        return Err(Error::new(Kind::Conflict, "in_use", message)
            .hint("when no subscriber is left: SELECT pg_drop_replication_slot('NAME')"));
    }
    // What is kept in the trash keeps its roles, and theirs is all that they have elsewhere.
    if fate == Fate::Purged && !existing.in_the_way.is_empty() {
        return Err(dependents::in_use(subject, existing.in_the_way.iter()));
    }
    Ok(())
}

/// The database first: as long as it is there, its roles cannot go.
fn drop_steps(
    subject: &Subject,
    role_operation: Uuid,
    replaced: &[(Uuid, u32)],
    hidden_by: Option<Uuid>,
) -> Result<Vec<PlannedStep>> {
    let drop = Drop {
        subject: subject.clone(),
        hidden_by,
    };
    let drop_roles = DropRoles {
        subject: subject.clone(),
        role_operation,
        hidden_by,
    };
    let roles_words = format!(
        "roles {} and {} on {}",
        subject.name, subject.owner, subject.cluster
    );
    let for_good = |change: Change| Change {
        undo: Reversal::ForwardOnly,
        ..change
    };
    let drop_change = for_good(change("drop", subject.words(), Some("hidden"), None));
    let roles_change = for_good(change("drop", roles_words, Some("no login"), None));
    let mut steps = vec![PlannedStep::outside(&drop, drop_change)?.pivot()];
    for (by, oid) in replaced {
        let step = DropReplaced {
            subject: subject.clone(),
            replacement: Some(*by),
            oid: *oid,
        };
        let resource = format!("database {} on {}", trash_of(*by), subject.cluster);
        let description = for_good(change("drop", resource, Some("replaced"), None));
        steps.push(PlannedStep::outside(&step, description)?);
        let name = format!("{}/{}", subject.cluster, subject.name);
        steps.push(trash::forget(*by, REPLACED, &name)?);
    }
    steps.push(PlannedStep::outside(&drop_roles, roles_change)?);
    Ok(steps)
}

/// Plans another password.
///
/// # Errors
/// `invalid` for a password that the server would take for a verifier.
pub fn plan_password(existing: &Existing, password: &Password) -> Result<Plan> {
    let (subject, row) = (&existing.subject, &existing.database);
    let mark = existing
        .role_comment
        .split(' ')
        .next()
        .unwrap_or_default()
        .to_owned();
    let step = SetPassword {
        subject: subject.clone(),
        role_operation: row.role_operation,
        mark,
    };
    let words = format!("password of role {} on {}", subject.name, subject.cluster);
    let change = Change {
        undo: Reversal::ForwardOnly,
        ..change("change", words, Some("set"), Some("set anew"))
    };
    Ok(Plan {
        kind: "db.passwd",
        target: subject.name.to_string(),
        account: Some(row.account_id),
        request: json!({ "name": subject.name, "cluster": subject.cluster }),
        steps: vec![
            PlannedStep::outside(&step, change)?
                .secret(VERIFIER, verifier(password)?)
                .pivot(),
        ],
        claims: Vec::new(),
        result: json!({ "database": subject.name, "cluster": subject.cluster, "role": subject.name, "password": null }),
    })
}

/// A row of `--dry-run`.
pub(super) fn change(
    action: &'static str,
    resource: String,
    before: Option<&str>,
    after: Option<&str>,
) -> Change {
    Change {
        action,
        resource,
        before: before.map(ToOwned::to_owned),
        after: after.map(ToOwned::to_owned),
        undo: Reversal::Undoable,
    }
}

pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
