//! The journal in the control database: beginning an operation, and every transition of it, on one dedicated session
//! that holds the operation's advisory lock.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::begin::{Begun, Request, event, insert, insert_operation, insert_secrets, record, write_output};
use super::seat::Seat;
use super::store::Store;
use super::transition::{Change, transition};
use super::{Effects, Marker, Plan, State, StepRecord, StepState};
use crate::config::Config;
use crate::control::{Session, sqlstate};
use crate::env::crash::{self, Phase, Point};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::trail::{self, Actor, Event, Outcome};

/// The first key of every operation's advisory lock ("host").
pub(super) const LOCK_CLASS: i32 = 1_752_134_516;
/// How long one transition may take before the journal counts as lost.
const TRANSITION: Duration = Duration::from_secs(20);
pub(super) const WHAT: &str = "the journal";
/// The epoch of whoever begins; every takeover raises it.
pub const FIRST_EPOCH: i64 = 1;

/// One operation's memory in PostgreSQL.
#[derive(Debug)]
pub struct Journal<'a, E> {
    seat: Seat,
    config: &'a Config,
    effects: &'a E,
    actor: &'a Actor,
    id: Uuid,
    epoch: i64,
    kind: String,
    target: String,
    account: Option<Uuid>,
    is_recovery: bool,
}

