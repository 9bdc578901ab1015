//! `hostctl account create NAME`.

use serde::Serialize;
use serde_json::json;

use crate::account::{self, package};
use crate::commands::Take;
use crate::error::{Kind, Result};
use crate::model::{AccountName, Given, PackageName};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The name: letters, digits and hyphens, beginning with a letter
    #[arg(value_name = "NAME")]
    name: Given<AccountName>,
    /// The package whose limits it gets [default: nothing is limited]
    #[arg(long, value_name = "NAME")]
    package: Option<Given<PackageName>>,
    /// Succeed, changing nothing, where it exists already
    #[arg(long)]
    if_not_exists: bool,
}

#[derive(Serialize)]
struct Created {
    account: AccountName,
    state: &'static str,
    operation: Option<String>,
}

impl Row for Created {
    const NOUN: &'static str = "account";
    const COLUMNS: &'static [Column] = &[
        Column::new("account"),
        Column::new("state").state(),
        Column::new("operation"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let package = args.package.as_ref().map(|package| package.take(&context.ui));
    let change = Change::new("account.create", name.as_str(), json!({ "package": package }));
    let made = change
        .run(context, async |session, _, _| {
            if let Some(package) = &package {
                package::find(&**session, package).await?;
            }
            account::plan_create(name.clone(), package.clone())
        })
        .await;
    let operation = match made {
        Ok(Outcome::Shown) => return Ok(()),
        Ok(Outcome::Unchanged(_)) => None,
        Ok(Outcome::Done(done)) => Some(done.operation.to_string()),
        Err(error) if args.if_not_exists && error.kind() == Kind::Conflict && error.reason() == "exists" => {
            context
                .ui
                .note(&format!("account {name} exists already; unchanged"));
            None
        }
        Err(error) => return Err(error),
    };
    context.ui.one(&Created {
        account: name,
        state: "active",
        operation,
    })
}
