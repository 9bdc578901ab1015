//! Reading mail domains.

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::steps::described;
use crate::account;
use crate::control::sqlstate;
use crate::error::Result;
use crate::mail::dkim::PublicKey;
use crate::mail::rotation::Key;
use crate::mail::rows::{exists, missing, query, was_written_by};
use crate::mail::{alias, boxes, rotation};
use crate::model::{DomainName, Secret};

/// A domain that takes mail, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Domain {
    /// A-label form.
    pub name: String,
    /// Whose it is.
    pub account: String,
    /// `active` or `suspended`.
    pub state: String,
    /// How many boxes it has, suspended ones included.
    pub boxes: i64,
    /// Below which name the key is published that signs its mail.
    pub dkim_selector: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A domain as a plan sees it.
#[derive(Debug)]
pub struct Image {
    /// The domain.
    pub name: DomainName,
    /// Whose it is.
    pub account: Uuid,
    /// `active` or `suspended`.
    pub state: String,
    /// The key whose record stands in DNS.
    pub dkim: Option<PublicKey>,
    /// Its boxes, by address.
    pub boxes: Vec<boxes::Image>,
    /// Its aliases, by source.
    pub aliases: Vec<alias::Image>,
    /// Its keys beside the present one of `dkim`, by selector.
    pub keys: Vec<Key>,
    pub(in crate::mail) row: Secret,
}

impl Image {
    /// Whether `operation` wrote its row last.
    #[must_use]
    pub fn was_written_by(&self, operation: Uuid) -> bool {
        was_written_by(&self.row, operation)
    }
}

const SELECT: &str = "SELECT d.name, a.name, d.state,
        (SELECT count(*) FROM hostctl.email_accounts b WHERE b.domain = d.name), d.dkim_selector, d.created_at
    FROM hostctl.email_domains d JOIN hostctl.accounts a ON a.id = d.account_id
    WHERE ($1::uuid IS NULL OR d.account_id = $1)";

/// All mail domains, those of one account if it is given, by name.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient, account: Option<Uuid>) -> Result<Vec<Domain>> {
    let statement = format!("{SELECT} ORDER BY d.name COLLATE \"C\"");
    let rows = query(client, "the mail domains", &statement, &[(&account, Type::UUID)]).await?;
    Ok(rows.iter().map(domain).collect())
}

/// The mail domain `name`; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`.
pub async fn find(client: &impl GenericClient, name: &DomainName, account: Option<Uuid>) -> Result<Domain> {
    let statement = format!("{SELECT} AND d.name = $2");
    let parameters = [(&account as _, Type::UUID), (&name.as_str() as _, Type::TEXT)];
    let rows = query(client, &described(name), &statement, &parameters).await?;
    rows.first().map(domain).ok_or_else(|| none(name))
}

/// The published half of the key that signs the domain's mail; nothing where a panel made the domain without one.
///
/// # Errors
/// `not_found`.
pub async fn public_key(client: &impl GenericClient, name: &DomainName) -> Result<Option<PublicKey>> {
    let statement = "SELECT dkim_selector, dkim_public FROM hostctl.email_domains WHERE name = $1";
    let rows = query(
        client,
        &described(name),
        statement,
        &[(&name.as_str(), Type::TEXT)],
    )
    .await?;
    rows.first()
        .map(|row| key(row.get(0), row.get(1)))
        .ok_or_else(|| none(name))
}

/// Whether the domain can be made for `account`.
///
/// # Errors
/// `conflict`: `exists`, or `taken` where another account has it, its parent or its child.
pub async fn observe_create(client: &impl GenericClient, name: &DomainName, account: Uuid) -> Result<()> {
    account::check_domain(client, name.as_str(), account).await?;
    let statement = "SELECT FROM hostctl.email_domains WHERE name = $1";
    let rows = query(
        client,
        &described(name),
        statement,
        &[(&name.as_str(), Type::TEXT)],
    )
    .await?;
    if rows.is_empty() {
        return Ok(());
    }
    Err(exists(
        &described(name),
        &format!("hostctl mail domain show {name}"),
    ))
}

/// Reads the domain with all that is in it before it is changed or removed; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`.
pub async fn observe(client: &impl GenericClient, name: &DomainName, account: Option<Uuid>) -> Result<Image> {
    let statement = "SELECT d.account_id, d.state, d.dkim_selector, d.dkim_public, to_jsonb(d)::text
        FROM hostctl.email_domains d WHERE d.name = $1 AND ($2::uuid IS NULL OR d.account_id = $2)";
    let parameters = [(&name.as_str() as _, Type::TEXT), (&account as _, Type::UUID)];
    let rows = query(client, &described(name), statement, &parameters).await?;
    let row = rows.first().ok_or_else(|| none(name))?;
    Ok(Image {
        name: name.clone(),
        account: row.get(0),
        state: row.get(1),
        dkim: key(row.get(2), row.get(3)),
        boxes: boxes::observe_all(client, name).await?,
        aliases: alias::observe_all(client, name).await?,
        keys: rotation::keys(client, name).await?,
        row: Secret::new(row.get::<_, String>(4)),
    })
}

/// There is no such domain.
pub(super) fn none(name: &DomainName) -> crate::error::Error {
    missing(&described(name), "hostctl mail domain list")
}

fn key(selector: Option<String>, text: Option<String>) -> Option<PublicKey> {
    Some(PublicKey {
        selector: selector?,
        text: text?,
    })
}

fn domain(row: &Row) -> Domain {
    Domain {
        name: row.get(0),
        account: row.get(1),
        state: row.get(2),
        boxes: row.get(3),
        dkim_selector: row.get(4),
        created_at: row.get(5),
    }
}

/// Every sealed DKIM key, with the domain it is sealed for.
///
/// # Errors
/// Those of the control database.
pub async fn sealed(client: &impl GenericClient) -> Result<Vec<(String, String)>> {
    let statement =
        "SELECT name, dkim_key_sealed FROM hostctl.email_domains WHERE dkim_key_sealed IS NOT NULL
        UNION SELECT domain, key_sealed FROM hostctl.email_dkim_keys ORDER BY 1";
    let rows = client
        .query_typed(statement, &[])
        .await
        .map_err(|error| sqlstate::error("the mail domains", error))?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
