//! One transition of a step, as the journal's function takes it.

use serde_json::Value;
use tokio_postgres::GenericClient;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::StepState;
use super::postgres::{WHAT, describe};
use crate::control::sqlstate;
use crate::error::{Error, Result};

/// A step as it stands after a transition.
pub(super) struct Change<'a> {
    pub(super) number: u32,
    pub(super) state: StepState,
    pub(super) output: Option<&'a Value>,
    pub(super) error: Option<&'a Error>,
    /// How long the attempt may take, for an intent.
    pub(super) seconds: Option<f64>,
}

/// Writes it down, as long as this session holds the operation under this epoch.
pub(super) async fn transition(
    client: &impl GenericClient,
    id: Uuid,
    epoch: i64,
    change: Change<'_>,
) -> Result<()> {
    let number = i32::try_from(change.number).map_err(|_| Error::internal("a plan with too many steps"))?;
    let statement = "SELECT hostctl.journal_step($1, $2, $3, $4, $5, $6, make_interval(secs => $7))";
    let parameters: [(&(dyn ToSql + Sync), Type); 7] = [
        (&id, Type::UUID),
        (&epoch, Type::INT8),
        (&number, Type::INT4),
        (&change.state.word(), Type::TEXT),
        (&change.output, Type::JSONB),
        (&change.error.map(describe), Type::JSONB),
        (&change.seconds, Type::FLOAT8),
    ];
    let rows = client.query_typed(statement, &parameters).await;
    rows.map(|_| ()).map_err(|error| sqlstate::error(WHAT, error))
}
