//! `hostctl op undo ID`.

mod made;
mod parts;
mod restored;

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::account;
use crate::commands::scope;
use crate::error::{Error, Result};
use crate::journal::{self, Plan};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Outcome, check_undoable, mark_undone, turn_back};

/// How long looking at one part may take.
const LOOK: Duration = Duration::from_secs(30);

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The finished operation
    #[arg(value_name = "ID")]
    id: Uuid,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names of the answer")]
struct Undone {
    undone: Uuid,
    kind: String,
    target: String,
    state: &'static str,
    operation: Uuid,
}

impl Row for Undone {
    const NOUN: &'static str = "operation";
    const COLUMNS: &'static [Column] = &[
        Column::new("undone"),
        Column::new("kind"),
        Column::new("target"),
        Column::new("state").state(),
        Column::new("operation"),
    ];
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let found = scope::operation(context, &*context.session().await?, args.id).await?;
    let words = format!("{} {}", found.kind.replace('.', " "), found.target);
    let outcome = Change::new("op.undo", found.target.as_str(), json!({ "operation": args.id }))
        .claims([format!("operation:{}", args.id)])
        .confirm(format!("undo {words}?"))
        .run(context, async |session, world, id| {
            let operation = journal::find(&**session, args.id).await?;
            check_undoable(session, &operation).await?;
            let mut steps = made::plan(context, session, world, &operation).await?;
            if steps.is_none() {
                steps = restored::plan(context, session, world, &operation, id).await?;
            }
            let mut steps = if let Some(steps) = steps {
                steps
            } else {
                let instead = parts::plan(context, session, world, &operation).await?;
                turn_back(context, world, &operation, instead).await?
            };
            steps.insert(0, mark_undone(&operation)?);
            // No box is made in the place of an alias meanwhile.
            let aliases = steps
                .iter()
                .filter_map(|step| step.resource.strip_prefix("alias:"));
            let aliases = aliases.filter(|source| !source.starts_with('@'));
            let claims = aliases.map(|source| format!("box:{source}")).collect();
            Ok(Plan {
                kind: "op.undo",
                target: operation.target.clone(),
                account: owner(session, operation.account.as_deref()).await?,
                request: Value::Null,
                steps,
                claims,
                result: json!({ "undone": args.id, "kind": operation.kind, "target": operation.target }),
            })
        })
        .await?;
    match outcome {
        Outcome::Shown => Ok(()),
        Outcome::Unchanged(_) => Err(Error::internal("there is always a mark to set")),
        Outcome::Done(done) => context.ui.one(&Undone {
            undone: args.id,
            kind: found.kind,
            target: found.target,
            state: "undone",
            operation: done.operation,
        }),
    }
}

/// The account by its name, as long as there is one.
async fn owner(session: &crate::control::Session, name: Option<&str>) -> Result<Option<Uuid>> {
    let Some(name) = name else { return Ok(None) };
    Ok(Some(account::find(&**session, &name.parse()?).await?.id))
}
