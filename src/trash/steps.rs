//! The steps on the trash's rows.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::Entry;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};
use crate::model::Span;

const WHAT: &str = "the trash";

/// `trash.keep`: a row that says that the thing lies there.
#[derive(Debug, Serialize, Deserialize)]
pub struct Keep {
    kind: String,
    name: String,
    account: Option<Uuid>,
    content: Value,
    seconds: f64,
}

/// `trash.forget`: the row goes, and with it what undoing needed. Forward only.
#[derive(Debug, Serialize, Deserialize)]
pub struct Forget {
    operation: Uuid,
    kind: String,
    name: String,
}

/// Plans to keep a thing of this kind and name for so long. `content` is what purging it needs to know.
///
/// # Errors
/// `internal`.
pub fn keep(
    kind: &str,
    name: &str,
    account: Option<Uuid>,
    content: Value,
    retention: Duration,
) -> Result<PlannedStep> {
    let change = Change {
        action: "keep",
        resource: format!("{kind} {name} in the trash"),
        before: None,
        after: Some(format!("for {}", Span::from(retention))),
        undo: Reversal::Undoable,
    };
    let step = Keep {
        kind: kind.to_owned(),
        name: name.to_owned(),
        account,
        content,
        seconds: retention.as_secs_f64(),
    };
    PlannedStep::in_control(&step, change)
}

/// Plans to forget what lies in the trash.
///
/// # Errors
/// `internal`.
pub fn plan_forget(entry: &Entry) -> Result<PlannedStep> {
    forget(entry.operation, &entry.kind, &entry.name)
}

/// Plans to forget the thing of this kind and name that `operation` put there.
///
/// # Errors
/// `internal`.
pub fn forget(operation: Uuid, kind: &str, name: &str) -> Result<PlannedStep> {
    let change = Change {
        action: "purge",
        resource: format!("{kind} {name} in the trash"),
        before: Some("kept".to_owned()),
        after: None,
        undo: Reversal::ForwardOnly,
    };
    let step = Forget {
        operation,
        kind: kind.to_owned(),
        name: name.to_owned(),
    };
    PlannedStep::in_control(&step, change)
}

impl ControlStep for Keep {
    const KIND: &'static str = "trash.keep";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        format!("trash:{}/{}", self.kind, self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        let statement =
            "INSERT INTO hostctl.trash (operation_id, kind, name, account_id, content, purge_after)
            VALUES ($1, $2, $3, $4, $5, hostctl.now() + make_interval(secs => $6)) ON CONFLICT DO NOTHING";
        let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
            (&marker.operation, Type::UUID),
            (&self.kind, Type::TEXT),
            (&self.name, Type::TEXT),
            (&self.account, Type::UUID),
            (&self.content, Type::JSONB),
            (&self.seconds, Type::FLOAT8),
        ];
        let kept = transaction.query_typed(statement, &parameters).await;
        kept.map(|_| Value::Null)
            .map_err(|error| sqlstate::error(WHAT, error))
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        remove(transaction, marker.operation, &self.kind, &self.name)
            .await
            .map(|_| ())
    }
}

impl ControlStep for Forget {
    const KIND: &'static str = "trash.forget";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        format!("trash:{}/{}", self.kind, self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        remove(transaction, self.operation, &self.kind, &self.name).await?;
        // What only undoing needed goes with the last thing of the operation.
        let statement = "DELETE FROM hostctl.operation_secrets WHERE operation_id = $1
            AND NOT EXISTS (SELECT FROM hostctl.trash WHERE operation_id = $1)";
        let gone = transaction
            .query_typed(statement, &[(&self.operation, Type::UUID)])
            .await;
        gone.map(|_| Value::Null)
            .map_err(|error| sqlstate::error(WHAT, error))
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        let statement = "SELECT FROM hostctl.trash WHERE operation_id = $1 AND kind = $2 AND name = $3";
        let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
            (&self.operation, Type::UUID),
            (&self.kind, Type::TEXT),
            (&self.name, Type::TEXT),
        ];
        let there = transaction.query_typed(statement, &parameters).await;
        if there.map_err(|error| sqlstate::error(WHAT, error))?.is_empty() {
            let message = format!(
                "{} {} was purged, and that cannot be taken back",
                self.kind, self.name
            );
            return Err(Error::new(Kind::Conflict, "forward_only", message));
        }
        Ok(())
    }
}

async fn remove(transaction: &Transaction<'_>, operation: Uuid, kind: &str, name: &str) -> Result<bool> {
    let statement =
        "DELETE FROM hostctl.trash WHERE operation_id = $1 AND kind = $2 AND name = $3 RETURNING 1";
    let parameters: [(&(dyn ToSql + Sync), Type); 3] =
        [(&operation, Type::UUID), (&kind, Type::TEXT), (&name, Type::TEXT)];
    let gone = transaction.query_typed(statement, &parameters).await;
    Ok(!gone.map_err(|error| sqlstate::error(WHAT, error))?.is_empty())
}
