//! `hostctl package create NAME`.

use serde_json::json;

use super::limits::Flags;
use super::row::Changed;
use crate::account::{self, Limits};
use crate::commands::Take;
use crate::error::{Kind, Result};
use crate::model::{Given, PackageName};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The name: letters, digits and hyphens, beginning with a letter
    #[arg(value_name = "NAME")]
    name: Given<PackageName>,
    #[command(flatten)]
    limits: Flags,
    /// Succeed, changing nothing, where it exists already
    #[arg(long)]
    if_not_exists: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let limits = args.limits.over(Limits::default())?;
    let made = Change::new("package.create", name.as_str(), json!({ "limits": limits }))
        .run(context, async |_, _, _| {
            account::plan_create_package(&name, limits.clone())
        })
        .await;
    let operation = match made {
        Ok(Outcome::Shown) => return Ok(()),
        Ok(Outcome::Unchanged(_)) => None,
        Ok(Outcome::Done(done)) => Some(done.operation.to_string()),
        Err(error) if args.if_not_exists && error.kind() == Kind::Conflict && error.reason() == "exists" => {
            context
                .ui
                .note(&format!("package {name} exists already; unchanged"));
            None
        }
        Err(error) => return Err(error),
    };
    context.ui.one(&Changed {
        package: name.to_string(),
        state: "active",
        operation,
    })
}
