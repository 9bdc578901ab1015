//! The journal in the control database: beginning an operation, and every transition of it, on one dedicated session
//! that holds the operation's advisory lock.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::store::Store;
use super::{Effects, Marker, Place, Plan, PlannedStep, Secrets, State, StepRecord, StepState};
use crate::config::Config;
use crate::control::{Session, sqlstate};
use crate::env::crash::{self, Phase, Point};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::keyring::{self, Keyring};
use crate::trail::{self, Actor, Event, Outcome};

/// The first key of every operation's advisory lock ("host").
pub(super) const LOCK_CLASS: i32 = 1_752_134_516;
/// How long one transition may take before the journal counts as lost.
const TRANSITION: Duration = Duration::from_secs(20);
const WHAT: &str = "the journal";

/// `--idempotency-key` with the hash of what was asked for.
#[derive(Clone, Debug)]
pub struct Key {
    /// As given.
    pub text: String,
}

/// Who asks, and what for.
#[derive(Debug)]
pub struct Request<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// `--idempotency-key`.
    pub key: Option<&'a Key>,
    /// What seals the plan's secrets; needed only where it has some.
    pub keyring: Option<&'a Keyring>,
    /// Where the journal is, for a second look when the session is lost.
    pub config: &'a Config,
}

/// What came of the wish to begin.
#[derive(Debug)]
pub enum Begun {
    /// It runs; this session holds it.
    Started(Uuid),
    /// A resource is claimed by another operation.
    Claimed {
        /// The operation that has it.
        by: Uuid,
        /// What it has.
        resource: String,
    },
    /// The same key was used before.
    Known {
        /// The operation under that key.
        operation: Uuid,
        /// Whether it was for the same request.
        is_same: bool,
    },
}

