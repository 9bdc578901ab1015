//! What the journal knows of how a row came to be as it is: the step behind its marker, or the last one on its resource. What was
//! undone does not count, unless its undoing was.

use serde_json::Value;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::Marker;
use crate::control::sqlstate;
use crate::error::Result;

/// A step that was carried out and not taken back by its own operation.
#[derive(Clone, Debug)]
pub struct Written {
    /// The operation that it belongs to.
    pub operation: Uuid,
    /// Its number there, from 0.
    pub step: u32,
    /// Its kind.
    pub kind: String,
    /// As it was planned.
    pub parameters: Value,
    /// What it wrote down when it was carried out.
    pub output: Option<Value>,
}

/// The steps that these markers name, as far as they were carried out.
///
/// # Errors
/// Those of the control database.
pub async fn written_by(client: &impl GenericClient, markers: &[Marker]) -> Result<Vec<Written>> {
    if markers.is_empty() {
        return Ok(Vec::new());
    }
    let operations: Vec<Uuid> = markers.iter().map(|marker| marker.operation).collect();
    let numbers = markers
        .iter()
        .map(|marker| i32::try_from(marker.step).unwrap_or(i32::MAX));
    let numbers: Vec<i32> = numbers.collect();
    let statement = "SELECT s.operation_id, s.number, s.kind, s.parameters, s.output
        FROM unnest($1::uuid[], $2::int[]) AS marker(operation, number)
        JOIN hostctl.operation_steps s ON s.operation_id = marker.operation AND s.number = marker.number
        WHERE s.state = 'applied'";
    let parameters: [(&(dyn ToSql + Sync), Type); 2] =
        [(&operations, Type::UUID_ARRAY), (&numbers, Type::INT4_ARRAY)];
    let rows = client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error("the journal", error))?;
    Ok(rows.iter().map(written).collect())
}

/// The step of one of these kinds that changed `resource` last. It reads all of the journal.
///
/// # Errors
/// Those of the control database.
pub async fn last_written(
    client: &impl GenericClient,
    resource: &str,
    kinds: &[&str],
) -> Result<Option<Written>> {
    let statement = "SELECT s.operation_id, s.number, s.kind, s.parameters, s.output
        FROM hostctl.operation_steps s JOIN hostctl.operations o ON o.id = s.operation_id
        LEFT JOIN hostctl.operations u ON u.id = o.undone_by
        WHERE s.resource = $1 AND s.kind = ANY($2) AND s.state = 'applied' AND o.state = 'succeeded'
            AND (u.id IS NULL OR u.undone_by IS NOT NULL)
        ORDER BY s.updated_at DESC, s.operation_id DESC, s.number DESC LIMIT 1";
    let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&resource, Type::TEXT), (&kinds, Type::TEXT_ARRAY)];
    let rows = client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error("the journal", error))?;
    Ok(rows.first().map(written))
}

fn written(row: &Row) -> Written {
    let number: i32 = row.get(1);
    Written {
        operation: row.get(0),
        step: u32::try_from(number).unwrap_or_default(),
        kind: row.get(2),
        parameters: row.get(3),
        output: row.get(4),
    }
}
