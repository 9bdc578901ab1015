//! Plans for a database that stays: suspending, resuming, limits. Pure. A plan without steps says that all is so already.

use serde_json::{Value, json};

use super::alter_row::RowState;
use super::limits::{Limits, of_database};
use super::observe::Existing;
use super::plan::change;
use super::suspend::{Door, Doorway};
use super::{AlterRow, Extend, Resume, SetLimits, Suspend};
use crate::error::{Error, Result};
use crate::journal::{Plan, PlannedStep};
use crate::model::Quota;

/// What is wanted of a database; what is absent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// No limit of sessions and times, save those given beside.
    pub unlimited: bool,
    /// How many sessions at once.
    pub connections: Option<u32>,
    /// The longest statement.
    pub statement_timeout_ms: Option<u64>,
    /// The longest idle transaction.
    pub idle_in_transaction_timeout_ms: Option<u64>,
    /// Whether the tenant may make schemas.
    pub may_create: Option<bool>,
    /// How large it should be at most.
    pub quota: Option<Quota>,
}

/// Plans shutting the tenant out.
///
/// # Errors
/// `internal` only.
pub fn plan_suspend(existing: &Existing) -> Result<Plan> {
    let row = RowState::of(&existing.database);
    let mut steps = Vec::new();
    if existing.door.can_login || existing.door.can_connect || existing.door.connections != 0 {
        let step = Suspend(doorway(existing, Door::CLOSED));
        steps.push(PlannedStep::outside(
            &step,
            change(
                "suspend",
                existing.subject.words(),
                Some(words(existing.door)),
                Some("no login"),
            ),
        )?);
    }
    let after = RowState {
        state: RowState::SUSPENDED.to_owned(),
        // Closed by hand before: the limit that the database has is the one its role had.
        suspended_connections: row.suspended_connections.or(Some(existing.door.connections)),
        ..row.clone()
    };
    steps.extend(alter_row(existing, "record", row, after, false)?);
    Ok(plan(existing, "db.suspend", steps, RowState::SUSPENDED))
}

/// Plans letting the tenant in again, unless its account is suspended by the time.
///
/// # Errors
/// `internal` only.
pub fn plan_resume(existing: &Existing) -> Result<Plan> {
    resume(existing, true)
}

/// As [`plan_resume`], on the way to waking the account itself.
///
/// # Errors
/// `internal` only.
pub fn plan_reopen(existing: &Existing) -> Result<Plan> {
    resume(existing, false)
}

fn resume(existing: &Existing, wants_awake: bool) -> Result<Plan> {
    let row = RowState::of(&existing.database);
    let mut steps = Vec::new();
    let open = Door {
        can_login: true,
        connections: row.suspended_connections.unwrap_or(existing.door.connections),
        can_connect: true,
    };
    if existing.door != open {
        let step = Resume(doorway(existing, open));
        steps.push(PlannedStep::outside(
            &step,
            change(
                "resume",
                existing.subject.words(),
                Some(words(existing.door)),
                Some("login"),
            ),
        )?);
    }
    let after = RowState {
        state: RowState::ACTIVE.to_owned(),
        suspended_connections: None,
        ..row.clone()
    };
    steps.extend(alter_row(existing, "record", row, after, wants_awake)?);
    Ok(plan(existing, "db.resume", steps, RowState::ACTIVE))
}

/// Plans other limits, the extensions `missing` (none of them is there), and another quota.
///
/// # Errors
/// `internal` only.
pub fn plan_set(existing: &Existing, limits: &Limits, missing: Vec<String>, wanted: &Wanted) -> Result<Plan> {
    let (subject, row) = (&existing.subject, &existing.database);
    let mut steps = Vec::new();
    let mut after = wanted.applied_to(limits)?;
    let before = RowState::of(row);
    let mut suspended_connections = before.suspended_connections;
    // A suspended role has no sessions: its limit waits in the inventory.
    if row.state == RowState::SUSPENDED && wanted.changes_connections() {
        suspended_connections = Some(after.connections);
        after.connections = limits.connections;
    }
    if after != *limits {
        let step = SetLimits {
            subject: subject.clone(),
            database_operation: row.database_operation,
            role_operation: row.role_operation,
            before: limits.clone(),
            after: after.clone(),
        };
        let resource = format!("limits of {}", subject.words());
        steps.push(PlannedStep::outside(
            &step,
            change("change", resource, Some(&limits.words()), Some(&after.words())),
        )?);
    }
    if !missing.is_empty() {
        let names = missing.join(", ");
        let step = Extend {
            subject: subject.clone(),
            database_operation: row.database_operation,
            extensions: missing,
        };
        let resource = format!("extensions of {}", subject.words());
        steps.push(PlannedStep::outside(
            &step,
            change("install", resource, None, Some(&names)),
        )?);
    }
    let quota_bytes = match wanted.quota {
        None => before.quota_bytes,
        Some(quota) => quota.bytes().and_then(|bytes| i64::try_from(bytes).ok()),
    };
    steps.extend(alter_row(
        existing,
        "record",
        before.clone(),
        RowState {
            suspended_connections,
            quota_bytes,
            may_create: wanted.may_create.or(before.may_create),
            ..before
        },
        false,
    )?);
    Ok(plan(existing, "db.set", steps, &row.state))
}

