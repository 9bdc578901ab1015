//! The steps on keys.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::mail::domain::{described, target};
use crate::mail::rows::{ROW, changed, mark, query};
use crate::model::DomainName;

/// The name under which the sealed private key travels.
pub(super) const KEY: &str = "dkim_key";

/// `mail.dkim.add`: the row of a key that is coming.
#[derive(Debug, Serialize, Deserialize)]
pub struct Add {
    pub(super) domain: DomainName,
    pub(super) selector: String,
    pub(super) public: String,
}

impl ControlStep for Add {
    const KIND: &'static str = "mail.dkim.add";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.domain)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let statement = "INSERT INTO hostctl.email_dkim_keys AS k
                (domain, selector, state, key_sealed, public, marker)
            SELECT d.name, $2, 'coming', $3, $4, $5 FROM hostctl.email_domains d
                WHERE d.name = $1 AND d.dkim_selector IS DISTINCT FROM $2 FOR SHARE
            ON CONFLICT (domain, selector) DO UPDATE SET marker = k.marker WHERE starts_with(k.marker, $6)
            RETURNING 1";
        let made = query(
            transaction,
            &described(&self.domain),
            statement,
            &[
                (&self.domain.as_str(), Type::TEXT),
                (&self.selector, Type::TEXT),
                (&secrets.get(KEY)?.expose(), Type::TEXT),
                (&self.public, Type::TEXT),
                (&marker.to_string(), Type::TEXT),
                (&mark(marker), Type::TEXT),
            ],
        )
        .await?;
        if made.is_empty() {
            return Err(not_as_planned(&self.domain));
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let statement = "WITH gone AS (DELETE FROM hostctl.email_dkim_keys
                WHERE domain = $1 AND selector = $2 AND state = 'coming' AND starts_with(marker, $3) RETURNING 1)
            SELECT EXISTS (SELECT FROM gone),
                EXISTS (SELECT FROM hostctl.email_dkim_keys WHERE domain = $1 AND selector = $2)";
        let parameters = [
            (&self.domain.as_str() as _, Type::TEXT),
            (&self.selector as _, Type::TEXT),
            (&mark(marker) as _, Type::TEXT),
        ];
        let rows = query(transaction, &described(&self.domain), statement, &parameters).await?;
        match rows.first().map(|row| (row.get(0), row.get(1))) {
            Some((false, true)) => Err(changed(&described(&self.domain))),
            _ => Ok(()),
        }
    }
}

/// `mail.dkim.switch`: the coming key signs from now on, the present one retires.
#[derive(Debug, Serialize, Deserialize)]
pub struct Switch {
    pub(super) domain: DomainName,
    pub(super) selector: String,
    /// The present one; absent where the domain has none.
    pub(super) before: Option<String>,
    /// How long the present one stays in DNS.
    pub(super) keep_seconds: i64,
}

impl ControlStep for Switch {
    const KIND: &'static str = "mail.dkim.switch";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.domain)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        if self.is_done(transaction).await? {
            return Ok(Value::Null);
        }
        // A key that stands in its domain's row alone gets a row of its own to retire in.
        let retire = "INSERT INTO hostctl.email_dkim_keys AS k
                (domain, selector, state, key_sealed, public, marker, retire_at)
            SELECT d.name, $2, 'retired', coalesce(own.key_sealed, d.dkim_key_sealed),
                coalesce(own.public, d.dkim_public), $4, hostctl.now() + make_interval(secs => $3)
            FROM hostctl.email_domains d
            LEFT JOIN hostctl.email_dkim_keys own ON own.domain = d.name AND own.selector = $2
            WHERE d.name = $1 AND (d.dkim_selector = $2 OR own.state = 'active')
            ON CONFLICT (domain, selector) DO UPDATE SET state = excluded.state, retire_at = excluded.retire_at
            RETURNING 1";
        if let Some(before) = &self.before {
            #[expect(clippy::cast_precision_loss, reason = "a few days in seconds")]
            let keep = self.keep_seconds as f64;
            let parameters = [
                (&self.domain.as_str() as _, Type::TEXT),
                (before as _, Type::TEXT),
                (&keep as _, Type::FLOAT8),
                (&marker.to_string() as _, Type::TEXT),
            ];
            let retired = query(transaction, &described(&self.domain), retire, &parameters).await?;
            if retired.is_empty() {
                return Err(not_as_planned(&self.domain));
            }
        }
        let switch = "UPDATE hostctl.email_dkim_keys SET state = 'active'
            WHERE domain = $1 AND selector = $2 AND state = 'coming' RETURNING 1";
        let parameters = [
            (&self.domain.as_str() as _, Type::TEXT),
            (&self.selector as _, Type::TEXT),
        ];
        let switched = query(transaction, &described(&self.domain), switch, &parameters).await?;
        if switched.is_empty() {
            return Err(not_as_planned(&self.domain));
        }
        self.write_domain(transaction, marker).await?;
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        if !self.is_done(transaction).await? {
            return Ok(());
        }
        let what = described(&self.domain);
        let columns = ["dkim_selector", "dkim_key_sealed", "dkim_public"];
        let target = target(&self.domain, &what);
        if !target.write_back(transaction, &columns, marker, secrets).await? {
            return Err(changed(&what));
        }
        // One after another: there is never more than one active key.
        let statements = [
            "UPDATE hostctl.email_dkim_keys SET state = 'coming'
                WHERE domain = $1 AND selector = $2 AND state = 'active'",
            "DELETE FROM hostctl.email_dkim_keys
                WHERE domain = $1 AND selector = $3 AND starts_with(marker, $4)",
            "UPDATE hostctl.email_dkim_keys SET state = 'active', retire_at = NULL
                WHERE domain = $1 AND selector = $3 AND state = 'retired'",
        ];
        let parameters = [
            (&self.domain.as_str() as _, Type::TEXT),
            (&self.selector as _, Type::TEXT),
            (&self.before as _, Type::TEXT),
            (&mark(marker) as _, Type::TEXT),
        ];
        for statement in statements {
            query(transaction, &what, statement, &parameters).await?;
        }
        Ok(())
    }
}

