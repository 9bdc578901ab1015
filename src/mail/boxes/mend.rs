//! `mail.box.mend`: the quota of a box as it shall be.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use super::set::write_quota;
use super::steps::{bytes, described, resource, target};
use super::store::Image;
use crate::error::Result;
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};
use crate::mail::rows::{Parameter, ROW};
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
        let what = described(&self.address);
        let target = target(&self.address, &what);
        let values: (&[&str], &[Parameter<'_>]) =
            (&["quota_bytes = $4"], &[(&bytes(self.quota)?, Type::INT8)]);
        write_quota(transaction, &target, values, marker, secrets).await
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.address);
        target(&self.address, &what)
            .write_back(transaction, &["quota_bytes"], marker, secrets)
            .await
            .map(drop)
    }
}
