//! `hostctl op trash purge [ID]…`.

use serde_json::{Value, json};
use uuid::Uuid;

use super::list::Line;
use crate::commands::{left, scope};
use crate::control::Session;
use crate::database;
use crate::error::{Error, Kind, Result};
use crate::journal::Plan;
use crate::mail::boxes;
use crate::model::MailAddress;
use crate::output::words::Count;
use crate::runner::{Change, Context};
use crate::trash::{self, Due, Entry, Selection};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What these operations deleted
    #[arg(value_name = "ID", required_unless_present = "expired")]
    operations: Vec<Uuid>,
    /// Whatever is kept no longer than until now
    #[arg(long, conflicts_with = "operations")]
    expired: bool,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let selection = Selection {
        account: scope::visible(context, &*session).await?,
        operations: (!args.expired).then(|| args.operations.clone()),
        due: if args.expired { Due::Over } else { Due::Any },
    };
    let entries = trash::list(&*session, &selection).await?;
    drop(session);
    for operation in &args.operations {
        if entries.iter().all(|entry| entry.operation != *operation) {
            let message = format!("nothing in the trash was deleted by operation {operation}");
            return Err(Error::new(Kind::NotFound, "not_found", message).hint("hostctl op trash list"));
        }
    }
    if !entries.is_empty() && !context.settings.is_dry_run {
        let things = Count(entries.len(), "thing");
        context
            .ui
            .confirm(&format!("delete {things} in the trash for good?"))?;
    }
    for entry in &entries {
        purge(context, entry).await?;
    }
    if context.settings.is_dry_run {
        return Ok(());
    }
    let boxes = entries.iter().filter(|entry| entry.kind == boxes::KIND);
    let boxes: Vec<MailAddress> = boxes.filter_map(|entry| entry.name.parse().ok()).collect();
    if let Err(error) = left::tell(context, &boxes).await {
        context.ui.warn(error.message());
    }
    context
        .ui
        .all(&entries.iter().map(Line::from).collect::<Vec<_>>())
}

/// Purges whatever is kept no longer than until now, as far as it goes. Gives what could not be purged.
///
/// # Errors
/// Those of the control database.
pub async fn purge_expired(context: &Context) -> Result<Vec<Error>> {
    let selection = Selection {
        due: Due::Over,
        ..Selection::default()
    };
    let entries = trash::list(&*context.session().await?, &selection).await?;
    let mut left = Vec::new();
    for entry in &entries {
        if let Err(error) = purge(context, entry).await {
            left.push(error.context(format!("purging {} {}", entry.kind, entry.name)));
        }
    }
    Ok(left)
}

async fn purge(context: &Context, entry: &Entry) -> Result<()> {
    let asked = json!({ "operation": entry.operation, "kind": entry.kind, "name": entry.name });
    let change = Change::new("op.trash.purge", format!("{} {}", entry.kind, entry.name), asked);
    let done = change.run(context, async |session, _, _| plan(session, entry).await);
    done.await.map(|_| ())
}

async fn plan(session: &Session, entry: &Entry) -> Result<Plan> {
    let selection = Selection {
        operations: Some(vec![entry.operation]),
        ..Selection::default()
    };
    let still = trash::list(&**session, &selection).await?;
    let is_there = |found: &Entry| found.kind == entry.kind && found.name == entry.name;
    let mut steps = Vec::new();
    // Brought back or purged by somebody else in the meantime: nothing to do.
    if still.iter().any(is_there) {
        if entry.kind == database::KIND {
            steps.extend(database::plan_purge(entry)?);
        }
        if entry.kind == database::REPLACED {
            steps.push(database::plan_purge_replaced(entry)?);
        }
        steps.push(trash::plan_forget(entry)?);
    }
    Ok(Plan {
        kind: "op.trash.purge",
        target: format!("{} {}", entry.kind, entry.name),
        account: entry.account.as_ref().and(entry.account_id),
        request: Value::Null,
        steps,
        claims: Vec::new(),
        result: json!({ "operation": entry.operation, "kind": entry.kind, "name": entry.name }),
    })
}
