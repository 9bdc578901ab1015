//! `hostctl package delete NAME`.

use serde_json::json;

use super::row::Changed;
use crate::account::{self, package};
use crate::commands::Take;
use crate::error::{Kind, Result};
use crate::model::{Given, PackageName};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The package; no account may have it
    #[arg(value_name = "NAME")]
    name: Given<PackageName>,
    /// Succeed, changing nothing, where it does not exist
    #[arg(long)]
    if_exists: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let outcome = Change::new("package.delete", name.as_str(), json!({}))
        .confirm(format!("delete package {name}?"))
        .run(context, async |session, _, _| {
            account::plan_delete_package(&package::find(&**session, &name).await?)
        })
        .await;
    let (state, operation) = match outcome {
        Ok(Outcome::Shown) => return Ok(()),
        Ok(Outcome::Unchanged(_)) => ("absent", None),
        Ok(Outcome::Done(done)) => ("deleted", Some(done.operation.to_string())),
        Err(error) if args.if_exists && error.kind() == Kind::NotFound => {
            context.ui.note(&format!("no package {name}; unchanged"));
            ("absent", None)
        }
        Err(error) => return Err(error),
    };
    context.ui.one(&Changed {
        package: name.to_string(),
        state,
        operation,
    })
}
