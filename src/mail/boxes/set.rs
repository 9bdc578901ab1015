//! `mail.box.set`: quota and state of a box.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use super::steps::{bytes, described, resource, target};
use crate::account;
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};
use crate::mail::rows::Parameter;
use crate::mail::target::Target;
use crate::model::{MailAddress, Quota};

/// Quota and state as they shall be, in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct Set {
    pub(super) address: MailAddress,
    pub(super) quota: Quota,
    pub(super) state: String,
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
            &["quota_bytes = $4", "state = $5"],
            &[(&bytes(self.quota)?, Type::INT8), (&self.state, Type::TEXT)],
        );
        write_quota(transaction, &target, values, marker, secrets).await
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.address);
        target(&self.address, &what)
            .write_back(transaction, &["quota_bytes", "state"], marker, secrets)
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
    let is_larger = "r.account_id,
        coalesce(r.quota_bytes > seen.quota_bytes, r.quota_bytes IS NULL AND seen.quota_bytes IS NOT NULL)";
    let written = target
        .write(transaction, values, is_larger, marker, secrets)
        .await?;
    if let Some(row) = written.filter(|row| row.get(1)) {
        account::enforce_quota(transaction, row.get(0)).await?;
    }
    Ok(Value::Null)
}
