//! `hostctl db`: tenants' PostgreSQL databases.

mod backup;
mod backups;
mod create;
mod delete;
mod limits;
mod list;
mod passwd;
mod restore;
mod row;
mod set;
mod show;
mod suspend;

use std::time::Duration;

use clap::Subcommand;
use tokio_postgres::GenericClient;

use crate::commands::scope;
use crate::config;
use crate::database;
use crate::error::{Error, Kind, Result};
use crate::model::DatabaseName;
use crate::runner::Context;

/// How long looking at a cluster may take.
const LOOK: Duration = Duration::from_secs(15);

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a database, its owner and a role that logs in
    Create(create::Args),
    /// List databases
    List(list::Args),
    /// Show one database and where its clients find it
    Show(show::Args),
    /// Set another password for the role of a database
    Passwd(passwd::Args),
    /// Set limits, extensions or the quota of a database
    Set(set::Args),
    /// Suspend a database: nobody logs in, nothing in it is touched
    Suspend(suspend::Args),
    /// Let the role of a suspended database log in again
    Resume(suspend::Args),
    /// Write a database to an archive
    Backup(backup::Args),
    /// List archives that were written
    Backups(backups::Args),
    /// Restore a database from an archive
    Restore(restore::Args),
    /// Delete a database, its roles and all that is in it
    Delete(delete::Args),
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Create(args) => create::run(args, context).await,
            Command::List(args) => list::run(args, context).await,
            Command::Show(args) => show::run(args, context).await,
            Command::Passwd(args) => passwd::run(args, context).await,
            Command::Set(args) => set::run(args, context).await,
            Command::Suspend(args) => suspend::suspend(args, context).await,
            Command::Resume(args) => suspend::resume(args, context).await,
            Command::Backup(args) => backup::run(args, context).await,
            Command::Backups(args) => backups::run(args, context).await,
            Command::Restore(args) => restore::run(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}

/// Refuses a cluster that is not configured, before anybody is asked.
fn check_cluster(context: &Context, cluster: Option<&str>) -> Result<()> {
    if cluster.is_some() {
        config::pick(&context.config.clusters, cluster)?;
    }
    Ok(())
}

/// What a verb about the database will claim.
fn claim(context: &Context, name: &DatabaseName, cluster: Option<&str>) -> Option<String> {
    // Where it cannot be told which cluster is meant, the verb will say so.
    let (cluster, _) = config::pick(&context.config.clusters, cluster).ok()?;
    Some(database::resource(cluster, name))
}

/// Hides a database of another account than the one of `--account`. Where nobody has the name the cluster may still hold
/// one that is not ours, which is for others to tell.
async fn check_visible(
    context: &Context,
    client: &impl GenericClient,
    name: &DatabaseName,
    cluster: Option<&str>,
) -> Result<()> {
    let Some(account) = scope::visible(context, client).await? else {
        return Ok(());
    };
    match database::find(client, name, cluster).await? {
        Some(row) if row.account_id != account => Err(not_found(name)),
        _ => Ok(()),
    }
}

fn not_found(name: &DatabaseName) -> Error {
    Error::new(Kind::NotFound, "not_found", format!("no database {name}")).hint("hostctl db list")
}
