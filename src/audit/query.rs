//! Asking the trail. Only the predicates that are given go into the SQL, their values as parameters; what is long comes in
//! keyset pages over (ts, id), never by OFFSET.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::{Moment, Pattern};
use crate::control::sqlstate;
use crate::error::Result;

/// How many rows are in memory at once.
const PAGE: i64 = 1000;

/// One row of the trail, by the names that panels write it under.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Unique.
    pub id: i64,
    /// Set by the database, microseconds.
    pub ts: Timestamp,
    /// Who, as the writer says: `root@web1.example.net`.
    pub actor: String,
    /// `noun.verb`.
    pub action: String,
    /// To what.
    pub target: Option<String>,
    /// `attempt`, `success`, `failure`, `refused`, `rolled_back` or `stuck`.
    pub outcome: String,
    /// The name of the account, where there is still such an account.
    pub account: Option<String>,
    /// The account.
    pub account_id: Option<Uuid>,
    /// The operation, or whatever else holds several rows together.
    pub request_id: Option<String>,
    /// The address of whoever asked.
    pub ip: Option<String>,
    /// Anything more.
    pub details: Value,
    /// The operating-system user.
    pub os_user: Option<String>,
    /// Who logged in.
    pub login_user: Option<String>,
    /// Who called sudo.
    pub sudo_user: Option<String>,
    /// The terminal.
    pub tty: Option<String>,
    /// Where an SSH session came from.
    pub ssh_client: Option<String>,
    /// The host.
    pub host: Option<String>,
    /// The program and its version.
    pub program: Option<String>,
    /// The database role, set by the database.
    pub db_role: String,
    /// The address of the database's client, set by the database; absent for a local socket.
    pub db_address: Option<String>,
    /// The transaction, set by the database.
    pub tx: String,
}

/// Which rows.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Not before.
    pub since: Option<Moment>,
    /// Before.
    pub until: Option<Moment>,
    /// Who.
    pub actor: Option<Pattern>,
    /// What.
    pub action: Option<Pattern>,
    /// To what.
    pub target: Option<Pattern>,
    /// How it ended.
    pub outcome: Option<String>,
    /// Whose.
    pub account: Option<Uuid>,
}

const SELECT: &str = "SELECT l.id, l.ts, l.actor, l.action, l.target, l.outcome, a.name, l.account_id, l.request_id,
        host(l.ip), l.details, l.os_user, l.login_user, l.sudo_user, l.tty, host(l.ssh_client), l.host, l.program,
        l.db_role, host(l.db_address), l.tx::text
    FROM hostctl.audit_logs l LEFT JOIN hostctl.accounts a ON a.id = l.account_id";

/// A statement that grows with its parameters.
#[derive(Default)]
struct Question {
    conditions: Vec<String>,
    parameters: Vec<(Box<dyn ToSql + Sync + Send>, Type)>,
}

impl Question {
    /// Adds a predicate; `?` stands for the next parameter.
    fn ask(&mut self, condition: &str, value: impl ToSql + Sync + Send + 'static, kind: Type) {
        self.parameters.push((Box::new(value), kind));
        self.conditions
            .push(condition.replace('?', &format!("${}", self.parameters.len())));
    }

    fn ask_pattern(&mut self, column: &str, pattern: Option<&Pattern>) {
        match pattern {
            Some(open) if open.is_open() => self.ask(&format!("{column} LIKE ?"), open.like(), Type::TEXT),
            Some(exact) => self.ask(&format!("{column} = ?"), exact.text().to_owned(), Type::TEXT),
            None => {}
        }
    }

    fn new(selection: &Selection, now: Timestamp) -> Self {
        let mut question = Question::default();
        if let Some(since) = selection.since {
            question.ask("l.ts >= ?", since.from(now), Type::TIMESTAMPTZ);
        }
        if let Some(until) = selection.until {
            question.ask("l.ts < ?", until.from(now), Type::TIMESTAMPTZ);
        }
        question.ask_pattern("l.actor", selection.actor.as_ref());
        question.ask_pattern("l.action", selection.action.as_ref());
        question.ask_pattern("l.target", selection.target.as_ref());
        if let Some(outcome) = &selection.outcome {
            question.ask("l.outcome = ?", outcome.clone(), Type::TEXT);
        }
        if let Some(account) = selection.account {
            question.ask("l.account_id = ?", account, Type::UUID);
        }
        question
    }

