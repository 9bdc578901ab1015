//! `certificate.add`: a generation, which is the one to be served from then on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row, Transaction};

use crate::certificate::renewal::Life;
use crate::certificate::rows::{changed, described, query, resource};
use crate::certificate::x509::Chain;
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::CertificateName;

/// The name under which the sealed private key travels.
pub const KEY: &str = "certificate_key";

/// A certificate that was verified, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewGeneration {
    pub(super) ca: Option<String>,
    pub(super) ari_id: Option<String>,
    pub(super) serial: String,
    pub(super) fingerprint: String,
    pub(super) identifiers: Vec<String>,
    pub(super) issuer: String,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    pub(super) chain: String,
}

impl NewGeneration {
    /// What the chain says, issued by the authority of the configuration that is called `ca`.
    #[must_use]
    pub fn new(chain: &Chain, ca: Option<String>) -> Self {
        let leaf = chain.leaf().clone();
        NewGeneration {
            ca,
            ari_id: leaf.ari_id,
            serial: leaf.serial,
            fingerprint: leaf.fingerprint,
            identifiers: leaf.identifiers,
            issuer: leaf.issuer,
            not_before: leaf.not_before,
            not_after: leaf.not_after,
            chain: chain.pem(),
        }
    }

    /// SHA-256 of the leaf.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// The next generation of a certificate that had `before`.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddGeneration {
    pub(super) name: CertificateName,
    pub(super) before: Option<i32>,
    pub(super) generation: NewGeneration,
    /// Whether there is a key; the operator keeps the one of a request of their own.
    pub(super) has_key: bool,
}

impl AddGeneration {
    /// The generation after `before`; with a key, if the step is given one.
    #[must_use]
    pub fn new(name: CertificateName, before: Option<i32>, generation: NewGeneration, has_key: bool) -> Self {
        AddGeneration {
            name,
            before,
            generation,
            has_key,
        }
    }

    /// SHA-256 of the leaf.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.generation.fingerprint
    }
}

impl ControlStep for AddGeneration {
    const KIND: &'static str = "certificate.add";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<Value> {
        if let Some(number) = self.current(transaction).await? {
            return Ok(number.into());
        }
        let key = self.has_key.then(|| secrets.get(KEY)).transpose()?;
        let key = key.map(crate::model::Secret::expose);
        let Some(number) = self
            .insert(transaction, key)
            .await?
            .first()
            .map(|row| row.get::<_, i32>(0))
        else {
            return Err(changed(&self.name));
        };
        self.renew_later(transaction, number).await?;
        // No host waits for what failed with another one.
        let statement =
            "UPDATE hostctl.certificate_places SET failures = 0, next_at = NULL WHERE certificate = $1";
        let parameters = [(&self.name.as_str() as _, Type::TEXT)];
        query(transaction, &described(&self.name), statement, &parameters).await?;
        Ok(number.into())
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        let fingerprint = &self.generation.fingerprint;
        let back = "UPDATE hostctl.certificates c SET generation = $3,
                state = CASE WHEN $3::integer IS NULL THEN 'pending' ELSE 'issued' END
            FROM hostctl.certificate_generations g
            WHERE c.name = $1 AND g.certificate = c.name AND g.number = c.generation AND g.fingerprint = $2 RETURNING 1";
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (fingerprint as _, Type::TEXT),
            (&self.before as _, Type::INT4),
        ];
        let is_back = !query(transaction, &described(&self.name), back, &parameters)
            .await?
            .is_empty();
        let statement = match is_back {
            true => {
                "DELETE FROM hostctl.certificate_generations WHERE certificate = $1 AND fingerprint = $2 RETURNING 1"
            }
            false => {
                "SELECT FROM hostctl.certificate_generations WHERE certificate = $1 AND fingerprint = $2"
            }
        };
        let found = query(transaction, &described(&self.name), statement, &parameters[..2]).await?;
        match is_back || found.is_empty() {
            true => Ok(()),
            // Another one came after it.
            false => Err(changed(&self.name)),
        }
    }
}

