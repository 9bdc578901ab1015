//! `mail.alias.adopt`: our mark into the row of an alias that somebody else wrote. Its destinations stay.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::plan::shown;
use super::steps::{described, is_ours, none, one_at_a_time, resource};
use super::store::{self, Image, check};
use crate::account::{self, Owned};
use crate::error::Result;
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};
use crate::mail::rows::{ROW, changed, mark, query};
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
        let statement = "UPDATE hostctl.email_aliases a SET marker = $3
            FROM jsonb_populate_record(NULL::hostctl.email_aliases, $2::text::jsonb) seen
            WHERE a.source = $1 AND a = seen RETURNING 1";
        let what = described(&self.source);
        let row = secrets.get(ROW)?;
        let parameters = [
            (&self.source.as_str() as _, Type::TEXT),
            (&row.expose() as _, Type::TEXT),
            (&marker.to_string() as _, Type::TEXT),
        ];
        if !query(transaction, &what, statement, &parameters)
            .await?
            .is_empty()
        {
            account::enforce(transaction, self.account, Owned::Alias).await?;
            return Ok(Value::Null);
        }
        match is_ours(transaction, &self.source, marker).await? {
            Some(true) => Ok(Value::Null),
            Some(false) => Err(changed(&what)),
            None => Err(none(&self.source)),
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let statement = "UPDATE hostctl.email_aliases a SET marker = seen.marker
            FROM jsonb_populate_record(NULL::hostctl.email_aliases, $2::text::jsonb) seen
            WHERE a.source = $1 AND (starts_with(a.marker, $3) OR a = seen) RETURNING 1";
        let what = described(&self.source);
        let row = secrets.get(ROW)?;
        let parameters = [
            (&self.source.as_str() as _, Type::TEXT),
            (&row.expose() as _, Type::TEXT),
            (&mark(marker) as _, Type::TEXT),
        ];
        let back = query(transaction, &what, statement, &parameters).await?;
        if back.is_empty() {
            Err(changed(&what))
        } else {
            Ok(())
        }
    }
}
