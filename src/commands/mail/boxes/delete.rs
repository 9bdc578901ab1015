//! `hostctl mail box delete ADDRESS [--purge]`.

use serde_json::json;

use crate::commands::{Take, deleted, scope};
use crate::error::Result;
use crate::journal::Plan;
use crate::mail::boxes;
use crate::model::{Given, MailAddress};
use crate::runner::{Change, Context};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address
    #[arg(value_name = "ADDRESS")]
    address: Given<MailAddress>,
    #[command(flatten)]
    delete: deleted::Delete,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let address = args.address.take(&context.ui);
    let fate = args.delete.fate(context);
    let change = Change::new("mail.box.delete", address.as_str(), json!({}))
        .confirm(format!("delete mail box {address}?"))
        .run(context, async |session, _, _| {
            let visible = scope::visible(context, &**session).await?;
            let image = boxes::observe(&**session, &address, visible).await?;
            let account = image.account;
            Ok(Plan {
                kind: "mail.box.delete",
                target: address.to_string(),
                account: Some(account),
                request: json!({}),
                steps: boxes::plan_delete(image, fate)?,
                claims: Vec::new(),
                result: json!({ "address": address, "state": "deleted" }),
            })
        })
        .await;
    args.delete
        .tell(context, "mail box", address.as_str(), change)
        .await
}
