//! `hostctl dns zone`.

mod create;
mod delete;
mod diff;
mod export;
mod file;
mod import;
mod list;
mod row;
mod show;

use clap::Subcommand;

use crate::commands::scope::visible;
use crate::dns::{Observed, observe};
use crate::error::Result;
use crate::model::ZoneName;
use crate::runner::{Context, World};

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a zone with its SOA and NS records
    Create(create::Args),
    /// List zones
    List(list::Args),
    /// Show one zone
    Show(show::Args),
    /// Print a zone as a master file
    Export(export::Args),
    /// Make the records of a zone those of a master file, all of it or nothing
    Import(import::Args),
    /// Compare a zone with a master file; exits 5 where they differ
    Diff(diff::Args),
    /// Delete a zone with all its records
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
            Command::Export(args) => export::run(args, context).await,
            Command::Import(args) => import::run(args, context).await,
            Command::Diff(args) => diff::run(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}

/// The zone as it stands, for verbs that change nothing.
async fn observed(context: &Context, zone: &ZoneName) -> Result<Observed> {
    let session = context.session().await?;
    let observed = observe(&*session, &World::new(&context.config).providers, zone, None).await?;
    if let Some(account) = visible(context, &*session).await? {
        observed.check_account(account)?;
    }
    Ok(observed)
}
