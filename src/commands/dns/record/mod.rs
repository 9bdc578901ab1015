//! `hostctl dns record`.

mod add;
mod delete;
mod edit;
mod list;
mod row;
mod set;

use clap::Subcommand;

pub(super) use self::edit::{owner, question};

use crate::error::Result;
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add values to the records of a name and type
    Add(add::Args),
    /// Make the records of a name and type exactly these
    Set(set::Args),
    /// Delete values, or all records of a name and type
    Delete(delete::Args),
    /// List the records of a zone
    List(list::Args),
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Add(args) => add::run(args, context).await,
            Command::Set(args) => set::run(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
            Command::List(args) => list::run(args, context).await,
        }
    }
}
