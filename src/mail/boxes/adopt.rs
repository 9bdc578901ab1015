//! `mail.box.adopt`: our mark into the row of a box that somebody else wrote. Password, quota and directory stay, unless
//! others are asked for.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::steps::{HASH, bytes, described, in_home, resource, target};
use super::store::{self, Image, is_alias};
use crate::account::{self, Owned};
use crate::error::Result;
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};
use crate::mail::hash::PasswordHash;
use crate::mail::rows::{Parameter, ROW, query, text_in};
use crate::model::{MailAddress, Quota};

/// A mark in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct Adopt {
    address: MailAddress,
    /// Another quota, where one is asked for.
    quota: Option<Quota>,
    /// Whether a hash of another password travels with it.
    renews_password: bool,
}

/// Reads the box that somebody else wrote, for `account` if it is given.
///
/// # Errors
/// `not_found`; `conflict`: `exists` where it is ours already, `taken`, `foreign` where its domain is not ours; `denied`:
/// `suspended`, `limit`; `usage` where its password is kept and is of a kind that we take from nobody.
pub async fn observe_adopt(
    client: &impl GenericClient,
    address: &MailAddress,
    account: Option<Uuid>,
    keeps_password: bool,
) -> Result<Image> {
    let image = store::observe_foreign(client, address).await?;
    store::check_place(client, address, account).await?;
    let statement = "SELECT FROM hostctl.email_aliases WHERE source = $1";
    let parameters = [(&address.as_str() as _, Type::TEXT)];
    let alias = query(client, &described(address), statement, &parameters).await?;
    if !alias.is_empty() {
        return Err(is_alias(address));
    }
    if keeps_password {
        let hash = PasswordHash::parse(&text_in(&image.row, "password_hash"));
        hash.map_err(|error| {
            let error = error.context(format!("the password of {}", described(address)));
            error.hint("another one takes its place: --password-stdin, --password-file or --hash-stdin")
        })?;
    }
    account::enforce(client, image.account, Owned::Box).await?;
    Ok(image)
}

/// Plans the mark: one step.
///
/// # Errors
/// `internal`.
pub fn plan_adopt(image: Image, quota: Option<Quota>, hash: Option<&PasswordHash>) -> Result<PlannedStep> {
    let password = hash.map_or("", |_| ", another password");
    let change = Change {
        action: "adopt",
        resource: described(&image.address),
        before: Some(format!("not ours, {}, quota {}", image.state, image.quota)),
        after: Some(format!("ours, quota {}{password}", quota.unwrap_or(image.quota))),
        undo: Reversal::Undoable,
    };
    let step = Adopt {
        address: image.address,
        quota,
        renews_password: hash.is_some(),
    };
    let step = PlannedStep::in_control(&step, change)?.secret(ROW, image.row);
    let step = match hash {
        Some(hash) => step.secret(HASH, hash.secret().clone()),
        None => step,
    };
    Ok(step.keep_secrets())
}

impl ControlStep for Adopt {
    const KIND: &'static str = "mail.box.adopt";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.address)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let what = described(&self.address);
        let hash = match self.renews_password {
            true => Some(secrets.get(HASH)?.expose()),
            false => None,
        };
        let quota = self.quota.map(bytes).transpose()?.flatten();
        let values: (&[&str], &[Parameter<'_>]) = (
            &[
                "quota_bytes = CASE WHEN $4 THEN $5 ELSE r.quota_bytes END",
                "password_hash = coalesce($6, r.password_hash)",
            ],
            &[
                (&self.quota.is_some(), Type::BOOL),
                (&quota, Type::INT8),
                (&hash, Type::TEXT),
            ],
        );
        let adopted = target(&self.address, &what)
            .write(transaction, values, "r.account_id, r.home", marker, secrets)
            .await?;
        let Some(row) = adopted else {
            return Ok(Value::Null);
        };
        account::enforce(transaction, row.get(0), Owned::Box).await?;
        Ok(in_home(row.get(1)))
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.address);
        target(&self.address, &what)
            .write_back(transaction, &["quota_bytes", "password_hash"], marker, secrets)
            .await
            .map(drop)
    }
}
