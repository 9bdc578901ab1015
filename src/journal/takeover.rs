//! Taking over an operation whose process is gone: the lock, a new epoch, the steps as they stand.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::begin::{place, secret_row};
use super::incarnation::{another_life, known};
use super::postgres::LOCK_CLASS;
use super::{Holder, Operation, Place, Secrets, State, StepRecord, StepState};
use crate::control::{Session, sqlstate};
use crate::env::deadline::Deadline;
use crate::env::identity::{Lives, process_lives};
use crate::error::{Error, Kind, Result};
use crate::keyring::Keyring;
use crate::trail::Actor;

const WHAT: &str = "the journal";
/// A backend of a dead client may still be in CREATE DATABASE and keeps the lock until it ends.
const BACKEND_PATIENCE: Duration = Duration::from_secs(30);

/// Sessions `l` that have the lock of the operation `$1`. Keys are counted from 1 in each control database, and other databases
/// have locks of their own under the same: those are not ours.
const HOLDERS: &str = "FROM pg_locks l JOIN hostctl.operations o ON l.objid = o.lock_key::oid
    WHERE o.id = $1 AND l.locktype = 'advisory' AND l.classid = $2::int::oid AND l.objsubid = 2 AND l.granted
        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())";

/// An operation that this session holds now.
#[derive(Debug)]
pub struct Taken {
    /// Which.
    pub id: Uuid,
    /// The epoch under which we work.
    pub epoch: i64,
    /// The command's words.
    pub kind: String,
    /// What it is about.
    pub target: String,
    /// Whose that is.
    pub account: Option<Uuid>,
    /// As it stood.
    pub state: State,
    /// Its steps as they stood.
    pub steps: Vec<StepRecord>,
}

/// Operations that recovery has to look at: open ones, oldest first.
///
/// # Errors
/// Those of the control database.
pub async fn open_operations(session: &Session) -> Result<Vec<Operation>> {
    super::list(
        &**session,
        &super::Selection {
            is_open: true,
            ..super::Selection::default()
        },
    )
    .await
}

