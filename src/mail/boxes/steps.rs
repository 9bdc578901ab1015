//! The steps on a box's row.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::store::{check_domain, is_alias, keep_domain};
use crate::account::{self, Owned};
use crate::error::{Error, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::mail::rows::{Parameter, ROW, exists, missing, query};
use crate::mail::target::{BOXES, Target};
use crate::model::{MailAddress, Quota};

/// The name under which a new hash travels.
pub(super) const HASH: &str = "password_hash";

/// The name of the column, and of the value that a step writes down, of where the mail of a box lies.
pub(in crate::mail) const HOME: &str = "home";

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
        let what = described(&self.address);
        // The lock keeps the domain from being suspended or removed until this is committed.
        let statement = "WITH domain AS MATERIALIZED
                (SELECT name, account_id, state FROM hostctl.email_domains WHERE name = $3 FOR SHARE),
            made AS (INSERT INTO hostctl.email_accounts
                    (address, local_part, domain, account_id, password_hash, quota_bytes, marker)
                SELECT $1, $2, d.name, d.account_id, $5, $6, $7 FROM domain d
                    WHERE d.account_id = $4 AND d.state = 'active'
                        AND NOT EXISTS (SELECT FROM hostctl.email_aliases WHERE source = $1)
                ON CONFLICT (address) DO NOTHING RETURNING home)
            SELECT d.account_id, d.state, (SELECT home FROM made),
                EXISTS (SELECT FROM hostctl.email_aliases WHERE source = $1) FROM domain d";
        let found = query(
            transaction,
            &what,
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
        if let Some(home) = row.get(2) {
            account::enforce(transaction, self.account, Owned::Box).await?;
            return Ok(in_home(home));
        }
        let target = target(&self.address, &what);
        if target.is_ours(transaction, marker).await?.unwrap_or(false) {
            return Ok(Value::Null);
        }
        if row.get(3) {
            return Err(is_alias(&self.address));
        }
        Err(exists(&what, &format!("hostctl mail box show {}", self.address)))
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let what = described(&self.address);
        // Its directory stays among those that no other box gets: a letter may have come meanwhile.
        target(&self.address, &what)
            .remove_made(transaction, marker)
            .await
            .map(drop)
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
        let what = described(&self.address);
        let hash = secrets.get(HASH)?.expose();
        let values: (&[&str], &[Parameter<'_>]) = (&["password_hash = $4"], &[(&hash, Type::TEXT)]);
        let written = target(&self.address, &what)
            .write(transaction, values, "r.home", marker, secrets)
            .await?;
        Ok(written.map_or(Value::Null, |row| in_home(row.get(0))))
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.address);
        target(&self.address, &what)
            .write_back(transaction, &["password_hash"], marker, secrets)
            .await
            .map(drop)
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
        let what = described(&self.address);
        target(&self.address, &what)
            .remove_seen(transaction, marker, secrets)
            .await?;
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.address);
        target(&self.address, &what)
            .bring_back(transaction, secrets)
            .await
            .map(drop)
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

/// What a step writes down of a row that it has written: nothing else tells where the mail of a box lies.
pub(super) fn in_home(home: &str) -> Value {
    json!({ HOME: home })
}

/// The row of a box that is called `what`.
pub(super) fn target<'a>(address: &'a MailAddress, what: &'a str) -> Target<'a> {
    BOXES.target(address.as_str(), what)
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
