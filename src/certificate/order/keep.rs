//! `order.keep`: the certificate that was handed out becomes the one to be served.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::store::{self, Row};
use crate::certificate::rows::{described, query, resource};
use crate::certificate::store::{AddGeneration, KEY, NewGeneration};
use crate::certificate::x509::Chain;
use crate::error::{Error, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::{CertificateName, Secret};

/// Keeps what an order brought.
#[derive(Debug, Serialize, Deserialize)]
pub struct Keep {
    pub(super) id: Uuid,
    pub(super) certificate: CertificateName,
    /// The generation before.
    pub(super) before: Option<i32>,
}

impl ControlStep for Keep {
    const KIND: &'static str = "order.keep";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.certificate)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let (add, secrets) = self.added(transaction, secrets).await?;
        let number = add.apply(transaction, marker, &secrets).await?;
        // The key stands in its generation from now on.
        let statement = "UPDATE hostctl.certificate_orders SET state = 'issued', key_sealed = NULL,
            changed_at = hostctl.now() WHERE id = $1 AND state <> 'issued' RETURNING 1";
        query(
            transaction,
            &described(&self.certificate),
            statement,
            &[(&self.id, Type::UUID)],
        )
        .await?;
        Ok(number)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let (add, secrets) = self.added(transaction, secrets).await?;
        let statement =
            "UPDATE hostctl.certificate_orders o SET state = 'finalizing', changed_at = hostctl.now(),
                key_sealed = (SELECT g.key_sealed FROM hostctl.certificate_generations g
                    WHERE g.certificate = o.certificate AND g.fingerprint = $2)
            WHERE o.id = $1 AND o.state = 'issued' RETURNING 1";
        let fingerprint = add.fingerprint();
        let parameters = [(&self.id as _, Type::UUID), (&fingerprint as _, Type::TEXT)];
        query(transaction, &described(&self.certificate), statement, &parameters).await?;
        add.undo(transaction, marker, &secrets).await
    }
}

impl Keep {
    async fn added(
        &self,
        transaction: &Transaction<'_>,
        secrets: &Secrets,
    ) -> Result<(AddGeneration, Secrets)> {
        let row = store::find(transaction, self.id).await?;
        let Some(Row {
            chain: Some(chain),
            ca,
            key_sealed,
            ..
        }) = row
        else {
            return Err(Error::internal("an order without a certificate is to be kept"));
        };
        let generation = NewGeneration::new(&Chain::read(chain.as_bytes())?, Some(ca));
        let mut secrets = secrets.clone();
        let add = AddGeneration::new(
            self.certificate.clone(),
            self.before,
            generation,
            key_sealed.is_some(),
        );
        if let Some(sealed) = key_sealed {
            secrets.0.insert(KEY.to_owned(), Secret::new(sealed));
        }
        Ok((add, secrets))
    }
}