/// One operation's memory in PostgreSQL.
#[derive(Debug)]
pub struct Journal<'a, E> {
    session: Session,
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
        mut session: Session,
        effects: &'a E,
        request: &Request<'a>,
        plan: &Plan,
        id: Uuid,
    ) -> Result<(Begun, Option<Self>)> {
        let deadline = Deadline::after(TRANSITION);
        let begun = deadline
            .run(WHAT, insert(&mut session, request, plan, id))
            .await?;
        let journal = Journal {
            session,
            config: request.config,
            effects,
            actor: request.actor,
            id,
            epoch: 1,
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
            session,
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

    async fn in_transaction(&mut self, step: &StepRecord, phase: Phase) -> Result<Option<Value>> {
        let (effects, id, epoch) = (self.effects, self.id, self.epoch);
        let transaction = self
            .session
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
            Phase::Do => (
                StepState::Applied,
                Some(effects.apply_in_control(step, marker, &transaction).await?),
            ),
            Phase::Undo => {
                effects.undo_in_control(step, marker, &transaction).await?;
                (StepState::Undone, None)
            }
        };
        crash::point(step.number, Point::MidEffect, phase)?;
        transition(
            &transaction,
            id,
            epoch,
            step.number,
            state,
            output.as_ref(),
            None,
            None,
        )
        .await?;
        crash::point(step.number, Point::EffectDone, phase)?;
        crash::point(step.number, Point::BeforeCommit, phase)?;
        transaction.commit().await.map_err(|error| commit_lost(&error))?;
        crash::point(step.number, Point::AfterCommit, phase).map_err(super::engine::lost)?;
        Ok(output)
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
        let transaction = self
            .session
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
        let change = transition(
            &*self.session,
            self.id,
            self.epoch,
            number,
            StepState::Intent,
            None,
            None,
            Some(seconds),
        );
        Deadline::after(TRANSITION).run(WHAT, change).await
    }

    async fn step(
        &mut self,
        number: u32,
        state: StepState,
        output: Option<&Value>,
        error: Option<&Error>,
    ) -> Result<()> {
        let change = transition(
            &*self.session,
            self.id,
            self.epoch,
            number,
            state,
            output,
            error,
            None,
        );
        Deadline::after(TRANSITION).run(WHAT, change).await
    }

    async fn in_control(&mut self, step: &StepRecord, phase: Phase) -> Result<Option<Value>> {
        Deadline::after(TRANSITION)
            .run(WHAT, self.in_transaction(step, phase))
            .await
    }

    async fn state(&mut self, state: State, cause: Option<&Error>) -> Result<()> {
        Deadline::after(TRANSITION)
            .run(WHAT, self.change_state(state, cause))
            .await
    }

    /// On a session of its own: whoever took over has probably ended ours.
    async fn look(&mut self) -> Result<State> {
        let deadline = Deadline::after(TRANSITION);
        let session = Session::open(self.config, deadline).await?;
        let operation = super::find(&*session, self.id);
        Ok(deadline.run(WHAT, operation).await?.state)
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
            effects
                .apply_in_control(&step, step.marker(1), &transaction)
                .await?;
            crash::point(number, Point::MidEffect, Phase::Do)?;
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
    Deadline::after(TRANSITION).run(WHAT, run).await
}

/// A planned step as the journal would give it back.
fn record(operation: Uuid, number: u32, planned: &PlannedStep) -> StepRecord {
    let secrets = planned
        .secrets
        .iter()
        .map(|(name, secret)| ((*name).to_owned(), secret.clone()));
    StepRecord {
        operation,
        number,
        kind: planned.kind.to_owned(),
        version: planned.version,
        resource: planned.resource.clone(),
        place: planned.place.clone(),
        parameters: planned.parameters.clone(),
        secrets: Secrets(secrets.collect()),
        is_pivot: planned.is_pivot,
        state: StepState::Pending,
        output: None,
    }
}

/// The steps of a plan as records of operation `id`.
pub(super) fn records(plan: &Plan, id: Uuid) -> Vec<StepRecord> {
    (0_u32..)
        .zip(&plan.steps)
        .map(|(number, planned)| record(id, number, planned))
        .collect()
}

impl Plan {
    /// Whether every step lies in the control database, so that one commit does it all.
    #[must_use]
    pub fn is_one_commit(&self) -> bool {
        self.steps.iter().all(|step| step.place == Place::Control)
    }

    /// The steps as operation `id` would have them.
    #[must_use]
    pub fn records(&self, id: Uuid) -> Vec<StepRecord> {
        records(self, id)
    }

    /// Every key that the operation claims, sorted, each once.
    #[must_use]
    pub fn claimed(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .steps
            .iter()
            .map(|step| step.resource.clone())
            .chain(self.claims.iter().cloned())
            .collect();
        all.sort();
        all.dedup();
        all
    }
}

async fn insert(session: &mut Session, request: &Request<'_>, plan: &Plan, id: Uuid) -> Result<Begun> {
    let failed = |error| sqlstate::error(WHAT, error);
    let transaction = session.transaction().await.map_err(failed)?;
    let begun = insert_operation(&transaction, request, plan, id, State::Running).await?;
    if !matches!(begun, Begun::Started(_)) {
        return Ok(begun);
    }
    let lock = "SELECT pg_advisory_lock($1, lock_key) FROM hostctl.operations WHERE id = $2";
    transaction
        .query_typed(lock, &[(&LOCK_CLASS, Type::INT4), (&id, Type::UUID)])
        .await
        .map_err(failed)?;
    for (number, planned) in (0_i32..).zip(&plan.steps) {
        insert_secrets(&transaction, request, id, number, planned).await?;
    }
    trail::append(&transaction, request.actor, &event(plan, id, Outcome::Attempt)).await?;
    transaction.commit().await.map_err(|error| commit_lost(&error))?;
    Ok(begun)
}

async fn insert_operation(
    transaction: &Transaction<'_>,
    request: &Request<'_>,
    plan: &Plan,
    id: Uuid,
    state: State,
) -> Result<Begun> {
    let hash = request_hash(plan.kind, &plan.target, &plan.request);
    let who = &request.actor.identity;
    let holder = json!({
        "user": who.user, "sudo_user": who.sudo_user, "host": who.host, "pid": who.pid, "start_ticks": who.start_ticks,
        "boot_id": who.boot_id, "program": concat!("hostctl ", env!("CARGO_PKG_VERSION")),
    });
    let steps: Vec<Value> = plan.steps.iter().map(step_row).collect();
    // One statement: operation, steps and claims, in one round trip. A claim or a key that is taken gives no row.
    let statement = "WITH operation AS (
            INSERT INTO hostctl.operations (id, kind, target, account_id, state, incarnation, request_hash,
                idempotency_key, actor, host, holder, result, finished_at)
            VALUES ($1, $2, $3, $4, $5, hostctl.incarnation(), $6, $7, $8, $9, $10 || jsonb_build_object('backend', pg_backend_pid()),
                $11, CASE WHEN $5 = 'running' THEN NULL ELSE hostctl.now() END)
            ON CONFLICT (idempotency_key) WHERE state <> 'rolled_back' DO NOTHING
            RETURNING id
        ), step AS (
            INSERT INTO hostctl.operation_steps (operation_id, number, kind, version, resource, substrate, is_pivot,
                parameters, description, state)
            SELECT o.id, s.number, s.kind, s.version, s.resource, s.substrate, s.is_pivot, s.parameters, s.description,
                CASE WHEN $5 = 'running' THEN 'pending' ELSE 'applied' END
            FROM operation o, jsonb_to_recordset($12) AS s(number int, kind text, version int, resource text,
                substrate text, is_pivot boolean, parameters jsonb, description jsonb)
        ), claim AS (
            INSERT INTO hostctl.claims (resource, operation_id)
            SELECT c.resource, o.id FROM operation o, unnest($13::text[]) AS c(resource) ORDER BY c.resource
            ON CONFLICT DO NOTHING RETURNING 1
        )
        SELECT (SELECT count(*) FROM operation), (SELECT count(*) FROM claim)";
    let steps: Vec<Value> = steps
        .into_iter()
        .enumerate()
        .map(|(number, mut row)| {
            row["number"] = json!(number);
            row
        })
        .collect();
    let claims = plan.claimed();
    let rows = transaction
        .query_typed(
            statement,
            &[
                (&id, Type::UUID),
                (&plan.kind, Type::TEXT),
                (&plan.target, Type::TEXT),
                (&plan.account, Type::UUID),
                (&state.word(), Type::TEXT),
                (&hash, Type::BYTEA),
                (&request.key.map(|key| key.text.as_str()), Type::TEXT),
                (&request.actor.name(), Type::TEXT),
                (&who.host, Type::TEXT),
                (&holder, Type::JSONB),
                (&plan.result, Type::JSONB),
                (&Value::Array(steps), Type::JSONB),
                (&claims, Type::TEXT_ARRAY),
            ],
        )
        .await
        .map_err(|error| sqlstate::error(WHAT, error))?;
    let counts = rows
        .first()
        .map_or((0_i64, 0_i64), |row| (row.get(0), row.get(1)));
    if counts.0 == 0 {
        return known(transaction, request, plan).await;
    }
    if usize::try_from(counts.1) != Ok(claims.len()) {
        return claimed_by_another(transaction, id, &claims).await;
    }
    Ok(Begun::Started(id))
}

