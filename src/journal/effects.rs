//! What the engine needs of a step: do, probe, undo.

use std::time::Duration;

use serde_json::Value;
use tokio_postgres::Transaction;

use super::{Marker, StepRecord};
use crate::error::{Error, Result};

/// How sure we are after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Proven: the world is as before.
    NotApplied,
    /// A time-out, a reset: only a probe can tell.
    Unknown,
}

/// A failed attempt to do or undo.
#[derive(Debug)]
pub struct Failure {
    /// Whether the effect may have happened all the same.
    pub certainty: Certainty,
    /// Whether the same attempt may succeed later (unreachable, in use), as opposed to refused for good.
    pub is_passing: bool,
    /// What a person is told.
    pub error: Error,
}

impl Failure {
    /// The substrate refused; nothing happened and trying again is pointless.
    #[must_use]
    pub fn refused(error: Error) -> Self {
        Failure {
            certainty: Certainty::NotApplied,
            is_passing: false,
            error,
        }
    }

    /// Nothing happened, but it may work later.
    #[must_use]
    pub fn not_now(error: Error) -> Self {
        Failure {
            certainty: Certainty::NotApplied,
            is_passing: true,
            error,
        }
    }

    /// The reply never came: only a probe can tell.
    #[must_use]
    pub fn unknown(error: Error) -> Self {
        Failure {
            certainty: Certainty::Unknown,
            is_passing: true,
            error,
        }
    }
}

/// What a probe found in the world.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// The world is as it was before the step.
    Absent,
    /// Exactly what this step of this operation writes; the value is the step's output.
    Ours(Value),
    /// Ours by its marker, but not as we wrote it: for a person. The text is the evidence.
    Changed(String),
    /// Somebody else's thing is there. The text is the evidence.
    Foreign(String),
}

/// The steps of all capabilities, as the engine sees them.
///
/// Everything must stand being called twice: doing what is done is success, undoing what is undone is success.
pub trait Effects {
    /// Refuses a step whose kind or version this program does not know.
    ///
    /// # Errors
    /// `usage` naming the version that is needed.
    fn check(&self, step: &StepRecord) -> Result<()>;

    /// How long one attempt at an outside step, or at its undo, may take where it is not as long as any other.
    fn limit(&self, _: &StepRecord) -> Option<Duration> {
        None
    }

    /// As [`Effects::limit`], for one probe.
    fn look_limit(&self, _: &StepRecord) -> Option<Duration> {
        None
    }

    /// Whether a person who wants an outside step to stop need not wait for its end.
    fn is_interruptible(&self, _: &StepRecord) -> bool {
        false
    }

    /// Does an outside step. The marker goes into the world in the same request as the thing.
    fn apply(&self, step: &StepRecord, marker: Marker) -> impl Future<Output = Result<Value, Failure>>;

    /// Looks whether an outside step is done. Changes nothing.
    ///
    /// # Errors
    /// Where the world could not be asked; never a guess.
    fn probe(&self, step: &StepRecord, marker: Marker) -> impl Future<Output = Result<Found>>;

    /// Takes an outside step back: only what is ours and as we wrote it.
    fn undo(&self, step: &StepRecord, marker: Marker) -> impl Future<Output = Result<(), Failure>>;

    /// Does a step within the control database, in the transaction that also records it.
    fn apply_in_control(
        &self,
        step: &StepRecord,
        marker: Marker,
        transaction: &Transaction<'_>,
    ) -> impl Future<Output = Result<Value>>;

    /// Takes a step within the control database back.
    fn undo_in_control(
        &self,
        step: &StepRecord,
        marker: Marker,
        transaction: &Transaction<'_>,
    ) -> impl Future<Output = Result<()>>;
}
