//! `operation.mark_undone`: the finished operation remembers who undid it, so that it is undone once.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{ControlStep, Marker, Secrets};
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};

/// Marks an operation as undone by the one that this step belongs to.
#[derive(Debug, Serialize, Deserialize)]
pub struct MarkUndone {
    /// The finished operation.
    pub operation: Uuid,
}

impl ControlStep for MarkUndone {
    const KIND: &'static str = "operation.mark_undone";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        format!("operation:{}", self.operation)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        let statement = "UPDATE hostctl.operations SET undone_by = $2
            WHERE id = $1 AND state = 'succeeded' AND (undone_by IS NULL OR undone_by = $2) RETURNING 1";
        let parameters = [
            (&self.operation as _, Type::UUID),
            (&marker.operation as _, Type::UUID),
        ];
        let written = transaction.query_typed(statement, &parameters).await;
        if written
            .map_err(|error| sqlstate::error("the journal", error))?
            .is_empty()
        {
            return Err(undone(self.operation));
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let statement = "UPDATE hostctl.operations SET undone_by = NULL WHERE id = $1 AND undone_by = $2";
        let parameters = [
            (&self.operation as _, Type::UUID),
            (&marker.operation as _, Type::UUID),
        ];
        let unmarked = transaction.query_typed(statement, &parameters).await;
        unmarked
            .map(|_| ())
            .map_err(|error| sqlstate::error("the journal", error))
    }
}

/// It was undone before.
#[must_use]
pub fn undone(operation: Uuid) -> Error {
    Error::new(
        Kind::Conflict,
        "undone",
        format!("operation {operation} is undone already"),
    )
    .hint(format!("hostctl op show {operation}"))
}
