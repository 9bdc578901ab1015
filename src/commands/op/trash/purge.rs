//! `hostctl op trash purge [ID]…`.

use serde::Serialize;
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
use crate::output::{Column, Row};
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

/// What became of a thing.
#[derive(Debug, Serialize)]
struct Purged {
    #[serde(flatten)]
    line: Line,
    /// `purged`, `failed` or `skipped`.
    state: &'static str,
    error: Option<Value>,
}

impl Row for Purged {
    const NOUN: &'static str = "thing";
    const COLUMNS: &'static [Column] = &[
        Column::new("operation"),
        Column::new("kind"),
        Column::new("name"),
        Column::new("account").detail(),
        Column::new("deleted_at").titled("deleted").time().detail(),
        Column::new("purge_after").titled("kept until").time(),
        Column::new("state").state(),
        Column::new("error"),
    ];
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    if context.settings.idempotency_key.is_some() {
        let message = "--idempotency-key: each thing is purged by an operation of its own";
        return Err(Error::invalid(message).hint("leave it out: what is purged stays so"));
    }
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
    if context.settings.is_dry_run {
        for entry in &entries {
            purge(context, entry).await?;
        }
        return Ok(());
    }
    all(context, &entries).await
}

/// One after the other; what fails holds nothing else up.
async fn all(context: &Context, entries: &[Entry]) -> Result<()> {
    let (mut rows, mut boxes, mut failures) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        let (state, error) = match context.interrupt.is_requested() {
            true => ("skipped", Some(interrupted())),
            false => match purge(context, entry).await {
                Ok(()) => ("purged", None),
                Err(error) => ("failed", Some(error)),
            },
        };
        if state == "purged" && entry.kind == boxes::KIND {
            boxes.extend(entry.name.parse::<MailAddress>());
        }
        rows.push(Purged {
            line: Line::from(entry),
            state,
            error: error.as_ref().map(shown),
        });
        if let Some(error) = error {
            if entries.len() > 1 && state == "failed" {
                let Entry { kind, name, .. } = entry;
                context.ui.warn(&format!("{kind} {name}: {}", error.message()));
            }
            failures.push(error);
        }
    }
    if let Err(error) = left::tell(context, &boxes).await {
        context.ui.warn(error.message());
    }
    context.ui.all(&rows)?;
    judge(failures, entries.len())
}

fn judge(mut failures: Vec<Error>, total: usize) -> Result<()> {
    let failed = failures.len();
    match failures.pop() {
        None => Ok(()),
        Some(error) if total == 1 || error.kind() == Kind::Interrupted => Err(error),
        Some(_) => {
            let total = Count(total, "thing");
            let message = format!("{failed} of {total} could not be purged; the list says which");
            Err(Error::new(Kind::Partial, "partial", message)
                .hint("mend what the errors say, and purge what has failed again"))
        }
    }
}

fn interrupted() -> Error {
    Error::new(
        Kind::Interrupted,
        "interrupted",
        "interrupted before it was purged",
    )
}

fn shown(error: &Error) -> Value {
    json!({
        "kind": error.kind().word(), "reason": error.reason(), "message": error.message(),
        "hint": error.hint_text(),
    })
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
