//! A session with the control database: least privileges, durable commits, a schema this program understands.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use tokio_postgres::{Client, SimpleQueryMessage};

use super::connect::Target;
use super::{schema, sqlstate};
use crate::config::Config;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};

/// How long any one statement in the control database may take.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);

/// A connection as `hostctl_admin` to a schema of a known version. Dereferences to the client.
#[derive(Debug)]
pub struct Session {
    client: Client,
    place: String,
}

impl Session {
    /// Connects, takes the role and reads the schema's version, in two round trips.
    ///
    /// # Errors
    /// `usage` where there is no schema or one of another release, naming the command that helps; `unavailable` or
    /// `denied` where the database cannot be reached.
    pub async fn open(config: &Config, deadline: Deadline) -> Result<Self> {
        let target = target(config)?;
        let client = target.connect(deadline).await?;
        let place = target.place();
        deadline
            .run(&place, prepare(&client))
            .await
            .map_err(|error| target.helped(error))?;
        Ok(Session { client, place })
    }

    /// For messages: `the control database at db0.example.net:5432`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }
}

/// Where the control database is.
///
/// # Errors
/// `usage` where none is configured.
pub fn target(config: &Config) -> Result<Target> {
    let control = config.control()?;
    Target::new(
        &control.url,
        control.password_file.as_deref(),
        "the control database",
        "[control] url",
    )
}

async fn prepare(client: &Client) -> Result<()> {
    // Whatever the server's defaults are: an acknowledged commit survives a crash, and no search path can lead astray.
    let statement = format!(
        "SET synchronous_commit = on; SET search_path = pg_catalog, pg_temp; SET client_min_messages = warning;
         SET statement_timeout = {}; SET idle_in_transaction_session_timeout = 60000; SET timezone = 'UTC';
         SET ROLE hostctl_admin; SELECT max(version) FROM hostctl.schema_history",
        STATEMENT_TIMEOUT.as_millis()
    );
    let answer = client.simple_query(&statement).await.map_err(not_ready)?;
    let version = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).and_then(|text| text.parse::<i32>().ok()),
        _ => None,
    });
    schema::check_version(version)
}

fn not_ready(error: tokio_postgres::Error) -> Error {
    use tokio_postgres::error::SqlState;
    let missing = [
        SqlState::UNDEFINED_TABLE,
        SqlState::INVALID_SCHEMA_NAME,
        SqlState::INVALID_PARAMETER_VALUE,
        SqlState::UNDEFINED_OBJECT,
    ];
    match error.code() {
        Some(state) if missing.contains(state) => Error::new(
            Kind::Usage,
            "no_schema",
            "the control database holds no hostctl schema",
        )
        .hint("hostctl schema init"),
        Some(state) if *state == SqlState::INSUFFICIENT_PRIVILEGE => Error::new(
            Kind::Denied,
            "permission",
            "this role may not act as hostctl_admin in the control database",
        )
        .hint("as the owner of the control database: GRANT hostctl_admin TO <role>"),
        _ => sqlstate::error("the control database", error),
    }
}

impl Deref for Session {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}
