//! `database.record` and `database.forget`: the row of the inventory.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::{Database, Subject};
use crate::account::{self, Owned};
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Marker, Secrets};

/// Writes the row of a database that this operation has made.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// Whose it is.
    pub account_id: Uuid,
}

impl ControlStep for Record {
    const KIND: &'static str = "database.record";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        // Twice is once; another operation's row stays and is seen by the second half.
        let statement = "WITH made AS (
                INSERT INTO hostctl.hosting_accounts (cluster, name, substrate, account_id, owner_role, login_role,
                    database_operation, role_operation, may_create)
                VALUES ($1, $2, $3, $4, $5, $2, $6, $6, false) ON CONFLICT DO NOTHING RETURNING 1)
            SELECT 1 FROM made UNION ALL
            SELECT 1 FROM hostctl.hosting_accounts
                WHERE cluster = $1 AND name = $2 AND database_operation = $6 AND role_operation = $6";
        let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
            (&self.subject.cluster, Type::TEXT),
            (&self.subject.name.as_str(), Type::TEXT),
            (&self.subject.substrate, Type::TEXT),
            (&self.account_id, Type::UUID),
            (&self.subject.owner, Type::TEXT),
            (&marker.operation, Type::UUID),
        ];
        let rows = transaction.query_typed(statement, &parameters).await;
        let rows = rows.map_err(|error| sqlstate::error(&self.subject.words(), error))?;
        if rows.is_empty() {
            return Err(exists(&self.subject));
        }
        account::enforce(transaction, self.account_id, Owned::Database).await?;
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        remove(transaction, &self.subject, marker.operation).await
    }
}

/// Removes the row of a database; everything of it comes back.
#[derive(Debug, Serialize, Deserialize)]
pub struct Forget {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// Whose it is.
    pub account_id: Uuid,
    /// The operation that made the database.
    pub database_operation: Uuid,
    /// The operation that made the roles.
    pub role_operation: Uuid,
    /// `active` or `suspended`.
    pub state: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The limit of sessions that a suspended role gets back.
    #[serde(default)]
    pub suspended_connections: Option<i32>,
    /// How large it should be at most.
    #[serde(default)]
    pub quota_bytes: Option<i64>,
    /// Whether the tenant may make schemas, where that was said.
    #[serde(default)]
    pub may_create: Option<bool>,
}

impl Forget {
    /// The row as it stands.
    pub(super) fn of(row: &Database, subject: &Subject) -> Self {
        Forget {
            subject: subject.clone(),
            account_id: row.account_id,
            database_operation: row.database_operation,
            role_operation: row.role_operation,
            state: row.state.clone(),
            created_at: row.created_at,
            suspended_connections: row.suspended_connections,
            quota_bytes: row.quota_bytes,
            may_create: row.may_create,
        }
    }
}

impl ControlStep for Forget {
    const KIND: &'static str = "database.forget";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        remove(transaction, &self.subject, self.database_operation)
            .await
            .map(|()| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        let statement =
            "INSERT INTO hostctl.hosting_accounts (cluster, name, substrate, account_id, owner_role,
                login_role, database_operation, role_operation, state, created_at, suspended_connections,
                quota_bytes, may_create)
            VALUES ($1, $2, $3, $4, $5, $2, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";
        let parameters: [(&(dyn ToSql + Sync), Type); 12] = [
            (&self.subject.cluster, Type::TEXT),
            (&self.subject.name.as_str(), Type::TEXT),
            (&self.subject.substrate, Type::TEXT),
            (&self.account_id, Type::UUID),
            (&self.subject.owner, Type::TEXT),
            (&self.database_operation, Type::UUID),
            (&self.role_operation, Type::UUID),
            (&self.state, Type::TEXT),
            (&self.created_at, Type::TIMESTAMPTZ),
            (&self.suspended_connections, Type::INT4),
            (&self.quota_bytes, Type::INT8),
            (&self.may_create, Type::BOOL),
        ];
        let restored = transaction.query_typed(statement, &parameters).await;
        restored
            .map(|_| ())
            .map_err(|error| sqlstate::error(&self.subject.words(), error))
    }
}

async fn remove(transaction: &Transaction<'_>, subject: &Subject, operation: Uuid) -> Result<()> {
    let statement =
        "DELETE FROM hostctl.hosting_accounts WHERE cluster = $1 AND name = $2 AND database_operation = $3";
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&subject.cluster, Type::TEXT),
        (&subject.name.as_str(), Type::TEXT),
        (&operation, Type::UUID),
    ];
    let removed = transaction.query_typed(statement, &parameters).await;
    removed
        .map(|_| ())
        .map_err(|error| sqlstate::error(&subject.words(), error))
}

/// The database is in the inventory already.
pub(super) fn exists(subject: &Subject) -> Error {
    Error::new(
        Kind::Conflict,
        "exists",
        format!("{} exists already", subject.words()),
    )
    .hint(format!("hostctl db show {}", subject.name))
}
