//! `hostctl mail box delete ADDRESS [--purge]`.

use serde_json::json;

use crate::commands::{Take, deleted, scope};
use crate::error::Result;
use crate::journal::Plan;
use crate::mail::{alias, boxes};
use crate::model::{Given, MailAddress};
use crate::runner::{Change, Context, Outcome};

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
    if let Ok(Outcome::Done(done)) = &change
        && !done.is_replay
    {
        tell_aliases(context, &address).await;
    }
    args.delete
        .tell(context, "mail box", address.as_str(), change)
        .await
}

/// Whose mail has nowhere to go from here on. The box is gone whether that can be told or not.
async fn tell_aliases(context: &Context, address: &MailAddress) {
    let sources = async { alias::leading_to(&*context.session().await?, address).await };
    match sources.await {
        Ok(sources) if sources.is_empty() => {}
        Ok(sources) => context.ui.note(&format!(
            "{address} is led to still by {}; to let them lead elsewhere: hostctl mail alias set",
            sources.join(", ")
        )),
        Err(error) => tracing::warn!(%error, "the aliases that lead to it cannot be told"),
    }
}
