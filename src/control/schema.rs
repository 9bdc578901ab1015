//! The schema `hostctl` through time: making it, migrating it, and telling whether this program understands it.

use std::time::Duration;

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::connect::Target;
use super::migrations::{self, NEWEST_VERSION};
use super::quote::identifier;
use super::{pooler, sqlstate};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};

/// The NOLOGIN groups. `owner` owns every object, the others get what they need and no more.
const GROUPS: [&str; 6] = [
    "hostctl_owner",
    "hostctl_admin",
    "hostctl_app",
    "hostctl_mail",
    "hostctl_agent",
    "hostctl_auditor",
];
/// Serialises migrations (an arbitrary number: "host").
const MIGRATION_LOCK: i64 = 0x686f_7374;
/// The oldest server that is supported.
const OLDEST_SERVER: i32 = 130_000;
/// DDL on a live table waits this long for its lock, then lets the others pass and tries again.
const LOCK_TIMEOUT: Duration = Duration::from_millis(100);
const LOCK_ATTEMPTS: u32 = 100;

/// How a schema stands to this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The schema's version, `None` where there is no schema.
    pub found: Option<i32>,
    /// The version that this program makes.
    pub newest: i32,
}

/// Refuses a schema that this program does not understand. A newer one is understood: releases only add to what the
/// release before them reads.
///
/// # Errors
/// `usage`, naming `schema init` or `schema migrate`.
pub fn check_version(found: Option<i32>) -> Result<()> {
    let newest = NEWEST_VERSION;
    match found {
        Some(version) if version >= newest => Ok(()),
        Some(version) => {
            let message = format!("the control database has schema {version}, this program needs {newest}");
            Err(Error::new(Kind::Usage, "old_schema", message).hint("hostctl schema migrate"))
        }
        None => Err(Error::new(
            Kind::Usage,
            "no_schema",
            "the control database holds no hostctl schema",
        )
        .hint("hostctl schema init")),
    }
}

/// Makes roles and schema and brings it to the newest version. What is there already stays. The connecting role needs
/// CREATEROLE and has to own the database; no superuser.
///
/// # Errors
/// `usage` for a server that is too old or behind a pooler; `denied` where a privilege is missing.
pub async fn init(target: &Target, deadline: Deadline) -> Result<Status> {
    let client = target.connect(deadline).await?;
    check_server(&client, &target.name).await?;
    pooler::refuse(target, &client, deadline).await?;
    make_groups(&client, target).await?;
    make_schema(&client, target).await?;
    drop(client);
    migrate(target, deadline).await
}

/// Brings the schema to the newest version.
///
/// # Errors
/// As [`init`]; `busy` where a table stays locked.
pub async fn migrate(target: &Target, deadline: Deadline) -> Result<Status> {
    let mut client = target.connect(deadline).await?;
    let status = status_on(&client, &target.name).await?;
    if status.found.is_none() && !has_schema(&client, &target.name).await? {
        check_version(None)?;
    }
    let settings = format!(
        "SET ROLE hostctl_owner; SET search_path = pg_catalog, pg_temp; SET lock_timeout = {};
         SET client_min_messages = warning",
        LOCK_TIMEOUT.as_millis()
    );
    client
        .batch_execute(&settings)
        .await
        .map_err(|error| sqlstate::error(&target.name, error))?;
    let lock = "SELECT pg_try_advisory_lock($1)";
    let is_ours: bool = match client.query_one(lock, &[&MIGRATION_LOCK]).await {
        Ok(row) => row.get(0),
        Err(error) => return Err(sqlstate::error(&target.name, error)),
    };
    if !is_ours {
        return Err(Error::new(
            Kind::Busy,
            "migrating",
            "another process is migrating the schema",
        ));
    }
    apply(&mut client, &target.name).await?;
    Ok(Status {
        found: status_on(&client, &target.name).await?.found,
        newest: NEWEST_VERSION,
    })
}

