//! `hostctl cert delete NAME [--purge]`.

use serde_json::json;

use crate::certificate::{revoke, store};
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
    /// Have its authority revoke it before; --reason is then one of the words of `cert revoke`
    #[arg(long, requires = "purge")]
    revoke: bool,
    #[command(flatten)]
    delete: deleted::Delete,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let fate = args.delete.fate(context);
    let reason = args.revoke.then(|| super::revoke::reason(context)).transpose()?;
    let question = match args.revoke {
        true => format!("revoke certificate {name}, and delete it and its key?"),
        false => format!("delete certificate {name} and its key?"),
    };
    let asked = json!({ "with_places": args.with_places, "revoke": reason });
    let change = Change::new("cert.delete", name.as_str(), asked)
        .confirm(question)
        .run(context, async |session, world, _| {
            let visible = scope::visible(context, &**session).await?;
            let image = store::observe(&**session, &name, visible).await?;
            let mut steps = Vec::new();
            if let Some(reason) = reason.filter(|_| image.generation.is_some()) {
                let issued = revoke::observe(&**session, &name, None, visible).await?;
                steps = super::revoke::steps(world, issued, None, reason, false)?;
            }
            Ok(Plan {
                kind: "cert.delete",
                target: name.to_string(),
                account: Some(image.account),
                request: json!({}),
                steps: {
                    steps.extend(store::plan_delete(image, args.with_places, fate)?);
                    steps
                },
                claims: Vec::new(),
                result: json!({ "certificate": name, "state": "deleted" }),
            })
        })
        .await;
    args.delete
        .tell(context, "certificate", name.as_str(), change)
        .await
}
