//! The steps on an alias's row.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::store::check;
use crate::account::{self, Owned};
use crate::control::sqlstate;
use crate::error::{Error, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::mail::boxes::{check_domain, keep_domain};
use crate::mail::rows::{Parameter, ROW, exists, missing, query};
use crate::mail::target::{ALIASES, Target};
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
        let what = described(&self.source);
        let target = target(&self.source, &what);
        if target.is_ours(transaction, marker).await?.unwrap_or(false) {
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
            &what,
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
        let what = described(&self.source);
        target(&self.source, &what)
            .remove_made(transaction, marker)
            .await
            .map(drop)
    }
}

/// `mail.alias.set`: other destinations in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct Set {
    pub(super) source: AliasSource,
    pub(super) account: Uuid,
    pub(super) destinations: Vec<MailAddress>,
    /// Whether it is the account's again, after somebody has given it to another one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_given_back: bool,
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
        let what = described(&self.source);
        let destinations = texts(&self.destinations);
        let account = self.is_given_back.then_some(self.account);
        let values: (&[&str], &[Parameter<'_>]) = (
            &["destinations = $4", "account_id = coalesce($5, r.account_id)"],
            &[(&destinations, Type::TEXT_ARRAY), (&account, Type::UUID)],
        );
        target(&self.source, &what)
            .write(transaction, values, "1", marker, secrets)
            .await?;
        if let Some(account) = account {
            account::enforce(transaction, account, Owned::Alias).await?;
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.source);
        let columns: &[&str] = match self.is_given_back {
            true => &["destinations", "account_id"],
            false => &["destinations"],
        };
        target(&self.source, &what)
            .write_back(transaction, columns, marker, secrets)
            .await
            .map(drop)
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
        let what = described(&self.source);
        target(&self.source, &what)
            .remove_seen(transaction, marker, secrets)
            .await?;
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.source);
        target(&self.source, &what)
            .bring_back(transaction, secrets)
            .await
            .map(drop)
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

/// Two aliases that lead to each other, made in the same instant, would not see each other: one writes at a time.
pub(super) async fn one_at_a_time(transaction: &Transaction<'_>) -> Result<()> {
    transaction
        .batch_execute("LOCK TABLE hostctl.email_aliases IN SHARE ROW EXCLUSIVE MODE")
        .await
        .map_err(|error| sqlstate::error("the aliases", error))
}

/// The row of an alias that is called `what`.
pub(super) fn target<'a>(source: &'a AliasSource, what: &'a str) -> Target<'a> {
    ALIASES.target(source.as_str(), what)
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
