//! What the control database holds: the rules of `journal_assert`, `journal_step` and `journal_state` (V3).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::lab::Shape;
use crate::error::{Error, Kind, Result};
use crate::journal::{State, StepState};

/// A step's row, and what it has been through.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub state: StepState,
    pub output: Option<Value>,
    pub is_pivot: bool,
    /// The epochs in which an intent was committed.
    pub intents: BTreeSet<i64>,
    pub was_undoing: bool,
    pub was_applied: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    pub state: State,
    pub epoch: i64,
    pub steps: Vec<Row>,
    /// Effects of control steps: place to how often.
    pub rows: BTreeMap<u32, u32>,
    /// Claimed places.
    pub claims: BTreeSet<u32>,
}

impl Ledger {
    pub fn new(shapes: &[Shape]) -> Self {
        let row = |shape: &Shape| Row {
            state: StepState::Pending,
            output: None,
            is_pivot: shape.is_pivot,
            intents: BTreeSet::new(),
            was_undoing: false,
            was_applied: false,
        };
        Ledger {
            state: State::Running,
            epoch: 1,
            steps: shapes.iter().map(row).collect(),
            rows: BTreeMap::new(),
            claims: (0..).zip(shapes).map(|(number, _)| number).collect(),
        }
    }

    /// One transition of a step.
    pub fn step(&mut self, number: u32, state: StepState, output: Option<&Value>) -> Result<()> {
        let epoch = self.epoch;
        let row = &mut self.steps[number as usize];
        if !is_legal(row.state, state) {
            return Err(illegal(format!(
                "step {number} cannot become {} from {}",
                state.word(),
                row.state.word()
            )));
        }
        row.state = state;
        row.output = output.cloned().or(row.output.take());
        row.was_undoing |= state == StepState::Undoing;
        row.was_applied |= state == StepState::Applied;
        if state == StepState::Intent {
            row.intents.insert(epoch);
        }
        Ok(())
    }

    /// A transition of the operation.
    pub fn state(&mut self, state: State) -> Result<()> {
        if !matches!(self.state, State::Running | State::Unwinding | State::Stuck) {
            return Err(illegal(format!(
                "the operation cannot become {} from {}",
                state.word(),
                self.state.word()
            )));
        }
        self.state = state;
        match state {
            State::Running | State::Unwinding => {}
            State::Stuck => {
                let steps = &self.steps;
                self.claims
                    .retain(|place| is_residue(steps[*place as usize].state));
            }
            State::Succeeded | State::RolledBack | State::Abandoned => self.claims.clear(),
        }
        Ok(())
    }

    /// Whether a pivot was recorded as done.
    pub fn is_past_pivot(&self) -> bool {
        self.steps.iter().any(|row| row.is_pivot && row.was_applied)
    }
}

/// The states whose claims stay when an operation is stuck.
fn is_residue(state: StepState) -> bool {
    matches!(
        state,
        StepState::Intent | StepState::Unknown | StepState::Undoing | StepState::UndoStuck
    )
}

fn is_legal(from: StepState, to: StepState) -> bool {
    use StepState::{Accepted, Applied, Intent, NotApplied, Pending, UndoStuck, Undoing, Undone, Unknown};
    match to {
        // A person accepts, no engine does.
        Pending | Accepted => false,
        Intent => matches!(from, Pending | NotApplied | Unknown | Intent),
        Unknown => from == Intent,
        Applied => matches!(from, Pending | Intent | Unknown),
        NotApplied => matches!(from, Intent | Unknown),
        Undoing => matches!(from, Intent | Unknown | Applied | Undoing | UndoStuck),
        Undone => matches!(from, Undoing | Applied),
        UndoStuck => matches!(from, Undoing | Undone),
    }
}

fn illegal(message: String) -> Error {
    Error::new(Kind::Internal, "illegal_transition", message)
}
