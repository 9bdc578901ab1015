//! The lives of the control database. A fail-over to a lagging standby, or a restore, loses what was committed last and uses
//! identifiers again; the system identifier and the timeline together tell one life from another. In a new one nothing is
//! begun or taken over until the world was compared with the journal, which registers it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::{Change, ControlStep, Marker, Operation, PlannedStep, Reversal, Secrets, Selection, State, list};
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};

const WHAT: &str = "the journal";

/// The life of the control database that a session sees.
#[derive(Clone, Debug)]
pub struct Life {
    /// System identifier and timeline.
    pub incarnation: String,
    /// Whether hostctl works in it.
    pub is_registered: bool,
}

/// What the journal knows of an operation whose mark was found.
#[derive(Clone, Debug)]
pub struct Known {
    /// Where it stands.
    pub state: State,
    /// Whether it was begun, or taken up again, in this life of the control database.
    pub is_of_this_life: bool,
    /// How often it changed hands, plus one.
    pub epoch: i64,
    /// What it worked on.
    pub resources: Vec<String>,
}

/// The life we are in.
///
/// # Errors
/// Those of the control database; `unavailable` on a standby.
pub async fn life(client: &impl GenericClient) -> Result<Life> {
    let statement = "SELECT now.incarnation, EXISTS (SELECT FROM hostctl.incarnations i WHERE i.incarnation = now.incarnation)
        FROM (SELECT hostctl.incarnation() AS incarnation) now";
    let rows = client.query_typed(statement, &[]).await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    let row = rows
        .first()
        .ok_or_else(|| Error::internal("a query without its row"))?;
    Ok(Life {
        incarnation: row.get(0),
        is_registered: row.get(1),
    })
}

/// Refuses to begin anything in a life that nobody has compared with the world.
///
/// # Errors
/// `conflict`, reason `incarnation`.
pub async fn check_life(client: &impl GenericClient) -> Result<()> {
    // A standby has no life of its own; what is begun there fails by itself.
    let statement = "SELECT CASE WHEN pg_is_in_recovery() THEN true ELSE
        EXISTS (SELECT FROM hostctl.incarnations i WHERE i.incarnation = hostctl.incarnation()) END";
    let rows = client.query_typed(statement, &[]).await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    if rows.first().is_some_and(|row| row.get(0)) {
        return Ok(());
    }
    Err(another_life(
        "the control database was failed over or restored: what was done last may be missing from the journal",
    ))
}

/// The refusal that names the way out.
pub(super) fn another_life(message: impl Into<String>) -> Error {
    Error::new(Kind::Conflict, "incarnation", message).hint("hostctl op reconcile")
}

