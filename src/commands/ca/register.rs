//! `hostctl ca register [CA]`.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::row::Account;
use crate::certificate::acme::AccountKey;
use crate::certificate::ca::{self, Registration, plan_register};
use crate::env::files;
use crate::error::{Error, Result};
use crate::journal::Plan;
use crate::keyring;
use crate::model::{Given, MailAddress, Secret};
use crate::runner::{Change, Context, Outcome, World};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The authority [acme.NAME]
    #[arg(value_name = "CA")]
    ca: Option<String>,
    /// Agree to the terms of the authority
    #[arg(long)]
    agree_tos: bool,
    /// How the authority reaches us, instead of what is configured; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    contact: Vec<Given<MailAddress>>,
    /// The identifier of the account that it is bound to, as the authority gave it out
    #[arg(long, value_name = "ID", requires = "eab_key_file")]
    eab_kid: Option<String>,
    /// The file with the key that belongs to it, in base64url
    #[arg(long, value_name = "FILE", requires = "eab_kid")]
    eab_key_file: Option<PathBuf>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let world = World::of(context);
    let (name, acme) = world.authorities.pick(args.ca.as_deref())?;
    let contacts = contacts(&args, &acme.contacts)?;
    let keyring = keyring::open(&context.config, &context.environment)?;
    let key = ca::seal_key(&keyring, name, &AccountKey::generate()?)?;
    let eab = eab(&args)?;
    let kid = eab.as_ref().map(|(kid, _)| kid.as_str());
    let asked = json!({ "contacts": contacts, "agrees": args.agree_tos, "eab_kid": kid });
    let change = Change::new("ca.register", name, asked);
    let outcome = change
        .run(context, async |session, world, _| {
            let client = world.authorities.client(name).await?;
            let steps = plan_register(Registration {
                ca: name,
                directory: &acme.directory,
                contacts: contacts.clone(),
                eab: eab.clone(),
                meta: &client.directory.meta,
                agrees: args.agree_tos,
                key_sealed: key.clone(),
                row: ca::find(&**session, name).await?,
            })?;
            Ok(Plan {
                kind: "ca.register",
                target: name.to_owned(),
                account: None,
                request: Value::Null,
                steps,
                claims: Vec::new(),
                result: json!({ "ca": name }),
            })
        })
        .await?;
    if matches!(outcome, Outcome::Shown) {
        return Ok(());
    }
    let row = ca::find(&*context.session().await?, name).await?;
    let row = row.ok_or_else(|| Error::internal("an account that is registered and not there"))?;
    context.ui.one(&Account::from(row))
}

fn contacts(args: &Args, configured: &[String]) -> Result<Vec<String>> {
    let given = args.contact.iter().map(|contact| Ok(contact.value.to_string()));
    let configured = configured.iter().map(|text| {
        let plain = text.strip_prefix("mailto:").unwrap_or(text);
        MailAddress::parse(plain).map(|address| address.value.to_string())
    });
    let addresses: Result<Vec<String>> = match args.contact.is_empty() {
        true => configured.collect(),
        false => given.collect(),
    };
    Ok(addresses?
        .iter()
        .map(|address| format!("mailto:{address}"))
        .collect())
}

fn eab(args: &Args) -> Result<Option<(String, Secret)>> {
    match (&args.eab_kid, &args.eab_key_file) {
        (Some(kid), Some(file)) => Ok(Some((kid.clone(), files::read_secret(file)?))),
        _ => Ok(None),
    }
}
