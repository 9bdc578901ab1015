//! `mail.domain.set`: the state of a domain.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use super::steps::{described, resource, target};
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};
use crate::mail::rows::Parameter;
use crate::model::DomainName;

/// The state as it shall be, in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetState {
    pub(super) name: DomainName,
    pub(super) state: String,
}

impl ControlStep for SetState {
    const KIND: &'static str = "mail.domain.set";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let what = described(&self.name);
        let values: (&[&str], &[Parameter<'_>]) = (&["state = $4"], &[(&self.state, Type::TEXT)]);
        target(&self.name, &what)
            .write(transaction, values, "1", marker, secrets)
            .await?;
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.name);
        target(&self.name, &what)
            .write_back(transaction, &["state"], marker, secrets)
            .await
            .map(drop)
    }
}