/// The operations that hold one of `claims`.
///
/// # Errors
/// Those of the control database.
pub async fn claimants(session: &Session, claims: &[String]) -> Result<BTreeSet<Uuid>> {
    let statement = "SELECT c.operation_id FROM hostctl.claims c WHERE c.resource = ANY($1)";
    let rows = session
        .query_typed(statement, &[(&claims, Type::TEXT_ARRAY)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Takes `operation` over, or says who holds it.
///
/// # Errors
/// `busy`, reason `held`, where a living process holds it; `conflict`, reason `incarnation`, after a fail-over of the
/// control database; those of the control database.
pub async fn take_over(
    session: &Session,
    operation: &Operation,
    actor: &Actor,
    keyring: Option<&Keyring>,
    wait: Duration,
) -> Result<Taken> {
    lock(session, operation, wait).await?;
    let who = &actor.identity;
    let holder = serde_json::json!({
        "user": who.user, "sudo_user": who.sudo_user, "host": who.host, "pid": who.pid, "start_ticks": who.start_ticks,
        "boot_id": who.boot_id, "program": concat!("hostctl ", env!("CARGO_PKG_VERSION")),
    });
    // Whatever a predecessor had under way may still arrive until its deadline: sweep until then.
    let statement = "UPDATE hostctl.operations o SET epoch = epoch + 1, host = $2,
            holder = $3 || jsonb_build_object('backend', pg_backend_pid()),
            sweep_until = greatest(sweep_until, (SELECT max(s.deadline) FROM hostctl.operation_steps s
                WHERE s.operation_id = o.id AND s.state IN ('intent', 'unknown', 'undoing')))
        WHERE id = $1 AND state IN ('running', 'unwinding', 'stuck') AND incarnation = hostctl.incarnation()
        RETURNING epoch, kind, target, account_id, state";
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 3] = [
        (&operation.id, Type::UUID),
        (&who.host, Type::TEXT),
        (&holder, Type::JSONB),
    ];
    let rows = session
        .query_typed(statement, &parameters)
        .await
        .map_err(|error| sqlstate::error(WHAT, error))?;
    let Some(row) = rows.first() else {
        let refusal = not_taken(session, operation).await;
        unlock(session, operation).await;
        return Err(refusal);
    };
    let state = State::from_word(row.get(4)).ok_or_else(|| Error::internal("an unknown state"))?;
    Ok(Taken {
        id: operation.id,
        epoch: row.get(0),
        kind: row.get(1),
        target: row.get(2),
        account: row.get(3),
        state,
        steps: load_steps(session, operation.id, keyring).await?,
    })
}

/// Why there was nothing to take over.
async fn not_taken(session: &Session, operation: &Operation) -> Error {
    match known(&**session, &[operation.id]).await {
        Ok(known) if known.values().any(|known| !known.is_of_this_life) => another_life(format!(
            "operation {} is from before a fail-over of the control database",
            operation.id
        )),
        Ok(_) => Error::new(
            Kind::NotFound,
            "ended",
            format!("operation {} has ended meanwhile", operation.id),
        ),
        Err(error) => error,
    }
}

/// Ends the database session of whoever holds `operation`.
///
/// # Errors
/// `denied` where this role may not end it.
pub async fn fence(session: &Session, operation: &Operation) -> Result<()> {
    let statement = "RESET ROLE";
    session
        .batch_execute(statement)
        .await
        .map_err(|error| sqlstate::error(WHAT, error))?;
    let statement = format!("SELECT pg_terminate_backend(l.pid) {HOLDERS}");
    let ended = session
        .query_typed(
            &statement,
            &[(&operation.id, Type::UUID), (&LOCK_CLASS, Type::INT4)],
        )
        .await;
    ended.map_err(|error| sqlstate::error("ending the holder's session", error))?;
    session
        .batch_execute("SET ROLE hostctl_admin")
        .await
        .map_err(|error| sqlstate::error(WHAT, error))
}

/// Whether a process that may be alive holds `operation`.
///
/// # Errors
/// Those of the control database.
pub async fn is_held(session: &Session, operation: &Operation) -> Result<bool> {
    let statement = format!("SELECT EXISTS (SELECT {HOLDERS})");
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
        [(&operation.id, Type::UUID), (&LOCK_CLASS, Type::INT4)];
    let rows = session.query_typed(&statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    Ok(rows.first().is_some_and(|row| row.get(0)) && !is_gone(&operation.holder))
}

async fn lock(session: &Session, operation: &Operation, wait: Duration) -> Result<()> {
    let is_dead = is_gone(&operation.holder);
    let patience = if is_dead { BACKEND_PATIENCE.max(wait) } else { wait };
    let deadline = Deadline::after(patience);
    loop {
        let statement = "SELECT pg_try_advisory_lock($1, lock_key) FROM hostctl.operations WHERE id = $2";
        let rows = session
            .query_typed(
                statement,
                &[(&LOCK_CLASS, Type::INT4), (&operation.id, Type::UUID)],
            )
            .await;
        let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
        match rows.first().map(|row| row.get::<_, bool>(0)) {
            Some(true) => return Ok(()),
            None => {
                return Err(Error::new(
                    Kind::NotFound,
                    "not_found",
                    format!("no operation {}", operation.id),
                ));
            }
            // Since it was read another one may have taken it over.
            Some(false) if deadline.is_spent() => {
                return Err(held(&super::find(&**session, operation.id).await?));
            }
            Some(false) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn unlock(session: &Session, operation: &Operation) {
    let statement = "SELECT pg_advisory_unlock($1, lock_key) FROM hostctl.operations WHERE id = $2";
    // The session ends soon anyway, and the lock with it.
    let _ = session
        .query_typed(
            statement,
            &[(&LOCK_CLASS, Type::INT4), (&operation.id, Type::UUID)],
        )
        .await;
}

/// Whether the holder was a process of this host and boot that is no more.
pub(super) fn is_gone(holder: &Holder) -> bool {
    let here = crate::env::identity::host_name();
    holder.host == here && process_lives(holder.pid, holder.start_ticks) == Lives::No
}

/// Whether this very process is the holder.
#[must_use]
pub fn is_held_by(operation: &Operation, actor: &Actor) -> bool {
    let (holder, who) = (&operation.holder, &actor.identity);
    holder.host == who.host && holder.pid == who.pid && holder.start_ticks == who.start_ticks
}

/// The refusal that names a living holder.
#[must_use]
pub fn held(operation: &Operation) -> Error {
    let holder = &operation.holder;
    let message = format!(
        "{} {} is held by {} (pid {}) on {} since {}",
        operation.kind.replace('.', " "),
        operation.target,
        holder.user,
        holder.pid,
        holder.host,
        operation.started_at,
    );
    Error::new(Kind::Busy, "held", message)
        .operation(operation.id.to_string())
        .hint(format!(
            "wait with --lock-wait 60s, or look: hostctl op show {}",
            operation.id
        ))
}

/// The steps of a finished operation, with those of its secrets that were kept.
///
/// # Errors
/// Those of the control database; `usage` where the key ring cannot open them.
pub async fn finished_steps(
    session: &Session,
    operation: &Operation,
    keyring: Option<&Keyring>,
) -> Result<Vec<StepRecord>> {
    load_steps(session, operation.id, keyring).await
}

pub(super) async fn load_steps(
    session: &Session,
    id: Uuid,
    keyring: Option<&Keyring>,
) -> Result<Vec<StepRecord>> {
    let statement = "SELECT number, kind, version, resource, substrate, is_pivot, parameters, state, output
        FROM hostctl.operation_steps WHERE operation_id = $1 ORDER BY number";
    let rows = session.query_typed(statement, &[(&id, Type::UUID)]).await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    let mut steps = Vec::with_capacity(rows.len());
    for row in rows {
        let number: i32 = row.get(0);
        let substrate: Option<String> = row.get(4);
        let state: &str = row.get(7);
        steps.push(StepRecord {
            operation: id,
            number: u32::try_from(number).map_err(|_| Error::internal("a step with a negative number"))?,
            kind: row.get(1),
            version: row.get(2),
            resource: row.get(3),
            place: substrate.map_or(Place::Control, Place::Outside),
            is_pivot: row.get(5),
            parameters: row.get(6),
            secrets: load_secrets(session, id, number, keyring).await?,
            state: StepState::from_word(state)
                .ok_or_else(|| Error::internal("a step in an unknown state"))?,
            output: row.get::<_, Option<Value>>(8),
        });
    }
    Ok(steps)
}

async fn load_secrets(
    session: &Session,
    id: Uuid,
    number: i32,
    keyring: Option<&Keyring>,
) -> Result<Secrets> {
    // Going back rarely needs them; whoever does says which one is missing.
    let Some(keyring) = keyring else {
        return Ok(Secrets::default());
    };
    let statement =
        "SELECT name, sealed FROM hostctl.operation_secrets WHERE operation_id = $1 AND number = $2";
    let rows = session
        .query_typed(statement, &[(&id, Type::UUID), (&number, Type::INT4)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    let opened = rows.iter().map(|row| {
        let name: String = row.get(0);
        let secret = keyring.open(place(&secret_row(id, number, &name)), row.get(1))?;
        Ok((name, secret))
    });
    opened.collect::<Result<_>>().map(Secrets)
}
