//! The steps on a mail domain's row.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::account::{self, Owned};
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};
use crate::mail::rows::{exists, query};
use crate::mail::target::{DOMAINS, Target};
use crate::model::DomainName;

/// The name under which the sealed private key travels.
pub(super) const KEY: &str = "dkim_key";

/// `mail.domain.create`: the row, and one use of the domain's name.
#[derive(Debug, Serialize, Deserialize)]
pub struct Create {
    pub(super) name: DomainName,
    pub(super) account: Uuid,
    pub(super) dkim_selector: String,
    pub(super) dkim_public: String,
}

impl ControlStep for Create {
    const KIND: &'static str = "mail.domain.create";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let statement = "INSERT INTO hostctl.email_domains
                (name, account_id, dkim_selector, dkim_key_sealed, dkim_public, marker)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING RETURNING 1";
        let what = described(&self.name);
        let made = query(
            transaction,
            &what,
            statement,
            &[
                (&self.name.as_str(), Type::TEXT),
                (&self.account, Type::UUID),
                (&self.dkim_selector, Type::TEXT),
                (&secrets.get(KEY)?.expose(), Type::TEXT),
                (&self.dkim_public, Type::TEXT),
                (&marker.to_string(), Type::TEXT),
            ],
        )
        .await?;
        if !made.is_empty() {
            account::enforce(transaction, self.account, Owned::Domain).await?;
            account::take_domain(transaction, self.name.as_str(), self.account).await?;
        } else if !target(&self.name, &what)
            .is_ours(transaction, marker)
            .await?
            .unwrap_or(false)
        {
            return Err(exists(&what, &format!("hostctl mail domain show {}", self.name)));
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let what = described(&self.name);
        if target(&self.name, &what).remove_made(transaction, marker).await? {
            account::release_domain(transaction, self.name.as_str()).await?;
        }
        Ok(())
    }
}

/// `mail.domain.delete`: the row as the plan saw it, and its use of the domain's name.
#[derive(Debug, Serialize, Deserialize)]
pub struct Delete {
    pub(super) name: DomainName,
    pub(super) account: Uuid,
}

impl ControlStep for Delete {
    const KIND: &'static str = "mail.domain.delete";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let what = described(&self.name);
        let target = target(&self.name, &what);
        if target.remove_seen(transaction, marker, secrets).await? {
            account::release_domain(transaction, self.name.as_str()).await?;
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.name);
        if target(&self.name, &what).bring_back(transaction, secrets).await? {
            account::take_domain(transaction, self.name.as_str(), self.account).await?;
        }
        Ok(())
    }
}

/// The row of a domain that is called `what`.
pub(in crate::mail) fn target<'a>(name: &'a DomainName, what: &'a str) -> Target<'a> {
    DOMAINS.target(name.as_str(), what)
}

/// The domain in words.
pub(in crate::mail) fn described(name: &DomainName) -> String {
    format!("mail domain {name}")
}

/// The key that an operation claims.
#[must_use]
pub fn resource(name: &DomainName) -> String {
    format!("maildomain:{name}")
}
