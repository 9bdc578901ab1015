//! `database.alter_row`: what the inventory says of a database besides where it is.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::failure::changed;
use super::{Database, Subject};
use crate::account;
use crate::control::sqlstate;
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};

/// The part of a row that verbs change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowState {
    /// `active` or `suspended`.
    pub state: String,
    /// The limit of sessions that a suspended role gets back.
    pub suspended_connections: Option<i32>,
    /// How large it should be at most.
    pub quota_bytes: Option<i64>,
    /// Whether the tenant may make schemas, where that was said.
    #[serde(default)]
    pub may_create: Option<bool>,
}

impl RowState {
    /// As databases are made.
    pub const ACTIVE: &str = "active";
    /// Nobody of the tenant's may enter.
    pub const SUSPENDED: &str = "suspended";

    pub(super) fn of(row: &Database) -> Self {
        RowState {
            state: row.state.clone(),
            suspended_connections: row.suspended_connections,
            quota_bytes: row.quota_bytes,
            may_create: row.may_create,
        }
    }
}

/// Changes the row.
#[derive(Debug, Serialize, Deserialize)]
pub struct AlterRow {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// The operation that made the database.
    pub database_operation: Uuid,
    /// The row as it was.
    pub before: RowState,
    /// The row as it is to be.
    pub after: RowState,
    /// Whether its account must be awake for it.
    #[serde(default)]
    pub wants_awake: bool,
}

impl ControlStep for AlterRow {
    const KIND: &'static str = "database.alter_row";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        let account = self.write(transaction, &self.before, &self.after).await?;
        if self.wants_awake {
            account::keep_awake(transaction, account).await?;
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        self.write(transaction, &self.after, &self.before)
            .await
            .map(|_| ())
    }
}

impl AlterRow {
    /// Only from the one state into the other; what is there already is no error. Whose it is.
    async fn write(&self, transaction: &Transaction<'_>, from: &RowState, to: &RowState) -> Result<Uuid> {
        // Steps of earlier versions know nothing of it, and take nothing of it back.
        let says = from.may_create != to.may_create;
        let statement = "UPDATE hostctl.hosting_accounts
            SET state = $7, suspended_connections = $8, quota_bytes = $9,
                may_create = CASE WHEN $12 THEN $11 ELSE may_create END
            WHERE cluster = $1 AND name = $2 AND database_operation = $3
                AND ((state, suspended_connections, quota_bytes, CASE WHEN $12 THEN may_create END)
                        IS NOT DISTINCT FROM ($4, $5, $6, $10)
                    OR (state, suspended_connections, quota_bytes, CASE WHEN $12 THEN may_create END)
                        IS NOT DISTINCT FROM ($7, $8, $9, $11))
            RETURNING account_id";
        let parameters: [(&(dyn ToSql + Sync), Type); 12] = [
            (&self.subject.cluster, Type::TEXT),
            (&self.subject.name.as_str(), Type::TEXT),
            (&self.database_operation, Type::UUID),
            (&from.state, Type::TEXT),
            (&from.suspended_connections, Type::INT4),
            (&from.quota_bytes, Type::INT8),
            (&to.state, Type::TEXT),
            (&to.suspended_connections, Type::INT4),
            (&to.quota_bytes, Type::INT8),
            (&from.may_create.filter(|_| says), Type::BOOL),
            (&to.may_create.filter(|_| says), Type::BOOL),
            (&says, Type::BOOL),
        ];
        let rows = transaction.query_typed(statement, &parameters).await;
        let rows = rows.map_err(|error| sqlstate::error(&self.subject.words(), error))?;
        let Some(row) = rows.first() else {
            let message = format!("{}: its row in the inventory was changed", self.subject.words());
            return Err(changed(message));
        };
        Ok(row.get(0))
    }
}
