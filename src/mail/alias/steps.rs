//! The steps on an alias's row.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row, Transaction};
use uuid::Uuid;

use super::store::check;
use crate::account::{self, Owned};
use crate::control::sqlstate;
use crate::error::{Error, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::mail::boxes::{check_domain, keep_domain};
use crate::mail::rows::{ROW, changed, exists, mark, missing, query};
use crate::model::{AliasSource, DomainName, MailAddress};

/// What the key of an alias begins with.
pub(super) const RESOURCE: &str = "alias:";

/// `mail.alias.create`: the row.
#[derive(Debug, Serialize, Deserialize)]
pub struct Create {
    pub(super) source: AliasSource,
    pub(super) account: Uuid,
    pub(super) destinations: Vec<MailAddress>,
}

impl ControlStep for Create {
    const KIND: &'static str = "mail.alias.create";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.source)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        one_at_a_time(transaction).await?;
        if is_ours(transaction, &self.source, marker).await?.unwrap_or(false) {
            return Ok(Value::Null);
        }
        check(transaction, &self.source, &self.destinations, self.account).await?;
        // The lock keeps the domain from being suspended or removed until this is committed.
        let statement = "WITH domain AS MATERIALIZED
                (SELECT name, account_id, state FROM hostctl.email_domains WHERE name = $3 FOR SHARE),
            made AS (INSERT INTO hostctl.email_aliases
                    (source, local_part, domain, account_id, destinations, marker)
                SELECT $1, $2, d.name, d.account_id, $5, $6 FROM domain d
                    WHERE d.account_id = $4 AND d.state = 'active'
                ON CONFLICT (source) DO NOTHING RETURNING 1)
            SELECT d.account_id, d.state, EXISTS (SELECT FROM made) FROM domain d";
        let found = query(
            transaction,
            &described(&self.source),
            statement,
            &[
                (&self.source.as_str(), Type::TEXT),
                (&self.source.local(), Type::TEXT),
                (&self.source.domain(), Type::TEXT),
                (&self.account, Type::UUID),
                (&texts(&self.destinations), Type::TEXT_ARRAY),
                (&marker.to_string(), Type::TEXT),
            ],
        )
        .await?;
        let row = check_domain(found.first(), &domain(&self.source)?, Some(self.account))?;
        if row.get(2) {
            account::enforce(transaction, self.account, Owned::Alias).await?;
            return Ok(Value::Null);
        }
        Err(exists_already(&self.source))
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let statement =
            "DELETE FROM hostctl.email_aliases WHERE source = $1 AND starts_with(marker, $2) RETURNING 1";
        let parameters = [
            (&self.source.as_str() as _, Type::TEXT),
            (&mark(marker) as _, Type::TEXT),
        ];
        let gone = query(transaction, &described(&self.source), statement, &parameters).await?;
        if !gone.is_empty() || is_ours(transaction, &self.source, marker).await?.is_none() {
            return Ok(());
        }
        Err(changed(&described(&self.source)))
    }
}

/// `mail.alias.set`: other destinations in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct Set {
    pub(super) source: AliasSource,
    pub(super) account: Uuid,
    pub(super) destinations: Vec<MailAddress>,
}

