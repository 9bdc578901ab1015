//! `hostctl mail alias delete SOURCE`.

use serde_json::json;

use crate::commands::{Take, deleted, scope};
use crate::error::Result;
use crate::journal::Plan;
use crate::mail::alias;
use crate::model::{AliasSource, Given};
use crate::runner::{Change, Context};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address, or @DOMAIN
    #[arg(value_name = "SOURCE")]
    source: Given<AliasSource>,
    #[command(flatten)]
    delete: deleted::Delete,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let source = args.source.take(&context.ui);
    let fate = args.delete.fate(context);
    let change = Change::new("mail.alias.delete", source.as_str(), json!({}))
        .confirm(format!("delete mail alias {source}?"))
        .run(context, async |session, _, _| {
            let visible = scope::visible(context, &**session).await?;
            let image = alias::observe(&**session, &source, visible).await?;
            let account = image.account;
            Ok(Plan {
                kind: "mail.alias.delete",
                target: source.to_string(),
                account: Some(account),
                request: json!({}),
                steps: alias::plan_delete(image, fate)?,
                claims: Vec::new(),
                result: json!({ "source": source.as_str(), "state": "deleted" }),
            })
        })
        .await;
    args.delete
        .tell(context, "mail alias", source.as_str(), change)
        .await
}
