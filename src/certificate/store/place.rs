//! `certificate.place` and `certificate.unplace`: on which hosts a certificate is to lie.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use super::create::is_renewed;
use crate::certificate::rows::{changed, described, mark, query, resource};
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::CertificateName;

/// The row that has a host fetch it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Place {
    pub(super) name: CertificateName,
    pub(super) host: String,
}

impl ControlStep for Place {
    const KIND: &'static str = "certificate.place";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        // What waits to be removed there is to stay.
        let statement = "WITH wanted AS MATERIALIZED (SELECT name FROM hostctl.certificates WHERE name = $1 FOR SHARE),
                stays AS (DELETE FROM hostctl.certificate_leftovers l USING wanted w
                    WHERE l.certificate = w.name AND l.host = $2)
            INSERT INTO hostctl.certificate_places (certificate, host, marker) SELECT w.name, $2, $3 FROM wanted w
            ON CONFLICT (certificate, host) DO UPDATE SET host = excluded.host RETURNING 1";
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&self.host as _, Type::TEXT),
            (&marker.to_string() as _, Type::TEXT),
        ];
        match query(transaction, &described(&self.name), statement, &parameters)
            .await?
            .is_empty()
        {
            true => Err(changed(&self.name)),
            false => Ok(Value::Null),
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        if is_renewed(transaction, &self.name, marker).await? {
            return Ok(());
        }
        let statement = "WITH gone AS (DELETE FROM hostctl.certificate_places
                WHERE certificate = $1 AND host = $2 AND starts_with(marker, $3)
                RETURNING certificate, host, generation, last_error),
            left_there AS (INSERT INTO hostctl.certificate_leftovers (certificate, host)
                SELECT certificate, host FROM gone WHERE generation IS NOT NULL OR last_error IS NOT NULL ON CONFLICT DO NOTHING)
            SELECT 1 FROM gone";
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&self.host as _, Type::TEXT),
            (&mark(marker) as _, Type::TEXT),
        ];
        query(transaction, &described(&self.name), statement, &parameters)
            .await
            .map(drop)
    }
}

/// The end of that row, which is kept whole to come back. What lies on the host is the host's to remove.
#[derive(Debug, Serialize, Deserialize)]
pub struct Unplace {
    pub(super) name: CertificateName,
    pub(super) host: String,
    pub(super) row: Value,
}

impl ControlStep for Unplace {
    const KIND: &'static str = "certificate.unplace";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        let statement =
            "WITH gone AS (DELETE FROM hostctl.certificate_places WHERE certificate = $1 AND host = $2
                RETURNING certificate, host),
            left_there AS (INSERT INTO hostctl.certificate_leftovers (certificate, host)
                SELECT certificate, host FROM gone ON CONFLICT DO NOTHING)
            SELECT 1 FROM gone";
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&self.host as _, Type::TEXT),
        ];
        query(transaction, &described(&self.name), statement, &parameters)
            .await
            .map(|_| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        // Where the host has removed it by now, it fetches it again.
        let statement = "WITH wanted AS MATERIALIZED
                (SELECT name FROM hostctl.certificates WHERE name = $1 FOR SHARE),
            stays AS (DELETE FROM hostctl.certificate_leftovers l USING wanted w
                WHERE l.certificate = w.name AND l.host = $3 RETURNING 1)
            INSERT INTO hostctl.certificate_places
            SELECT seen.* FROM wanted w, jsonb_populate_record(NULL::hostctl.certificate_places,
                CASE WHEN EXISTS (SELECT FROM stays) THEN $2
                    ELSE $2 || '{\"generation\": null, \"confirmed_at\": null}' END) seen
            ON CONFLICT (certificate, host) DO UPDATE SET host = excluded.host RETURNING 1";
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&self.row as _, Type::JSONB),
            (&self.host as _, Type::TEXT),
        ];
        match query(transaction, &described(&self.name), statement, &parameters)
            .await?
            .is_empty()
        {
            true => Err(changed(&self.name)),
            false => Ok(()),
        }
    }
}
