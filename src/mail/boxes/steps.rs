//! The steps on a box's row.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row, Transaction};
use uuid::Uuid;

use super::store::{check_domain, is_alias, keep_domain};
use crate::account::{self, Owned};
use crate::error::{Error, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::mail::rows::{ROW, changed, exists, mark, missing, query};
use crate::model::{MailAddress, Quota};

/// The name under which a new hash travels.
pub(super) const HASH: &str = "password_hash";

/// `mail.box.create`: the row.
#[derive(Debug, Serialize, Deserialize)]
pub struct Create {
    pub(super) address: MailAddress,
    pub(super) account: Uuid,
    pub(super) quota: Quota,
}

impl ControlStep for Create {
    const KIND: &'static str = "mail.box.create";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.address)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        // The lock keeps the domain from being suspended or removed until this is committed.
        let statement = "WITH domain AS MATERIALIZED
                (SELECT name, account_id, state FROM hostctl.email_domains WHERE name = $3 FOR SHARE),
            made AS (INSERT INTO hostctl.email_accounts
                    (address, local_part, domain, account_id, password_hash, quota_bytes, marker)
                SELECT $1, $2, d.name, d.account_id, $5, $6, $7 FROM domain d
                    WHERE d.account_id = $4 AND d.state = 'active'
                        AND NOT EXISTS (SELECT FROM hostctl.email_aliases WHERE source = $1)
                ON CONFLICT (address) DO NOTHING RETURNING 1)
            SELECT d.account_id, d.state, EXISTS (SELECT FROM made),
                EXISTS (SELECT FROM hostctl.email_aliases WHERE source = $1) FROM domain d";
        let found = query(
            transaction,
            &described(&self.address),
            statement,
            &[
                (&self.address.as_str(), Type::TEXT),
                (&self.address.local().as_str(), Type::TEXT),
                (&self.address.domain().as_str(), Type::TEXT),
                (&self.account, Type::UUID),
                (&secrets.get(HASH)?.expose(), Type::TEXT),
                (&bytes(self.quota)?, Type::INT8),
                (&marker.to_string(), Type::TEXT),
            ],
        )
        .await?;
        let row = check_domain(found.first(), self.address.domain(), Some(self.account))?;
        let is_made: bool = row.get(2);
        if is_made {
            account::enforce(transaction, self.account, Owned::Box).await?;
        }
        if is_made
            || is_ours(transaction, &self.address, marker)
                .await?
                .unwrap_or(false)
        {
            return Ok(Value::Null);
        }
        if row.get(3) {
            return Err(is_alias(&self.address));
        }
        let what = described(&self.address);
        Err(exists(&what, &format!("hostctl mail box show {}", self.address)))
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let statement =
            "DELETE FROM hostctl.email_accounts WHERE address = $1 AND starts_with(marker, $2) RETURNING 1";
        let parameters = [
            (&self.address.as_str() as _, Type::TEXT),
            (&mark(marker) as _, Type::TEXT),
        ];
        // Its directory stays among those that no other box gets: a letter may have come meanwhile.
        let gone = query(transaction, &described(&self.address), statement, &parameters).await?;
        if !gone.is_empty() || is_ours(transaction, &self.address, marker).await?.is_none() {
            return Ok(());
        }
        Err(changed(&described(&self.address)))
    }
}

/// `mail.box.passwd`: another hash in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetPassword {
    pub(super) address: MailAddress,
}

