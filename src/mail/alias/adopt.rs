//! `mail.alias.adopt`: our mark into the row of an alias that somebody else wrote. Its destinations stay.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::plan::shown;
use super::steps::{described, one_at_a_time, resource, target};
use super::store::{self, Image, check};
use crate::account::{self, Owned};
use crate::error::Result;
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};
use crate::mail::rows::ROW;
use crate::model::{AliasSource, MailAddress};

/// A mark in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct Adopt {
    source: AliasSource,
    account: Uuid,
    destinations: Vec<MailAddress>,
}

/// Reads the alias that somebody else wrote, for `account` if it is given.
///
/// # Errors
/// `not_found`; `conflict`: `exists` where it is ours already, or a box stands in its place, `taken`, `loop`, `foreign` where
/// its domain is not ours; `denied`: `suspended`, `limit`; `usage` where a destination is no address.
pub async fn observe_adopt(
    client: &impl GenericClient,
    source: &AliasSource,
    account: Option<Uuid>,
) -> Result<Image> {
    let image = store::observe_foreign(client, source).await?;
    store::check_place(client, source, account).await?;
    check(client, source, &image.destinations, image.account).await?;
    account::enforce(client, image.account, Owned::Alias).await?;
    Ok(image)
}

/// Plans the mark: one step.
///
/// # Errors
/// `internal`.
pub fn plan_adopt(image: Image) -> Result<PlannedStep> {
    let change = Change {
        action: "adopt",
        resource: described(&image.source),
        before: Some(format!("not ours, {}", shown(&image.destinations))),
        after: Some("ours, unchanged".to_owned()),
        undo: Reversal::Undoable,
    };
    let step = Adopt {
        source: image.source,
        account: image.account,
        destinations: image.destinations,
    };
    Ok(PlannedStep::in_control(&step, change)?
        .secret(ROW, image.row)
        .keep_secrets())
}

impl ControlStep for Adopt {
    const KIND: &'static str = "mail.alias.adopt";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.source)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        one_at_a_time(transaction).await?;
        check(transaction, &self.source, &self.destinations, self.account).await?;
        let what = described(&self.source);
        let adopted = target(&self.source, &what)
            .write(transaction, (&[], &[]), "1", marker, secrets)
            .await?;
        if adopted.is_some() {
            account::enforce(transaction, self.account, Owned::Alias).await?;
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.source);
        target(&self.source, &what)
            .write_back(transaction, &[], marker, secrets)
            .await
            .map(drop)
    }
}
