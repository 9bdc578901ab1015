//! `mail.box.mend`: the quota of a box as it shall be.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use super::steps::{bytes, described, is_ours, none, resource};
use super::store::Image;
use crate::account;
use crate::error::Result;
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};
use crate::mail::rows::{ROW, changed, mark, query};
use crate::model::{MailAddress, Quota};

/// Another quota in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct Mend {
    address: MailAddress,
    quota: Quota,
}

/// Plans another quota: one step. Mail beyond it stays.
///
/// # Errors
/// `internal`.
pub fn plan_mend(image: Image, quota: Quota) -> Result<PlannedStep> {
    let change = Change {
        action: "mend",
        resource: described(&image.address),
        before: Some(format!("quota {}", image.quota)),
        after: Some(format!("quota {quota}")),
        undo: Reversal::Undoable,
    };
    let step = Mend {
        address: image.address,
        quota,
    };
    Ok(PlannedStep::in_control(&step, change)?
        .secret(ROW, image.row)
        .keep_secrets())
}

impl ControlStep for Mend {
    const KIND: &'static str = "mail.box.mend";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.address)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let statement = "UPDATE hostctl.email_accounts b SET quota_bytes = $3, marker = $4
            FROM jsonb_populate_record(NULL::hostctl.email_accounts, $2::text::jsonb) seen
            WHERE b.address = $1 AND b = seen
            RETURNING b.account_id, coalesce(b.quota_bytes > seen.quota_bytes, b.quota_bytes IS NULL AND seen.quota_bytes IS NOT NULL)";
        let what = described(&self.address);
        let set = query(
            transaction,
            &what,
            statement,
            &[
                (&self.address.as_str(), Type::TEXT),
                (&secrets.get(ROW)?.expose(), Type::TEXT),
                (&bytes(self.quota)?, Type::INT8),
                (&marker.to_string(), Type::TEXT),
            ],
        )
        .await?;
        if let Some(row) = set.first() {
            // As where it is set by hand: a smaller quota is welcome, however much the account has.
            if row.get(1) {
                account::enforce_quota(transaction, row.get(0)).await?;
            }
            return Ok(Value::Null);
        }
        match is_ours(transaction, &self.address, marker).await? {
            Some(true) => Ok(Value::Null),
            Some(false) => Err(changed(&what)),
            None => Err(none(&self.address)),
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let statement =
            "UPDATE hostctl.email_accounts b SET quota_bytes = seen.quota_bytes, marker = seen.marker
            FROM jsonb_populate_record(NULL::hostctl.email_accounts, $2::text::jsonb) seen
            WHERE b.address = $1 AND (starts_with(b.marker, $3) OR b = seen) RETURNING 1";
        let what = described(&self.address);
        let row = secrets.get(ROW)?;
        let parameters = [
            (&self.address.as_str() as _, Type::TEXT),
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
