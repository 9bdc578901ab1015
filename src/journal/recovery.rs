//! Going on with an operation whose process is gone: probe what is uncertain, then back, or forward after a pivot.

use super::engine::{Ending, Engine, is_lost};
use super::store::Store;
use super::{Effects, Found, Place, State, StepState};
use crate::error::{Error, Result};

/// Which way recovery goes before a pivot was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Takes everything back: the default.
    Back,
    /// Finishes what was begun.
    Forward,
    /// Takes back what would be gone on with as well: nobody waits for it any longer.
    GiveUp,
}

impl<S: Store, E: Effects> Engine<'_, S, E> {
    /// Ends an operation that was taken over in `state`.
    pub async fn recover(&mut self, state: State, direction: Direction) -> Ending {
        self.end(state, direction).await.unwrap_or_else(Ending::Lost)
    }

    async fn end(&mut self, state: State, direction: Direction) -> Result<Ending> {
        for step in &self.steps {
            if let Err(error) = self.effects.check(step) {
                return Ok(Ending::Left(error));
            }
        }
        if state == State::Unwinding && !self.is_past_pivot {
            return self.unwind(None).await;
        }
        if let Some(ending) = self.look_at_pivots().await? {
            return Ok(ending);
        }
        if !self.is_past_pivot && (direction != Direction::Forward || state == State::Stuck) {
            return self.unwind(None).await;
        }
        if let Some(ending) = self.settle_uncertain().await? {
            return Ok(ending);
        }
        if state == State::Stuck {
            self.store.state(State::Running, None).await?;
        }
        self.forward().await
    }

    /// A pivot that was begun decides the direction: done or half done, there is no way back. An operation that got stuck
    /// on its way back has no such pivot any more.
    async fn look_at_pivots(&mut self) -> Result<Option<Ending>> {
        for index in 0..self.steps.len() {
            let step = &self.steps[index];
            if !step.is_pivot || !matches!(step.state, StepState::Intent | StepState::Unknown) {
                continue;
            }
            match self.probe_patiently(index).await {
                Ok(Found::Ours(output)) => self.record_applied(index, output).await?,
                Ok(Found::Changed(_)) => self.is_past_pivot = true,
                Ok(Found::Absent | Found::Foreign(_)) => {}
                Err(error) => return Ok(Some(self.put_off(error))),
            }
        }
        Ok(None)
    }

    async fn settle_uncertain(&mut self) -> Result<Option<Ending>> {
        for index in 0..self.steps.len() {
            let step = &self.steps[index];
            let is_uncertain = matches!(step.state, StepState::Intent | StepState::Unknown);
            if step.place == Place::Control || !is_uncertain {
                continue;
            }
            match self.probe_patiently(index).await {
                Ok(Found::Ours(output)) => self.record_applied(index, output).await?,
                Ok(Found::Absent | Found::Changed(_) | Found::Foreign(_)) => {}
                Err(error) => return Ok(Some(self.put_off(error))),
            }
        }
        Ok(None)
    }

    /// It is open, and the world cannot be asked.
    fn put_off(&self, cause: Error) -> Ending {
        match self.is_kept(&cause) {
            true => Ending::Kept(cause),
            false => Ending::Left(cause),
        }
    }

    /// An effect of ours came after another process had taken the operation over, which shows as a refusal or as a lost
    /// session. Where the journal cannot fence the substrate, we take back exactly what we did, unless it may be wanted.
    pub(super) async fn withdraw(&mut self, index: usize, error: Error) -> Error {
        if !is_lost(&error) {
            return error;
        }
        let is_wanted = match self.store.look().await {
            Ok(State::Running | State::Succeeded) | Err(_) => true,
            // After a pivot the new holder may have recorded the same effect as its own.
            Ok(State::Stuck | State::Abandoned) => self.steps.iter().any(|step| step.is_pivot),
            Ok(State::Unwinding | State::RolledBack) => false,
        };
        if !is_wanted && let Err(failure) = self.undo_patiently(index).await {
            let step = self.steps[index].number + 1;
            tracing::warn!(step, error = %failure.error, "a late effect could not be taken back");
        }
        error
    }
}
