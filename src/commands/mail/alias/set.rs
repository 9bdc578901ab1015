//! `hostctl mail alias set SOURCE DESTINATION…`.

use serde_json::json;

use super::row::Changed;
use crate::commands::{Take, scope};
use crate::error::Result;
use crate::journal::Plan;
use crate::mail::alias;
use crate::model::{AliasSource, Given, MailAddress};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address, or @DOMAIN
    #[arg(value_name = "SOURCE")]
    source: Given<AliasSource>,
    /// Where its mail goes from now on: up to 100 addresses
    #[arg(value_name = "DESTINATION", required = true)]
    destinations: Vec<Given<MailAddress>>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let source = args.source.take(&context.ui);
    let given = args.destinations.iter().map(|given| given.take(&context.ui));
    let destinations = source.destinations(given.collect())?;
    let texts: Vec<&str> = destinations.iter().map(MailAddress::as_str).collect();
    let change = Change::new(
        "mail.alias.set",
        source.as_str(),
        json!({ "destinations": texts }),
    );
    let outcome = change
        .run(context, async |session, _, _| {
            let visible = scope::visible(context, &**session).await?;
            let image = alias::observe(&**session, &source, visible).await?;
            let owner = alias::find(&**session, &source, visible).await?.account;
            let account = image.account;
            alias::check(&**session, &source, &destinations, account).await?;
            Ok(Plan {
                kind: "mail.alias.set",
                target: source.to_string(),
                account: Some(account),
                request: json!({}),
                steps: alias::plan_set(image, destinations.clone())?,
                claims: Vec::new(),
                result: json!({ "account": owner }),
            })
        })
        .await?;
    let find = async { alias::find(&*context.session().await?, &source, None).await };
    match outcome {
        Outcome::Shown => Ok(()),
        Outcome::Unchanged(_) => {
            context
                .ui
                .note(&format!("mail alias {source} is so already; unchanged"));
            context.ui.one(&Changed::unchanged(find.await?))
        }
        Outcome::Done(done) => {
            let read = find.await.ok();
            context
                .ui
                .one(&Changed::done(&source, &destinations, &done, read))
        }
    }
}
