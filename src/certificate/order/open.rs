//! `order.open`: the row of an order with its key and its request, before the authority hears of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::certificate::ledger;
use crate::certificate::rows::{described, query, resource};
use crate::certificate::store::{KEY, check_proven};
use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::CertificateName;

/// The row of a new order.
#[derive(Debug, Serialize, Deserialize)]
pub struct Open {
    pub(super) id: Uuid,
    pub(super) certificate: CertificateName,
    pub(super) ca: String,
    pub(super) identifiers: Vec<String>,
    /// The request, in base64.
    pub(super) csr: String,
    pub(super) replaces: Option<String>,
    pub(super) has_key: bool,
    /// The lease under which it is renewed: who has lost it orders nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fence: Option<i64>,
}

impl ControlStep for Open {
    const KIND: &'static str = "order.open";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.certificate)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        self.check_lease(transaction).await?;
        check_proven(transaction, &self.certificate).await?;
        let csr = STANDARD
            .decode(&self.csr)
            .map_err(|error| Error::internal("a request that is no base64").source(error))?;
        let key = self.has_key.then(|| secrets.get(KEY)).transpose()?;
        let key = key.map(crate::model::Secret::expose);
        let statement = "WITH made AS (
                INSERT INTO hostctl.certificate_orders (id, certificate, operation_id, ca, identifiers, key_sealed, csr,
                    replaces, state)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'planned')
                ON CONFLICT DO NOTHING RETURNING ca
            )
            SELECT 1 FROM made UNION SELECT 1 FROM hostctl.certificate_orders WHERE id = $1";
        let rows = query(
            transaction,
            &described(&self.certificate),
            statement,
            &[
                (&self.id, Type::UUID),
                (&self.certificate.as_str(), Type::TEXT),
                (&marker.operation, Type::UUID),
                (&self.ca, Type::TEXT),
                (&self.identifiers, Type::TEXT_ARRAY),
                (&key, Type::TEXT),
                (&csr, Type::BYTEA),
                (&self.replaces, Type::TEXT),
            ],
        )
        .await?;
        if !rows.is_empty() {
            return Ok(Value::Null);
        }
        let message = format!(
            "an order for {} is on its way already",
            described(&self.certificate)
        );
        Err(Error::new(Kind::Busy, "on_its_way", message).hint("hostctl op list --open"))
    }

    /// The row stays: it says what was in the world. The key goes, for nothing was issued for it.
    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        let statement = "UPDATE hostctl.certificate_orders SET key_sealed = NULL, changed_at = hostctl.now(),
            state = CASE state WHEN 'failed' THEN state ELSE 'abandoned' END WHERE id = $1 RETURNING 1";
        query(
            transaction,
            &described(&self.certificate),
            statement,
            &[(&self.id, Type::UUID)],
        )
        .await?;
        ledger::release(transaction, self.id).await
    }
}

impl Open {
    async fn check_lease(&self, transaction: &Transaction<'_>) -> Result<()> {
        let Some(fence) = self.fence else { return Ok(()) };
        let statement = "SELECT FROM hostctl.certificates WHERE name = $1 AND fence = $2 FOR UPDATE";
        let parameters = [
            (&self.certificate.as_str() as _, Type::TEXT),
            (&fence as _, Type::INT8),
        ];
        let found = query(transaction, &described(&self.certificate), statement, &parameters).await?;
        if !found.is_empty() {
            return Ok(());
        }
        let message = format!(
            "{} is renewed by another process: this one was silent for too long",
            described(&self.certificate)
        );
        Err(Error::new(Kind::Conflict, "lease_lost", message))
    }
}
