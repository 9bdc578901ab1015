//! `hostctl mail domain create DOMAIN`.

use serde_json::json;

use super::row::{Shown, dns};
use crate::account;
use crate::commands::early::Early;
use crate::commands::{Take, scope};
use crate::error::{Kind, Result};
use crate::journal::Plan;
use crate::keyring::{self, Place};
use crate::mail::dkim::{self, PublicKey};
use crate::mail::domain::{self, NewDomain};
use crate::mail::records;
use crate::model::{DomainName, Given};
use crate::runner::{Change, Context, Done, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    name: Given<DomainName>,
    /// Take a domain that others wrote into the control database as ours; its state and its key stay
    #[arg(long, conflicts_with = "if_not_exists")]
    adopt: bool,
    /// Succeed, changing nothing, where the account has it already
    #[arg(long)]
    if_not_exists: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    domain::check_suffix(&name)?;
    records::host(context.config.mail.hostname.as_deref())?;
    if args.adopt {
        return adopt(&name, context).await;
    }
    let keyring = keyring::open(&context.config, &context.environment)?;
    let key = Early::begin(dkim::generate);
    let change = Change::new("mail.domain.create", name.as_str(), json!({}));
    let change = change.claims([domain::resource(&name)]);
    let made = change
        .run(context, async |session, _, _| {
            let account = account::pick(&**session, context.settings.account.as_ref()).await?;
            domain::observe_create(&**session, &name, account.id).await?;
            let key = key.get().await?;
            let sealed_dkim = keyring.seal(
                Place {
                    purpose: "dkim",
                    row: name.as_str(),
                },
                &key.private,
            )?;
            let public = key.public.clone();
            let result = json!({ "account": account.name, "selector": public.selector, "dkim": public.text });
            let new = NewDomain {
                name: name.clone(),
                account: account.id,
                dkim: public,
                sealed_dkim,
            };
            Ok(Plan {
                kind: "mail.domain.create",
                target: name.to_string(),
                account: Some(account.id),
                request: json!({}),
                steps: domain::plan_create(new)?,
                claims: Vec::new(),
                result,
            })
        })
        .await;
    let shown = match made {
        Ok(Outcome::Shown | Outcome::Unchanged(_)) => return Ok(()),
        Ok(Outcome::Done(done)) => created(context, &name, &done).await?,
        Err(error) if args.if_not_exists && error.kind() == Kind::Conflict && error.reason() == "exists" => {
            let Some(existing) = existing(context, &name).await? else {
                return Err(error);
            };
            context
                .ui
                .note(&format!("mail domain {name} exists already; unchanged"));
            existing
        }
        Err(error) => return Err(error),
    };
    tell(&shown, &name, context)
}

/// `--adopt`: what is there already becomes ours.
async fn adopt(name: &DomainName, context: &Context) -> Result<()> {
    let asked = json!({ "adopt": true });
    let outcome = Change::new("mail.domain.create", name.as_str(), asked)
        .claims([domain::resource(name)])
        .run(context, async |session, _, _| {
            let wanted = scope::visible(context, &**session).await?;
            let image = domain::observe_adopt(&**session, name, wanted).await?;
            Ok(Plan {
                kind: "mail.domain.create",
                target: name.to_string(),
                account: Some(image.account),
                request: json!({}),
                steps: vec![domain::plan_adopt(image)?],
                claims: Vec::new(),
                result: json!({ "domain": name }),
            })
        })
        .await?;
    let Outcome::Done(done) = outcome else {
        return Ok(());
    };
    let session = context.session().await?;
    let found = domain::find(&*session, name, None).await?;
    let key = domain::public_key(&*session, name).await?;
    if key.is_none() {
        context.ui.note(&format!(
            "it has no key that signs its mail yet: hostctl mail dkim rotate {name}"
        ));
    }
    let mut shown = Shown::of(found, dns(name, key.as_ref(), &context.config.mail)?);
    shown.operation = Some(done.operation.to_string());
    tell(&shown, name, context)
}

fn tell(shown: &Shown, name: &DomainName, context: &Context) -> Result<()> {
    context.ui.one(shown)?;
    context.ui.note(&format!(
        "nothing was changed in DNS: the records under dns are yours to set; again with: hostctl mail domain show {name}"
    ));
    Ok(())
}

/// What was done is told also where it cannot be read again.
async fn created(context: &Context, name: &DomainName, done: &Done) -> Result<Shown> {
    let text = |key: &str| done.result[key].as_str().unwrap_or_default().to_owned();
    let public = PublicKey {
        selector: text("selector"),
        text: text("dkim"),
    };
    let read = async { domain::find(&*context.session().await?, name, None).await };
    let created_at = read.await.ok().map(|domain| domain.created_at);
    Ok(Shown {
        name: name.to_string(),
        account: text("account"),
        state: "active".to_owned(),
        boxes: 0,
        dns: dns(name, Some(&public), &context.config.mail)?,
        dkim_selector: Some(public.selector),
        created_at,
        operation: Some(done.operation.to_string()),
    })
}

/// The domain that is there already, if it is the same account's.
async fn existing(context: &Context, name: &DomainName) -> Result<Option<Shown>> {
    let session = context.session().await?;
    let account = account::pick(&*session, context.settings.account.as_ref()).await?;
    let found = match domain::find(&*session, name, Some(account.id)).await {
        Err(error) if error.kind() == Kind::NotFound => return Ok(None),
        found => found?,
    };
    let key = domain::public_key(&*session, name).await?;
    let records = dns(name, key.as_ref(), &context.config.mail)?;
    Ok(Some(Shown::of(found, records)))
}
