//! `hostctl mail dkim retire DOMAIN SELECTOR`, and what `tick` does with keys whose time in DNS is over.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::place;
use crate::commands::{Take, scope};
use crate::control::Session;
use crate::error::{Error, Kind, Result};
use crate::journal::Plan;
use crate::mail::{domain, rotation};
use crate::model::{DomainName, Given};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Outcome, World};

const KIND: &str = "mail.dkim.retire";

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    name: Given<DomainName>,
    /// Below which name the key is published: `hostctl mail dkim show DOMAIN`
    #[arg(value_name = "SELECTOR")]
    selector: String,
}

#[derive(Serialize, Deserialize)]
struct Retired {
    domain: DomainName,
    selector: String,
    state: String,
    #[serde(default)]
    operation: Option<String>,
}

impl Row for Retired {
    const NOUN: &'static str = "DKIM key";
    const COLUMNS: &'static [Column] = &[
        Column::new("domain"),
        Column::new("selector"),
        Column::new("state").state(),
        Column::new("operation"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let (name, selector) = (args.name.take(&context.ui), args.selector);
    let change = Change::new(KIND, name.as_str(), json!({ "selector": selector }));
    let outcome = change
        .confirm(format!(
            "take DKIM key {selector} of {name} out of DNS? mail that it signed is not valid any more"
        ))
        .run(context, async |session, world, _| {
            let visible = scope::visible(context, &**session).await?;
            let image = domain::observe(&**session, &name, visible).await?;
            let key = rotation::retired(&**session, &name, &selector).await?;
            plan(session, world, image, &selector, Some(key)).await
        })
        .await?;
    let Outcome::Done(done) = outcome else {
        return Ok(());
    };
    let read: Retired = serde_json::from_value(done.result)
        .map_err(|error| Error::internal("the result of an operation cannot be read").source(error))?;
    context.ui.one(&Retired {
        operation: Some(done.operation.to_string()),
        ..read
    })
}

/// Takes every retired key that is due out of DNS and out of the control database, each as an operation of its own. Gives
/// back what went wrong.
///
/// # Errors
/// Those of reaching the control database.
pub async fn retire_due(context: &Context) -> Result<Vec<Error>> {
    let due = rotation::due(&*context.session().await?).await?;
    let mut failed = Vec::new();
    for key in due {
        let (name, selector) = (key.domain.clone(), key.public.selector.clone());
        let outcome = Change::new(KIND, name.as_str(), json!({ "selector": selector }))
            .run(context, async |session, world, _| {
                let due = rotation::due(&**session).await?;
                let key = due
                    .into_iter()
                    .find(|key| key.domain == name && key.public.selector == selector);
                let image = domain::observe(&**session, &name, None).await?;
                plan(session, world, image, &selector, key).await
            })
            .await;
        match outcome {
            Ok(_) => {}
            Err(error) if matches!(error.kind(), Kind::Busy | Kind::NotFound) => {}
            Err(error) => failed.push(error.context(format!("DKIM key {selector} of {name}"))),
        }
    }
    Ok(failed)
}

/// The end of `key`; of none where another host was quicker.
async fn plan(
    session: &Session,
    world: &World,
    image: domain::Image,
    selector: &str,
    key: Option<rotation::Key>,
) -> Result<Plan> {
    let (name, account) = (image.name.clone(), image.account);
    let zone = place::zone(session, world, &name, account).await?;
    let steps = match key {
        Some(key) => rotation::plan_retire(key, &image, zone.as_ref())?,
        None => Vec::new(),
    };
    Ok(Plan {
        kind: KIND,
        target: name.to_string(),
        account: Some(account),
        request: json!({}),
        steps,
        claims: Vec::new(),
        result: json!({ "domain": name, "selector": selector, "state": "deleted" }),
    })
}
