//! `mail.domain.adopt`: our mark into the row of a mail domain that somebody else wrote, and one use of its name. Its state and
//! its key stay; its boxes and aliases are adopted one by one.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row, Transaction};
use uuid::Uuid;

use super::plan::check_suffix;
use super::steps::{described, is_ours, not_empty, resource};
use super::store::{self, Image, none};
use crate::account::{self, Owned};
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};
use crate::mail::rows::{OURS, ROW, changed, mark, query};
use crate::model::DomainName;

/// A mark in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct Adopt {
    name: DomainName,
    account: Uuid,
}

/// Reads the domain that somebody else wrote, for `account` if it is given.
///
/// # Errors
/// `not_found`; `conflict`: `exists` where it is ours already, `taken`; `denied`: `suspended`, `limit`; `usage` for a public
/// suffix.
pub async fn observe_adopt(
    client: &impl GenericClient,
    name: &DomainName,
    account: Option<Uuid>,
) -> Result<Image> {
    check_suffix(name)?;
    let image = store::observe_foreign(client, name).await?;
    if account.is_some_and(|account| account != image.account) {
        let message = format!("{} is taken: it belongs to another account", described(name));
        return Err(Error::new(Kind::Conflict, "taken", message));
    }
    account::check_domain(client, name.as_str(), image.account).await?;
    account::enforce(client, image.account, Owned::Domain).await?;
    Ok(image)
}

/// Plans the mark: one step.
///
/// # Errors
/// `internal`.
pub fn plan_adopt(image: Image) -> Result<PlannedStep> {
    let key = match &image.dkim {
        Some(key) => format!("DKIM selector {}", key.selector),
        None => "no DKIM key".to_owned(),
    };
    let change = Change {
        action: "adopt",
        resource: described(&image.name),
        before: Some(format!("not ours, {}, {key}", image.state)),
        after: Some("ours, unchanged".to_owned()),
        undo: Reversal::Undoable,
    };
    let step = Adopt {
        name: image.name,
        account: image.account,
    };
    Ok(PlannedStep::in_control(&step, change)?
        .secret(ROW, image.row)
        .keep_secrets())
}

impl ControlStep for Adopt {
    const KIND: &'static str = "mail.domain.adopt";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let statement = "UPDATE hostctl.email_domains d SET marker = $3
            FROM jsonb_populate_record(NULL::hostctl.email_domains, $2::text::jsonb) seen
            WHERE d.name = $1 AND d = seen RETURNING 1";
        let adopted = self
            .with_row(transaction, statement, &marker.to_string(), secrets)
            .await?;
        if !adopted.is_empty() {
            account::enforce(transaction, self.account, Owned::Domain).await?;
            account::take_domain(transaction, self.name.as_str(), self.account).await?;
            return Ok(Value::Null);
        }
        match is_ours(transaction, &self.name, marker).await? {
            Some(true) => Ok(Value::Null),
            Some(false) => Err(changed(&described(&self.name))),
            None => Err(none(&self.name)),
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let statement = "UPDATE hostctl.email_domains d SET marker = seen.marker
            FROM jsonb_populate_record(NULL::hostctl.email_domains, $2::text::jsonb) seen
            WHERE d.name = $1 AND starts_with(d.marker, $3) RETURNING 1";
        let back = self
            .with_row(transaction, statement, &mark(marker), secrets)
            .await?;
        if !back.is_empty() {
            return account::release_domain(transaction, self.name.as_str()).await;
        }
        let statement = "SELECT FROM hostctl.email_domains d,
                jsonb_populate_record(NULL::hostctl.email_domains, $2::text::jsonb) seen
            WHERE d.name = $1 AND (d = seen OR starts_with(d.marker, $3))";
        let same = self
            .with_row(transaction, statement, &mark(marker), secrets)
            .await?;
        if same.is_empty() {
            Err(changed(&described(&self.name)))
        } else {
            Ok(())
        }
    }

    /// A domain of others has no boxes, aliases or keys of ours.
    async fn turn_back(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<()> {
        let of = |table: &str| format!("EXISTS (SELECT FROM hostctl.{table} WHERE domain = $1 AND {OURS})");
        let statement = format!(
            "SELECT 1 WHERE {} OR {} OR {}",
            of("email_accounts"),
            of("email_aliases"),
            of("email_dkim_keys")
        );
        let parameters = [(&self.name.as_str() as _, Type::TEXT)];
        let ours = query(transaction, &described(&self.name), &statement, &parameters).await?;
        if !ours.is_empty() {
            return Err(not_empty(&self.name, "boxes, aliases or keys of ours"));
        }
        self.undo(transaction, marker, secrets).await
    }
}

impl Adopt {
    async fn with_row(
        &self,
        client: &impl GenericClient,
        statement: &str,
        mark: &str,
        secrets: &Secrets,
    ) -> Result<Vec<Row>> {
        let row = secrets.get(ROW)?;
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&row.expose() as _, Type::TEXT),
            (&mark as _, Type::TEXT),
        ];
        query(client, &described(&self.name), statement, &parameters).await
    }
}
