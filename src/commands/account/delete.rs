//! `hostctl account delete NAME [--purge]`.

use serde_json::json;

use crate::account;
use crate::commands::{Take, deleted};
use crate::error::Result;
use crate::model::{AccountName, Given};
use crate::runner::{Change, Context};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The account; it must own nothing any more
    #[arg(value_name = "NAME")]
    name: Given<AccountName>,
    #[command(flatten)]
    delete: deleted::Delete,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let fate = args.delete.fate(context);
    let change = Change::new("account.delete", name.as_str(), json!({}))
        .confirm(format!("delete account {name}?"))
        .run(context, async |session, _, _| {
            account::plan_delete(&account::find(&**session, &name).await?, fate)
        })
        .await;
    args.delete.tell(context, "account", name.as_str(), change)
}
