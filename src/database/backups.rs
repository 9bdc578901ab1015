//! `database.backup_record` and the list: which archives were made of which database.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row, Transaction};
use uuid::Uuid;

use super::Subject;
use super::archive::{Sidecar, shown};
use super::failure::changed;
use crate::control::sqlstate;
use crate::error::{Error, Result};
use crate::journal::{ControlStep, Marker, Secrets};

/// An archive that was made.
#[derive(Clone, Debug, Serialize)]
pub struct Backup {
    /// The database.
    pub database: String,
    /// The account that owned it.
    pub account: Option<String>,
    /// The cluster it was on.
    pub cluster: String,
    /// The host that has the file.
    pub host: String,
    /// The file there.
    pub path: String,
    /// Its size.
    pub size_bytes: i64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The operation that made it.
    pub operation: Uuid,
    /// The account.
    #[serde(skip)]
    pub account_id: Uuid,
}

/// Writes an archive of this operation into the inventory.
#[derive(Debug, Serialize, Deserialize)]
pub struct BackupRecord {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// Whose it is.
    pub account_id: Uuid,
    /// The host that has the file.
    pub host: String,
    /// The archive.
    pub path: PathBuf,
}

impl ControlStep for BackupRecord {
    const KIND: &'static str = "database.backup_record";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        let sidecar = Sidecar::read(&self.path)?
            .filter(|sidecar| {
                sidecar
                    .marker
                    .is_some_and(|made| made.operation == marker.operation)
            })
            .ok_or_else(|| {
                let archive = shown(&self.path);
                changed(format!(
                    "the checksum of {archive}, a file of host {}, is not there",
                    self.host
                ))
            })?;
        let size = std::fs::metadata(&self.path)
            .map_err(|error| changed(format!("{} is gone", shown(&self.path))).source(error))?
            .len();
        let size = i64::try_from(size).map_err(|_| Error::internal("a file of more than 2^63 bytes"))?;
        let statement =
            "INSERT INTO hostctl.backups (operation_id, account_id, cluster, database, host, path,
                size_bytes, sha256)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
        let path = self.path.to_string_lossy();
        let parameters: [(&(dyn ToSql + Sync), Type); 8] = [
            (&marker.operation, Type::UUID),
            (&self.account_id, Type::UUID),
            (&self.subject.cluster, Type::TEXT),
            (&self.subject.name.as_str(), Type::TEXT),
            (&self.host, Type::TEXT),
            (&path, Type::TEXT),
            (&size, Type::INT8),
            (&sidecar.sha256, Type::TEXT),
        ];
        let made = transaction.query_typed(statement, &parameters).await;
        made.map_err(|error| sqlstate::error(&self.subject.words(), error))?;
        Ok(json!({ "size_bytes": size, "sha256": sidecar.sha256 }))
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let statement = "DELETE FROM hostctl.backups WHERE operation_id = $1";
        let removed = transaction
            .query_typed(statement, &[(&marker.operation, Type::UUID)])
            .await;
        removed
            .map(|_| ())
            .map_err(|error| sqlstate::error(&self.subject.words(), error))
    }
}

const SELECT: &str =
    "SELECT b.database, a.name, b.cluster, b.host, b.path, b.size_bytes, b.sha256, b.created_at,
        b.operation_id, b.account_id
    FROM hostctl.backups b LEFT JOIN hostctl.accounts a ON a.id = b.account_id";

/// The archives of the database `name` (all where absent), of `account` and from `cluster` where these are given; the
/// newest first.
///
/// # Errors
/// Those of the control database.
pub async fn backups(
    client: &impl GenericClient,
    name: Option<&str>,
    account: Option<Uuid>,
    cluster: Option<&str>,
) -> Result<Vec<Backup>> {
    let statement = format!(
        "{SELECT} WHERE ($1::text IS NULL OR b.database = $1) AND ($2::uuid IS NULL OR b.account_id = $2)
            AND ($3::text IS NULL OR b.cluster = $3) ORDER BY b.created_at DESC, b.operation_id DESC"
    );
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&name, Type::TEXT),
        (&account, Type::UUID),
        (&cluster, Type::TEXT),
    ];
    let rows = client.query_typed(&statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error("the backups", error))?;
    Ok(rows.iter().map(backup).collect())
}

/// What the inventory knows of an archive: the row of its place on this host, whose names are `hosts`, or else one with its
/// checksum.
pub(super) async fn known(
    client: &impl GenericClient,
    hosts: &[String],
    path: &Path,
    sha256: &str,
) -> Result<Option<Backup>> {
    let statement = format!(
        "{SELECT} WHERE (b.host = ANY($1) AND b.path = $2) OR b.sha256 = $3
            ORDER BY (b.host = ANY($1) AND b.path = $2) DESC, b.created_at DESC LIMIT 1"
    );
    let path = path.to_string_lossy();
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&hosts, Type::TEXT_ARRAY),
        (&path, Type::TEXT),
        (&sha256, Type::TEXT),
    ];
    let rows = client.query_typed(&statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error("the backups", error))?;
    Ok(rows.first().map(backup))
}

fn backup(row: &Row) -> Backup {
    Backup {
        database: row.get(0),
        account: row.get(1),
        cluster: row.get(2),
        host: row.get(3),
        path: row.get(4),
        size_bytes: row.get(5),
        sha256: row.get(6),
        created_at: row.get(7),
        operation: row.get(8),
        account_id: row.get(9),
    }
}
