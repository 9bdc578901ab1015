//! `hostctl ca rollover CA`.

use serde_json::{Value, json};

use super::row::Account;
use crate::certificate::acme::AccountKey;
use crate::certificate::ca::{self, plan_rollover};
use crate::error::{Error, Kind, Result};
use crate::journal::Plan;
use crate::keyring;
use crate::runner::{Change, Context, Outcome, World};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The authority [acme.NAME]
    #[arg(value_name = "CA")]
    ca: Option<String>,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let world = World::of(context);
    let (name, _) = world.authorities.pick(args.ca.as_deref())?;
    let keyring = keyring::open(&context.config, &context.environment)?;
    let key = ca::seal_key(&keyring, name, &AccountKey::generate()?)?;
    let outcome = Change::new("ca.rollover", name, json!({}))
        .run(context, async |session, _, _| {
            let row = valid(ca::find(&**session, name).await?, name)?;
            Ok(Plan {
                kind: "ca.rollover",
                target: name.to_owned(),
                account: None,
                request: Value::Null,
                steps: plan_rollover(&row, key.clone())?,
                claims: Vec::new(),
                result: json!({ "ca": name }),
            })
        })
        .await?;
    if matches!(outcome, Outcome::Shown) {
        return Ok(());
    }
    let row = valid(ca::find(&*context.session().await?, name).await?, name)?;
    context.ui.one(&Account::from(row))
}

/// The account, if it can be used.
pub(super) fn valid(row: Option<ca::Row>, name: &str) -> Result<ca::Row> {
    row.filter(|row| row.state == ca::State::Valid).ok_or_else(|| {
        Error::new(Kind::NotFound, "not_found", format!("no account at {name}"))
            .hint(format!("hostctl ca register {name} --agree-tos"))
    })
}
