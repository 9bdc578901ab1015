//! One row a task: who runs it, and when it is due again. Time is the database's alone: hosts may disagree about it.

use jiff::Timestamp;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use super::{Outcome, Task};
use crate::control::sqlstate;
use crate::error::{Error, Result};

const WHAT: &str = "the schedule";
/// After so many seconds a host that took a task counts as dead. A task that takes longer may run twice at once, which
/// each of them stands.
const LENGTH: f64 = 120.0;

/// Where a task stands.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which.
    pub task: Task,
    /// When it ran last, if ever.
    pub last: Option<Timestamp>,
    /// How that ended; absent also while it runs for the first time.
    pub outcome: Option<String>,
    /// When it is due; absent where it never ran and is due at once.
    pub next: Option<Timestamp>,
}

/// The row of a task: one for all hosts, or one for this host.
fn row(task: Task, host: &str) -> String {
    if task.is_of_host() {
        format!("{}@{host}", task.word())
    } else {
        task.word().to_owned()
    }
}

/// Takes `task` for `holder` on `host` if it is due and nobody has it. One statement, so that of many hosts one gets it.
///
/// # Errors
/// Those of the control database.
pub async fn lease(client: &impl GenericClient, task: Task, host: &str, holder: &str) -> Result<bool> {
    let statement = "INSERT INTO hostctl.schedule AS s (task, leased_by, leased_until, last_started_at)
        VALUES ($1, $2, hostctl.now() + make_interval(secs => $3), hostctl.now())
        ON CONFLICT (task) DO UPDATE SET leased_by = excluded.leased_by, leased_until = excluded.leased_until,
            last_started_at = excluded.last_started_at
        WHERE (s.leased_until IS NULL OR s.leased_until < hostctl.now()) AND s.next_at <= hostctl.now()
        RETURNING task";
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 3] = [
        (&row(task, host), Type::TEXT),
        (&holder, Type::TEXT),
        (&LENGTH, Type::FLOAT8),
    ];
    let rows = client.query_typed(statement, &parameters).await;
    Ok(!rows.map_err(|error| sqlstate::error(WHAT, error))?.is_empty())
}

/// Gives `task` back with its outcome, if it is still `holder`'s. What did not go well is due again in a minute.
///
/// # Errors
/// Those of the control database.
pub async fn finish(
    client: &impl GenericClient,
    task: Task,
    host: &str,
    holder: &str,
    outcome: Outcome,
) -> Result<()> {
    // Counted from the minute in which it began: cron comes a little earlier or later in each.
    let statement = "UPDATE hostctl.schedule SET leased_by = NULL, leased_until = NULL,
            last_finished_at = hostctl.now(), last_outcome = $3,
            next_at = date_trunc('minute', last_started_at) + make_interval(secs => $4)
        WHERE task = $1 AND leased_by = $2";
    let seconds = if outcome == Outcome::Ok {
        task.every().as_secs_f64()
    } else {
        60.0
    };
    let finished = client
        .query_typed(
            statement,
            &[
                (&row(task, host), Type::TEXT),
                (&holder, Type::TEXT),
                (&outcome.word(), Type::TEXT),
                (&seconds, Type::FLOAT8),
            ],
        )
        .await;
    finished.map(|_| ()).map_err(|error| sqlstate::error(WHAT, error))
}

/// Every task as it stands for `host`, in the order of [`Task::ALL`].
///
/// # Errors
/// Those of the control database.
pub async fn entries(client: &impl GenericClient, host: &str) -> Result<Vec<Entry>> {
    let words: Vec<String> = Task::ALL.iter().map(|task| row(*task, host)).collect();
    let statement = "SELECT s.last_started_at, s.last_outcome, s.next_at
        FROM unnest($1::text[]) WITH ORDINALITY AS t(task, number) LEFT JOIN hostctl.schedule s ON s.task = t.task
        ORDER BY t.number";
    let rows = client.query_typed(statement, &[(&words, Type::TEXT_ARRAY)]).await;
    let rows = rows.map_err(|error| sqlstate::error(WHAT, error))?;
    if rows.len() != Task::ALL.len() {
        return Err(Error::internal("a task without a place in the schedule"));
    }
    let entry = |(task, row): (Task, &tokio_postgres::Row)| Entry {
        task,
        last: row.get(0),
        outcome: row.get(1),
        next: row.get(2),
    };
    Ok(Task::ALL.into_iter().zip(&rows).map(entry).collect())
}
