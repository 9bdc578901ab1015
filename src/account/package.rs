//! Reading packages, and the steps on their rows.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row, Transaction};
use uuid::Uuid;

use super::limits::{self, LIMIT_COLUMNS, Limits, Owned};
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::PackageName;

/// A package of limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Unique.
    pub name: PackageName,
    /// What an account with it may have.
    #[serde(flatten)]
    pub limits: Limits,
    /// How many accounts have it.
    pub accounts: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// All packages, by name.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient) -> Result<Vec<Package>> {
    let statement = format!("{} ORDER BY p.name", select());
    let rows = client.query_typed(&statement, &[]).await;
    let rows = rows.map_err(|error| sqlstate::error("the packages", error))?;
    rows.iter().map(package).collect()
}

/// The package `name`.
///
/// # Errors
/// `not_found`.
pub async fn find(client: &impl GenericClient, name: &PackageName) -> Result<Package> {
    look(client, name).await?.ok_or_else(|| missing(name))
}

async fn look(client: &impl GenericClient, name: &PackageName) -> Result<Option<Package>> {
    let statement = format!("{} WHERE p.name = $1", select());
    let rows = client
        .query_typed(&statement, &[(&name.as_str(), Type::TEXT)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(&described(name), error))?;
    rows.first().map(package).transpose()
}

fn select() -> String {
    format!(
        "SELECT p.name, p.created_at, (SELECT count(*) FROM hostctl.accounts a WHERE a.package = p.name), {LIMIT_COLUMNS}
        FROM hostctl.packages p"
    )
}

fn package(row: &Row) -> Result<Package> {
    Ok(Package {
        name: row.get::<_, &str>(0).parse()?,
        created_at: row.get(1),
        accounts: row.get(2),
        limits: limits::limits(row, 3),
    })
}

/// `package.create`: the row.
#[derive(Debug, Serialize, Deserialize)]
pub struct Create {
    pub(super) name: PackageName,
    pub(super) limits: Limits,
}

impl ControlStep for Create {
    const KIND: &'static str = "package.create";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        insert(transaction, &self.name, &self.limits, None)
            .await
            .map(|()| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        remove(transaction, &self.name, &self.limits).await
    }
}

/// `package.set`: other limits in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct Set {
    pub(super) name: PackageName,
    pub(super) before: Limits,
    pub(super) after: Limits,
    /// Whether accounts may have more than that already.
    pub(super) is_forced: bool,
}

impl ControlStep for Set {
    const KIND: &'static str = "package.set";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        // The accounts first and then the package, as whoever makes something does it.
        let statement = "SELECT a.id, a.name FROM hostctl.accounts a WHERE a.package = $1 ORDER BY a.id FOR NO KEY UPDATE";
        let accounts = transaction
            .query_typed(statement, &[(&self.name.as_str(), Type::TEXT)])
            .await;
        let accounts = accounts.map_err(|error| sqlstate::error(&described(&self.name), error))?;
        replace(transaction, &self.name, &self.before, &self.after).await?;
        if self.is_forced {
            return Ok(Value::Null);
        }
        for row in &accounts {
            let (id, name): (Uuid, &str) = (row.get(0), row.get(1));
            let checked = limits::check(transaction, id, name, self.name.as_str(), &Owned::ALL).await;
            checked.map_err(limits::with_force)?;
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        replace(transaction, &self.name, &self.after, &self.before).await
    }
}

/// `package.delete`: the row as the plan saw it; no account has it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Delete {
    pub(super) name: PackageName,
    pub(super) limits: Limits,
    pub(super) created_at: Timestamp,
}

impl ControlStep for Delete {
    const KIND: &'static str = "package.delete";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        remove(transaction, &self.name, &self.limits)
            .await
            .map(|()| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        insert(transaction, &self.name, &self.limits, Some(self.created_at)).await
    }
}

