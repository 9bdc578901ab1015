//! What the engine needs of the journal's storage. Everything here is one commit, refused when another process has
//! taken the operation over (reason `fenced`) or the lock is lost (`lock_lost`, `connection_lost`).

use std::time::Duration;

use serde_json::Value;

use super::{State, StepRecord, StepState};
use crate::env::crash::Phase;
use crate::error::{Error, Result};

/// One operation's memory.
pub trait Store {
    /// The epoch under which this process works.
    fn epoch(&self) -> i64;

    /// Records that a step is about to be done, and how long the attempt may take.
    fn intent(&mut self, number: u32, limit: Duration) -> impl Future<Output = Result<()>>;

    /// Records where a step stands.
    fn step(
        &mut self,
        number: u32,
        state: StepState,
        output: Option<&Value>,
        error: Option<&Error>,
    ) -> impl Future<Output = Result<()>>;

    /// Does or takes back a step within the control database and records it, in one transaction.
    fn in_control(&mut self, step: &StepRecord, phase: Phase) -> impl Future<Output = Result<Option<Value>>>;

    /// Records where the operation stands; with an ending its claims are freed and its audit row is written.
    fn state(&mut self, state: State, cause: Option<&Error>) -> impl Future<Output = Result<()>>;

    /// Where the operation stands by now, whoever runs it.
    fn look(&mut self) -> impl Future<Output = Result<State>>;
}