/// Reads how the schema stands, without changing anything.
///
/// # Errors
/// `unavailable` or `denied` where the database cannot be asked.
pub async fn status(target: &Target, deadline: Deadline) -> Result<Status> {
    let client = target.connect(deadline).await?;
    status_on(&client, &target.name).await
}

async fn status_on(client: &Client, what: &str) -> Result<Status> {
    let newest = NEWEST_VERSION;
    match client
        .query_one("SELECT max(version) FROM hostctl.schema_history", &[])
        .await
    {
        Ok(row) => Ok(Status {
            found: row.get(0),
            newest,
        }),
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => Ok(Status { found: None, newest }),
        Err(error) => Err(sqlstate::error(what, error)),
    }
}

async fn has_schema(client: &Client, what: &str) -> Result<bool> {
    let row = client
        .query_one("SELECT to_regnamespace('hostctl') IS NOT NULL", &[])
        .await;
    Ok(row.map_err(|error| sqlstate::error(what, error))?.get(0))
}

async fn check_server(client: &Client, what: &str) -> Result<()> {
    let row = client
        .query_one(
            "SELECT current_setting('server_version_num')::int, pg_is_in_recovery()",
            &[],
        )
        .await;
    let row = row.map_err(|error| sqlstate::error(what, error))?;
    let (version, is_standby): (i32, bool) = (row.get(0), row.get(1));
    if version < OLDEST_SERVER {
        let message = format!(
            "{what} runs PostgreSQL {}, and 13 or later is needed",
            version / 10_000
        );
        return Err(Error::configuration(message));
    }
    if is_standby {
        return Err(
            Error::configuration(format!("{what} is a standby")).hint("name the primary in [control] url")
        );
    }
    Ok(())
}

async fn make_groups(client: &Client, target: &Target) -> Result<()> {
    for group in GROUPS {
        let statement = format!("CREATE ROLE {} NOLOGIN", identifier(group));
        match client.batch_execute(&statement).await {
            Ok(()) => {}
            Err(error) if sqlstate::is_duplicate(&error) => {}
            Err(error) => return Err(sqlstate::error(&format!("{}: role {group}", target.name), error)),
        }
    }
    let statement = "GRANT hostctl_owner, hostctl_admin TO CURRENT_USER";
    client
        .batch_execute(statement)
        .await
        .map_err(|error| sqlstate::error(&target.name, error))
}

async fn make_schema(client: &Client, target: &Target) -> Result<()> {
    let database = identifier(&target.database_name());
    let groups = GROUPS.map(identifier).join(", ");
    let statements = format!(
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC;
         GRANT CONNECT ON DATABASE {database} TO {groups};
         SET client_min_messages = warning;
         CREATE SCHEMA IF NOT EXISTS hostctl AUTHORIZATION hostctl_owner"
    );
    client
        .batch_execute(&statements)
        .await
        .map_err(|error| sqlstate::error(&target.name, error))
}

async fn apply(client: &mut Client, what: &str) -> Result<()> {
    for attempt in 1.. {
        let Err(error) = migrations::runner()?.run_async(client).await else {
            return Ok(());
        };
        let cause =
            std::error::Error::source(&error).and_then(|cause| cause.downcast_ref::<tokio_postgres::Error>());
        let is_locked = cause.and_then(tokio_postgres::Error::code) == Some(&SqlState::LOCK_NOT_AVAILABLE);
        if is_locked && attempt < LOCK_ATTEMPTS {
            tokio::time::sleep(LOCK_TIMEOUT).await;
            continue;
        }
        let (kind, reason) = if is_locked {
            (Kind::Busy, "locked")
        } else {
            (Kind::Unavailable, "migration")
        };
        let said = cause
            .and_then(tokio_postgres::Error::as_db_error)
            .map(|said| format!(": {} (SQLSTATE {})", said.message(), said.code().code()));
        let message = format!("{what}: a migration failed: {error}{}", said.unwrap_or_default());
        return Err(Error::new(kind, reason, message).source(error));
    }
    Ok(())
}