impl<'a, E: Effects> Journal<'a, E> {
    /// Begins `plan`: operation, steps, claims, sealed secrets and the audit row of the attempt in one commit, with the
    /// lock taken before it. `id` is chosen by the caller, who can look for it should the reply be lost.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn begin(
        seat: impl Into<Seat>,
        effects: &'a E,
        request: &Request<'a>,
        plan: &Plan,
        id: Uuid,
    ) -> Result<(Begun, Option<Self>)> {
        let seat = seat.into();
        let begun = async { insert(&mut *seat.take().await, request, plan, id).await };
        let begun = Deadline::after(TRANSITION).run(seat.place(), begun).await?;
        let journal = Journal {
            seat,
            config: request.config,
            effects,
            actor: request.actor,
            id,
            epoch: FIRST_EPOCH,
            kind: plan.kind.to_owned(),
            target: plan.target.clone(),
            account: plan.account,
            is_recovery: false,
        };
        let is_started = matches!(begun, Begun::Started(_));
        Ok((begun, is_started.then_some(journal)))
    }

    /// Goes on with an operation that was taken over on `session`.
    #[must_use]
    pub fn resume(
        session: Session,
        config: &'a Config,
        effects: &'a E,
        actor: &'a Actor,
        taken: &super::Taken,
    ) -> Self {
        Journal {
            seat: session.into(),
            config,
            effects,
            actor,
            id: taken.id,
            epoch: taken.epoch,
            kind: taken.kind.clone(),
            target: taken.target.clone(),
            account: taken.account,
            is_recovery: true,
        }
    }

    /// Takes a step that is stuck as it is, for good; `found` is what was seen of it, for the audit trail. Whether the
    /// operation has ended with it.
    ///
    /// # Errors
    /// `internal`, reason `illegal_transition`, where the step is not stuck; those of the control database.
    pub async fn accept(&mut self, number: u32, resource: &str, found: &str) -> Result<bool> {
        let failed = |error| sqlstate::error(WHAT, error);
        let step = i32::try_from(number).map_err(|_| Error::invalid("there is no such step"))?;
        let mut session = self.seat.take().await;
        let transaction = session.transaction().await.map_err(failed)?;
        let parameters = [
            (&self.id as _, Type::UUID),
            (&self.epoch as _, Type::INT8),
            (&step as _, Type::INT4),
        ];
        let statement = "SELECT hostctl.journal_accept($1, $2, $3)";
        let rows = transaction
            .query_typed(statement, &parameters)
            .await
            .map_err(failed)?;
        let is_over = rows.first().is_some_and(|row| row.get(0));
        let details = json!({ "step": number + 1, "accepted": resource, "found": found });
        let accepted = [("op.accept", Outcome::Success)];
        let ended = is_over.then_some((self.kind.as_str(), Outcome::Failure));
        for (action, outcome) in accepted.into_iter().chain(ended) {
            let event = Event {
                action,
                target: &self.target,
                account: self.account,
                outcome,
                operation: Some(self.id),
                details: details.clone(),
            };
            trail::append(&transaction, self.actor, &event).await?;
        }
        transaction.commit().await.map_err(|error| commit_lost(&error))?;
        Ok(is_over)
    }

    async fn in_transaction(&mut self, step: &StepRecord, phase: Phase) -> Result<Option<Value>> {
        let (effects, id, epoch) = (self.effects, self.id, self.epoch);
        let mut session = self.seat.take().await;
        let transaction = session
            .transaction()
            .await
            .map_err(|error| sqlstate::error(WHAT, error))?;
        crash::point(step.number, Point::AfterIntent, phase)?;
        let marker = Marker {
            operation: id,
            step: step.number,
            epoch,
        };
        let (state, output) = match phase {
            Phase::Do => {
                let mut output = effects.apply_in_control(step, marker, &transaction).await?;
                for _ in 1..crash::times(step.number, phase) {
                    output = effects.apply_in_control(step, marker, &transaction).await?;
                }
                (StepState::Applied, Some(output))
            }
            Phase::Undo => {
                for _ in 0..crash::times(step.number, phase) {
                    effects.undo_in_control(step, marker, &transaction).await?;
                }
                (StepState::Undone, None)
            }
        };
        crash::point(step.number, Point::MidEffect, phase)?;
        let change = Change {
            number: step.number,
            state,
            output: output.as_ref(),
            error: None,
            seconds: None,
        };
        transition(&transaction, id, epoch, change).await?;
        crash::point(step.number, Point::EffectDone, phase)?;
        crash::point(step.number, Point::BeforeCommit, phase)?;
        transaction.commit().await.map_err(|error| commit_lost(&error))?;
        crash::point(step.number, Point::AfterCommit, phase).map_err(super::engine::lost)?;
        Ok(output)
    }

    /// Lets go of the operation's lock. Gives the session back, free for another operation, where no other journal shares it.
    pub async fn release(self) -> Option<Session> {
        let statement = "SELECT pg_advisory_unlock($1, lock_key) FROM hostctl.operations WHERE id = $2";
        let parameters = [(&LOCK_CLASS as _, Type::INT4), (&self.id as _, Type::UUID)];
        let unlock = async {
            let session = self.seat.take().await;
            let unlocked = session.query_typed(statement, &parameters).await;
            unlocked.map(drop).map_err(|error| sqlstate::error(WHAT, error))
        };
        let unlocked = Deadline::after(TRANSITION).run(self.seat.place(), unlock).await;
        if let Err(error) = unlocked {
            tracing::debug!(operation = %self.id, %error, "the lock goes with its session");
            return None;
        }
        self.seat.into_session()
    }

    /// Whether its session outlives it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.seat.is_shared()
    }

    async fn transition(&self, change: Change<'_>) -> Result<()> {
        let written = async {
            let session = self.seat.take().await;
            transition(&**session, self.id, self.epoch, change).await
        };
        Deadline::after(TRANSITION).run(self.seat.place(), written).await
    }

    async fn change_state(&mut self, state: State, cause: Option<&Error>) -> Result<()> {
        let details = json!({ "cause": cause.map(describe), "recovered": self.is_recovery });
        let outcome = match state {
            State::Running | State::Unwinding => None,
            State::Succeeded => Some(Outcome::Success),
            State::RolledBack => Some(Outcome::RolledBack),
            State::Stuck => Some(Outcome::Stuck),
            State::Abandoned => Some(Outcome::Failure),
        };
        let mut session = self.seat.take().await;
        let transaction = session
            .transaction()
            .await
            .map_err(|error| sqlstate::error(WHAT, error))?;
        let statement = "SELECT hostctl.journal_state($1, $2, $3, $4)";
        transaction
            .query_typed(
                statement,
                &[
                    (&self.id, Type::UUID),
                    (&self.epoch, Type::INT8),
                    (&state.word(), Type::TEXT),
                    (&cause.map(describe), Type::JSONB),
                ],
            )
            .await
            .map_err(|error| sqlstate::error(WHAT, error))?;
        if let Some(outcome) = outcome {
            let event = Event {
                action: &self.kind,
                target: &self.target,
                account: self.account,
                outcome,
                operation: Some(self.id),
                details,
            };
            trail::append(&transaction, self.actor, &event).await?;
        }
        transaction.commit().await.map_err(|error| commit_lost(&error))
    }
}

