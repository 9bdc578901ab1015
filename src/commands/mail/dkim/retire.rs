//! What `tick` does with keys whose time in DNS is over.

use serde_json::json;

use super::place;
use crate::error::{Kind, Result};
use crate::journal::Plan;
use crate::mail::{domain, rotation};
use crate::runner::{Change, Context};

/// Takes every retired key that is due out of DNS and out of the control database, each as an operation of its own. Gives
/// back what went wrong.
///
/// # Errors
/// Those of reaching the control database.
pub async fn retire_due(context: &Context) -> Result<Vec<crate::error::Error>> {
    let due = rotation::due(&*context.session().await?).await?;
    let mut failed = Vec::new();
    for key in due {
        let (name, selector) = (key.domain.clone(), key.public.selector.clone());
        let change = Change::new("mail.dkim.retire", name.as_str(), json!({ "selector": selector }));
        let outcome = change
            .run(context, async |session, world, _| {
                let image = domain::observe(&**session, &name, None).await?;
                let account = image.account;
                let zone = place::zone(session, world, &name, account).await?;
                let due = rotation::due(&**session).await?;
                let key = due
                    .into_iter()
                    .find(|key| key.domain == name && key.public.selector == selector);
                // Another host may have been quicker.
                let steps = match key {
                    Some(key) => rotation::plan_retire(key, &image, zone.as_ref())?,
                    None => Vec::new(),
                };
                Ok(Plan {
                    kind: "mail.dkim.retire",
                    target: name.to_string(),
                    account: Some(account),
                    request: json!({}),
                    steps,
                    claims: Vec::new(),
                    result: json!({ "domain": name, "selector": selector }),
                })
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
