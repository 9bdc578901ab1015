//! Going forward: intent, effect, result, step by step; turning back at the first failure before the pivot.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::interrupt::Interrupt;
use super::store::Store;
use super::{Certainty, Effects, Found, Place, State, StepRecord, StepState};
use crate::env::crash::{self, Phase, Point};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};

/// How an operation ended for this process.
#[derive(Debug)]
pub enum Ending {
    /// Everything is there.
    Done,
    /// Nothing is there, verified; this is why.
    RolledBack(Error),
    /// A person is needed; this is why, and what remains of it.
    Stuck(Error, Vec<String>),
    /// The operation is still open; recovery goes on.
    Left(Error),
    /// It is open because it was too early to end it: nothing is wrong, and it will be gone on with.
    Kept(Error),
    /// Another process took over, or the journal is out of reach: nothing may be done any more under this epoch.
    Lost(Error),
}

/// Limits of patience.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For one attempt at one step.
    pub step: Duration,
    /// For an undo, a probe, or a step after the pivot that fails for a passing reason.
    pub retry: Duration,
    /// The first wait between attempts; it doubles.
    pub pause: Duration,
    /// For the whole operation, `--timeout`.
    pub whole: Option<Deadline>,
    /// For taking all of it back, where there is a limit; what is not taken back by then is left to recovery.
    pub back: Option<Duration>,
}

/// One operation being worked on.
pub struct Engine<'a, S, E> {
    pub(super) store: &'a mut S,
    pub(super) effects: &'a E,
    /// The steps as they stand.
    pub steps: Vec<StepRecord>,
    pub(super) patience: Patience,
    pub(super) interrupt: &'a Interrupt,
    pub(super) is_past_pivot: bool,
    resumes: bool,
    /// When taking back ends, once it has begun.
    pub(super) back_by: Option<Deadline>,
    /// Told of every step that begins.
    pub(super) watcher: &'a dyn Fn(&StepRecord, Phase),
}

/// What became of one step.
enum Step {
    Done,
    /// Why, and whether it may work later.
    Failed(Error, bool),
    /// A pivot of which nobody can tell yet whether it is there: neither forward nor back.
    Undecided(Error),
}

impl<'a, S: Store, E: Effects> Engine<'a, S, E> {
    /// Prepares to work on `steps`.
    pub fn new(
        store: &'a mut S,
        effects: &'a E,
        steps: Vec<StepRecord>,
        patience: Patience,
        interrupt: &'a Interrupt,
        watcher: &'a dyn Fn(&StepRecord, Phase),
    ) -> Self {
        let is_past_pivot = steps
            .iter()
            .any(|step| step.is_pivot && step.state == StepState::Applied);
        Engine {
            store,
            effects,
            steps,
            patience,
            interrupt,
            is_past_pivot,
            resumes: false,
            back_by: None,
            watcher,
        }
    }

    /// Leaves the operation open where others would turn back for a passing reason or for want of time.
    #[must_use]
    pub fn resuming(mut self, resumes: bool) -> Self {
        self.resumes = resumes;
        self
    }

    /// Does everything that is not done.
    pub async fn execute(&mut self) -> Ending {
        self.forward().await.unwrap_or_else(Ending::Lost)
    }

    pub(super) async fn forward(&mut self) -> Result<Ending> {
        for index in 0..self.steps.len() {
            if matches!(self.steps[index].state, StepState::Applied | StepState::Accepted) {
                continue;
            }
            match self.reason_to_stop() {
                Some(cause) if self.is_kept(&cause) => return Ok(Ending::Kept(cause)),
                Some(cause) => return self.unwind(Some(cause)).await,
                None => {}
            }
            match self.persist(index).await? {
                Step::Done => {}
                Step::Failed(cause, true) | Step::Undecided(cause) if self.is_kept(&cause) => {
                    return Ok(Ending::Kept(cause));
                }
                Step::Failed(cause, _) if !self.is_past_pivot => return self.unwind(Some(cause)).await,
                Step::Failed(cause, true) | Step::Undecided(cause) => return Ok(Ending::Left(cause)),
                Step::Failed(cause, false) => return self.end_stuck(cause).await,
            }
            if self.interrupt.is_final() {
                return Ok(Ending::Left(interrupted()));
            }
        }
        self.store.state(State::Succeeded, None).await?;
        Ok(Ending::Done)
    }

    /// Whether this is no reason to turn back: time may mend it. A person who wants it to stop is obeyed.
    pub(super) fn is_kept(&self, cause: &Error) -> bool {
        self.resumes && !self.interrupt.is_requested() && cause.kind() != Kind::Interrupted
    }

