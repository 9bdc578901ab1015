//! `mail.domain.adopt`: our mark into the row of a mail domain that somebody else wrote, and one use of its name. Its state and
//! its key stay; its boxes and aliases are adopted one by one.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::plan::check_suffix;
use super::steps::{described, resource, target};
use super::store::{self, Image};
use crate::account::{self, Owned};
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};
use crate::mail::rows::{OURS, ROW, not_empty, query};
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
        let what = described(&self.name);
        let adopted = target(&self.name, &what)
            .write(transaction, (&[], &[]), "1", marker, secrets)
            .await?;
        if adopted.is_some() {
            account::enforce(transaction, self.account, Owned::Domain).await?;
            account::take_domain(transaction, self.name.as_str(), self.account).await?;
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.name);
        let target = target(&self.name, &what);
        if target.write_back(transaction, &[], marker, secrets).await? {
            account::release_domain(transaction, self.name.as_str()).await?;
        }
        Ok(())
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
            let what = described(&self.name);
            return Err(not_empty(
                &what,
                self.name.as_str(),
                "boxes, aliases or keys of ours",
            ));
        }
        self.undo(transaction, marker, secrets).await
    }
}
