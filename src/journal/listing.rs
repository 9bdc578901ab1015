//! Reading the journal: for `op list`, `op show`, and for whoever finds a resource claimed.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::{State, StepState};
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its identifier.
    pub id: Uuid,
    /// The command's words with dots.
    pub kind: String,
    /// What it is about.
    pub target: String,
    /// Whose that is, as long as there is that account.
    pub account: Option<String>,
    /// The account's identifier.
    pub account_id: Option<Uuid>,
    /// Where it stands.
    pub state: State,
    /// The person who began it, `name@host`.
    pub actor: String,
    /// The host it runs or ran on last.
    pub host: String,
    /// The process that holds or held it last.
    pub holder: Holder,
    /// How often it changed hands, plus one.
    pub epoch: i64,
    /// What it leaves when it succeeds; no secrets.
    pub result: Value,
    /// Why it turned back.
    pub cause: Option<Value>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The last step that was begun, if any: `database.publish`.
    pub step: Option<String>,
    /// The operation that undid it after it had succeeded.
    pub undone_by: Option<Uuid>,
    /// Whether recovery goes on with it instead of taking it back.
    pub resumes: bool,
}

/// A process.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Holder {
    /// The operating-system user.
    #[serde(default)]
    pub user: String,
    /// Its host.
    #[serde(default)]
    pub host: String,
    /// Its number.
    #[serde(default)]
    pub pid: u32,
    /// When it started, in clock ticks since boot.
    #[serde(default)]
    pub start_ticks: Option<u64>,
    /// The program and its version.
    #[serde(default)]
    pub program: String,
}

/// One step, for people.
#[derive(Clone, Debug)]
pub struct StepView {
    /// Its place in the plan, from 0.
    pub number: i32,
    /// `capability.verb`.
    pub kind: String,
    /// The thing.
    pub resource: String,
    /// Where it stands.
    pub state: StepState,
    /// What went wrong with it last.
    pub error: Option<Value>,
    /// How it was described in the plan.
    pub description: Value,
    /// Whether there is no way back after it.
    pub is_pivot: bool,
}

impl StepView {
    /// A part of its description: `action`, `resource`, `before` or `after`.
    #[must_use]
    pub fn text(&self, part: &str) -> Option<String> {
        self.description.get(part)?.as_str().map(str::to_owned)
    }

    /// As [`StepView::text`], of a part that every description has.
    #[must_use]
    pub fn word(&self, part: &str) -> String {
        self.text(part).unwrap_or_default()
    }
}

/// Which operations.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only those that recovery has to end.
    pub is_open: bool,
    /// Only those that are open or stuck.
    pub is_unfinished: bool,
    /// Only those of this account.
    pub account: Option<Uuid>,
    /// At most so many of the newest; all where absent.
    pub limit: Option<i64>,
}

const SELECT: &str =
    "SELECT o.id, o.kind, o.target, a.name, o.state, o.actor, o.host, o.holder, o.epoch, o.result,
        o.cause, o.started_at, o.finished_at, (SELECT s.kind FROM hostctl.operation_steps s
            WHERE s.operation_id = o.id AND s.state <> 'pending' ORDER BY s.number DESC LIMIT 1),
        o.undone_by, o.account_id, o.resumes
    FROM hostctl.operations o LEFT JOIN hostctl.accounts a ON a.id = o.account_id";

/// Operations, oldest first.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient, selection: &Selection) -> Result<Vec<Operation>> {
    let states: &[&str] = match selection {
        Selection { is_open: true, .. } => &["running", "unwinding"],
        Selection {
            is_unfinished: true, ..
        } => &["running", "unwinding", "stuck"],
        _ => &[
            "running",
            "unwinding",
            "stuck",
            "succeeded",
            "rolled_back",
            "abandoned",
        ],
    };
    let statement = format!(
        "SELECT * FROM ({SELECT} WHERE o.state = ANY($1) AND ($2::uuid IS NULL OR o.account_id = $2)
            ORDER BY o.started_at DESC, o.id DESC LIMIT $3) newest ORDER BY started_at, id"
    );
    let rows = client
        .query_typed(
            &statement,
            &[
                (&states, Type::TEXT_ARRAY),
                (&selection.account, Type::UUID),
                (&selection.limit, Type::INT8),
            ],
        )
        .await;
    rows.map_err(|error| sqlstate::error("the journal", error))?
        .iter()
        .map(operation)
        .collect()
}

