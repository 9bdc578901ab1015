//! `hostctl mail box create ADDRESS`.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::credential;
use crate::commands::{Take, password, scope};
use crate::error::{Kind, Result};
use crate::journal::Plan;
use crate::mail::boxes::{self, MailBox, NewBox};
use crate::mail::domain;
use crate::model::{Given, MailAddress, Quota};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Done, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address: its domain must take mail already
    #[arg(value_name = "ADDRESS")]
    address: Given<MailAddress>,
    #[command(flatten)]
    credential: credential::Given,
    /// How much mail it takes, such as 2G, or unlimited [default: unlimited; with --adopt as it is]
    #[arg(long, value_name = "SIZE")]
    quota: Option<Quota>,
    /// Allow an address such as postmaster, whose reader can get certificates for the domain
    #[arg(long)]
    allow_role: bool,
    /// Take a box that others wrote into the control database as ours; its password stays where none is given
    #[arg(long, conflicts_with = "if_not_exists")]
    adopt: bool,
    /// Succeed, changing nothing, where it exists already
    #[arg(long)]
    if_not_exists: bool,
}

#[derive(Serialize)]
struct Shown {
    address: String,
    account: String,
    quota_bytes: Option<i64>,
    state: String,
    created_at: Option<Timestamp>,
    password: Option<String>,
    operation: Option<String>,
}

impl Row for Shown {
    const NOUN: &'static str = "mail box";
    const COLUMNS: &'static [Column] = &[
        Column::new("address"),
        Column::new("account"),
        Column::new("quota_bytes").titled("quota").bytes(),
        Column::new("state").state(),
        Column::new("created_at").titled("created").time(),
        Column::new("password"),
        Column::new("operation"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let address = args.address.take(&context.ui);
    boxes::check_addresses([&address], args.allow_role)?;
    if args.adopt {
        return adopt(&args, &address, context).await;
    }
    let quota = args.quota.unwrap_or(Quota::Unlimited);
    let credential = args.credential.take(context, &address).await?;
    let made = Change::new("mail.box.create", address.as_str(), json!({ "quota": quota }))
        .claims([boxes::resource(&address)])
        .secrets(credential.secrets)
        .run(context, async |session, _, _| {
            let wanted = scope::visible(context, &**session).await?;
            let account = boxes::observe_create(&**session, &address, wanted).await?;
            let owner = domain::find(&**session, address.domain(), None).await?.account;
            let new = NewBox {
                address: address.clone(),
                quota,
                hash: credential.hash.get().await?.clone(),
            };
            Ok(Plan {
                kind: "mail.box.create",
                target: address.to_string(),
                account: Some(account),
                request: json!({}),
                steps: boxes::plan_create(vec![new], account, args.allow_role)?,
                claims: Vec::new(),
                result: json!({ "address": address, "account": owner, "quota_bytes": quota.bytes() }),
            })
        })
        .await;
    let shown = match made {
        Ok(Outcome::Shown | Outcome::Unchanged(_)) => return Ok(()),
        Ok(Outcome::Done(done)) => created(context, &address, &done).await,
        Err(error) if args.if_not_exists && error.kind() == Kind::Conflict && error.reason() == "exists" => {
            let Some(existing) = existing(context, &address).await? else {
                return Err(error);
            };
            context
                .ui
                .note(&format!("mail box {address} exists already; unchanged"));
            existing
        }
        Err(error) => return Err(error),
    };
    context.ui.one(&shown)
}

/// `--adopt`: what is there already becomes ours.
async fn adopt(args: &Args, address: &MailAddress, context: &Context) -> Result<()> {
    let credential = match args.credential.is_given() {
        true => Some(args.credential.take(context, address).await?),
        false => None,
    };
    let (hash, secrets) = match credential {
        Some(credential) => (Some(credential.hash), credential.secrets),
        None => (None, Vec::new()),
    };
    let asked = json!({ "adopt": true, "quota": args.quota });
    let outcome = Change::new("mail.box.create", address.as_str(), asked)
        .claims([boxes::resource(address)])
        .secrets(secrets)
        .run(context, async |session, _, _| {
            let wanted = scope::visible(context, &**session).await?;
            let image = boxes::observe_adopt(&**session, address, wanted, hash.is_none()).await?;
            let hash = match &hash {
                Some(hash) => Some(hash.get().await?),
                None => None,
            };
            Ok(Plan {
                kind: "mail.box.create",
                target: address.to_string(),
                account: Some(image.account),
                request: json!({}),
                steps: vec![boxes::plan_adopt(image, args.quota, hash)?],
                claims: Vec::new(),
                result: json!({ "address": address }),
            })
        })
        .await?;
    let Outcome::Done(done) = outcome else {
        return Ok(());
    };
    let mut shown = Shown::from(boxes::find(&*context.session().await?, address, None).await?);
    shown.operation = Some(done.operation.to_string());
    context.ui.one(&shown)
}

impl From<MailBox> for Shown {
    fn from(found: MailBox) -> Self {
        Shown {
            address: found.address,
            account: found.account,
            quota_bytes: found.quota_bytes,
            state: found.state,
            created_at: Some(found.created_at),
            password: None,
            operation: None,
        }
    }
}

/// What was done is told also where it cannot be read again: nobody else knows the password.
async fn created(context: &Context, address: &MailAddress, done: &Done) -> Shown {
    let read = async { boxes::find(&*context.session().await?, address, None).await };
    Shown {
        address: address.to_string(),
        account: done.result["account"].as_str().unwrap_or_default().to_owned(),
        quota_bytes: done.result["quota_bytes"].as_i64(),
        state: "active".to_owned(),
        created_at: read.await.ok().map(|found| found.created_at),
        password: password::shown(context, done),
        operation: Some(done.operation.to_string()),
    }
}

/// The box that is there already, if we may see it.
async fn existing(context: &Context, address: &MailAddress) -> Result<Option<Shown>> {
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    match boxes::find(&*session, address, account).await {
        Ok(found) => Ok(Some(Shown::from(found))),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
