//! Going back: every step that has an intent, newest first, the failed one included; then a look at the world.

use std::time::Duration;

use super::engine::{Ending, Engine, interrupted, is_lost, is_passing, is_pointless, lost};
use super::store::Store;
use super::{Effects, Failure, Found, Place, State, StepState};
use crate::env::crash::{self, Phase, Point};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};

/// For one attempt at an undo: a server that is silent that long is left to recovery. A DROP DATABASE that waits for a
/// checkpoint takes seconds.
const LONGEST_UNDO: Duration = Duration::from_secs(20);

/// What became of one undo.
enum Undo {
    Done,
    Later(Error),
    Refused(Error),
}

impl<S: Store, E: Effects> Engine<'_, S, E> {
    /// Takes back what was done. `cause` is absent where the journal knows it already.
    pub(super) async fn unwind(&mut self, cause: Option<Error>) -> Result<Ending> {
        self.store.state(State::Unwinding, cause.as_ref()).await?;
        let cause = cause.unwrap_or_else(died);
        self.back_by = self.patience.back.map(Deadline::after);
        let mut later = None;
        // The newest step that cannot be taken back is why those before it cannot, as a rule.
        let mut refused: Option<Error> = None;
        for index in (0..self.steps.len()).rev() {
            if self.interrupt.is_final() {
                return Ok(Ending::Left(cause));
            }
            match self.steps[index].state {
                StepState::Pending | StepState::NotApplied | StepState::Undone | StepState::Accepted => {
                    continue;
                }
                StepState::Intent
                | StepState::Unknown
                | StepState::Applied
                | StepState::Undoing
                | StepState::UndoStuck => {}
            }
            if self.back_by.is_some_and(Deadline::is_spent) {
                later = Some(out_of_time());
                break;
            }
            match self.undo(index).await? {
                Undo::Done => {}
                Undo::Later(error) => later = Some(error),
                Undo::Refused(error) => refused = refused.or(Some(error)),
            }
        }
        if later.is_none() {
            for index in 0..self.steps.len() {
                match self.verify(index).await? {
                    Undo::Done => {}
                    Undo::Later(error) => later = Some(error),
                    Undo::Refused(error) => refused = refused.or(Some(error)),
                }
            }
        }
        self.end_unwinding(cause, later, refused).await
    }

    async fn end_unwinding(
        &mut self,
        cause: Error,
        later: Option<Error>,
        refused: Option<Error>,
    ) -> Result<Ending> {
        if let Some(error) = later {
            return Ok(Ending::Left(cause.context(error.message().to_owned())));
        }
        if let Some(error) = refused {
            return self.end_stuck(cause.context(error.message().to_owned())).await;
        }
        self.store.state(State::RolledBack, None).await?;
        Ok(Ending::RolledBack(cause))
    }

    async fn undo(&mut self, index: usize) -> Result<Undo> {
        (self.watcher)(&self.steps[index], Phase::Undo);
        match self.steps[index].place {
            Place::Control => self.undo_in_control(index).await,
            Place::Outside(_) => self.undo_outside(index).await,
        }
    }

    async fn undo_in_control(&mut self, index: usize) -> Result<Undo> {
        crash::point(self.steps[index].number, Point::BeforeIntent, Phase::Undo).map_err(lost)?;
        if self.steps[index].state == StepState::UndoStuck {
            self.record(index, StepState::Undoing, None).await?;
        }
        match self.store.in_control(&self.steps[index], Phase::Undo).await {
            Ok(_) => {
                self.note(index, StepState::Undone, None);
                Ok(Undo::Done)
            }
            Err(error) if is_lost(&error) => Err(error),
            Err(error) if is_passing(&error) => Ok(Undo::Later(error)),
            Err(error) => {
                self.record(index, StepState::Undoing, None).await?;
                self.record(index, StepState::UndoStuck, Some(&error)).await?;
                Ok(Undo::Refused(error))
            }
        }
    }

    async fn undo_outside(&mut self, index: usize) -> Result<Undo> {
        let number = self.steps[index].number;
        crash::point(number, Point::BeforeIntent, Phase::Undo).map_err(lost)?;
        self.record(index, StepState::Undoing, None).await?;
        let outcome = tokio::select! {
            biased;
            outcome = self.undo_patiently(index) => outcome,
            () = self.interrupt.second() => Err(Failure::unknown(interrupted())),
        };
        let Err(failure) = outcome else {
            return self.undone(index).await;
        };
        if failure.is_passing {
            return Ok(Undo::Later(failure.error));
        }
        self.record(index, StepState::UndoStuck, Some(&failure.error))
            .await?;
        Ok(Undo::Refused(failure.error))
    }

    /// Takes back as long as patience allows, whatever a person signals: a late effect is not left to any recovery.
    pub(super) async fn undo_patiently(&self, index: usize) -> Result<(), Failure> {
        let deadline = self.within(self.patience.retry);
        let mut pause = self.patience.pause;
        loop {
            let Err(failure) = self.undo_once(index).await else {
                return Ok(());
            };
            if !failure.is_passing || is_pointless(&failure.error) || deadline.is_spent() {
                return Err(failure);
            }
            tokio::time::sleep(pause.min(deadline.remaining())).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }

    async fn undone(&mut self, index: usize) -> Result<Undo> {
        let number = self.steps[index].number;
        crash::point(number, Point::BeforeCommit, Phase::Undo).map_err(lost)?;
        self.store.step(number, StepState::Undone, None, None).await?;
        crash::point(number, Point::AfterCommit, Phase::Undo).map_err(lost)?;
        self.note(index, StepState::Undone, None);
        Ok(Undo::Done)
    }

    async fn undo_once(&self, index: usize) -> Result<(), Failure> {
        let step = &self.steps[index];
        crash::point(step.number, Point::AfterIntent, Phase::Undo).map_err(Failure::not_now)?;
        let longest = self.effects.limit(step);
        let deadline = self.within(longest.unwrap_or(self.patience.step.min(LONGEST_UNDO)));
        let attempt = async {
            for _ in 0..crash::times(step.number, Phase::Undo) {
                self.effects.undo(step, step.marker(self.store.epoch())).await?;
            }
            Ok(())
        };
        match tokio::time::timeout_at(deadline.instant().into(), attempt).await {
            Ok(outcome) => outcome?,
            Err(_) => return Err(Failure::unknown(deadline.expired(&step.resource))),
        }
        crash::point(step.number, Point::EffectDone, Phase::Undo).map_err(Failure::unknown)
    }

    /// Asks the world once more about what was taken back: only then is it rolled back. What came late, or is seen late,
    /// deserves one more undo.
    async fn verify(&mut self, index: usize) -> Result<Undo> {
        let step = &self.steps[index];
        if step.place == Place::Control || step.state != StepState::Undone {
            return Ok(Undo::Done);
        }
        match self.residue(index).await {
            Ok(None) => return Ok(Undo::Done),
            Ok(Some(residue)) => self.record(index, StepState::UndoStuck, Some(&residue)).await?,
            Err(error) => return Ok(Undo::Later(error)),
        }
        match self.undo_outside(index).await? {
            Undo::Done => {}
            failed => return Ok(failed),
        }
        match self.residue(index).await {
            Ok(None) => Ok(Undo::Done),
            Ok(Some(residue)) => {
                // A verified residue is recorded as an undo that failed.
                self.record(index, StepState::UndoStuck, Some(&residue)).await?;
                Ok(Undo::Refused(residue))
            }
            Err(error) => Ok(Undo::Later(error)),
        }
    }

    /// What is left of a step that was taken back. Somebody else's thing in the place where ours was is no residue.
    async fn residue(&self, index: usize) -> Result<Option<Error>> {
        let residue = |evidence| Some(Error::new(Kind::Stuck, "residue", evidence));
        match self.probe_patiently(index).await? {
            Found::Absent | Found::Foreign(_) => Ok(None),
            Found::Ours(_) => Ok(residue(format!("{} is still there", self.steps[index].resource))),
            Found::Changed(evidence) => Ok(residue(evidence)),
        }
    }
}

fn out_of_time() -> Error {
    Error::new(
        Kind::Unavailable,
        "timeout",
        "no time was left to take all of it back",
    )
}

fn died() -> Error {
    Error::new(Kind::Unavailable, "died", "the process that ran it is gone")
}
