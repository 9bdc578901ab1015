//! `hostctl ca deactivate CA`.

use serde_json::{Value, json};

use super::rollover::valid;
use super::row::Account;
use crate::certificate::ca::{self, plan_deactivate};
use crate::error::{Error, Result};
use crate::journal::Plan;
use crate::runner::{Change, Context, Outcome, World};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The authority [acme.NAME]
    #[arg(value_name = "CA")]
    ca: String,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let world = World::of(context);
    let (name, _) = world.authorities.pick(Some(&args.ca))?;
    let question = format!("deactivate the account at {name}? It can never be used again");
    let outcome = Change::new("ca.deactivate", name, json!({}))
        .confirm(question)
        .run(context, async |session, _, _| {
            let row = valid(ca::find(&**session, name).await?, name)?;
            Ok(Plan {
                kind: "ca.deactivate",
                target: name.to_owned(),
                account: None,
                request: Value::Null,
                steps: plan_deactivate(&row)?,
                claims: Vec::new(),
                result: json!({ "ca": name }),
            })
        })
        .await?;
    if matches!(outcome, Outcome::Shown) {
        return Ok(());
    }
    let row = ca::find(&*context.session().await?, name).await?;
    let row = row.ok_or_else(|| Error::internal("an account that was deactivated and is not there"))?;
    context.ui.one(&Account::from(row))
}
