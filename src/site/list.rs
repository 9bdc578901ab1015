//! Reading sites.

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::steps::Image;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::model::DomainName;

/// A site.
#[derive(Clone, Debug, Serialize)]
pub struct Site {
    /// Its domain.
    pub domain: String,
    /// The account it belongs to.
    pub account: String,
    /// Its database.
    pub database: Option<String>,
    /// Its mail domain.
    pub mail_domain: Option<String>,
    /// How many boxes its mail domain has.
    pub boxes: i64,
    /// Its zone.
    pub zone: Option<String>,
    /// Its certificate.
    pub certificate: Option<String>,
    /// `active` or `suspended`.
    pub state: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The cluster of its database.
    pub cluster: Option<String>,
    /// The account's identifier.
    #[serde(skip)]
    pub account_id: Uuid,
    /// The operation that made it.
    #[serde(skip)]
    pub operation_id: Uuid,
    /// What it was last made to be, in the shape of a manifest.
    #[serde(skip)]
    pub manifest: Option<serde_json::Value>,
}

impl Site {
    /// The row as the steps store it.
    ///
    /// # Errors
    /// `usage` where the row holds a domain that is none.
    pub(super) fn image(&self) -> Result<Image> {
        Ok(Image {
            domain: self.domain.parse()?,
            account: self.account_id,
            cluster: self.cluster.clone(),
            database: self.database.clone(),
            mail_domain: self.mail_domain.clone(),
            zone: self.zone.clone(),
            certificate: self.certificate.clone(),
            state: self.state.clone(),
            operation: self.operation_id,
            created_at: Some(self.created_at),
            manifest: self.manifest.clone(),
        })
    }
}

const SELECT: &str = "SELECT s.domain, a.name, s.database, s.mail_domain,
        (SELECT count(*) FROM hostctl.email_accounts b WHERE b.domain = s.mail_domain), s.zone, s.state, s.created_at,
        s.cluster, s.account_id, s.operation_id, s.manifest, s.certificate
    FROM hostctl.sites s JOIN hostctl.accounts a ON a.id = s.account_id";

/// All sites, or those of one account, by domain.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient, account: Option<Uuid>) -> Result<Vec<Site>> {
    let statement =
        format!("{SELECT} WHERE $1::uuid IS NULL OR s.account_id = $1 ORDER BY s.domain COLLATE \"C\"");
    let rows = client.query_typed(&statement, &[(&account, Type::UUID)]).await;
    Ok(rows
        .map_err(|error| sqlstate::error("the sites", error))?
        .iter()
        .map(site)
        .collect())
}

/// The site of `domain`; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`.
pub async fn find(client: &impl GenericClient, domain: &DomainName, account: Option<Uuid>) -> Result<Site> {
    let statement = format!("{SELECT} WHERE s.domain = $1 AND ($2::uuid IS NULL OR s.account_id = $2)");
    let rows = client
        .query_typed(
            &statement,
            &[(&domain.as_str(), Type::TEXT), (&account, Type::UUID)],
        )
        .await;
    let rows = rows.map_err(|error| sqlstate::error("the sites", error))?;
    let none =
        || Error::new(Kind::NotFound, "not_found", format!("no site {domain}")).hint("hostctl site list");
    rows.first().map(site).ok_or_else(none)
}

fn site(row: &Row) -> Site {
    Site {
        domain: row.get(0),
        account: row.get(1),
        database: row.get(2),
        mail_domain: row.get(3),
        boxes: row.get(4),
        zone: row.get(5),
        state: row.get(6),
        created_at: row.get(7),
        cluster: row.get(8),
        account_id: row.get(9),
        operation_id: row.get(10),
        manifest: row.get(11),
        certificate: row.get(12),
    }
}