/// The operation `id`.
///
/// # Errors
/// `not_found`.
pub async fn find(client: &impl GenericClient, id: Uuid) -> Result<Operation> {
    let rows = client
        .query_typed(&format!("{SELECT} WHERE o.id = $1"), &[(&id, Type::UUID)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error("the journal", error))?;
    operation(rows.first().ok_or_else(|| none(id))?)
}

/// There is no operation `id`, or none that is seen.
#[must_use]
pub fn none(id: Uuid) -> Error {
    Error::new(Kind::NotFound, "not_found", format!("no operation {id}")).hint("hostctl op list")
}

/// The operation under the idempotency key `key`, and whether it was begun for this same request. What was rolled back
/// is as if it had never been.
///
/// # Errors
/// Those of the control database.
pub async fn find_key(
    client: &impl GenericClient,
    key: &str,
    kind: &str,
    target: &str,
    request: &Value,
) -> Result<Option<(Uuid, bool)>> {
    let statement = "SELECT id, request_hash = $2 FROM hostctl.operations WHERE idempotency_key = $1 AND state <> 'rolled_back'";
    let hash = super::request_hash(kind, target, request);
    let rows = client
        .query_typed(statement, &[(&key, Type::TEXT), (&hash, Type::BYTEA)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error("the journal", error))?;
    Ok(rows.first().map(|row| (row.get(0), row.get(1))))
}

/// The steps of operation `id`, in order.
///
/// # Errors
/// Those of the control database.
pub async fn steps(client: &impl GenericClient, id: Uuid) -> Result<Vec<StepView>> {
    let statement = "SELECT number, kind, resource, state, error, description, is_pivot
        FROM hostctl.operation_steps WHERE operation_id = $1 ORDER BY number";
    let rows = client.query_typed(statement, &[(&id, Type::UUID)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the journal", error))?;
    let view = |row: &Row| {
        let state =
            StepState::from_word(row.get(3)).ok_or_else(|| Error::internal("a step in an unknown state"))?;
        Ok(StepView {
            number: row.get(0),
            kind: row.get(1),
            resource: row.get(2),
            state,
            error: row.get(4),
            description: row.get(5),
            is_pivot: row.get(6),
        })
    };
    rows.iter().map(view).collect()
}

/// What came after an operation and stands.
#[derive(Clone, Debug)]
pub struct Later {
    /// Its identifier.
    pub id: Uuid,
    /// The command's words with dots.
    pub kind: String,
    /// What it is about.
    pub target: String,
}

/// What was begun after operation `id`, has done a step of one of these kinds on `resource`, and was not undone.
///
/// # Errors
/// Those of the control database.
pub async fn standing_since(
    client: &impl GenericClient,
    id: Uuid,
    resource: &str,
    kinds: &[&str],
) -> Result<Vec<Later>> {
    let statement = "SELECT DISTINCT o.id, o.kind, o.target
        FROM hostctl.operations o JOIN hostctl.operation_steps s ON s.operation_id = o.id,
            (SELECT started_at FROM hostctl.operations WHERE id = $1) AS this
        WHERE o.started_at > this.started_at AND o.state = 'succeeded' AND o.undone_by IS NULL
            AND s.state = 'applied' AND s.resource = $2 AND s.kind = ANY($3) ORDER BY o.id";
    let parameters = [
        (&id as _, Type::UUID),
        (&resource as _, Type::TEXT),
        (&kinds as _, Type::TEXT_ARRAY),
    ];
    let rows = client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error("the journal", error))?;
    let later = |row: &Row| Later {
        id: row.get(0),
        kind: row.get(1),
        target: row.get(2),
    };
    Ok(rows.iter().map(later).collect())
}

/// Whether an operation about `target`, or with a step on one of `resources`, has ended during the last `passed`.
///
/// # Errors
/// Those of the control database.
pub async fn has_ended(
    client: &impl GenericClient,
    target: &str,
    resources: &[String],
    passed: Duration,
) -> Result<bool> {
    let statement = "SELECT EXISTS (SELECT FROM hostctl.operations o
        WHERE o.started_at > hostctl.now() - interval '1 day'
            AND o.finished_at >= hostctl.now() - make_interval(secs => $3) AND (o.target = $1 OR EXISTS (
            SELECT FROM hostctl.operation_steps s WHERE s.operation_id = o.id AND s.resource = ANY($2))))";
    let parameters = [
        (&target as _, Type::TEXT),
        (&resources as _, Type::TEXT_ARRAY),
        (&passed.as_secs_f64() as _, Type::FLOAT8),
    ];
    let rows = client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error("the journal", error))?;
    Ok(rows.first().is_some_and(|row| row.get(0)))
}

/// The steps that keep a stuck operation from its end: what could not be taken back, or past a pivot what is missing.
#[must_use]
pub fn residue(steps: &[StepView]) -> Vec<&StepView> {
    let is_past_pivot = steps
        .iter()
        .any(|step| step.is_pivot && step.state == StepState::Applied);
    let is_left = |step: &&StepView| step.state.is_residue(is_past_pivot);
    steps.iter().filter(is_left).collect()
}

fn operation(row: &Row) -> Result<Operation> {
    let holder: Value = row.get(7);
    Ok(Operation {
        id: row.get(0),
        kind: row.get(1),
        target: row.get(2),
        account: row.get(3),
        state: State::from_word(row.get(4))
            .ok_or_else(|| Error::internal("an operation in an unknown state"))?,
        actor: row.get(5),
        host: row.get(6),
        holder: serde_json::from_value(holder).unwrap_or_default(),
        epoch: row.get(8),
        result: row.get(9),
        cause: row.get(10),
        started_at: row.get(11),
        finished_at: row.get(12),
        step: row.get(13),
        undone_by: row.get(14),
        account_id: row.get(15),
        resumes: row.get(16),
    })
}

/// Stuck operations, oldest first.
///
/// # Errors
/// Those of the control database.
pub async fn stuck(client: &impl GenericClient) -> Result<Vec<Operation>> {
    let all = list(
        client,
        &Selection {
            is_unfinished: true,
            ..Selection::default()
        },
    )
    .await?;
    Ok(all
        .into_iter()
        .filter(|operation| operation.state == State::Stuck)
        .collect())
}

/// Every sealed secret of the journal, with the row it is sealed for.
///
/// # Errors
/// Those of the control database.
pub async fn sealed(client: &impl GenericClient) -> Result<Vec<(String, String)>> {
    let statement =
        "SELECT operation_id, number, name, sealed FROM hostctl.operation_secrets ORDER BY 1, 2, 3";
    let rows = client
        .query_typed(statement, &[])
        .await
        .map_err(|error| sqlstate::error("the journal", error))?;
    let row = |row: &Row| (super::secret_row(row.get(0), row.get(1), row.get(2)), row.get(3));
    Ok(rows.iter().map(row).collect())
}