async fn insert(
    transaction: &Transaction<'_>,
    name: &PackageName,
    limits: &Limits,
    created_at: Option<Timestamp>,
) -> Result<()> {
    let statement = "INSERT INTO hostctl.packages
            (name, databases, boxes, domains, zones, aliases, quota_bytes, database_bytes, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, hostctl.now())) ON CONFLICT DO NOTHING";
    let made = write(
        transaction,
        statement,
        name,
        limits,
        Some((&created_at as _, Type::TIMESTAMPTZ)),
    )
    .await?;
    if made == 0 {
        return Err(exists(name));
    }
    Ok(())
}

async fn remove(transaction: &Transaction<'_>, name: &PackageName, limits: &Limits) -> Result<()> {
    let statement = format!("DELETE FROM hostctl.packages p WHERE {IS_AS_SEEN}");
    let gone = write(transaction, &statement, name, limits, None).await?;
    if gone == 0 && look(transaction, name).await?.is_some() {
        return Err(changed(name));
    }
    Ok(())
}

async fn replace(
    transaction: &Transaction<'_>,
    name: &PackageName,
    from: &Limits,
    to: &Limits,
) -> Result<()> {
    match look(transaction, name).await? {
        None => return Err(missing(name)),
        Some(found) if found.limits == *from || found.limits == *to => {}
        Some(_) => return Err(changed(name)),
    }
    let statement =
        "UPDATE hostctl.packages SET databases = $2, boxes = $3, domains = $4, zones = $5, aliases = $6,
        quota_bytes = $7, database_bytes = $8 WHERE name = $1";
    write(transaction, statement, name, to, None).await.map(|_| ())
}

const IS_AS_SEEN: &str = "p.name = $1
    AND (p.databases, p.boxes, p.domains, p.zones, p.aliases, p.quota_bytes, p.database_bytes)
        IS NOT DISTINCT FROM ($2, $3, $4, $5, $6, $7, $8)";

/// Runs a statement whose first eight parameters are the name and the limits.
async fn write(
    transaction: &Transaction<'_>,
    statement: &str,
    name: &PackageName,
    limits: &Limits,
    last: Option<(&(dyn tokio_postgres::types::ToSql + Sync), Type)>,
) -> Result<u64> {
    let name_text = name.as_str();
    let mut parameters: Vec<(&(dyn tokio_postgres::types::ToSql + Sync), Type)> = vec![
        (&name_text, Type::TEXT),
        (&limits.databases, Type::INT8),
        (&limits.boxes, Type::INT8),
        (&limits.domains, Type::INT8),
        (&limits.zones, Type::INT8),
        (&limits.aliases, Type::INT8),
        (&limits.quota_bytes, Type::INT8),
        (&limits.database_bytes, Type::INT8),
    ];
    parameters.extend(last);
    let written = transaction.execute_typed(statement, &parameters).await;
    written.map_err(|error| match error.code() {
        Some(&tokio_postgres::error::SqlState::FOREIGN_KEY_VIOLATION) => in_use(name),
        _ => sqlstate::error(&described(name), error),
    })
}

/// An account has it.
pub(super) fn in_use(name: &PackageName) -> Error {
    let message = format!("{} is in use", described(name));
    Error::new(Kind::Conflict, "in_use", message)
        .hint("hostctl account set ACCOUNT --no-package, or another one")
}

pub(super) fn exists(name: &PackageName) -> Error {
    Error::new(
        Kind::Conflict,
        "exists",
        format!("{} exists already", described(name)),
    )
    .hint(format!("hostctl package show {name}"))
}

fn missing(name: &PackageName) -> Error {
    Error::new(Kind::NotFound, "not_found", format!("no {}", described(name))).hint("hostctl package list")
}

fn changed(name: &PackageName) -> Error {
    let message = format!("{} is not as it was when this was planned", described(name));
    Error::new(Kind::Conflict, "changed", message).hint(format!("hostctl package show {name}"))
}

fn described(name: &PackageName) -> String {
    format!("package {name}")
}

fn resource(name: &PackageName) -> String {
    format!("package:{name}")
}