impl ControlStep for Set {
    const KIND: &'static str = "mail.alias.set";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.source)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        one_at_a_time(transaction).await?;
        check(transaction, &self.source, &self.destinations, self.account).await?;
        let statement = "UPDATE hostctl.email_aliases a SET destinations = $3, marker = $4
            FROM jsonb_populate_record(NULL::hostctl.email_aliases, $2::text::jsonb) seen
            WHERE a.source = $1 AND a = seen RETURNING 1";
        let what = described(&self.source);
        let set = query(
            transaction,
            &what,
            statement,
            &[
                (&self.source.as_str(), Type::TEXT),
                (&secrets.get(ROW)?.expose(), Type::TEXT),
                (&texts(&self.destinations), Type::TEXT_ARRAY),
                (&marker.to_string(), Type::TEXT),
            ],
        )
        .await?;
        if !set.is_empty() {
            return Ok(Value::Null);
        }
        match is_ours(transaction, &self.source, marker).await? {
            Some(true) => Ok(Value::Null),
            Some(false) => Err(changed(&what)),
            None => Err(none(&self.source)),
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let statement =
            "UPDATE hostctl.email_aliases a SET destinations = seen.destinations, marker = seen.marker
            FROM jsonb_populate_record(NULL::hostctl.email_aliases, $2::text::jsonb) seen
            WHERE a.source = $1 AND (starts_with(a.marker, $3) OR a = seen) RETURNING 1";
        let what = described(&self.source);
        let row = secrets.get(ROW)?;
        let parameters = [
            (&self.source.as_str() as _, Type::TEXT),
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

/// `mail.alias.delete`: the row as the plan saw it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Delete {
    pub(super) source: AliasSource,
}

impl ControlStep for Delete {
    const KIND: &'static str = "mail.alias.delete";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.source)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let statement = "DELETE FROM hostctl.email_aliases a
            USING jsonb_populate_record(NULL::hostctl.email_aliases, $2::text::jsonb) seen
            WHERE a.source = $1 AND a = seen RETURNING 1";
        let gone = self.with_row(transaction, statement, secrets).await?;
        if gone.is_empty() && is_ours(transaction, &self.source, marker).await?.is_some() {
            return Err(changed(&described(&self.source)));
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<()> {
        let statement = "INSERT INTO hostctl.email_aliases
            SELECT * FROM jsonb_populate_record(NULL::hostctl.email_aliases, $2::text::jsonb) seen
                WHERE seen.source = $1
            ON CONFLICT (source) DO NOTHING RETURNING 1";
        if !self.with_row(transaction, statement, secrets).await?.is_empty() {
            return Ok(());
        }
        let statement = "SELECT FROM hostctl.email_aliases a,
                jsonb_populate_record(NULL::hostctl.email_aliases, $2::text::jsonb) seen
            WHERE a.source = $1 AND a = seen";
        if self.with_row(transaction, statement, secrets).await?.is_empty() {
            Err(changed(&described(&self.source)))
        } else {
            Ok(())
        }
    }

    /// What else speaks against it is for [`Check`](super::Check), once everything is back: until then an address whose own
    /// alias comes later would seem to fall to the catch-all.
    async fn turn_back(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<()> {
        let row = secrets.get(ROW)?;
        keep_domain(transaction, &described(&self.source), &domain(&self.source)?, row).await?;
        self.undo(transaction, marker, secrets).await
    }
}

impl Delete {
    async fn with_row(
        &self,
        client: &impl GenericClient,
        statement: &str,
        secrets: &Secrets,
    ) -> Result<Vec<Row>> {
        let row = secrets.get(ROW)?;
        let parameters = [
            (&self.source.as_str() as _, Type::TEXT),
            (&row.expose() as _, Type::TEXT),
        ];
        query(client, &described(&self.source), statement, &parameters).await
    }
}

/// Two aliases that lead to each other, made in the same instant, would not see each other: one writes at a time.
pub(super) async fn one_at_a_time(transaction: &Transaction<'_>) -> Result<()> {
    transaction
        .batch_execute("LOCK TABLE hostctl.email_aliases IN SHARE ROW EXCLUSIVE MODE")
        .await
        .map_err(|error| sqlstate::error("the aliases", error))
}

/// Whether this step wrote the row; nothing where there is none.
pub(super) async fn is_ours(
    client: &impl GenericClient,
    source: &AliasSource,
    marker: Marker,
) -> Result<Option<bool>> {
    let statement =
        "SELECT coalesce(starts_with(marker, $2), false) FROM hostctl.email_aliases WHERE source = $1";
    let parameters = [
        (&source.as_str() as _, Type::TEXT),
        (&mark(marker) as _, Type::TEXT),
    ];
    let rows = query(client, &described(source), statement, &parameters).await?;
    Ok(rows.first().map(|row| row.get(0)))
}

/// Addresses as the database takes them.
pub(super) fn texts(addresses: &[MailAddress]) -> Vec<&str> {
    addresses.iter().map(MailAddress::as_str).collect()
}

/// The domain of a source that has been parsed.
pub(super) fn domain(source: &AliasSource) -> Result<DomainName> {
    source.domain().parse()
}

/// The alias in words.
pub(super) fn described(source: &AliasSource) -> String {
    format!("mail alias {source}")
}

/// It is there already.
pub(super) fn exists_already(source: &AliasSource) -> Error {
    exists(&described(source), &format!("hostctl mail alias show {source}"))
}

/// There is no such alias.
pub(super) fn none(source: &AliasSource) -> Error {
    missing(&described(source), "hostctl mail alias list")
}

pub(super) fn resource(source: &AliasSource) -> String {
    format!("{RESOURCE}{source}")
}
