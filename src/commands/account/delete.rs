//! `hostctl account delete NAME [--purge]`.

use serde_json::json;

use super::LOOK;
use crate::account::{self, Account};
use crate::commands::{Take, deleted};
use crate::error::Result;
use crate::model::{AccountName, Given};
use crate::output::words::{Count, Listed};
use crate::runner::{Change, Context, Proposal};
use crate::site::Reach;
use crate::tenant;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The account; everything it owns goes with it
    #[arg(value_name = "NAME")]
    name: Given<AccountName>,
    #[command(flatten)]
    delete: deleted::Delete,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let fate = args.delete.fate(context);
    let change = Change::new("account.delete", name.as_str(), json!({}))
        .run(context, async |session, world, _| {
            let found = account::find(&**session, &name).await?;
            let reach = Reach {
                clusters: &world.clusters,
                providers: &world.providers,
                hooks: &world.hooks,
            };
            let limit = context.within(LOOK);
            let plan = tenant::plan_delete(session, reach, &context.config, &found, fate, limit).await?;
            let question = Some(question(&found));
            Ok(Proposal {
                question,
                ..plan.into()
            })
        })
        .await;
    args.delete.tell(context, "account", name.as_str(), change).await
}

/// `delete account acme with its 2 databases and 3 boxes?`
fn question(account: &Account) -> String {
    let owned = [
        (account.sites, "site"),
        (account.databases, "database"),
        (account.boxes, "box"),
        (account.zones, "zone"),
    ];
    let owned = owned.iter().filter(|(count, _)| *count > 0);
    let owned: Vec<String> = owned
        .map(|(count, noun)| Count(usize::try_from(*count).unwrap_or(usize::MAX), noun).to_string())
        .collect();
    if owned.is_empty() {
        return format!("delete account {}?", account.name);
    }
    format!("delete account {} with its {}?", account.name, Listed(&owned))
}