    fn statement(&self, rest: &str) -> String {
        let conditions = if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.conditions.join(" AND "))
        };
        format!("{SELECT}{conditions} {rest}")
    }

    async fn answer(&self, client: &impl GenericClient, rest: &str) -> Result<Vec<Entry>> {
        let parameters: Vec<(&(dyn ToSql + Sync), Type)> = self
            .parameters
            .iter()
            .map(|(value, kind)| (&**value as &(dyn ToSql + Sync), kind.clone()))
            .collect();
        let rows = client.query_typed(&self.statement(rest), &parameters).await;
        Ok(rows
            .map_err(|error| sqlstate::error("the audit trail", error))?
            .iter()
            .map(entry)
            .collect())
    }
}

/// The newest `limit` rows of a selection, oldest of them first.
///
/// # Errors
/// Those of the control database.
pub async fn newest(client: &impl GenericClient, selection: &Selection, limit: u32) -> Result<Vec<Entry>> {
    let question = Question::new(selection, now(client).await?);
    let mut entries = question
        .answer(client, &format!("ORDER BY l.ts DESC, l.id DESC LIMIT {limit}"))
        .await?;
    entries.reverse();
    Ok(entries)
}

/// All rows of a selection, oldest first, page by page.
#[derive(Debug)]
pub struct Pages {
    selection: Selection,
    now: Timestamp,
    after: Option<(Timestamp, i64)>,
    is_over: bool,
}

impl Pages {
    /// Nothing is read yet but the time.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn new(client: &impl GenericClient, selection: Selection) -> Result<Self> {
        Ok(Pages {
            selection,
            now: now(client).await?,
            after: None,
            is_over: false,
        })
    }

    /// The next page; empty at the end.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn next(&mut self, client: &impl GenericClient) -> Result<Vec<Entry>> {
        if self.is_over {
            return Ok(Vec::new());
        }
        let mut question = Question::new(&self.selection, self.now);
        if let Some((ts, id)) = self.after {
            question.ask("l.ts >= ?", ts, Type::TIMESTAMPTZ);
            let first = question.parameters.len();
            question.ask(&format!("(l.ts, l.id) > (${first}, ?)"), id, Type::INT8);
        }
        let page = question
            .answer(client, &format!("ORDER BY l.ts, l.id LIMIT {PAGE}"))
            .await?;
        self.after = page.last().map(|entry| (entry.ts, entry.id)).or(self.after);
        self.is_over = i64::try_from(page.len()) != Ok(PAGE);
        Ok(page)
    }
}

/// The database's time: "24 hours ago" is counted from the clock that wrote the rows.
async fn now(client: &impl GenericClient) -> Result<Timestamp> {
    let rows = client.query_typed("SELECT hostctl.now()", &[]).await;
    let rows = rows.map_err(|error| sqlstate::error("the audit trail", error))?;
    Ok(rows.first().map_or_else(crate::clock::now, |row| row.get(0)))
}

fn entry(row: &Row) -> Entry {
    Entry {
        id: row.get(0),
        ts: row.get(1),
        actor: row.get(2),
        action: row.get(3),
        target: row.get(4),
        outcome: row.get(5),
        account: row.get(6),
        account_id: row.get(7),
        request_id: row.get(8),
        ip: row.get(9),
        details: row.get(10),
        os_user: row.get(11),
        login_user: row.get(12),
        sudo_user: row.get(13),
        tty: row.get(14),
        ssh_client: row.get(15),
        host: row.get(16),
        program: row.get(17),
        db_role: row.get(18),
        db_address: row.get(19),
        tx: row.get(20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(selection: &Selection) -> (String, usize) {
        let question = Question::new(selection, Timestamp::UNIX_EPOCH);
        let statement = question.statement("");
        let conditions = statement
            .split_once(" WHERE ")
            .map_or("", |(_, conditions)| conditions);
        (conditions.trim().to_owned(), question.parameters.len())
    }

    #[test]
    fn only_what_is_given_is_asked() {
        assert_eq!(asked(&Selection::default()), (String::new(), 0));
        let selection = Selection {
            action: Some("db.*".parse().expect("pattern")),
            target: Some("shop' OR '1'='1".parse().expect("pattern")),
            outcome: Some("success".to_owned()),
            ..Selection::default()
        };
        assert_eq!(
            asked(&selection),
            (
                "l.action LIKE $1 AND l.target = $2 AND l.outcome = $3".to_owned(),
                3
            )
        );
    }
}
