//! `hostctl site`: everything of one domain as one operation.

mod apply;
mod certificate;
mod create;
mod delete;
mod diff;
mod export;
mod handover;
mod input;
mod kept;
mod list;
mod mint;
mod plan;
mod preview;
mod removal;
mod schema;
mod show;
mod state;
mod work;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create the database, mail, zone and certificate of a domain: all of it or nothing
    Create(create::Args),
    /// Show what would bring sites to what manifests say
    Plan(plan::Args),
    /// Bring sites to what manifests say
    Apply(apply::Args),
    /// Compare sites with manifests, or with what they were last made to be: exit 5 where they differ
    Diff(diff::Args),
    /// Print sites as a manifest
    Export(export::Args),
    /// Print the sheet for the customer: name servers, mail settings, database; no passwords
    Handover(handover::Args),
    /// Print the JSON Schema of manifests
    Schema,
    /// List sites
    List,
    /// Show one site
    Show(show::Args),
    /// Let nobody log in to the database and the mail of a site; nothing is lost
    Suspend(state::Args),
    /// Let the users of a site in again
    Resume(state::Args),
    /// Delete a site with everything that was made with it
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
            Command::Plan(args) => plan::run(args, context).await,
            Command::Apply(args) => apply::run(args, context).await,
            Command::Diff(args) => diff::run(args, context).await,
            Command::Export(args) => export::run(args, context).await,
            Command::Handover(args) => handover::run(args, context).await,
            Command::Schema => schema::run(context),
            Command::List => list::run(context).await,
            Command::Show(args) => show::run(args, context).await,
            Command::Suspend(args) => state::suspend(args, context).await,
            Command::Resume(args) => state::resume(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}
