//! `certificate.delete`: the certificate with its generations and places. All of it travels sealed, to come back.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row, Transaction};

use crate::certificate::rows::{changed, described, query, resource};
use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::CertificateName;

/// The name under which the rows travel: `{"certificate": …, "generations": […], "places": […]}`.
pub(super) const ROWS: &str = "rows";

/// What lies on a host may be another's of that name by now, or gone: each looks at once, and removes nothing.
const UNCONFIRM: &str = "WITH stays AS (DELETE FROM hostctl.certificate_leftovers l USING hostctl.certificate_places p
        WHERE l.certificate = $1 AND p.certificate = l.certificate AND p.host = l.host)
    UPDATE hostctl.certificate_places SET generation = NULL, confirmed_at = NULL, next_at = NULL WHERE certificate = $1";

/// The rows as the plan saw them.
#[derive(Debug, Serialize, Deserialize)]
pub struct Delete {
    pub(super) name: CertificateName,
}

impl ControlStep for Delete {
    const KIND: &'static str = "certificate.delete";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<Value> {
        // A renewal that is at work holds a lease, and one that is half-way an order that nobody could end any more.
        let statement = "DELETE FROM hostctl.certificates c
            USING jsonb_populate_record(NULL::hostctl.certificates, ($2::text::jsonb)->'certificate') seen
            WHERE c.name = $1 AND c.marker IS NOT DISTINCT FROM seen.marker
                AND c.generation IS NOT DISTINCT FROM seen.generation
                AND (SELECT coalesce(jsonb_agg(p.host ORDER BY p.host), '[]') FROM hostctl.certificate_places p
                        WHERE p.certificate = c.name)
                    = (SELECT coalesce(jsonb_agg(p->'host' ORDER BY p->>'host' COLLATE \"C\"), '[]')
                        FROM jsonb_array_elements(($2::text::jsonb)->'places') p)
                AND coalesce(c.leased_until < hostctl.now(), true)
                AND NOT EXISTS (SELECT FROM hostctl.certificate_orders o
                    WHERE o.certificate = c.name AND o.state NOT IN ('issued', 'failed', 'abandoned'))
            RETURNING 1";
        if self.with_rows(transaction, statement, secrets).await?.is_empty() {
            self.why_not(transaction).await?;
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<()> {
        let statement = "WITH certificate AS (INSERT INTO hostctl.certificates
                SELECT * FROM jsonb_populate_record(NULL::hostctl.certificates, ($2::text::jsonb)->'certificate') seen
                WHERE seen.name = $1 ON CONFLICT (name) DO NOTHING RETURNING 1)
            SELECT FROM certificate";
        if self.with_rows(transaction, statement, secrets).await?.is_empty() {
            return self.is_back(transaction, secrets).await;
        }
        for part in ["generations", "places"] {
            let statement = format!(
                "INSERT INTO hostctl.certificate_{part}
                SELECT seen.* FROM jsonb_populate_recordset(NULL::hostctl.certificate_{part}, ($2::text::jsonb)->'{part}') seen
                WHERE seen.certificate = $1 RETURNING 1"
            );
            self.with_rows(transaction, &statement, secrets).await?;
        }
        Ok(())
    }

    async fn turn_back(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<()> {
        self.undo(transaction, marker, secrets).await?;
        let parameters = [(&self.name.as_str() as _, Type::TEXT)];
        query(transaction, &described(&self.name), UNCONFIRM, &parameters).await?;
        super::check_proven(transaction, &self.name).await
    }
}

impl Delete {
    /// What stands in the way; nothing where the certificate is gone.
    async fn why_not(&self, client: &impl GenericClient) -> Result<()> {
        let statement = "SELECT coalesce(c.leased_until >= hostctl.now(), false), c.leased_by,
                EXISTS (SELECT FROM hostctl.certificate_orders o
                    WHERE o.certificate = c.name AND o.state NOT IN ('issued', 'failed', 'abandoned'))
            FROM hostctl.certificates c WHERE c.name = $1";
        let parameters = [(&self.name.as_str() as _, Type::TEXT)];
        let rows = query(client, &described(&self.name), statement, &parameters).await?;
        let Some(row) = rows.first() else { return Ok(()) };
        if row.get(0) || row.get(2) {
            let holder: Option<String> = row.get(1);
            let holder = holder.map(|holder| format!(" by {holder}")).unwrap_or_default();
            let message = format!("{} is being renewed{holder}", described(&self.name));
            return Err(Error::new(Kind::Busy, "in_use", message).hint("hostctl op list --open"));
        }
        Err(changed(&self.name))
    }

    async fn is_back(&self, client: &impl GenericClient, secrets: &Secrets) -> Result<()> {
        let statement = "SELECT FROM hostctl.certificates c,
                jsonb_populate_record(NULL::hostctl.certificates, ($2::text::jsonb)->'certificate') seen
            WHERE c.name = $1 AND c.created_at = seen.created_at AND c.generation IS NOT DISTINCT FROM seen.generation";
        match self.with_rows(client, statement, secrets).await?.is_empty() {
            true => Err(changed(&self.name)),
            false => Ok(()),
        }
    }

    async fn with_rows(
        &self,
        client: &impl GenericClient,
        statement: &str,
        secrets: &Secrets,
    ) -> Result<Vec<Row>> {
        let rows = secrets.get(ROWS)?;
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&rows.expose() as _, Type::TEXT),
        ];
        query(client, &described(&self.name), statement, &parameters).await
    }
}
