//! Databases, for every format.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::database::{Backup, Created, Database, Details};
use crate::error::{Error, Result};
use crate::output::{Column, Row};
use crate::runner::{Context, Done, Outcome};

/// A database that stays, and how it stands now.
#[derive(Serialize)]
pub(super) struct Altered {
    database: String,
    cluster: String,
    state: String,
    operation: Option<Uuid>,
}

impl Row for Altered {
    const NOUN: &'static str = "database";
    const COLUMNS: &'static [Column] = &[
        Column::new("database"),
        Column::new("cluster"),
        Column::new("state").state(),
        Column::new("operation"),
    ];
}

impl Altered {
    /// Tells what became of it.
    pub(super) fn tell(context: &Context, outcome: &Outcome) -> Result<()> {
        let (result, operation) = match outcome {
            Outcome::Shown => return Ok(()),
            Outcome::Unchanged(result) => {
                context.ui.note("unchanged");
                (result, None)
            }
            Outcome::Done(done) => (&done.result, Some(done.operation)),
        };
        context.ui.one(&Altered {
            database: text(result, "database")?,
            cluster: text(result, "cluster")?,
            state: text(result, "state")?,
            operation,
        })
    }
}

/// An archive that was written.
#[derive(Serialize)]
pub(super) struct BackedUp {
    database: String,
    cluster: String,
    path: String,
    /// Absent where an earlier request with the same idempotency key did it.
    size_bytes: Option<u64>,
    sha256: Option<String>,
    operation: Uuid,
}

impl Row for BackedUp {
    const NOUN: &'static str = "backup";
    const COLUMNS: &'static [Column] = &[
        Column::new("database"),
        Column::new("cluster"),
        Column::new("path"),
        Column::new("size_bytes").titled("size").bytes(),
        Column::new("sha256"),
        Column::new("operation"),
    ];
}

impl BackedUp {
    pub(super) fn of(done: &Done) -> Result<Self> {
        let output = done.outputs.first().and_then(Option::as_ref);
        Ok(BackedUp {
            database: text(&done.result, "database")?,
            cluster: text(&done.result, "cluster")?,
            path: text(&done.result, "path")?,
            size_bytes: output.and_then(|output| output["size_bytes"].as_u64()),
            sha256: output.and_then(|output| output["sha256"].as_str().map(str::to_owned)),
            operation: done.operation,
        })
    }
}

/// A database that was replaced.
#[derive(Serialize)]
pub(super) struct Restored {
    database: String,
    cluster: String,
    path: String,
    /// The name under which what was replaced is kept.
    kept: Option<String>,
    operation: Uuid,
}

impl Row for Restored {
    const NOUN: &'static str = "database";
    const COLUMNS: &'static [Column] = &[
        Column::new("database"),
        Column::new("cluster"),
        Column::new("path"),
        Column::new("kept"),
        Column::new("operation"),
    ];
}

impl Restored {
    pub(super) fn of(done: &Done) -> Result<Self> {
        Ok(Restored {
            database: text(&done.result, "database")?,
            cluster: text(&done.result, "cluster")?,
            path: text(&done.result, "path")?,
            kept: done.result["kept"].as_str().map(str::to_owned),
            operation: done.operation,
        })
    }
}

/// A text of an operation's result.
fn text(result: &Value, key: &str) -> Result<String> {
    let text = result[key].as_str().map(str::to_owned);
    text.ok_or_else(|| Error::internal("the result of the operation cannot be read"))
}

impl Row for Backup {
    const NOUN: &'static str = "backup";
    const COLUMNS: &'static [Column] = &[
        Column::new("database"),
        Column::new("account"),
        Column::new("cluster"),
        Column::new("host").detail(),
        Column::new("path"),
        Column::new("size_bytes").titled("size").bytes(),
        Column::new("sha256").detail(),
        Column::new("created_at").titled("created").time(),
        Column::new("operation").detail(),
    ];
}

impl Row for Created {
    const NOUN: &'static str = "database";
    const COLUMNS: &'static [Column] = &[
        Column::new("database"),
        Column::new("account"),
        Column::new("cluster"),
        Column::new("owner"),
        Column::new("role"),
        Column::new("host"),
        Column::new("port"),
        Column::new("password"),
        Column::new("operation"),
    ];
}

impl Row for Database {
    const NOUN: &'static str = "database";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("cluster"),
        Column::new("owner").detail(),
        Column::new("role").detail(),
        Column::new("state").state(),
        Column::new("size_bytes").titled("size").bytes(),
        Column::new("quota_bytes").titled("quota").bytes(),
        Column::new("created_at").titled("created").time(),
    ];
}

impl Row for Details {
    const NOUN: &'static str = "database";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("cluster"),
        Column::new("owner"),
        Column::new("role"),
        Column::new("host"),
        Column::new("port"),
        Column::new("state").state(),
        Column::new("size_bytes").titled("size").bytes(),
        Column::new("quota_bytes").titled("quota").bytes(),
        Column::new("created_at").titled("created").time(),
    ];
}
