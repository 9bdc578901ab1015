//! `hostctl mail dkim rotate DOMAIN`.

use serde::Serialize;
use serde_json::json;

use super::place;
use crate::commands::early::Early;
use crate::commands::{Take, scope};
use crate::error::Result;
use crate::journal::Plan;
use crate::keyring::{self, Place};
use crate::mail::dkim;
use crate::mail::domain;
use crate::mail::rotation::{self, Rotation};
use crate::model::{DomainName, Given};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    name: Given<DomainName>,
}

#[derive(Serialize)]
struct Rotated {
    domain: String,
    selector: String,
    state: String,
    name: String,
    value: String,
    operation: String,
}

impl Row for Rotated {
    const NOUN: &'static str = "DKIM key";
    const COLUMNS: &'static [Column] = &[
        Column::new("domain"),
        Column::new("selector"),
        Column::new("state").state(),
        Column::new("name"),
        Column::new("value"),
        Column::new("operation"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let keyring = keyring::open(&context.config, &context.environment)?;
    let pair = Early::begin(dkim::generate);
    let change = Change::new("mail.dkim.rotate", name.as_str(), json!({}));
    let outcome = change
        .run(context, async |session, world, _| {
            let visible = scope::visible(context, &**session).await?;
            let image = domain::observe(&**session, &name, visible).await?;
            let account = image.account;
            let place = Place {
                purpose: "dkim",
                row: name.as_str(),
            };
            let pair = pair.get().await?;
            let planned = rotation::plan_rotate(Rotation {
                keys: rotation::all(&**session, &name).await?,
                zone: place::zone(session, world, &name, account).await?,
                domain: image,
                new: (pair.public.clone(), keyring.seal(place, &pair.private)?),
            })?;
            let (public, state) = (planned.public, planned.state);
            Ok(Plan {
                kind: "mail.dkim.rotate",
                target: name.to_string(),
                account: Some(account),
                request: json!({}),
                steps: planned.steps,
                claims: Vec::new(),
                result: json!({ "selector": public.selector, "value": public.text, "state": state }),
            })
        })
        .await?;
    let Outcome::Done(done) = outcome else {
        return Ok(());
    };
    let text = |key: &str| done.result[key].as_str().unwrap_or_default().to_owned();
    let rotated = Rotated {
        domain: name.to_string(),
        selector: text("selector"),
        state: text("state"),
        name: format!("{}._domainkey.{name}", text("selector")),
        value: text("value"),
        operation: done.operation.to_string(),
    };
    context.ui.one(&rotated)?;
    if rotated.state == "coming" {
        context.ui.note(&format!(
            "the zone is not ours: set {} TXT to the value, then again: hostctl mail dkim rotate {name}",
            rotated.name
        ));
    }
    Ok(())
}
