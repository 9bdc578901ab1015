//! `hostctl package set NAME`.

use serde_json::json;

use super::limits::Flags;
use super::row::Changed;
use crate::account::{self, Limits, package};
use crate::commands::Take;
use crate::error::{Error, Result};
use crate::model::{Given, PackageName};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The package
    #[arg(value_name = "NAME")]
    name: Given<PackageName>,
    #[command(flatten)]
    limits: Flags,
    /// Also where an account has more than that already: it keeps it, and gets no more
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    if args.limits.is_empty() {
        return Err(Error::invalid("no limit was given").hint("--databases N, --boxes N, … or unlimited"));
    }
    let asked = json!({ "limits": args.limits.over(Limits::default())?, "force": args.force });
    let outcome = Change::new("package.set", name.as_str(), asked)
        .run(context, async |session, _, _| {
            let found = package::find(&**session, &name).await?;
            let after = args.limits.over(found.limits.clone())?;
            account::plan_set_package(&found, after, args.force)
        })
        .await?;
    let (state, operation) = match outcome {
        Outcome::Shown => return Ok(()),
        Outcome::Unchanged(_) => ("unchanged", None),
        Outcome::Done(done) => ("active", Some(done.operation.to_string())),
    };
    context.ui.one(&Changed {
        package: name.to_string(),
        state,
        operation,
    })
}
