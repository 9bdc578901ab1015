//! `order.pend`: a certificate that is wanted, and why nothing is ordered for it yet.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use crate::certificate::rows::{described, query, resource};
use crate::error::Result;
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};
use crate::model::CertificateName;

/// When it is looked at again.
const AGAIN: &str = "10 minutes";

/// What has to change before it can be ordered.
#[derive(Debug, Serialize, Deserialize)]
pub struct Pend {
    certificate: CertificateName,
    why: String,
}

/// Plans to wait, and to look again after a while.
///
/// # Errors
/// `internal`.
pub fn plan_pend(certificate: &CertificateName, why: &str) -> Result<PlannedStep> {
    let change = Change {
        action: "wait",
        resource: described(certificate),
        before: None,
        after: Some(why.to_owned()),
        undo: Reversal::Undoable,
    };
    let step = Pend {
        certificate: certificate.clone(),
        why: why.to_owned(),
    };
    PlannedStep::in_control(&step, change)
}

impl ControlStep for Pend {
    const KIND: &'static str = "order.pend";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.certificate)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        let statement = "UPDATE hostctl.certificates SET last_error = $2, last_error_at = hostctl.now(),
                next_at = hostctl.now() + $3::text::interval, next_reason = 'it waits for what has to change'
            WHERE name = $1 AND state = 'pending' RETURNING 1";
        let parameters = [
            (&self.certificate.as_str() as _, Type::TEXT),
            (&self.why as _, Type::TEXT),
            (&AGAIN as _, Type::TEXT),
        ];
        query(transaction, &described(&self.certificate), statement, &parameters)
            .await
            .map(|_| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        let statement =
            "UPDATE hostctl.certificates SET last_error = NULL, last_error_at = NULL, next_at = NULL,
            next_reason = NULL WHERE name = $1 AND state = 'pending' AND last_error = $2 RETURNING 1";
        let parameters = [
            (&self.certificate.as_str() as _, Type::TEXT),
            (&self.why as _, Type::TEXT),
        ];
        query(transaction, &described(&self.certificate), statement, &parameters)
            .await
            .map(drop)
    }
}
