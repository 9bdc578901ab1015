//! Operations and steps, for every format.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::journal::{Operation, StepView};
use crate::output::{Column, Row};

/// A line of `op list`.
#[derive(Debug, Serialize)]
pub(super) struct OperationRow {
    id: Uuid,
    kind: String,
    target: String,
    state: &'static str,
    actor: String,
    host: String,
    account: Option<String>,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
}

impl Row for OperationRow {
    const NOUN: &'static str = "operation";
    const COLUMNS: &'static [Column] = &[
        Column::new("id"),
        Column::new("kind"),
        Column::new("target"),
        Column::new("state").state(),
        Column::new("actor").detail(),
        Column::new("host").detail(),
        Column::new("account").detail(),
        Column::new("started_at").titled("started").time(),
        Column::new("finished_at").titled("finished").time().detail(),
    ];
}

impl From<&Operation> for OperationRow {
    fn from(operation: &Operation) -> Self {
        OperationRow {
            id: operation.id,
            kind: operation.kind.clone(),
            target: operation.target.clone(),
            state: operation.state.word(),
            actor: operation.actor.clone(),
            host: operation.host.clone(),
            account: operation.account.clone(),
            started_at: operation.started_at,
            finished_at: operation.finished_at,
        }
    }
}

/// What `op show` answers.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    #[serde(flatten)]
    operation: OperationRow,
    epoch: i64,
    pid: u32,
    program: String,
    cause: Option<String>,
    steps: Vec<StepRow>,
}

impl Row for Shown {
    const NOUN: &'static str = "operation";
    const COLUMNS: &'static [Column] = &[
        Column::new("id"),
        Column::new("kind"),
        Column::new("target"),
        Column::new("state").state(),
        Column::new("actor"),
        Column::new("host"),
        Column::new("account"),
        Column::new("started_at").titled("started").time(),
        Column::new("finished_at").titled("finished").time(),
        Column::new("epoch"),
        Column::new("pid"),
        Column::new("program"),
        Column::new("cause"),
        Column::new("steps").apart(),
    ];
}

/// A step of `op show`.
#[derive(Debug, Serialize)]
pub(super) struct StepRow {
    pub step: i32,
    kind: String,
    resource: String,
    pub state: &'static str,
    pub error: Option<String>,
    /// What would mend that.
    pub mend: Option<String>,
    /// The thing in words.
    #[serde(skip)]
    pub what: String,
}

impl Row for StepRow {
    const NOUN: &'static str = "step";
    const COLUMNS: &'static [Column] = &[
        Column::new("step"),
        Column::new("kind"),
        Column::new("resource"),
        Column::new("state").state(),
        Column::new("error"),
        Column::new("mend").detail(),
    ];
}

impl Shown {
    pub(super) fn new(operation: &Operation, steps: &[StepView]) -> Self {
        Shown {
            operation: operation.into(),
            epoch: operation.epoch,
            pid: operation.holder.pid,
            program: operation.holder.program.clone(),
            cause: operation.cause.as_ref().map(sentence),
            steps: steps.iter().map(StepRow::from).collect(),
        }
    }

    pub(super) fn steps(&self) -> &[StepRow] {
        &self.steps
    }
}

impl From<&StepView> for StepRow {
    fn from(step: &StepView) -> Self {
        StepRow {
            step: step.number + 1,
            kind: step.kind.clone(),
            resource: step.resource.clone(),
            state: step.state.word(),
            error: step.error.as_ref().map(sentence),
            mend: step.error.as_ref().and_then(|error| part(error, "hint")),
            what: step.text("resource").unwrap_or_else(|| step.resource.clone()),
        }
    }
}

/// The message of an error as the journal keeps it.
fn sentence(error: &Value) -> String {
    part(error, "message").unwrap_or_default()
}

fn part(error: &Value, key: &str) -> Option<String> {
    error.get(key)?.as_str().map(ToOwned::to_owned)
}