impl<E: Effects> Store for Journal<'_, E> {
    fn epoch(&self) -> i64 {
        self.epoch
    }

    async fn intent(&mut self, number: u32, limit: Duration) -> Result<()> {
        let seconds = limit.as_secs_f64() + 1.0;
        let (state, seconds) = (StepState::Intent, Some(seconds));
        self.transition(Change {
            number,
            state,
            output: None,
            error: None,
            seconds,
        })
        .await
    }

    async fn step(
        &mut self,
        number: u32,
        state: StepState,
        output: Option<&Value>,
        error: Option<&Error>,
    ) -> Result<()> {
        self.transition(Change {
            number,
            state,
            output,
            error,
            seconds: None,
        })
        .await
    }

    async fn in_control(&mut self, step: &StepRecord, phase: Phase) -> Result<Option<Value>> {
        let place = self.seat.place().to_owned();
        Deadline::after(TRANSITION)
            .run(&place, self.in_transaction(step, phase))
            .await
    }

    async fn state(&mut self, state: State, cause: Option<&Error>) -> Result<()> {
        let place = self.seat.place().to_owned();
        Deadline::after(TRANSITION)
            .run(&place, self.change_state(state, cause))
            .await
    }

    /// On a session of its own: whoever took over has probably ended ours.
    async fn look(&mut self) -> Result<State> {
        let deadline = Deadline::after(TRANSITION);
        let session = Session::open(self.config, deadline).await?;
        let operation = super::find(&*session, self.id);
        Ok(deadline.run(session.place(), operation).await?.state)
    }
}

/// Does a plan whose every step lies in the control database: operation, effects and audit row in one commit.
///
/// # Errors
/// Those of the steps; nothing was changed.
pub async fn commit_whole<E: Effects>(
    session: &mut Session,
    effects: &E,
    request: &Request<'_>,
    plan: &Plan,
    id: Uuid,
) -> Result<Begun> {
    let place = session.place().to_owned();
    let run = async {
        let transaction = session
            .transaction()
            .await
            .map_err(|error| sqlstate::error(WHAT, error))?;
        let begun = insert_operation(&transaction, request, plan, id, State::Succeeded).await?;
        if !matches!(begun, Begun::Started(_)) {
            return Ok(begun);
        }
        for (number, planned) in (0_u32..).zip(&plan.steps) {
            let step = record(id, number, planned);
            crash::point(number, Point::BeforeIntent, Phase::Do)?;
            crash::point(number, Point::AfterIntent, Phase::Do)?;
            for _ in 0..crash::times(number, Phase::Do) {
                let marker = step.marker(FIRST_EPOCH);
                let output = effects.apply_in_control(&step, marker, &transaction).await?;
                write_output(&transaction, &step, &output).await?;
            }
            crash::point(number, Point::MidEffect, Phase::Do)?;
            if planned.keeps_secrets {
                let number =
                    i32::try_from(number).map_err(|_| Error::internal("a plan with too many steps"))?;
                insert_secrets(&transaction, request, id, number, planned).await?;
            }
            crash::point(number, Point::EffectDone, Phase::Do)?;
        }
        let statement = "DELETE FROM hostctl.claims WHERE operation_id = $1";
        transaction
            .query_typed(statement, &[(&id, Type::UUID)])
            .await
            .map_err(|error| sqlstate::error(WHAT, error))?;
        trail::append(&transaction, request.actor, &event(plan, id, Outcome::Success)).await?;
        for number in (0_u32..).take(plan.steps.len()) {
            crash::point(number, Point::BeforeCommit, Phase::Do)?;
        }
        transaction.commit().await.map_err(|error| commit_lost(&error))?;
        for number in (0_u32..).take(plan.steps.len()) {
            crash::point(number, Point::AfterCommit, Phase::Do).map_err(super::engine::lost)?;
        }
        Ok(begun)
    };
    Deadline::after(TRANSITION).run(&place, run).await
}

/// An error as the journal keeps it: what others say may hold what no database takes, and must not keep an operation from
/// its end.
pub(super) fn describe(error: &Error) -> Value {
    let text = |text: &str| text.replace('\0', "\u{fffd}");
    json!({
        "kind": error.kind().word(), "reason": error.reason(), "message": text(error.message()),
        "hint": error.hint_text().map(text),
    })
}

/// Whatever the server said to COMMIT, we do not know what became of it.
pub(super) fn commit_lost(error: &tokio_postgres::Error) -> Error {
    if error.as_db_error().is_some() && !sqlstate::is_lost(error) {
        return Error::unavailable(format!("{WHAT}: the transaction was refused: {error}"));
    }
    Error::new(
        Kind::Unavailable,
        "connection_lost",
        format!("{WHAT}: the connection was lost while committing"),
    )
}
