//! `mail.box.set`: quota and state of a box, and what of its row somebody has written past the program.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::steps::{HOME, bytes, described, in_home, resource, target};
use super::store::Image;
use crate::account::{self, Owned};
use crate::error::Result;
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};
use crate::mail::rows::{Parameter, ROW, query, text_in};
use crate::mail::target::Target;
use crate::model::{MailAddress, Quota};

/// Quota and state as they shall be, in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct Set {
    pub(super) address: MailAddress,
    pub(super) quota: Quota,
    pub(super) state: String,
    /// Whose it is to be again, where it was given to somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<Uuid>,
    /// Where its mail is to lie again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) home: Option<String>,
}

/// What of a box is not as the program wrote it, as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PutBack {
    /// `active` or `suspended`.
    pub state: Option<String>,
    /// The account of its domain.
    pub account: Option<Uuid>,
    /// Where its mail lies.
    pub home: Option<String>,
}

/// Plans that a box is as the program wrote it, and has this quota: one step.
///
/// # Errors
/// `internal`.
pub fn plan_put_back(image: Image, quota: Quota, back: PutBack) -> Result<PlannedStep> {
    let state = back.state.unwrap_or_else(|| image.state.clone());
    let words = |state: &str, quota: Quota, of: &str, home: Option<&str>| {
        let of = back.account.map(|_| format!(", of {of}"));
        let home = home.map(|home| format!(", in {home}"));
        [Some(format!("{state}, quota {quota}")), of, home]
            .into_iter()
            .flatten()
            .collect::<String>()
    };
    let home = back.home.as_ref().map(|_| image.home());
    let change = Change {
        action: "change",
        resource: described(&image.address),
        before: Some(words(
            &image.state,
            image.quota,
            "another account",
            home.as_deref(),
        )),
        after: Some(words(
            &state,
            quota,
            "the account of its domain",
            back.home.as_deref(),
        )),
        undo: Reversal::Undoable,
    };
    let step = Set {
        address: image.address,
        quota,
        state,
        account: back.account,
        home: back.home,
    };
    Ok(PlannedStep::in_control(&step, change)?
        .secret(ROW, image.row)
        .keep_secrets())
}

impl ControlStep for Set {
    const KIND: &'static str = "mail.box.set";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.address)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let what = described(&self.address);
        let target = target(&self.address, &what);
        let values: (&[&str], &[Parameter<'_>]) = (
            &[
                "quota_bytes = $4",
                "state = $5",
                "account_id = coalesce($6, r.account_id)",
                "home = coalesce($7, r.home)",
            ],
            &[
                (&bytes(self.quota)?, Type::INT8),
                (&self.state, Type::TEXT),
                (&self.account, Type::UUID),
                (&self.home, Type::TEXT),
            ],
        );
        let output = write_quota(transaction, &target, values, marker, secrets).await?;
        if let Some(account) = self.account {
            account::enforce(transaction, account, Owned::Box).await?;
        }
        // What came while its mail lay elsewhere is there still, and is for a person: no other box gets that directory.
        let statement =
            "INSERT INTO hostctl.mail_former_homes (home, address) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.former(transaction, statement, secrets).await?;
        Ok(output)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.address);
        let columns = [
            Some("quota_bytes"),
            Some("state"),
            self.account.map(|_| "account_id"),
            self.home.as_ref().map(|_| HOME),
        ];
        let columns: Vec<&str> = columns.into_iter().flatten().collect();
        target(&self.address, &what)
            .write_back(transaction, &columns, marker, secrets)
            .await?;
        let statement =
            "DELETE FROM hostctl.mail_former_homes WHERE home = $1 AND coalesce(address, $2) = $2";
        self.former(transaction, statement, secrets).await
    }
}

impl Set {
    /// Runs a statement about the directory that the box had, and its address; nothing where it keeps that directory.
    async fn former(&self, transaction: &Transaction<'_>, statement: &str, secrets: &Secrets) -> Result<()> {
        if self.home.is_none() {
            return Ok(());
        }
        let left = text_in(secrets.get(ROW)?, HOME);
        let parameters = [
            (&left as _, Type::TEXT),
            (&self.address.as_str() as _, Type::TEXT),
        ];
        query(transaction, &described(&self.address), statement, &parameters)
            .await
            .map(drop)
    }
}

/// Writes columns of which one is the quota. A smaller one is welcome, however much the account has.
pub(super) async fn write_quota(
    transaction: &Transaction<'_>,
    target: &Target<'_>,
    values: (&[&str], &[Parameter<'_>]),
    marker: Marker,
    secrets: &Secrets,
) -> Result<Value> {
    let returning = "r.account_id,
        coalesce(r.quota_bytes > seen.quota_bytes, r.quota_bytes IS NULL AND seen.quota_bytes IS NOT NULL), r.home";
    let written = target
        .write(transaction, values, returning, marker, secrets)
        .await?;
    let Some(row) = written else {
        return Ok(Value::Null);
    };
    if row.get(1) {
        account::enforce_quota(transaction, row.get(0)).await?;
    }
    Ok(in_home(row.get(2)))
}