impl Switch {
    async fn is_done(&self, transaction: &Transaction<'_>) -> Result<bool> {
        let statement = "SELECT state = 'active' FROM hostctl.email_dkim_keys
            WHERE domain = $1 AND selector = $2 FOR UPDATE";
        let parameters = [
            (&self.domain.as_str() as _, Type::TEXT),
            (&self.selector as _, Type::TEXT),
        ];
        let rows = query(transaction, &described(&self.domain), statement, &parameters).await?;
        Ok(rows.first().is_some_and(|row| row.get(0)))
    }

    /// The active key stands in the domain's row as well.
    async fn write_domain(&self, transaction: &Transaction<'_>, marker: Marker) -> Result<()> {
        let statement = "UPDATE hostctl.email_domains d SET dkim_selector = k.selector,
                dkim_key_sealed = k.key_sealed, dkim_public = k.public, marker = $4
            FROM hostctl.email_dkim_keys k
            WHERE d.name = $1 AND d.dkim_selector IS NOT DISTINCT FROM $3 AND k.domain = d.name AND k.selector = $2
            RETURNING 1";
        let parameters = [
            (&self.domain.as_str() as _, Type::TEXT),
            (&self.selector as _, Type::TEXT),
            (&self.before as _, Type::TEXT),
            (&marker.to_string() as _, Type::TEXT),
        ];
        let written = query(transaction, &described(&self.domain), statement, &parameters).await?;
        if written.is_empty() {
            return Err(not_as_planned(&self.domain));
        }
        Ok(())
    }
}

/// `mail.dkim.forget`: the row of a key as the plan saw it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Forget {
    pub(super) domain: DomainName,
    pub(super) selector: String,
    /// Whether this is the end of its time in DNS: a person who undoes that wants it to stay, and no `tick` takes it again.
    #[serde(default)]
    pub(super) retires: bool,
}

impl ControlStep for Forget {
    const KIND: &'static str = "mail.dkim.forget";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.domain)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<Value> {
        let statement = "WITH seen AS MATERIALIZED (SELECT s FROM
                jsonb_populate_record(NULL::hostctl.email_dkim_keys, $3::text::jsonb) s),
            gone AS (DELETE FROM hostctl.email_dkim_keys k USING seen
                WHERE k.domain = $1 AND k.selector = $2 AND (k = seen.s
                    OR k.retire_at = 'infinity' AND to_jsonb(k) - 'retire_at' = to_jsonb(seen.s) - 'retire_at')
                RETURNING 1)
            SELECT EXISTS (SELECT FROM gone),
                EXISTS (SELECT FROM hostctl.email_dkim_keys WHERE domain = $1 AND selector = $2)";
        let rows = self.with_row(transaction, statement, secrets).await?;
        match rows.first().map(|row| (row.get(0), row.get(1))) {
            Some((false, true)) => Err(changed(&described(&self.domain))),
            _ => Ok(Value::Null),
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<()> {
        let statement = "INSERT INTO hostctl.email_dkim_keys
            SELECT * FROM jsonb_populate_record(NULL::hostctl.email_dkim_keys, $3::text::jsonb) seen
                WHERE seen.domain = $1 AND seen.selector = $2
            ON CONFLICT (domain, selector) DO NOTHING";
        self.with_row(transaction, statement, secrets).await.map(drop)
    }

    async fn turn_back(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<()> {
        self.undo(transaction, marker, secrets).await?;
        if !self.retires {
            return Ok(());
        }
        let statement = "UPDATE hostctl.email_dkim_keys SET retire_at = 'infinity'
            WHERE domain = $1 AND selector = $2 AND state = 'retired'";
        let parameters = [
            (&self.domain.as_str() as _, Type::TEXT),
            (&self.selector as _, Type::TEXT),
        ];
        let kept = query(transaction, &described(&self.domain), statement, &parameters).await;
        kept.map(drop)
    }
}

impl Forget {
    async fn with_row(
        &self,
        transaction: &Transaction<'_>,
        statement: &str,
        secrets: &Secrets,
    ) -> Result<Vec<tokio_postgres::Row>> {
        let row = secrets.get(ROW)?;
        let parameters = [
            (&self.domain.as_str() as _, Type::TEXT),
            (&self.selector as _, Type::TEXT),
            (&row.expose() as _, Type::TEXT),
        ];
        query(transaction, &described(&self.domain), statement, &parameters).await
    }
}

/// The keys of a domain change one operation after another, and not while the domain itself does.
fn resource(domain: &DomainName) -> String {
    crate::mail::domain::resource(domain)
}

/// Domain or keys are not as the plan saw them.
fn not_as_planned(domain: &DomainName) -> Error {
    let message = format!(
        "the keys of {} are not as they were when this was planned",
        described(domain)
    );
    Error::new(Kind::Conflict, "changed", message).hint(format!("hostctl mail dkim show {domain}"))
}
