//! Reading the trash.

use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use crate::control::sqlstate;
use crate::error::Result;

/// A thing that lies there.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The operation that deleted it.
    pub operation: Uuid,
    /// `database`, `mail box`, `zone`, …
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Whose it was, as long as there is that account.
    pub account: Option<String>,
    /// The account's identifier.
    pub account_id: Option<Uuid>,
    /// What purging it needs to know.
    pub content: Value,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// When its time is over.
    pub purge_after: Timestamp,
}

/// Which of it.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only what this account owned.
    pub account: Option<Uuid>,
    /// Only what these operations deleted.
    pub operations: Option<Vec<Uuid>>,
    /// Only that whose time is over, or all.
    pub due: Due,
}

/// Whether its time is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Due {
    /// Over or not.
    #[default]
    Any,
    /// Over.
    Over,
}

/// What lies in the trash, oldest first.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient, selection: &Selection) -> Result<Vec<Entry>> {
    let statement =
        "SELECT t.operation_id, t.kind, t.name, a.name, t.account_id, t.content, t.deleted_at, t.purge_after
        FROM hostctl.trash t LEFT JOIN hostctl.accounts a ON a.id = t.account_id
        WHERE ($1::uuid IS NULL OR t.account_id = $1) AND ($2::uuid[] IS NULL OR t.operation_id = ANY($2))
            AND (NOT $3 OR t.purge_after <= hostctl.now())
        ORDER BY t.deleted_at, t.operation_id, t.kind, t.name";
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&selection.account, Type::UUID),
        (&selection.operations, Type::UUID_ARRAY),
        (&(selection.due == Due::Over), Type::BOOL),
    ];
    let rows = client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error("the trash", error))?;
    Ok(rows.iter().map(entry).collect())
}

fn entry(row: &Row) -> Entry {
    Entry {
        operation: row.get(0),
        kind: row.get(1),
        name: row.get(2),
        account: row.get(3),
        account_id: row.get(4),
        content: row.get(5),
        deleted_at: row.get(6),
        purge_after: row.get(7),
    }
}
