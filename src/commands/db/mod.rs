//! `hostctl db`: tenants' PostgreSQL databases.

mod create;
mod delete;
mod limits;
mod list;
mod passwd;
mod row;
mod show;

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
