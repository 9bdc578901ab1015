//! Plans for archives: making one, restoring one in place or as a new database.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::archive::{Archive, Sidecar, shown};
use super::backups::{Backup, known};
use super::observe::{Existing, Request, Room, check_allowed, check_available};
use super::plan::{change, plan_create};
use super::subject::trash_of;
use super::{
    BackupRecord, Clusters, Create, DropReplaced, Dump, Load, Park, Prepare, Subject, Swap, extend, limits,
    load,
};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{OutsideStep as _, Plan, PlannedStep, Reversal};
use crate::model::password::Password;
use crate::trash;

/// What an archive is to be restored to.
#[derive(Clone, Debug)]
pub struct Source {
    /// The archive, read once in full.
    pub archive: Archive,
    /// The locale of the database that it is for.
    pub locale: String,
    /// Whether the tenant may make schemas.
    pub may_create: bool,
    /// Whether the archive says who may do what.
    pub with_grants: bool,
    /// What the inventory knows of it.
    pub known: Option<Backup>,
    /// Whether its checksum was compared with one that was written down.
    pub is_verified: bool,
    /// The host that has the file.
    host: String,
}

/// What becomes of the database that is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// It is kept in the trash for so long.
    Keep(Duration),
    /// It is dropped at the end.
    Purge,
}

/// Looks whether `archive` can be restored to what `existing` is.
///
/// # Errors
/// `conflict`, reason `checksum`, for an archive that is not the one that was made, `foreign` for one of another
/// account; `denied`, reason `extension`.
pub async fn observe_restore(
    client: &impl GenericClient,
    clusters: &Clusters,
    existing: &Existing,
    archive: Archive,
    with_grants: bool,
    deadline: Deadline,
) -> Result<Source> {
    let known = known(client, &clusters.hosts(), &archive.path, &archive.sha256).await?;
    let beside = Sidecar::read(&archive.path)?;
    let recorded = known
        .as_ref()
        .map(|backup| backup.sha256.as_str())
        .or(beside.as_ref().map(|sidecar| sidecar.sha256.as_str()));
    if recorded.is_some_and(|recorded| recorded != archive.sha256) {
        let message = format!(
            "{} is not the archive that was made: its checksum differs",
            shown(&archive.path)
        );
        return Err(Error::new(Kind::Conflict, "checksum", message)
            .hint(format!("hostctl db backups {}", existing.subject.name)));
    }
    let is_verified = recorded.is_some();
    if let Some(backup) = known
        .as_ref()
        .filter(|backup| backup.account_id != existing.database.account_id)
    {
        let message = format!(
            "{} is of database {}, which another account owns",
            shown(&archive.path),
            backup.database
        );
        return Err(Error::new(Kind::Conflict, "foreign", message));
    }
    let subject = &existing.subject;
    check_extensions(clusters, existing, &archive.extensions, deadline).await?;
    let link = clusters.link(&subject.cluster, deadline).await?;
    let locale = deadline
        .run(&link.place, load::locale_of(&link, subject.name.as_str()))
        .await?;
    let may_create = limits::observe_limits(clusters, existing, deadline)
        .await?
        .may_create;
    Ok(Source {
        archive,
        locale,
        may_create,
        with_grants,
        known,
        is_verified,
        host: clusters.host().to_owned(),
    })
}

/// What the database has already it may have again.
async fn check_extensions(
    clusters: &Clusters,
    existing: &Existing,
    wanted: &[String],
    deadline: Deadline,
) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let (cluster, configured) = clusters.pick(Some(&existing.subject.cluster))?;
    let installed = extend::installed(clusters, &existing.subject, deadline).await?;
    let allowed = [configured.extensions.as_slice(), installed.as_slice()].concat();
    check_allowed(cluster, &allowed, wanted)?;
    let link = clusters.link(cluster, deadline).await?;
    deadline
        .run(&existing.subject.words(), check_available(&link, wanted))
        .await
}

/// Plans an archive at `path` on this host.
///
/// # Errors
/// `internal` only.
pub fn plan_backup(clusters: &Clusters, existing: &Existing, path: PathBuf) -> Result<Plan> {
    let (subject, row) = (&existing.subject, &existing.database);
    let host = clusters.host().to_owned();
    let words = shown(&path);
    let dump = Dump {
        subject: subject.clone(),
        host: host.clone(),
        is_bound: true,
        path: path.clone(),
    };
    let record = BackupRecord {
        subject: subject.clone(),
        account_id: row.account_id,
        host,
        path,
    };
    let description = format!("{words} of {}", subject.words());
    Ok(Plan {
        kind: "db.backup",
        target: subject.name.to_string(),
        account: Some(row.account_id),
        request: Value::Null,
        steps: vec![
            PlannedStep::outside(&dump, change("dump", description.clone(), None, Some("written")))?,
            PlannedStep::in_control(&record, change("record", description, None, Some("recorded")))?,
        ],
        claims: Vec::new(),
        result: json!({ "database": subject.name, "cluster": subject.cluster, "path": words }),
    })
}

fn load(existing: &Existing, source: &Source, subject: Subject) -> Load {
    debug_assert_eq!(existing.subject.substrate, subject.substrate, "one cluster");
    Load {
        subject,
        locale: Some(source.locale.clone()),
        extensions: source.archive.extensions.clone(),
        may_create: source.may_create,
        with_grants: source.with_grants,
        host: source.host.clone(),
        path: source.archive.path.clone(),
        sha256: source.archive.sha256.clone(),
    }
}

