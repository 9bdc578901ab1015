//! `hostctl mail alias create SOURCE DESTINATION…`.

use serde_json::json;

use super::row::Changed;
use crate::commands::{Take, scope};
use crate::error::{Kind, Result};
use crate::journal::Plan;
use crate::mail::alias::{self, NewAlias};
use crate::mail::domain;
use crate::model::{AliasSource, DomainName, Given, MailAddress};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address, or @DOMAIN for what neither a box nor another alias takes; its domain must take mail already
    #[arg(value_name = "SOURCE")]
    source: Given<AliasSource>,
    /// Where its mail goes: up to 100 addresses
    #[arg(value_name = "DESTINATION", required_unless_present = "adopt")]
    destinations: Vec<Given<MailAddress>>,
    /// Take an alias that others wrote into the control database as ours; its destinations stay
    #[arg(long, conflicts_with_all = ["destinations", "if_not_exists"])]
    adopt: bool,
    /// Allow an address such as postmaster, whose reader can get certificates for the domain
    #[arg(long)]
    allow_role: bool,
    /// Succeed, changing nothing, where it exists already
    #[arg(long)]
    if_not_exists: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let source = args.source.take(&context.ui);
    if args.adopt {
        return adopt(&args, &source, context).await;
    }
    let given = args.destinations.iter().map(|given| given.take(&context.ui));
    let destinations = source.destinations(given.collect())?;
    alias::check_new(&source, args.allow_role)?;
    let change = Change::new(
        "mail.alias.create",
        source.as_str(),
        json!({ "destinations": destinations.iter().map(MailAddress::as_str).collect::<Vec<_>>() }),
    );
    let made = change
        .run(context, async |session, _, _| {
            let wanted = scope::visible(context, &**session).await?;
            let account = alias::observe_create(&**session, &source, &destinations, wanted).await?;
            let name: DomainName = source.domain().parse()?;
            let owner = domain::find(&**session, &name, None).await?.account;
            let new = NewAlias {
                source: source.clone(),
                account,
                destinations: destinations.clone(),
            };
            Ok(Plan {
                kind: "mail.alias.create",
                target: source.to_string(),
                account: Some(account),
                request: json!({}),
                steps: alias::plan_create(new)?,
                // No box is made in its place meanwhile.
                claims: source
                    .address()
                    .iter()
                    .map(|address| format!("box:{address}"))
                    .collect(),
                result: json!({ "account": owner }),
            })
        })
        .await;
    match made {
        Ok(Outcome::Shown | Outcome::Unchanged(_)) => Ok(()),
        Ok(Outcome::Done(done)) => {
            let read = async { alias::find(&*context.session().await?, &source, None).await };
            let read = read.await.ok();
            context
                .ui
                .one(&Changed::done(&source, &destinations, &done, read))
        }
        Err(error) if args.if_not_exists && error.kind() == Kind::Conflict && error.reason() == "exists" => {
            let session = context.session().await?;
            let account = scope::visible(context, &*session).await?;
            let Ok(existing) = alias::find(&*session, &source, account).await else {
                return Err(error);
            };
            context
                .ui
                .note(&format!("mail alias {source} exists already; unchanged"));
            context.ui.one(&Changed::unchanged(existing))
        }
        Err(error) => Err(error),
    }
}

/// `--adopt`: what is there already becomes ours.
async fn adopt(args: &Args, source: &AliasSource, context: &Context) -> Result<()> {
    alias::check_new(source, args.allow_role)?;
    let outcome = Change::new("mail.alias.create", source.as_str(), json!({ "adopt": true }))
        .run(context, async |session, _, _| {
            let wanted = scope::visible(context, &**session).await?;
            let image = alias::observe_adopt(&**session, source, wanted).await?;
            Ok(Plan {
                kind: "mail.alias.create",
                target: source.to_string(),
                account: Some(image.account),
                request: json!({}),
                steps: vec![alias::plan_adopt(image)?],
                claims: Vec::new(),
                result: json!({ "source": source.as_str() }),
            })
        })
        .await?;
    let Outcome::Done(done) = outcome else {
        return Ok(());
    };
    let found = alias::find(&*context.session().await?, source, None).await?;
    context.ui.one(&Changed::adopted(found, done.operation))
}
