//! `hostctl cert delete NAME [--purge]`.

use serde_json::json;

use crate::certificate::store;
use crate::commands::{Take, deleted, scope};
use crate::error::Result;
use crate::journal::Plan;
use crate::model::{CertificateName, Given};
use crate::runner::{Change, Context};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The certificate
    #[arg(value_name = "NAME")]
    name: Given<CertificateName>,
    /// Also where it is placed on hosts; the files stay there, and are renewed no more
    #[arg(long)]
    with_places: bool,
    #[command(flatten)]
    delete: deleted::Delete,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let fate = args.delete.fate(context);
    let change = Change::new(
        "cert.delete",
        name.as_str(),
        json!({ "with_places": args.with_places }),
    )
    .confirm(format!("delete certificate {name} and its key?"))
    .run(context, async |session, _, _| {
        let visible = scope::visible(context, &**session).await?;
        let image = store::observe(&**session, &name, visible).await?;
        Ok(Plan {
            kind: "cert.delete",
            target: name.to_string(),
            account: Some(image.account),
            request: json!({}),
            steps: store::plan_delete(image, args.with_places, fate)?,
            claims: Vec::new(),
            result: json!({ "certificate": name, "state": "deleted" }),
        })
    })
    .await;
    args.delete.tell(context, "certificate", name.as_str(), change)
}