fn loading(load: &Load) -> Result<PlannedStep> {
    let archive = shown(&load.path);
    let description = format!("{archive} into {}", load.subject.words());
    PlannedStep::outside(load, change("load", description, None, Some("unpublished")))
}

/// What the trash keeps of a database that a restore has replaced.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    subject: Subject,
    oid: u32,
}

/// What the trash calls a database that a restore has replaced.
pub const REPLACED: &str = "replaced database";

/// Plans to drop what a restore has replaced and the trash keeps.
///
/// # Errors
/// `internal` where the trash holds something else.
pub fn plan_purge_replaced(entry: &trash::Entry) -> Result<PlannedStep> {
    let kept: Kept = serde_json::from_value(entry.content.clone())
        .map_err(|error| Error::internal("the trash does not tell which database it is").source(error))?;
    let aside = trash_of(entry.operation);
    let resource = format!("database {aside} on {}", kept.subject.cluster);
    let drop = DropReplaced {
        subject: kept.subject,
        replacement: Some(entry.operation),
        oid: kept.oid,
    };
    let mut description = change("drop", resource, Some("replaced"), None);
    description.undo = Reversal::ForwardOnly;
    Ok(PlannedStep::outside(&drop, description)?.pivot())
}

/// Plans to keep for so long what the restore `restored_by` had brought to `existing`, which was served until undoing it. For
/// the operation `operation`.
///
/// # Errors
/// `internal` only.
pub fn plan_park(
    operation: Uuid,
    existing: &Existing,
    restored_by: Uuid,
    retention: Duration,
) -> Result<[PlannedStep; 2]> {
    let subject = &existing.subject;
    let step = Park {
        subject: subject.clone(),
        restored_by,
    };
    let resource = format!("database {} on {}", trash_of(operation), subject.cluster);
    let kept = Kept {
        subject: subject.clone(),
        oid: existing.oid,
    };
    let name = format!("{}/{}", subject.cluster, subject.name);
    let account = Some(existing.database.account_id);
    Ok([
        PlannedStep::outside(
            &step,
            change("keep", resource, Some("replaced"), Some("in the trash")),
        )?,
        trash::keep(REPLACED, &name, account, json!(kept), retention)?,
    ])
}

/// Plans putting the archive in the place of the database. `operation` is the identifier under which the plan begins.
///
/// # Errors
/// `internal` only.
pub fn plan_restore(
    operation: Uuid,
    existing: &Existing,
    source: &Source,
    replacement: Replacement,
) -> Result<Plan> {
    let (subject, row) = (&existing.subject, &existing.database);
    let swap = Swap {
        subject: subject.clone(),
        database_operation: row.database_operation,
        role_operation: row.role_operation,
        comment: existing.database_comment.clone(),
        can_login: existing.can_login,
    };
    let aside = trash_of(operation);
    let mut steps = vec![
        loading(&load(existing, source, subject.clone()))?,
        PlannedStep::outside(
            &swap,
            change(
                "replace",
                subject.words(),
                Some("as it is"),
                Some("as in the archive"),
            ),
        )?,
    ];
    let kept = match replacement {
        Replacement::Keep(retention) => {
            let kept = Kept {
                subject: subject.clone(),
                oid: existing.oid,
            };
            let name = format!("{}/{}", subject.cluster, subject.name);
            steps.push(trash::keep(
                REPLACED,
                &name,
                Some(row.account_id),
                json!(kept),
                retention,
            )?);
            Some(aside)
        }
        Replacement::Purge => {
            let drop = DropReplaced {
                subject: subject.clone(),
                replacement: None,
                oid: existing.oid,
            };
            let mut description = change(
                "drop",
                format!("database {aside} on {}", subject.cluster),
                Some("replaced"),
                None,
            );
            description.undo = Reversal::ForwardOnly;
            steps.push(PlannedStep::outside(&drop, description)?.pivot());
            None
        }
    };
    Ok(Plan {
        kind: "db.restore",
        target: subject.name.to_string(),
        account: Some(row.account_id),
        request: Value::Null,
        steps,
        claims: Vec::new(),
        result: json!({
            "database": subject.name, "cluster": subject.cluster, "path": shown(&source.archive.path), "kept": kept,
        }),
    })
}

/// Plans a new database that is filled from the archive. `operation` is the identifier under which the plan begins.
///
/// # Errors
/// `invalid` for a password that the server would take for a verifier.
pub fn plan_restore_as(
    operation: Uuid,
    existing: &Existing,
    source: &Source,
    request: &Request,
    room: &Room,
    password: &Password,
) -> Result<Plan> {
    let mut plan = plan_create(operation, request, room, password)?;
    let mut load = load(existing, source, existing.subject.clone());
    load.subject.name = request.name.clone();
    load.subject.owner = super::subject::owner_of(operation);
    // The new tenant begins without the right to make schemas; what the archive has of them it may keep.
    let made = [Create::KIND, Prepare::KIND];
    let place = plan.steps.iter().position(|step| step.kind == Create::KIND);
    let place = place.ok_or_else(|| Error::internal("a database that is not created"))?;
    plan.steps.retain(|step| !made.contains(&step.kind));
    plan.steps.insert(place, loading(&load)?);
    plan.kind = "db.restore";
    Ok(plan)
}