/// Plans that the row says this state, and that the role of a suspended database gets this limit of sessions when it is resumed,
/// unlimited where absent; nothing where all of that is so.
///
/// # Errors
/// `internal` only.
pub fn plan_row(existing: &Existing, state: &str, connections: Option<u32>) -> Result<Option<PlannedStep>> {
    let before = RowState::of(&existing.database);
    let connections = connections.and_then(|count| i32::try_from(count).ok());
    let suspended_connections = match (state, state == before.state) {
        (RowState::SUSPENDED, _) => Some(connections.unwrap_or(-1)),
        (_, true) => before.suspended_connections,
        (_, false) => None,
    };
    let after = RowState {
        state: state.to_owned(),
        suspended_connections,
        ..before.clone()
    };
    alter_row(existing, "mend", before, after, false)
}

impl Wanted {
    fn changes_connections(&self) -> bool {
        self.unlimited || self.connections.is_some()
    }

    fn applied_to(&self, limits: &Limits) -> Result<Limits> {
        let connections = match (self.connections, self.unlimited) {
            (Some(number), _) => {
                Some(i32::try_from(number).map_err(|_| Error::internal("a limit beyond 31 bits"))?)
            }
            (None, true) => Some(-1),
            (None, false) => None,
        };
        // 0 is the server's word for no limit at all, whatever its own default is.
        let time = |wanted: Option<u64>, before: &Option<String>| match (wanted, self.unlimited) {
            (Some(milliseconds), _) => Some(format!("{milliseconds}ms")),
            (None, true) => Some("0".to_owned()),
            (None, false) => before.clone(),
        };
        Ok(Limits {
            connections: connections.unwrap_or(limits.connections),
            database_connections: connections.map_or(limits.database_connections, of_database),
            statement_timeout: time(self.statement_timeout_ms, &limits.statement_timeout),
            idle_in_transaction_timeout: time(
                self.idle_in_transaction_timeout_ms,
                &limits.idle_in_transaction_timeout,
            ),
            may_create: self.may_create.unwrap_or(limits.may_create),
        })
    }
}

impl Limits {
    /// In words, for a plan.
    fn words(&self) -> String {
        let connections = match self.connections {
            -1 => "unlimited connections".to_owned(),
            number => format!("{number} connections"),
        };
        let time = |name: &str, value: &Option<String>| match value.as_deref() {
            None => format!("{name} of the server"),
            Some("0") => format!("no {name}"),
            Some(value) => format!("{name} {value}"),
        };
        let statement = time("statement timeout", &self.statement_timeout);
        let idle = time("idle timeout", &self.idle_in_transaction_timeout);
        let schemas = if self.may_create { "schemas" } else { "no schemas" };
        [connections, statement, idle, schemas.to_owned()].join(", ")
    }
}

fn words(door: Door) -> &'static str {
    if door.can_login { "login" } else { "no login" }
}

fn doorway(existing: &Existing, after: Door) -> Doorway {
    Doorway {
        subject: existing.subject.clone(),
        database_operation: existing.database.database_operation,
        role_operation: existing.database.role_operation,
        comment: existing.database_comment.clone(),
        before: existing.door,
        after,
    }
}

fn alter_row(
    existing: &Existing,
    action: &'static str,
    before: RowState,
    after: RowState,
    wants_awake: bool,
) -> Result<Option<PlannedStep>> {
    if before == after {
        return Ok(None);
    }
    let gets_other =
        before.state == after.state && before.suspended_connections != after.suspended_connections;
    let shown = |row: &RowState| {
        let quota = row.quota_bytes.map(|bytes| format!(", quota {bytes} B"));
        let connections = match row.suspended_connections.filter(|_| gets_other) {
            Some(-1) => Some(", unlimited connections when resumed".to_owned()),
            Some(number) => Some(format!(", {number} connections when resumed")),
            None => None,
        };
        let schemas = match row.may_create.filter(|_| before.may_create != after.may_create) {
            Some(true) => Some(", schemas".to_owned()),
            Some(false) => Some(", no schemas".to_owned()),
            None => None,
        };
        [Some(row.state.clone()), quota, connections, schemas]
            .into_iter()
            .flatten()
            .collect::<String>()
    };
    let description = change(
        action,
        existing.subject.words(),
        Some(&shown(&before)),
        Some(&shown(&after)),
    );
    let step = AlterRow {
        subject: existing.subject.clone(),
        database_operation: existing.database.database_operation,
        before,
        after,
        wants_awake,
    };
    PlannedStep::in_control(&step, description).map(Some)
}

fn plan(existing: &Existing, kind: &'static str, steps: Vec<PlannedStep>, state: &str) -> Plan {
    let subject = &existing.subject;
    Plan {
        kind,
        target: subject.name.to_string(),
        account: Some(existing.database.account_id),
        request: Value::Null,
        steps,
        claims: vec![subject.resource()],
        result: json!({ "database": subject.name, "cluster": subject.cluster, "state": state }),
    }
}
