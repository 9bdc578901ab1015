//! Reading mail domains.

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::steps::described;
use crate::account;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::mail::boxes::check_domain;
use crate::mail::dkim::PublicKey;
use crate::mail::rotation::Key;
use crate::mail::rows::{OURS, exists, foreign, missing, query, was_written_by};
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
    /// Its boxes that are ours, by address.
    pub boxes: Vec<boxes::Image>,
    /// Its aliases that are ours, by source.
    pub aliases: Vec<alias::Image>,
    /// Boxes and aliases that others wrote into it: `mail box info@shop.test`.
    pub foreign: Vec<String>,
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

fn select() -> String {
    format!(
        "SELECT d.name, a.name, d.state,
            (SELECT count(*) FROM hostctl.email_accounts b WHERE b.domain = d.name), d.dkim_selector, d.created_at,
            {OURS}
        FROM hostctl.email_domains d JOIN hostctl.accounts a ON a.id = d.account_id
        WHERE ($1::uuid IS NULL OR d.account_id = $1)"
    )
}

/// All mail domains, those of one account if it is given, by name.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient, account: Option<Uuid>) -> Result<Vec<Domain>> {
    listed(client, account, OURS).await
}

/// As [`list`], those that others wrote.
///
/// # Errors
/// Those of the control database.
pub async fn list_foreign(client: &impl GenericClient, account: Option<Uuid>) -> Result<Vec<Domain>> {
    listed(client, account, &format!("NOT {OURS}")).await
}

async fn listed(client: &impl GenericClient, account: Option<Uuid>, which: &str) -> Result<Vec<Domain>> {
    let statement = format!("{} AND {which} ORDER BY d.name COLLATE \"C\"", select());
    let rows = query(client, "the mail domains", &statement, &[(&account, Type::UUID)]).await?;
    Ok(rows.iter().map(domain).collect())
}

/// The mail domain `name`; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`.
pub async fn find(client: &impl GenericClient, name: &DomainName, account: Option<Uuid>) -> Result<Domain> {
    let statement = format!("{} AND d.name = $2", select());
    let parameters = [(&account as _, Type::UUID), (&name.as_str() as _, Type::TEXT)];
    let rows = query(client, &described(name), &statement, &parameters).await?;
    match rows.first() {
        Some(row) if row.get(6) => Ok(domain(row)),
        Some(_) => Err(none(name).hint("hostctl mail domain list --foreign")),
        None => Err(none(name)),
    }
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
/// `conflict`: `exists`, `foreign` where others wrote it, or `taken` where another account has it, its parent or its child.
pub async fn observe_create(client: &impl GenericClient, name: &DomainName, account: Uuid) -> Result<()> {
    account::check_domain(client, name.as_str(), account).await?;
    match read(client, name, None).await {
        Ok(row) if row.get(5) => Err(exists_already(name)),
        Ok(_) => Err(not_ours(name)),
        Err(error) if error.kind() == Kind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether the domain is one of ours in which boxes and aliases can be, for `account` if it is given.
///
/// # Errors
/// `not_found` without the domain; `conflict`: `taken`, `foreign`; `denied` (`suspended`).
pub(in crate::mail) async fn check_place(
    client: &impl GenericClient,
    name: &DomainName,
    account: Option<Uuid>,
) -> Result<()> {
    let statement = format!("SELECT account_id, state, {OURS} FROM hostctl.email_domains WHERE name = $1");
    let parameters = [(&name.as_str() as _, Type::TEXT)];
    let rows = query(client, &described(name), &statement, &parameters).await?;
    match check_domain(rows.first(), name, account)?.get(2) {
        true => Ok(()),
        false => Err(not_ours(name)),
    }
}

/// Reads the domain with all that is in it before it is changed or removed; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`; `conflict`, reason `foreign`, where others wrote it.
pub async fn observe(client: &impl GenericClient, name: &DomainName, account: Option<Uuid>) -> Result<Image> {
    let row = read(client, name, account).await?;
    match row.get(5) {
        true => image(client, name, &row).await,
        false => Err(not_ours(name)),
    }
}

/// Reads a domain that others wrote.
///
/// # Errors
/// `not_found`; `conflict`, reason `exists`, where it is ours.
pub(super) async fn observe_foreign(client: &impl GenericClient, name: &DomainName) -> Result<Image> {
    let row = read(client, name, None).await;
    let row = row.map_err(|error| match error.kind() {
        Kind::NotFound => error.hint("hostctl mail domain list --foreign"),
        _ => error,
    })?;
    match row.get(5) {
        true => Err(exists_already(name)),
        false => image(client, name, &row).await,
    }
}

async fn read(client: &impl GenericClient, name: &DomainName, account: Option<Uuid>) -> Result<Row> {
    let statement = format!(
        "SELECT d.account_id, d.state, d.dkim_selector, d.dkim_public, to_jsonb(d)::text, {OURS},
            ARRAY(SELECT 'mail box ' || address FROM hostctl.email_accounts WHERE domain = d.name AND NOT {OURS}
                UNION ALL SELECT 'mail alias ' || source FROM hostctl.email_aliases WHERE domain = d.name AND NOT {OURS}
                ORDER BY 1)
        FROM hostctl.email_domains d WHERE d.name = $1 AND ($2::uuid IS NULL OR d.account_id = $2)"
    );
    let parameters = [(&name.as_str() as _, Type::TEXT), (&account as _, Type::UUID)];
    let rows = query(client, &described(name), &statement, &parameters).await?;
    rows.into_iter().next().ok_or_else(|| none(name))
}

async fn image(client: &impl GenericClient, name: &DomainName, row: &Row) -> Result<Image> {
    Ok(Image {
        name: name.clone(),
        account: row.get(0),
        state: row.get(1),
        dkim: key(row.get(2), row.get(3)),
        boxes: boxes::observe_all(client, name).await?,
        aliases: alias::observe_all(client, name).await?,
        foreign: row.get(6),
        keys: rotation::keys(client, name).await?,
        row: Secret::new(row.get::<_, String>(4)),
    })
}

fn exists_already(name: &DomainName) -> Error {
    exists(&described(name), &format!("hostctl mail domain show {name}"))
}

/// Others wrote it.
pub(super) fn not_ours(name: &DomainName) -> Error {
    let adopt = format!("hostctl mail domain create {name} --adopt");
    foreign(&described(name), &adopt)
}

/// There is no such domain.
pub(super) fn none(name: &DomainName) -> Error {
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
