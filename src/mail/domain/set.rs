//! `mail.domain.set`: the state of a domain.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use super::steps::{described, is_ours, resource};
use super::store::none;
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};
use crate::mail::rows::{ROW, changed, mark, query};
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
        let statement = "UPDATE hostctl.email_domains d SET state = $3, marker = $4
            FROM jsonb_populate_record(NULL::hostctl.email_domains, $2::text::jsonb) seen
            WHERE d.name = $1 AND d = seen RETURNING 1";
        let what = described(&self.name);
        let set = query(
            transaction,
            &what,
            statement,
            &[
                (&self.name.as_str(), Type::TEXT),
                (&secrets.get(ROW)?.expose(), Type::TEXT),
                (&self.state, Type::TEXT),
                (&marker.to_string(), Type::TEXT),
            ],
        )
        .await?;
        if !set.is_empty() {
            return Ok(Value::Null);
        }
        match is_ours(transaction, &self.name, marker).await? {
            Some(true) => Ok(Value::Null),
            Some(false) => Err(changed(&what)),
            None => Err(none(&self.name)),
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let statement = "UPDATE hostctl.email_domains d SET state = seen.state, marker = seen.marker
            FROM jsonb_populate_record(NULL::hostctl.email_domains, $2::text::jsonb) seen
            WHERE d.name = $1 AND (starts_with(d.marker, $3) OR d = seen) RETURNING 1";
        let what = described(&self.name);
        let row = secrets.get(ROW)?;
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
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
