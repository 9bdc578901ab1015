//! `hostctl mail domain delete DOMAIN [--purge]`.

use serde_json::json;

use crate::commands::{Take, deleted, scope};
use crate::error::Result;
use crate::journal::Plan;
use crate::mail::{domain, records};
use crate::model::{DomainName, Given};
use crate::runner::{Change, Context};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    name: Given<DomainName>,
    /// Delete its boxes and aliases too; the mail stays where it is
    #[arg(long)]
    with_boxes: bool,
    #[command(flatten)]
    delete: deleted::Delete,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let fate = args.delete.fate(context);
    let configured = context.config.mail.hostname.as_deref();
    let host = configured
        .map(|hostname| records::host(Some(hostname)))
        .transpose()?;
    let and_boxes = if args.with_boxes { " and all its boxes" } else { "" };
    let change = Change::new(
        "mail.domain.delete",
        name.as_str(),
        json!({ "with_boxes": args.with_boxes }),
    )
    .confirm(format!("delete mail domain {name}{and_boxes}?"))
    .run(context, async |session, _, _| {
        let account = scope::visible(context, &**session).await?;
        let image = domain::observe(&**session, &name, account).await?;
        let account = image.account;
        Ok(Plan {
            kind: "mail.domain.delete",
            target: name.to_string(),
            account: Some(account),
            request: json!({}),
            steps: domain::plan_delete(image, args.with_boxes, host.as_ref(), fate)?,
            claims: Vec::new(),
            result: json!({ "domain": name, "state": "deleted" }),
        })
    })
    .await;
    args.delete
        .tell(context, "mail domain", name.as_str(), change)
        .await
}
