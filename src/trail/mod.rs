//! Appending to the audit trail within a given transaction: no row, no deed.
//!
//! What the database sets itself (time, id, transaction, role, address) is not said here; what is said here is who
//! really did it, as the operating system knows.

use serde_json::{Value, json};
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::control::sqlstate;
use crate::env::identity::Identity;
use crate::error::Result;

/// How a deed ended, or that it was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Begun; the end is another row.
    Attempt,
    /// Done.
    Success,
    /// Failed in a way that cannot be taken back.
    Failure,
    /// Not permitted, or in conflict with what is there; nothing was begun.
    Refused,
    /// Failed, and nothing of it remains.
    RolledBack,
    /// Failed, and something of it remains.
    Stuck,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 6] = [
        Outcome::Attempt,
        Outcome::Success,
        Outcome::Failure,
        Outcome::Refused,
        Outcome::RolledBack,
        Outcome::Stuck,
    ];

    /// The word in the table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Attempt => "attempt",
            Outcome::Success => "success",
            Outcome::Failure => "failure",
            Outcome::Refused => "refused",
            Outcome::RolledBack => "rolled_back",
            Outcome::Stuck => "stuck",
        }
    }
}

/// Who is at work, and why.
#[derive(Clone, Debug)]
pub struct Actor {
    /// As the operating system knows.
    pub identity: Identity,
    /// `--reason`.
    pub reason: Option<String>,
}

impl Actor {
    /// The person, as far as it can be known: who logged in, else who called sudo, else the user; `@host` follows.
    #[must_use]
    pub fn name(&self) -> String {
        let who = &self.identity;
        let person = who
            .login_user
            .as_ref()
            .or(who.sudo_user.as_ref())
            .unwrap_or(&who.user);
        format!("{person}@{}", who.host)
    }
}

/// One row.
#[derive(Debug)]
pub struct Event<'a> {
    /// `noun.verb`.
    pub action: &'a str,
    /// What it was done to.
    pub target: &'a str,
    /// Whose that is.
    pub account: Option<Uuid>,
    /// How it ended.
    pub outcome: Outcome,
    /// The operation, if it was one.
    pub operation: Option<Uuid>,
    /// Anything more; no secret.
    pub details: Value,
}

/// Appends `event` to the trail; it stands or falls with the transaction of `client`.
///
/// # Errors
/// Those of the control database.
pub async fn append(client: &impl GenericClient, actor: &Actor, event: &Event<'_>) -> Result<()> {
    let who = &actor.identity;
    let mut details = event.details.clone();
    if let (Some(reason), Value::Object(map)) = (&actor.reason, &mut details) {
        map.insert("reason".to_owned(), json!(reason));
    }
    let statement =
        "INSERT INTO hostctl.audit_logs (actor, action, target, account_id, outcome, request_id, details,
            os_user, login_user, sudo_user, tty, ssh_client, host, program)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::inet, $13, $14)";
    let rows = client
        .query_typed(
            statement,
            &[
                (&actor.name(), Type::TEXT),
                (&event.action, Type::TEXT),
                (&event.target, Type::TEXT),
                (&event.account, Type::UUID),
                (&event.outcome.word(), Type::TEXT),
                (&event.operation.map(|id| id.to_string()), Type::TEXT),
                (&details, Type::JSONB),
                (&who.user, Type::TEXT),
                (&who.login_user, Type::TEXT),
                (&who.sudo_user, Type::TEXT),
                (&who.tty, Type::TEXT),
                (&who.ssh_client.map(|address| address.to_string()), Type::TEXT),
                (&who.host, Type::TEXT),
                (&concat!("hostctl ", env!("CARGO_PKG_VERSION")), Type::TEXT),
            ],
        )
        .await;
    rows.map(|_| ())
        .map_err(|error| sqlstate::error("the audit trail", error))
}

/// Makes the partitions of this month and of `months` to come where they are missing. Gives how many were made.
///
/// # Errors
/// Those of the control database.
pub async fn partitions_ahead(client: &impl GenericClient, months: i32) -> Result<i32> {
    let statement = "SELECT hostctl.audit_partitions_ahead($1)";
    let rows = client.query_typed(statement, &[(&months, Type::INT4)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the audit trail", error))?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}