fn step_row(planned: &PlannedStep) -> Value {
    let substrate = match &planned.place {
        Place::Control => None,
        Place::Outside(substrate) => Some(substrate),
    };
    json!({
        "kind": planned.kind, "version": planned.version, "resource": planned.resource, "substrate": substrate,
        "is_pivot": planned.is_pivot, "parameters": planned.parameters, "description": planned.change,
    })
}

async fn known(transaction: &Transaction<'_>, request: &Request<'_>, plan: &Plan) -> Result<Begun> {
    let key = request.key.map_or("", |key| key.text.as_str());
    let found = super::find_key(transaction, key, plan.kind, &plan.target, &plan.request).await?;
    let gone = || {
        Error::new(
            Kind::Busy,
            "busy",
            "another process uses this idempotency key right now",
        )
    };
    found
        .map(|(operation, is_same)| Begun::Known { operation, is_same })
        .ok_or_else(gone)
}

async fn claimed_by_another(transaction: &Transaction<'_>, id: Uuid, claims: &[String]) -> Result<Begun> {
    let statement = "SELECT resource, operation_id FROM hostctl.claims
        WHERE resource = ANY($1) AND operation_id <> $2 ORDER BY resource LIMIT 1";
    let rows = transaction
        .query_typed(statement, &[(&claims, Type::TEXT_ARRAY), (&id, Type::UUID)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    let gone = || {
        Error::new(
            Kind::Busy,
            "busy",
            "another operation held what this one needs, and has just ended",
        )
    };
    let row = rows.first().ok_or_else(gone)?;
    Ok(Begun::Claimed {
        resource: row.get(0),
        by: row.get(1),
    })
}

async fn insert_secrets(
    transaction: &Transaction<'_>,
    request: &Request<'_>,
    id: Uuid,
    number: i32,
    planned: &PlannedStep,
) -> Result<()> {
    for (name, secret) in &planned.secrets {
        let none = || {
            Error::new(Kind::Usage, "no_keyring", "no key ring is configured").hint("hostctl keyring init")
        };
        let row = secret_row(id, number, name);
        let sealed = request.keyring.ok_or_else(none)?.seal(place(&row), secret)?;
        let statement = "INSERT INTO hostctl.operation_secrets (operation_id, number, name, sealed) VALUES ($1, $2, $3, $4)";
        transaction
            .query_typed(
                statement,
                &[
                    (&id, Type::UUID),
                    (&number, Type::INT4),
                    (name, Type::TEXT),
                    (&sealed, Type::TEXT),
                ],
            )
            .await
            .map_err(|error| sqlstate::error(WHAT, error))?;
    }
    Ok(())
}

pub(super) fn secret_row(operation: Uuid, number: i32, name: &str) -> String {
    format!("{operation}/{number}/{name}")
}

pub(super) fn place(row: &str) -> keyring::Place<'_> {
    keyring::Place {
        purpose: "operation",
        row,
    }
}

/// What makes two requests the same.
pub(super) fn request_hash(kind: &str, target: &str, request: &Value) -> Vec<u8> {
    let text = json!([kind, target, request]).to_string();
    ring::digest::digest(&ring::digest::SHA256, text.as_bytes())
        .as_ref()
        .to_vec()
}

fn event(plan: &Plan, id: Uuid, outcome: Outcome) -> Event<'_> {
    Event {
        action: plan.kind,
        target: &plan.target,
        account: plan.account,
        outcome,
        operation: Some(id),
        details: json!({}),
    }
}