/// What the journal knows of these operations; the others are unknown.
///
/// # Errors
/// Those of the control database.
pub async fn known(client: &impl GenericClient, operations: &[Uuid]) -> Result<BTreeMap<Uuid, Known>> {
    let statement = "SELECT o.id, o.state, o.incarnation = hostctl.incarnation(), o.epoch,
            ARRAY(SELECT DISTINCT s.resource FROM hostctl.operation_steps s WHERE s.operation_id = o.id)
        FROM hostctl.operations o WHERE o.id = ANY($1)";
    let rows = client
        .query_typed(statement, &[(&operations, Type::UUID_ARRAY)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    let known = |row: &tokio_postgres::Row| {
        let state = State::from_word(row.get(1))
            .ok_or_else(|| Error::internal("an operation in an unknown state"))?;
        let known = Known {
            state,
            is_of_this_life: row.get(2),
            epoch: row.get(3),
            resources: row.get(4),
        };
        Ok((row.get(0), known))
    };
    rows.iter().map(known).collect()
}

/// Operations that an earlier life has left open or stuck, oldest first: here they may stand where they stood long before
/// their end.
///
/// # Errors
/// Those of the control database.
pub async fn of_earlier_lives(client: &impl GenericClient) -> Result<Vec<Operation>> {
    let selection = Selection {
        is_unfinished: true,
        ..Selection::default()
    };
    let open = list(client, &selection).await?;
    let ids: Vec<Uuid> = open.iter().map(|operation| operation.id).collect();
    let known = known(client, &ids).await?;
    let is_earlier = |operation: &Operation| {
        known
            .get(&operation.id)
            .is_some_and(|known| !known.is_of_this_life)
    };
    Ok(open.into_iter().filter(is_earlier).collect())
}

/// `operation.register_life`: hostctl works in this life of the control database.
#[derive(Debug, Serialize, Deserialize)]
pub struct RegisterLife {
    /// The one that was looked at.
    pub incarnation: String,
}

impl RegisterLife {
    /// Plans it.
    ///
    /// # Errors
    /// `internal`.
    pub fn plan(incarnation: String) -> Result<PlannedStep> {
        let change = Change {
            action: "register",
            resource: "this life of the control database".to_owned(),
            before: None,
            after: Some(incarnation.clone()),
            undo: Reversal::Undoable,
        };
        PlannedStep::in_control(&RegisterLife { incarnation }, change)
    }
}

impl ControlStep for RegisterLife {
    const KIND: &'static str = "operation.register_life";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        "control:life".to_owned()
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        if life(transaction).await?.incarnation != self.incarnation {
            return Err(another_life("the control database was failed over once more"));
        }
        let statement = "INSERT INTO hostctl.incarnations (incarnation, operation_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let parameters = [
            (&self.incarnation as _, Type::TEXT),
            (&marker.operation as _, Type::UUID),
        ];
        let registered = transaction.query_typed(statement, &parameters).await;
        registered
            .map(|_| Value::Null)
            .map_err(|error| sqlstate::error(WHAT, error))
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let statement = "DELETE FROM hostctl.incarnations WHERE operation_id = $1";
        let gone = transaction
            .query_typed(statement, &[(&marker.operation, Type::UUID)])
            .await;
        gone.map(|_| ()).map_err(|error| sqlstate::error(WHAT, error))
    }
}

/// `operation.readmit`: an open operation of an earlier life may be taken over in this one.
#[derive(Debug, Serialize, Deserialize)]
pub struct Readmit {
    /// Which.
    pub operation: Uuid,
    /// The life it was begun in.
    incarnation: String,
}

impl Readmit {
    /// Plans it.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn plan(client: &impl GenericClient, operation: &Operation) -> Result<PlannedStep> {
        let statement = "SELECT incarnation FROM hostctl.operations WHERE id = $1";
        let rows = client
            .query_typed(statement, &[(&operation.id, Type::UUID)])
            .await;
        let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
        let incarnation: String = rows
            .first()
            .map(|row| row.get(0))
            .ok_or_else(|| Error::internal("an operation that is gone"))?;
        let words = operation.kind.replace('.', " ");
        let change = Change {
            action: "readmit",
            resource: format!("operation {} ({words} {})", operation.id, operation.target),
            before: Some("of an earlier life".to_owned()),
            after: Some("recoverable".to_owned()),
            undo: Reversal::Undoable,
        };
        let step = Readmit {
            operation: operation.id,
            incarnation,
        };
        PlannedStep::in_control(&step, change)
    }
}

impl ControlStep for Readmit {
    const KIND: &'static str = "operation.readmit";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        format!("operation:{}", self.operation)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        let statement = "UPDATE hostctl.operations SET incarnation = hostctl.incarnation()
            WHERE id = $1 AND incarnation IN ($2, hostctl.incarnation()) RETURNING 1";
        let parameters = [
            (&self.operation as _, Type::UUID),
            (&self.incarnation as _, Type::TEXT),
        ];
        let written = transaction.query_typed(statement, &parameters).await;
        if written.map_err(|error| sqlstate::error(WHAT, error))?.is_empty() {
            let message = format!("operation {} is not of the life it was seen in", self.operation);
            return Err(Error::new(Kind::Conflict, "changed", message));
        }
        Ok(Value::Null)
    }

    /// What was ended meanwhile has ended.
    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        let statement = "UPDATE hostctl.operations SET incarnation = $2
            WHERE id = $1 AND incarnation = hostctl.incarnation() AND state IN ('running', 'unwinding', 'stuck')";
        let parameters = [
            (&self.operation as _, Type::UUID),
            (&self.incarnation as _, Type::TEXT),
        ];
        let written = transaction.query_typed(statement, &parameters).await;
        written.map(|_| ()).map_err(|error| sqlstate::error(WHAT, error))
    }
}
