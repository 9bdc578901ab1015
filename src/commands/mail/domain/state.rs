//! `hostctl mail domain suspend DOMAIN` and `resume`.

use serde_json::json;

use crate::commands::{Take, scope};
use crate::error::Result;
use crate::journal::Plan;
use crate::mail::domain;
use crate::model::{DomainName, Given};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    name: Given<DomainName>,
}

pub(super) async fn suspend(args: Args, context: &Context) -> Result<()> {
    change("mail.domain.suspend", &args, "suspended", context).await
}

pub(super) async fn resume(args: Args, context: &Context) -> Result<()> {
    change("mail.domain.resume", &args, "active", context).await
}

async fn change(kind: &'static str, args: &Args, state: &str, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let outcome = Change::new(kind, name.as_str(), json!({}))
        .run(context, async |session, _, _| {
            let visible = scope::visible(context, &**session).await?;
            let image = domain::observe(&**session, &name, visible).await?;
            let account = image.account;
            Ok(Plan {
                kind,
                target: name.to_string(),
                account: Some(account),
                request: json!({}),
                steps: domain::plan_state(image, state)?,
                claims: Vec::new(),
                result: json!({ "domain": name }),
            })
        })
        .await?;
    match outcome {
        Outcome::Shown => return Ok(()),
        Outcome::Unchanged(_) => context
            .ui
            .note(&format!("mail domain {name} is so already; unchanged")),
        Outcome::Done(_) => {}
    }
    context
        .ui
        .one(&domain::find(&*context.session().await?, &name, None).await?)
}
