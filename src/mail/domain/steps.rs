//! The steps on a mail domain's row.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use crate::account::{self, Owned};
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::mail::rows::{ROW, changed, exists, mark, query};
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
        let made = query(
            transaction,
            &described(&self.name),
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
        } else if !is_ours(transaction, &self.name, marker).await?.unwrap_or(false) {
            let show = format!("hostctl mail domain show {}", self.name);
            return Err(exists(&described(&self.name), &show));
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let statement =
            "DELETE FROM hostctl.email_domains WHERE name = $1 AND starts_with(marker, $2) RETURNING 1";
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&mark(marker) as _, Type::TEXT),
        ];
        let gone = transaction.query_typed(statement, &parameters).await;
        if gone.map_err(|error| refused(&self.name, error))?.is_empty() {
            return match is_ours(transaction, &self.name, marker).await? {
                None => Ok(()),
                Some(_) => Err(changed(&described(&self.name))),
            };
        }
        account::release_domain(transaction, self.name.as_str()).await
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
        let statement = "DELETE FROM hostctl.email_domains d
            USING jsonb_populate_record(NULL::hostctl.email_domains, $2::text::jsonb) seen
            WHERE d.name = $1 AND d = seen RETURNING 1";
        let row = secrets.get(ROW)?;
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&row.expose() as _, Type::TEXT),
        ];
        let gone = transaction.query_typed(statement, &parameters).await;
        if !gone.map_err(|error| refused(&self.name, error))?.is_empty() {
            account::release_domain(transaction, self.name.as_str()).await?;
        } else if is_ours(transaction, &self.name, marker).await?.is_some() {
            return Err(changed(&described(&self.name)));
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<()> {
        let what = described(&self.name);
        let statement = "INSERT INTO hostctl.email_domains
            SELECT * FROM jsonb_populate_record(NULL::hostctl.email_domains, $1::text::jsonb)
            ON CONFLICT (name) DO NOTHING RETURNING 1";
        let row = secrets.get(ROW)?;
        let back = query(transaction, &what, statement, &[(&row.expose(), Type::TEXT)]).await?;
        if !back.is_empty() {
            return account::take_domain(transaction, self.name.as_str(), self.account).await;
        }
        let statement = "SELECT FROM hostctl.email_domains d,
                jsonb_populate_record(NULL::hostctl.email_domains, $2::text::jsonb) seen
            WHERE d.name = $1 AND d = seen";
        let parameters = [
            (&self.name.as_str() as _, Type::TEXT),
            (&row.expose() as _, Type::TEXT),
        ];
        let same = query(transaction, &what, statement, &parameters).await?;
        if same.is_empty() {
            Err(changed(&what))
        } else {
            Ok(())
        }
    }
}

/// Whether this step wrote the row; nothing where there is none.
pub(super) async fn is_ours(
    client: &impl GenericClient,
    name: &DomainName,
    marker: Marker,
) -> Result<Option<bool>> {
    let statement =
        "SELECT coalesce(starts_with(marker, $2), false) FROM hostctl.email_domains WHERE name = $1";
    let parameters = [
        (&name.as_str() as _, Type::TEXT),
        (&mark(marker) as _, Type::TEXT),
    ];
    let rows = query(client, &described(name), statement, &parameters).await?;
    Ok(rows.first().map(|row| row.get(0)))
}

fn refused(name: &DomainName, error: tokio_postgres::Error) -> Error {
    if error.code() == Some(&SqlState::FOREIGN_KEY_VIOLATION) {
        return not_empty(name, "boxes or aliases");
    }
    sqlstate::error(&described(name), error)
}

/// A domain goes only after its boxes and aliases.
pub(super) fn not_empty(name: &DomainName, what: &str) -> Error {
    Error::new(
        Kind::Conflict,
        "not_empty",
        format!("mail domain {name} has {what}"),
    )
    .hint(format!("hostctl mail box list --domain {name}"))
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
