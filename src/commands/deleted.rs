//! What all verbs that delete have in common.

use serde::Serialize;

use crate::commands::left;
use crate::error::{Kind, Result};
use crate::model::Span;
use crate::output::{Column, Row};
use crate::runner::{Context, Outcome};
use crate::trash::Fate;

/// The options of a delete.
#[derive(Debug, clap::Args)]
pub struct Delete {
    /// Delete for good, at once; nothing is kept that could be brought back
    #[arg(long)]
    pub purge: bool,
    /// Succeed, changing nothing, where it does not exist
    #[arg(long)]
    pub if_exists: bool,
}

#[derive(Serialize)]
struct Deleted {
    kind: &'static str,
    name: String,
    state: &'static str,
    operation: Option<String>,
}

impl Row for Deleted {
    const NOUN: &'static str = "object";
    const COLUMNS: &'static [Column] = &[
        Column::new("kind"),
        Column::new("name"),
        Column::new("state").state(),
        Column::new("operation"),
    ];
}

/// The option of deletes whose object lies where others can replace it.
#[derive(Debug, clap::Args)]
pub struct Forget {
    /// Take out of the inventory what is gone, or what somebody else's has taken the place of; nothing else is touched
    #[arg(long, conflicts_with = "purge")]
    pub forget: bool,
}

/// Tells that something is known no longer.
///
/// # Errors
/// Those of the deed, and of writing.
pub fn tell_forgotten(
    context: &Context,
    kind: &'static str,
    name: &str,
    outcome: Result<Outcome>,
) -> Result<()> {
    let Outcome::Done(done) = outcome? else {
        return Ok(());
    };
    context.ui.note(&format!(
        "what lies in the place of {kind} {name} was not touched; roles and marks that are left: hostctl op reconcile"
    ));
    context.ui.one(&Deleted {
        kind,
        name: name.to_owned(),
        state: "forgotten",
        operation: Some(done.operation.to_string()),
    })
}

impl Delete {
    /// What becomes of what is deleted.
    #[must_use]
    pub fn fate(&self, context: &Context) -> Fate {
        if self.purge {
            Fate::Purged
        } else {
            Fate::Kept(context.config.trash_retention)
        }
    }

    /// Tells what became of it.
    ///
    /// # Errors
    /// Those of the deed, unless it was to be deleted only if it exists.
    pub async fn tell(
        &self,
        context: &Context,
        kind: &'static str,
        name: &str,
        outcome: Result<Outcome>,
    ) -> Result<()> {
        let (state, operation) = match outcome {
            Ok(Outcome::Shown) => return Ok(()),
            Ok(Outcome::Unchanged(_)) => ("absent", None),
            Ok(Outcome::Done(done)) => {
                match self.fate(context) {
                    Fate::Kept(retention) => context.ui.note(&format!(
                        "kept for {}; to bring it back: hostctl op undo {}",
                        Span::from(retention),
                        done.operation
                    )),
                    Fate::Purged => left::of_operation(context, done.operation).await,
                }
                ("deleted", Some(done.operation.to_string()))
            }
            Err(error) if self.if_exists && error.kind() == Kind::NotFound => {
                context.ui.note(&format!("no {kind} {name}; unchanged"));
                ("absent", None)
            }
            Err(error) => return Err(error),
        };
        context.ui.one(&Deleted {
            kind,
            name: name.to_owned(),
            state,
            operation,
        })
    }
}