impl ControlStep for SetPassword {
    const KIND: &'static str = "mail.box.passwd";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.address)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let statement = "UPDATE hostctl.email_accounts b SET password_hash = $3, marker = $4
            FROM jsonb_populate_record(NULL::hostctl.email_accounts, $2::text::jsonb) seen
            WHERE b.address = $1 AND b = seen RETURNING 1";
        let what = described(&self.address);
        let set = query(
            transaction,
            &what,
            statement,
            &[
                (&self.address.as_str(), Type::TEXT),
                (&secrets.get(ROW)?.expose(), Type::TEXT),
                (&secrets.get(HASH)?.expose(), Type::TEXT),
                (&marker.to_string(), Type::TEXT),
            ],
        )
        .await?;
        if !set.is_empty() {
            return Ok(Value::Null);
        }
        match is_ours(transaction, &self.address, marker).await? {
            Some(true) => Ok(Value::Null),
            Some(false) => Err(changed(&what)),
            None => Err(none(&self.address)),
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let statement =
            "UPDATE hostctl.email_accounts b SET password_hash = seen.password_hash, marker = seen.marker
            FROM jsonb_populate_record(NULL::hostctl.email_accounts, $2::text::jsonb) seen
            WHERE b.address = $1 AND (starts_with(b.marker, $3) OR b = seen) RETURNING 1";
        let what = described(&self.address);
        let row = secrets.get(ROW)?;
        let parameters = [
            (&self.address.as_str() as _, Type::TEXT),
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

/// `mail.box.delete`: the row as the plan saw it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Delete {
    pub(super) address: MailAddress,
}

impl ControlStep for Delete {
    const KIND: &'static str = "mail.box.delete";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.address)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let statement = "DELETE FROM hostctl.email_accounts b
            USING jsonb_populate_record(NULL::hostctl.email_accounts, $2::text::jsonb) seen
            WHERE b.address = $1 AND b = seen RETURNING 1";
        let what = described(&self.address);
        let gone = self.with_row(transaction, statement, secrets).await?;
        if gone.is_empty() && is_ours(transaction, &self.address, marker).await?.is_some() {
            return Err(changed(&what));
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<()> {
        let statement = "INSERT INTO hostctl.email_accounts
            SELECT * FROM jsonb_populate_record(NULL::hostctl.email_accounts, $2::text::jsonb) seen
                WHERE seen.address = $1
            ON CONFLICT (address) DO NOTHING RETURNING 1";
        if !self.with_row(transaction, statement, secrets).await?.is_empty() {
            return Ok(());
        }
        let statement = "SELECT FROM hostctl.email_accounts b,
                jsonb_populate_record(NULL::hostctl.email_accounts, $2::text::jsonb) seen
            WHERE b.address = $1 AND b = seen";
        let same = self.with_row(transaction, statement, secrets).await?;
        if same.is_empty() {
            Err(changed(&described(&self.address)))
        } else {
            Ok(())
        }
    }

    async fn turn_back(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<()> {
        let domain = self.address.domain();
        let row = secrets.get(ROW)?;
        keep_domain(transaction, &described(&self.address), domain, row).await?;
        let statement = "SELECT FROM hostctl.email_aliases WHERE source = $1";
        let parameters = [(&self.address.as_str() as _, Type::TEXT)];
        let alias = query(transaction, &described(&self.address), statement, &parameters).await?;
        if !alias.is_empty() {
            return Err(is_alias(&self.address));
        }
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
            (&self.address.as_str() as _, Type::TEXT),
            (&row.expose() as _, Type::TEXT),
        ];
        query(client, &described(&self.address), statement, &parameters).await
    }
}

/// Whether this step wrote the row; nothing where there is none.
pub(super) async fn is_ours(
    client: &impl GenericClient,
    address: &MailAddress,
    marker: Marker,
) -> Result<Option<bool>> {
    let statement =
        "SELECT coalesce(starts_with(marker, $2), false) FROM hostctl.email_accounts WHERE address = $1";
    let parameters = [
        (&address.as_str() as _, Type::TEXT),
        (&mark(marker) as _, Type::TEXT),
    ];
    let rows = query(client, &described(address), statement, &parameters).await?;
    Ok(rows.first().map(|row| row.get(0)))
}

/// As the database keeps it: nothing is unlimited.
pub(super) fn bytes(quota: Quota) -> Result<Option<i64>> {
    let bytes = quota.bytes().map(i64::try_from).transpose();
    bytes.map_err(|error| Error::internal("a quota larger than the database can hold").source(error))
}

/// The box in words.
pub(super) fn described(address: &MailAddress) -> String {
    format!("mail box {address}")
}

/// There is no such box.
pub(super) fn none(address: &MailAddress) -> Error {
    missing(&described(address), "hostctl mail box list")
}

/// The key that an operation claims.
#[must_use]
pub fn resource(address: &MailAddress) -> String {
    format!("box:{address}")
}
