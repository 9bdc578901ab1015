//! Reading and writing `site_steps`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::Facts;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};

const WHAT: &str = "the own steps of sites";

/// A step that stands for a site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Its name in the configuration.
    pub name: String,
    /// The host that alone may take it back; absent where any may.
    pub host: Option<String>,
    /// What its programs were told.
    pub facts: Facts,
    /// The operation that did it.
    pub operation: Uuid,
    /// When; absent for a new one.
    pub created_at: Option<Timestamp>,
}

/// The steps that stand for the site of `domain`, by name.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient, domain: &str) -> Result<Vec<Row>> {
    let statement = "SELECT name, host, facts, operation_id, created_at FROM hostctl.site_steps
        WHERE domain = $1 ORDER BY name COLLATE \"C\"";
    let rows = client.query_typed(statement, &[(&domain, Type::TEXT)]).await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    let row = |row: &tokio_postgres::Row| {
        let facts = serde_json::from_value(row.get(2))
            .map_err(|error| Error::internal("facts of a step that cannot be read").source(error))?;
        Ok(Row {
            name: row.get(0),
            host: row.get(1),
            facts,
            operation: row.get(3),
            created_at: row.get(4),
        })
    };
    rows.iter().map(row).collect()
}

pub(super) async fn insert(transaction: &Transaction<'_>, rows: &[Row]) -> Result<()> {
    let statement =
        "INSERT INTO hostctl.site_steps AS s (domain, name, host, facts, operation_id, created_at)
        VALUES ($1, $2, $3, $4, $5, coalesce($6, hostctl.now())) ON CONFLICT (domain, name)
        DO UPDATE SET name = s.name WHERE s.operation_id = excluded.operation_id RETURNING 1";
    for row in rows {
        let facts = serde_json::to_value(&row.facts)
            .map_err(|error| Error::internal("facts of a step that cannot be written").source(error))?;
        let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
            (&row.facts.domain, Type::TEXT),
            (&row.name, Type::TEXT),
            (&row.host, Type::TEXT),
            (&facts, Type::JSONB),
            (&row.operation, Type::UUID),
            (&row.created_at, Type::TIMESTAMPTZ),
        ];
        let inserted = transaction.query_typed(statement, &parameters).await;
        if inserted.map_err(|error| sqlstate::error(WHAT, error))?.is_empty() {
            let message = format!("step {} of {} stands already", row.name, row.facts.domain);
            return Err(Error::new(Kind::Conflict, "exists", message));
        }
    }
    Ok(())
}

pub(super) async fn remove(transaction: &Transaction<'_>, rows: &[Row]) -> Result<()> {
    let statement = "DELETE FROM hostctl.site_steps WHERE domain = $1 AND name = $2 AND operation_id = $3";
    for row in rows {
        let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
            (&row.facts.domain, Type::TEXT),
            (&row.name, Type::TEXT),
            (&row.operation, Type::UUID),
        ];
        let removed = transaction.query_typed(statement, &parameters).await;
        removed.map_err(|error| sqlstate::error(WHAT, error))?;
    }
    Ok(())
}