    /// A reason not to begin the next step, while turning back is still possible.
    fn reason_to_stop(&self) -> Option<Error> {
        if self.is_past_pivot {
            return None;
        }
        let spent = self.patience.whole.filter(|deadline| deadline.is_spent());
        self.interrupt
            .is_requested()
            .then(interrupted)
            .or_else(|| spent.map(|deadline| deadline.expired("the operation")))
    }

    /// One attempt before the pivot; after it as many as patience allows.
    async fn persist(&mut self, index: usize) -> Result<Step> {
        let deadline = Deadline::after(self.patience.retry);
        let mut pause = self.patience.pause;
        loop {
            match self.attempt(index).await? {
                Step::Failed(cause, true) if self.is_past_pivot && !deadline.is_spent() => {
                    tracing::debug!(step = index + 1, %cause, "trying again after the pivot");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(2));
                }
                ended => return Ok(ended),
            }
        }
    }

    async fn attempt(&mut self, index: usize) -> Result<Step> {
        (self.watcher)(&self.steps[index], Phase::Do);
        match self.steps[index].place {
            Place::Control => self.attempt_in_control(index).await,
            Place::Outside(_) => self.attempt_outside(index).await,
        }
    }

    async fn attempt_in_control(&mut self, index: usize) -> Result<Step> {
        let number = self.steps[index].number;
        if let Err(error) = crash::point(number, Point::BeforeIntent, Phase::Do) {
            return Ok(Step::Failed(error, true));
        }
        match self.store.in_control(&self.steps[index], Phase::Do).await {
            Ok(output) => {
                self.note(index, StepState::Applied, output);
                Ok(Step::Done)
            }
            Err(error) if is_lost(&error) => Err(error),
            Err(error) => {
                let is_passing = is_passing(&error);
                Ok(Step::Failed(error, is_passing))
            }
        }
    }

    async fn attempt_outside(&mut self, index: usize) -> Result<Step> {
        let number = self.steps[index].number;
        let longest = self.effects.limit(&self.steps[index]);
        let longest = longest.unwrap_or(self.patience.step);
        let whole = self.patience.whole.filter(|_| !self.is_past_pivot);
        let limit = whole.map_or(longest, |whole| whole.remaining().min(longest));
        if let Err(error) = crash::point(number, Point::BeforeIntent, Phase::Do) {
            return Ok(Step::Failed(error, true));
        }
        // That nothing came of a second attempt says nothing about the first.
        let is_repeated = matches!(self.steps[index].state, StepState::Intent | StepState::Unknown);
        // From before the intent: what others may expect to arrive ends with the deadline that the intent records.
        let deadline = Deadline::after(limit);
        self.store.intent(number, limit).await?;
        self.note(index, StepState::Intent, None);
        let outcome = self.effect(index, deadline).await;
        let failure = match outcome {
            Ok(output) => return self.record_applied(index, output).await.map(|()| Step::Done),
            Err(failure) => failure,
        };
        match failure.certainty {
            Certainty::NotApplied if !is_repeated => {
                self.record(index, StepState::NotApplied, Some(&failure.error))
                    .await?;
                Ok(Step::Failed(failure.error, failure.is_passing))
            }
            Certainty::NotApplied | Certainty::Unknown => {
                if let Err(error) = self.record(index, StepState::Unknown, Some(&failure.error)).await {
                    return Err(self.withdraw(index, error).await);
                }
                self.settle(index, failure, is_repeated).await
            }
        }
    }

    async fn effect(&mut self, index: usize, deadline: Deadline) -> Result<Value, super::Failure> {
        let step = &self.steps[index];
        crash::point(step.number, Point::AfterIntent, Phase::Do).map_err(super::Failure::not_now)?;
        // A process that slept through its time (SIGSTOP, a suspended machine) must not begin what others have ended.
        if deadline.is_spent() {
            return Err(super::Failure::not_now(deadline.expired(&step.resource)));
        }
        let marker = step.marker(self.store.epoch());
        let attempt = async {
            let mut output = self.effects.apply(step, marker).await?;
            for _ in 1..crash::times(step.number, Phase::Do) {
                output = self.effects.apply(step, marker).await?;
            }
            Ok(output)
        };
        let output = tokio::select! {
            biased;
            outcome = tokio::time::timeout_at(deadline.instant().into(), attempt) => match outcome {
                Ok(outcome) => outcome?,
                Err(_) => return Err(super::Failure::unknown(deadline.expired(&step.resource))),
            },
            () = self.interrupt.first(), if self.effects.is_interruptible(step) => {
                return Err(super::Failure::unknown(interrupted()));
            }
            () = self.interrupt.second() => return Err(super::Failure::unknown(interrupted())),
        };
        crash::point(step.number, Point::EffectDone, Phase::Do).map_err(super::Failure::unknown)?;
        Ok(output)
    }

    /// Turns an unknown outcome into a known one by asking the world.
    async fn settle(&mut self, index: usize, failure: super::Failure, is_repeated: bool) -> Result<Step> {
        let cause = failure.error;
        if self.interrupt.is_final() {
            return Ok(self.undecided(index, cause, failure.is_passing));
        }
        match self.probe_patiently(index).await {
            Ok(Found::Ours(output)) => {
                self.record_applied(index, output).await?;
                Ok(Step::Done)
            }
            // An earlier attempt may belong to a process that sleeps and wakes up: nothing is proved, so it is taken back.
            Ok(Found::Absent) if is_repeated => Ok(Step::Failed(cause, failure.is_passing)),
            Ok(Found::Absent) => {
                self.record(index, StepState::NotApplied, Some(&cause)).await?;
                Ok(Step::Failed(cause, failure.is_passing))
            }
            Ok(Found::Changed(evidence)) => {
                self.is_past_pivot |= self.steps[index].is_pivot;
                Ok(Step::Failed(cause.context(evidence), failure.is_passing))
            }
            Ok(Found::Foreign(evidence)) => Ok(Step::Failed(cause.context(evidence), false)),
            Err(error) => {
                let cause = cause.context(error.message().to_owned());
                Ok(self.undecided(index, cause, failure.is_passing))
            }
        }
    }

    /// An outcome that stays unknown is taken back, unless it may be a pivot's: that one decides the direction.
    fn undecided(&self, index: usize, cause: Error, is_passing: bool) -> Step {
        if self.steps[index].is_pivot && !self.is_past_pivot {
            return Step::Undecided(cause);
        }
        Step::Failed(cause, is_passing || self.is_past_pivot)
    }

    pub(super) async fn record_applied(&mut self, index: usize, output: Value) -> Result<()> {
        let number = self.steps[index].number;
        crash::point(number, Point::BeforeCommit, Phase::Do).map_err(lost)?;
        if let Err(error) = self
            .store
            .step(number, StepState::Applied, Some(&output), None)
            .await
        {
            return Err(self.withdraw(index, error).await);
        }
        crash::point(number, Point::AfterCommit, Phase::Do).map_err(lost)?;
        self.note(index, StepState::Applied, Some(output));
        Ok(())
    }

    pub(super) async fn record(
        &mut self,
        index: usize,
        state: StepState,
        error: Option<&Error>,
    ) -> Result<()> {
        self.store
            .step(self.steps[index].number, state, None, error)
            .await?;
        self.note(index, state, None);
        Ok(())
    }

    pub(super) fn note(&mut self, index: usize, state: StepState, output: Option<Value>) {
        let step = &mut self.steps[index];
        tracing::debug!(step = step.number + 1, kind = %step.kind, state = state.word(), "step");
        step.state = state;
        self.is_past_pivot |= step.is_pivot && state == StepState::Applied;
        step.output = output.or(step.output.take());
    }

    pub(super) async fn end_stuck(&mut self, cause: Error) -> Result<Ending> {
        self.store.state(State::Stuck, Some(&cause)).await?;
        let left = self
            .steps
            .iter()
            .filter(|step| step.state.is_residue(self.is_past_pivot));
        // Several steps may be about one thing.
        let residue: BTreeSet<String> = left.map(|step| step.resource.clone()).collect();
        Ok(Ending::Stuck(cause, residue.into_iter().collect()))
    }
}

pub(super) fn interrupted() -> Error {
    Error::new(Kind::Interrupted, "interrupted", "interrupted")
}

/// Whether the journal itself is out of reach, so that nothing may be begun any more.
pub(super) fn is_lost(error: &Error) -> bool {
    matches!(
        error.reason(),
        "fenced" | "lock_lost" | "connection_lost" | "timeout"
    )
}

/// Whether asking again from here is of no use: another host has to, or a person has to mend something first.
pub(super) fn is_pointless(error: &Error) -> bool {
    matches!(error.reason(), "elsewhere" | "changed" | "file")
}

/// Whether the control database may do the same later.
pub(super) fn is_passing(error: &Error) -> bool {
    matches!(error.kind(), Kind::Busy | Kind::Unavailable)
}

/// An injected failure at the journal itself.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn lost(error: Error) -> Error {
    Error::new(error.kind(), "connection_lost", error.message().to_owned())
}
