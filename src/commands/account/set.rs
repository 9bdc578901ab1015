//! `hostctl account set NAME --package PACKAGE`.

use serde_json::json;

use super::row::Changed;
use crate::account::{self, package};
use crate::commands::Take;
use crate::error::Result;
use crate::model::{AccountName, Given, PackageName};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The account
    #[arg(value_name = "NAME")]
    name: Given<AccountName>,
    /// The package whose limits it gets
    #[arg(long, value_name = "NAME", required_unless_present = "no_package")]
    package: Option<Given<PackageName>>,
    /// Take its package away: nothing is limited any more
    #[arg(long, conflicts_with = "package")]
    no_package: bool,
    /// Also where it has more than that already: it keeps it, and gets no more
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let wanted = args.package.as_ref().map(|package| package.take(&context.ui));
    let asked = json!({ "package": wanted, "force": args.force });
    let outcome = Change::new("account.set", name.as_str(), asked)
        .run(context, async |session, _, _| {
            if let Some(package) = &wanted {
                package::find(&**session, package).await?;
            }
            let found = account::find(&**session, &name).await?;
            account::plan_set(&found, wanted.as_ref(), args.force)
        })
        .await?;
    let (state, operation) = match outcome {
        Outcome::Shown => return Ok(()),
        Outcome::Unchanged(_) => ("unchanged", None),
        Outcome::Done(done) => ("changed", Some(done.operation.to_string())),
    };
    context.ui.one(&Changed {
        account: name.to_string(),
        state,
        operation,
    })
}