#[expect(clippy::too_many_arguments, reason = "the columns of one transition")]
async fn transition(
    client: &impl GenericClient,
    id: Uuid,
    epoch: i64,
    number: u32,
    state: StepState,
    output: Option<&Value>,
    error: Option<&Error>,
    seconds: Option<f64>,
) -> Result<()> {
    let number = i32::try_from(number).map_err(|_| Error::internal("a plan with too many steps"))?;
    let statement = "SELECT hostctl.journal_step($1, $2, $3, $4, $5, $6, make_interval(secs => $7))";
    let rows = client
        .query_typed(
            statement,
            &[
                (&id, Type::UUID),
                (&epoch, Type::INT8),
                (&number, Type::INT4),
                (&state.word(), Type::TEXT),
                (&output, Type::JSONB),
                (&error.map(describe), Type::JSONB),
                (&seconds, Type::FLOAT8),
            ],
        )
        .await;
    rows.map(|_| ()).map_err(|error| sqlstate::error(WHAT, error))
}

/// An error as the journal keeps it.
pub(super) fn describe(error: &Error) -> Value {
    json!({ "kind": error.kind().word(), "reason": error.reason(), "message": error.message() })
}

/// Whatever the server said to COMMIT, we do not know what became of it.
fn commit_lost(error: &tokio_postgres::Error) -> Error {
    if error.as_db_error().is_some() && !sqlstate::is_lost(error) {
        return Error::unavailable(format!("{WHAT}: the transaction was refused: {error}"));
    }
    Error::new(
        Kind::Unavailable,
        "connection_lost",
        format!("{WHAT}: the connection was lost while committing"),
    )
}
