//! What `doctor` asks of the control database: reachable, understood, durable, a session that stays, one clock.

use serde::Serialize;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::connect::Target;
use super::{Session, pooler, schema, session, sqlstate};
use crate::clock;
use crate::config::Config;
use crate::env::deadline::Deadline;
use crate::error::{Error, Result};

const SUBJECT: &str = "control database";
/// Above so many milliseconds the clocks of host and database differ noticeably.
const CLOCK_DIFFERENCE_MS: i64 = 2000;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, and somebody should know.
    Warning,
    /// Something of ours cannot work.
    Failed,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at: `cluster main`.
    pub subject: String,
    /// How bad it is.
    pub level: Level,
    /// What was found.
    pub message: String,
    /// What helps, if anything does.
    pub hint: Option<String>,
}

impl Check {
    /// A finding without a hint.
    #[must_use]
    pub fn new(subject: &str, level: Level, message: impl Into<String>) -> Self {
        Check {
            subject: subject.to_owned(),
            level,
            message: message.into(),
            hint: None,
        }
    }

    /// Adds what helps.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What failed with `error`.
    #[must_use]
    pub fn failed(subject: &str, error: &Error) -> Self {
        let hint = error.hint_text().map(ToOwned::to_owned);
        Check {
            hint,
            ..Check::new(subject, Level::Failed, error.message())
        }
    }
}

/// Looks at the control database. What cannot be asked is a finding, and ends only what depends on it.
pub async fn checks(config: &Config, deadline: Deadline) -> Vec<Check> {
    let mut findings = Vec::new();
    let looked = async {
        let target = session::target(config)?;
        let client = target.connect(deadline).await?;
        findings.push(deadline.run(SUBJECT, server(&client, &target)).await?);
        for outcome in [
            deadline
                .run(SUBJECT, role_and_schema(config, &target, deadline))
                .await,
            deadline
                .run(SUBJECT, one_server(&target, &client, deadline))
                .await,
            deadline.run(SUBJECT, durability(&client)).await,
            deadline.run(SUBJECT, clocks(&client)).await,
        ] {
            findings.push(outcome.unwrap_or_else(|error| Check::failed(SUBJECT, &error)));
        }
        Ok(())
    };
    let looked: Result<()> = looked.await;
    findings.extend(looked.err().map(|error| Check::failed(SUBJECT, &error)));
    findings
}

async fn server(client: &Client, target: &Target) -> Result<Check> {
    let version: i32 = one(client, "SELECT current_setting('server_version_num')::int")
        .await?
        .get(0);
    let (host, port) = target.address();
    let message = format!(
        "PostgreSQL {} at {host}:{port}, role {}",
        version / 10_000,
        target.user()
    );
    Ok(Check::new(SUBJECT, Level::Ok, message))
}

async fn role_and_schema(config: &Config, target: &Target, deadline: Deadline) -> Result<Check> {
    // What every verb does first: it says which of role and schema is not as it has to be.
    Session::open(config, deadline).await?;
    let status = schema::status(target, deadline).await?;
    let version = status.found.unwrap_or(0);
    Ok(match version > status.newest {
        false => Check::new(SUBJECT, Level::Ok, format!("schema {version} is current")),
        true => Check::new(
            SUBJECT,
            Level::Warning,
            format!("schema {version} is of a newer release"),
        )
        .hint("update hostctl on this host"),
    })
}

async fn one_server(target: &Target, client: &Client, deadline: Deadline) -> Result<Check> {
    pooler::refuse(target, client, deadline).await?;
    Ok(Check::new(
        SUBJECT,
        Level::Ok,
        "a session keeps its server: no transaction pooler in between",
    ))
}

async fn durability(client: &Client) -> Result<Check> {
    let statement =
        "SELECT current_setting('synchronous_standby_names') <> '', current_setting('fsync')::bool";
    let row = one(client, statement).await?;
    let (has_standby, syncs): (bool, bool) = (row.get(0), row.get(1));
    Ok(match (syncs, has_standby) {
        (false, _) => Check::new(
            SUBJECT,
            Level::Warning,
            "fsync is off: a power cut may lose the journal",
        )
        .hint("ALTER SYSTEM SET fsync = on; SELECT pg_reload_conf()"),
        (true, false) => Check::new(
            SUBJECT,
            Level::Warning,
            "no synchronous standby: a fail-over may lose what was done last",
        )
        .hint("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (<standby>)'"),
        (true, true) => Check::new(SUBJECT, Level::Ok, "commits wait for a synchronous standby"),
    })
}

async fn clocks(client: &Client) -> Result<Check> {
    let before = clock::now().as_millisecond();
    let row = one(
        client,
        "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint",
    )
    .await?;
    let after = clock::now().as_millisecond();
    Ok(clock_difference(row.get::<_, i64>(0), before, after))
}

/// The database's time was read somewhere between `before` and `after`.
fn clock_difference(there: i64, before: i64, after: i64) -> Check {
    let difference = if there < before {
        before - there
    } else {
        (there - after).max(0)
    };
    if difference <= CLOCK_DIFFERENCE_MS {
        return Check::new(SUBJECT, Level::Ok, "its clock and this host's agree");
    }
    let (tenths, order) = (
        difference / 100,
        if there < before { "behind" } else { "ahead of" },
    );
    let message = format!(
        "its clock is {}.{} s {order} this host's",
        tenths / 10,
        tenths % 10
    );
    Check::new(SUBJECT, Level::Warning, message).hint("run an NTP client on both")
}

async fn one(client: &Client, statement: &str) -> Result<tokio_postgres::Row> {
    let none: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 0] = [];
    let rows = client
        .query_typed(statement, &none)
        .await
        .map_err(|error| sqlstate::error("the control database", error))?;
    rows.into_iter()
        .next()
        .ok_or_else(|| Error::internal("a query without its row"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_answer_is_no_clock_difference() {
        for (there, level) in [
            (1000, Level::Ok),
            (9000, Level::Ok),
            (-1001, Level::Warning),
            (11_001, Level::Warning),
        ] {
            assert_eq!(clock_difference(there, 1000, 9000).level, level, "{there}");
        }
        let late = clock_difference(12_300, 1000, 9000);
        assert_eq!(late.message, "its clock is 3.3 s ahead of this host's");
    }
}
