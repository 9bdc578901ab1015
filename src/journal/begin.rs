//! Beginning an operation: the operation, its steps, its claims and its sealed secrets, in one commit.

use serde_json::{Value, json};
use tokio_postgres::Transaction;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::postgres::{LOCK_CLASS, WHAT, commit_lost};
use super::{Place, Plan, PlannedStep, Secrets, State, StepRecord, StepState};
use crate::config::Config;
use crate::control::{Session, sqlstate};
use crate::error::{Error, Kind, Result};
use crate::keyring::{self, Keyring};
use crate::trail::{self, Actor, Event, Outcome};

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
    /// As [`Begun::Claimed`], by one that has ended since.
    Freed,
    /// The same key was used before.
    Known {
        /// The operation under that key.
        operation: Uuid,
        /// Whether it was for the same request.
        is_same: bool,
    },
}

/// A planned step as the journal would give it back.
pub(super) fn record(operation: Uuid, number: u32, planned: &PlannedStep) -> StepRecord {
    let secrets = planned
        .secrets
        .iter()
        .map(|(name, secret)| (name.clone(), secret.clone()));
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

    /// Whether recovery goes on with it instead of taking it back.
    #[must_use]
    pub fn resumes(&self) -> bool {
        self.steps.iter().any(|step| step.resumes)
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

pub(super) async fn insert(
    session: &mut Session,
    request: &Request<'_>,
    plan: &Plan,
    id: Uuid,
) -> Result<Begun> {
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

pub(super) async fn insert_operation(
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
                idempotency_key, actor, host, holder, result, finished_at, resumes)
            VALUES ($1, $2, $3, $4, $5, hostctl.incarnation(), $6, $7, $8, $9, $10 || jsonb_build_object('backend', pg_backend_pid()),
                $11, CASE WHEN $5 = 'running' THEN NULL ELSE hostctl.now() END, $14)
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
                (&plan.resumes(), Type::BOOL),
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
    Ok(rows.first().map_or(Begun::Freed, |row| Begun::Claimed {
        resource: row.get(0),
        by: row.get(1),
    }))
}

pub(super) async fn insert_secrets(
    transaction: &Transaction<'_>,
    request: &Request<'_>,
    id: Uuid,
    number: i32,
    planned: &PlannedStep,
) -> Result<()> {
    for (name, secret) in &planned.secrets {
        let none = || {
            Error::new(
                Kind::Usage,
                "no_keyring",
                "there are secrets to seal, and no key ring",
            )
            .hint("hostctl keyring check")
        };
        let row = secret_row(id, number, name);
        let sealed = request.keyring.ok_or_else(none)?.seal(place(&row), secret)?;
        let statement = "INSERT INTO hostctl.operation_secrets (operation_id, number, name, sealed, is_kept) VALUES ($1, $2, $3, $4, $5)";
        transaction
            .query_typed(
                statement,
                &[
                    (&id, Type::UUID),
                    (&number, Type::INT4),
                    (name, Type::TEXT),
                    (&sealed, Type::TEXT),
                    (&planned.keeps_secrets, Type::BOOL),
                ],
            )
            .await
            .map_err(|error| sqlstate::error(WHAT, error))?;
    }
    Ok(())
}

/// What a step of a plan that is one commit wrote down, where it wrote something.
pub(super) async fn write_output(
    transaction: &Transaction<'_>,
    step: &StepRecord,
    output: &Value,
) -> Result<()> {
    if output.is_null() {
        return Ok(());
    }
    let number = i32::try_from(step.number).map_err(|_| Error::internal("a plan with too many steps"))?;
    let statement = "UPDATE hostctl.operation_steps SET output = $3 WHERE operation_id = $1 AND number = $2";
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&step.operation, Type::UUID),
        (&number, Type::INT4),
        (output, Type::JSONB),
    ];
    let written = transaction.query_typed(statement, &parameters).await;
    written.map(drop).map_err(|error| sqlstate::error(WHAT, error))
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

pub(super) fn event(plan: &Plan, id: Uuid, outcome: Outcome) -> Event<'_> {
    Event {
        action: plan.kind,
        target: &plan.target,
        account: plan.account,
        outcome,
        operation: Some(id),
        details: json!({}),
    }
}