impl AddGeneration {
    /// It is to be served, whatever failed before is forgotten, and the authority is asked about it soon. Whoever renewed
    /// it has done so.
    async fn renew_later(&self, client: &impl GenericClient, number: i32) -> Result<()> {
        let life = Life {
            not_before: self.generation.not_before,
            not_after: self.generation.not_after,
        };
        let (time, why) = life.renewal(self.name.as_str());
        let statement = "UPDATE hostctl.certificates c SET generation = $2, state = 'issued', failures = 0,
                last_error = NULL, last_error_at = NULL, noticed_days = NULL, leased_by = NULL, leased_until = NULL,
                next_at = CASE WHEN c.challenge <> 'imported' THEN $3 END,
                next_reason = CASE WHEN c.challenge <> 'imported' THEN $4 END,
                ari_generation = NULL, ari_start = NULL, ari_end = NULL, ari_chosen = NULL, ari_explanation = NULL,
                ari_ask_at = CASE WHEN c.challenge <> 'imported' AND $5 THEN hostctl.now() END
            WHERE c.name = $1 RETURNING 1";
        let can_be_asked = self.generation.ca.is_some() && self.generation.ari_id.is_some();
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&number as _, Type::INT4),
            (&time as _, Type::TIMESTAMPTZ),
            (&why as _, Type::TEXT),
            (&can_be_asked as _, Type::BOOL),
        ];
        query(client, &described(&self.name), statement, &parameters)
            .await
            .map(drop)
    }

    /// Its number, if it is the one to be served already.
    async fn current(&self, client: &impl GenericClient) -> Result<Option<i32>> {
        let statement =
            "SELECT c.generation FROM hostctl.certificates c JOIN hostctl.certificate_generations g
                ON g.certificate = c.name AND g.number = c.generation
            WHERE c.name = $1 AND g.fingerprint = $2";
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&self.generation.fingerprint as _, Type::TEXT),
        ];
        let rows = query(client, &described(&self.name), statement, &parameters).await?;
        Ok(rows.first().map(|row| row.get(0)))
    }

    /// A number is never given out again: hosts know by it whether they serve what is to be served, and may serve what was
    /// taken back.
    async fn insert(&self, transaction: &Transaction<'_>, key: Option<&str>) -> Result<Vec<Row>> {
        let statement = "WITH wanted AS MATERIALIZED
                (SELECT name FROM hostctl.certificates WHERE name = $1 AND generation IS NOT DISTINCT FROM $2 FOR UPDATE)
            INSERT INTO hostctl.certificate_generations (certificate, number, ca, ari_id, serial, fingerprint, identifiers,
                issuer, not_before, not_after, chain, key_sealed)
            SELECT w.name, coalesce(greatest((SELECT max(number) FROM hostctl.certificate_generations WHERE certificate = $1),
                    (SELECT max(generation) FROM hostctl.certificate_places WHERE certificate = $1)), 0) + 1,
                $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM wanted w
            ON CONFLICT (certificate, fingerprint) DO NOTHING RETURNING number";
        let new = &self.generation;
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&self.before as _, Type::INT4),
            (&new.ca as _, Type::TEXT),
            (&new.ari_id as _, Type::TEXT),
            (&new.serial as _, Type::TEXT),
            (&new.fingerprint as _, Type::TEXT),
            (&new.identifiers as _, Type::TEXT_ARRAY),
            (&new.issuer as _, Type::TEXT),
            (&new.not_before as _, Type::TIMESTAMPTZ),
            (&new.not_after as _, Type::TIMESTAMPTZ),
            (&new.chain as _, Type::TEXT),
            (&key as _, Type::TEXT),
        ];
        query(transaction, &described(&self.name), statement, &parameters).await
    }
}
