//! The row that says what belongs together.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use crate::account;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::DomainName;

/// A row of `sites`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Image {
    /// The domain of the site.
    pub domain: DomainName,
    /// Whose it is.
    pub account: Uuid,
    /// The cluster of its database.
    pub cluster: Option<String>,
    /// Its database.
    pub database: Option<String>,
    /// Its mail domain.
    pub mail_domain: Option<String>,
    /// Its zone.
    pub zone: Option<String>,
    /// Its certificate.
    #[serde(default)]
    pub certificate: Option<String>,
    /// `active` or `suspended`.
    pub state: String,
    /// The operation that made it.
    pub operation: Uuid,
    /// When it was made; absent for a new one.
    pub created_at: Option<Timestamp>,
    /// What it was last made to be, in the shape of a manifest.
    #[serde(default)]
    pub manifest: Option<Value>,
}

/// `site.record`: the row of a new site.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record(pub Image);

/// `site.forget`: the row of a site that is deleted.
#[derive(Debug, Serialize, Deserialize)]
pub struct Forget(pub Image);

impl ControlStep for Record {
    const KIND: &'static str = "site.record";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(self.0.domain.as_str())
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        insert(transaction, &self.0).await.map(|()| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        remove(transaction, &self.0).await
    }
}

impl ControlStep for Forget {
    const KIND: &'static str = "site.forget";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(self.0.domain.as_str())
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        remove(transaction, &self.0).await.map(|()| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        insert(transaction, &self.0).await
    }
}

/// `site.change`: the row of a site whose parts are others now.
#[derive(Debug, Serialize, Deserialize)]
pub struct Replace {
    /// As it was.
    pub before: Box<Image>,
    /// As it shall be; the same site.
    pub after: Box<Image>,
}

impl ControlStep for Replace {
    const KIND: &'static str = "site.change";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(self.after.domain.as_str())
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        exchange(transaction, &self.before, &self.after)
            .await
            .map(|()| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        exchange(transaction, &self.after, &self.before).await
    }
}

/// The key that an operation on a site claims.
pub(super) fn resource(domain: &str) -> String {
    format!("site:{domain}")
}

/// From one image to the other, and from nowhere else.
async fn exchange(transaction: &Transaction<'_>, from: &Image, to: &Image) -> Result<()> {
    let statement =
        "UPDATE hostctl.sites SET cluster = $3, database = $4, mail_domain = $5, zone = $6, manifest = $7, state = $13
        WHERE domain = $1 AND operation_id = $2 AND (
            (cluster, database, mail_domain, zone, manifest, state) IS NOT DISTINCT FROM ($8, $9, $10, $11, $12, $14)
            OR (cluster, database, mail_domain, zone, manifest, state) IS NOT DISTINCT FROM ($3, $4, $5, $6, $7, $13))
        RETURNING 1";
    let parameters: [(&(dyn ToSql + Sync), Type); 14] = [
        (&to.domain.as_str(), Type::TEXT),
        (&to.operation, Type::UUID),
        (&to.cluster, Type::TEXT),
        (&to.database, Type::TEXT),
        (&to.mail_domain, Type::TEXT),
        (&to.zone, Type::TEXT),
        (&to.manifest, Type::JSONB),
        (&from.cluster, Type::TEXT),
        (&from.database, Type::TEXT),
        (&from.mail_domain, Type::TEXT),
        (&from.zone, Type::TEXT),
        (&from.manifest, Type::JSONB),
        (&to.state, Type::TEXT),
        (&from.state, Type::TEXT),
    ];
    let rows = transaction.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("site {}", to.domain), error))?;
    if rows.is_empty() {
        let message = format!("site {} is not as it was when this was planned", to.domain);
        return Err(
            Error::new(Kind::Conflict, "changed", message).hint(format!("hostctl site show {}", to.domain))
        );
    }
    Ok(())
}

/// Writes the row, and with it takes the domain.
async fn insert(transaction: &Transaction<'_>, image: &Image) -> Result<()> {
    account::claim_domain(transaction, image.domain.as_str(), image.account).await?;
    let statement = "INSERT INTO hostctl.sites AS s (domain, account_id, cluster, database, mail_domain, zone, state, operation_id, created_at, manifest,
            certificate)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, hostctl.now()), $10, $11)
        ON CONFLICT (domain) DO UPDATE SET domain = s.domain WHERE s.operation_id = excluded.operation_id RETURNING 1";
    let parameters: [(&(dyn ToSql + Sync), Type); 11] = [
        (&image.domain.as_str(), Type::TEXT),
        (&image.account, Type::UUID),
        (&image.cluster, Type::TEXT),
        (&image.database, Type::TEXT),
        (&image.mail_domain, Type::TEXT),
        (&image.zone, Type::TEXT),
        (&image.state, Type::TEXT),
        (&image.operation, Type::UUID),
        (&image.created_at, Type::TIMESTAMPTZ),
        (&image.manifest, Type::JSONB),
        (&image.certificate, Type::TEXT),
    ];
    let rows = transaction.query_typed(statement, &parameters).await;
    match rows
        .map_err(|error| sqlstate::error(&format!("site {}", image.domain), error))?
        .is_empty()
    {
        false => Ok(()),
        true => Err(exists(&image.domain)),
    }
}

async fn remove(transaction: &Transaction<'_>, image: &Image) -> Result<()> {
    let statement = "DELETE FROM hostctl.sites WHERE domain = $1 AND operation_id = $2";
    let parameters: [(&(dyn ToSql + Sync), Type); 2] = [
        (&image.domain.as_str(), Type::TEXT),
        (&image.operation, Type::UUID),
    ];
    let removed = transaction.query_typed(statement, &parameters).await;
    removed
        .map(|_| ())
        .map_err(|error| sqlstate::error(&format!("site {}", image.domain), error))
}

pub(super) fn exists(domain: &DomainName) -> Error {
    Error::new(Kind::Conflict, "exists", format!("site {domain} exists already"))
        .hint(format!("hostctl site show {domain}"))
}
