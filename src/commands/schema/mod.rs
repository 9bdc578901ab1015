//! `hostctl schema`: the control database.

use std::time::Duration;

use clap::Subcommand;
use serde::Serialize;

use crate::control::{schema, session};
use crate::error::{Error, Kind, Result};
use crate::output::{Column, Row};
use crate::runner::Context;

/// Migrating a large database takes its time.
const LIMIT: Duration = Duration::from_secs(600);

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make roles and schema, or bring them up to date
    Init,
    /// Bring the schema up to date
    Migrate {
        /// Only say whether it is up to date (exit 5 where not)
        #[arg(long)]
        check: bool,
    },
    /// Show which version the schema has, and which this program needs
    Status,
}

#[derive(Serialize)]
struct Shown {
    database: String,
    version: Option<i32>,
    newest: i32,
    state: &'static str,
}

impl Row for Shown {
    const NOUN: &'static str = "schema";
    const COLUMNS: &'static [Column] = &[
        Column::new("database"),
        Column::new("version"),
        Column::new("newest"),
        Column::new("state").state(),
    ];
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        let target = session::target(&context.config)?;
        let deadline = context.within(LIMIT);
        let is_only_looking =
            context.settings.is_dry_run || matches!(self, Command::Status | Command::Migrate { check: true });
        let found = match self {
            _ if is_only_looking => schema::status(&target, deadline).await?,
            Command::Init => schema::init(&target, deadline).await?,
            Command::Migrate { .. } | Command::Status => schema::migrate(&target, deadline).await?,
        };
        if !is_only_looking {
            context.stands(format!("the schema of {}", target.database_name()), None);
        }
        let state = match found.found {
            None => "absent",
            Some(version) if version < found.newest => "outdated",
            Some(version) if version > found.newest => "newer",
            Some(_) => "current",
        };
        context.ui.one(&Shown {
            database: target.database_name(),
            version: found.found,
            newest: found.newest,
            state,
        })?;
        match self {
            Command::Migrate { check: true } if state == "absent" || state == "outdated" => {
                Err(Error::new(Kind::No, "outdated", "the schema is not up to date")
                    .hint("hostctl schema migrate"))
            }
            _ => Ok(()),
        }
    }
}
