//! Reading keys.

use jiff::Timestamp;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};

use crate::error::{Error, Kind, Result};
use crate::mail::dkim::PublicKey;
use crate::mail::domain::described;
use crate::mail::rows::{OURS, missing, query};
use crate::model::{DomainName, Secret};

/// A key of a domain.
#[derive(Debug)]
pub struct Key {
    /// Whose mail it signs.
    pub domain: DomainName,
    /// The half that is published.
    pub public: PublicKey,
    /// `coming`, `active`, `retired`, or `kept`: retired, and its leaving DNS was undone.
    pub state: String,
    /// When a retired one leaves DNS; a kept one does so only when a person says so.
    pub retire_at: Option<Timestamp>,
    /// The row; nothing for a key that stands in its domain's row alone.
    pub(super) row: Option<Secret>,
}

/// A key that signs, still sealed.
#[derive(Debug)]
pub struct Signing {
    /// Whose mail it signs.
    pub domain: DomainName,
    /// Below which name it is published.
    pub selector: String,
    /// As the key ring sealed it, for the domain.
    pub sealed: String,
}

const WHAT: &str = "the signing keys";
const SELECT: &str = "SELECT k.domain, k.selector, k.public,
        CASE WHEN k.retire_at = 'infinity' THEN 'kept' ELSE k.state END, nullif(k.retire_at, 'infinity'),
        to_jsonb(k)::text
    FROM hostctl.email_dkim_keys k";

/// The keys of a domain that have a row of their own, by selector.
///
/// # Errors
/// Those of the control database.
pub async fn keys(client: &impl GenericClient, domain: &DomainName) -> Result<Vec<Key>> {
    let statement = format!("{SELECT} WHERE k.domain = $1 ORDER BY k.selector");
    let rows = query(client, WHAT, &statement, &[(&domain.as_str(), Type::TEXT)]).await?;
    rows.iter().map(key).collect()
}

/// Every key of a domain, by selector, the one in the domain's row included.
///
/// # Errors
/// Those of the control database.
pub async fn all(client: &impl GenericClient, domain: &DomainName) -> Result<Vec<Key>> {
    let mut found = keys(client, domain).await?;
    if let Some(public) = crate::mail::domain::public_key(client, domain).await?
        && !found.iter().any(|key| key.public.selector == public.selector)
    {
        found.push(Key {
            domain: domain.clone(),
            public,
            state: "active".to_owned(),
            retire_at: None,
            row: None,
        });
    }
    found.sort_by(|left, right| left.public.selector.cmp(&right.public.selector));
    Ok(found)
}

/// The key of a domain below this selector, one that signs no more.
///
/// # Errors
/// `not_found`; `conflict`, reason `in_use`, for one that signs or is about to.
pub async fn retired(client: &impl GenericClient, domain: &DomainName, selector: &str) -> Result<Key> {
    let mut keys = all(client, domain).await?;
    keys.retain(|key| key.public.selector == selector);
    let what = format!("DKIM key {selector} of {}", described(domain));
    let hint = format!("hostctl mail dkim show {domain}");
    let Some(key) = keys.pop() else {
        return Err(missing(&what, &hint));
    };
    let why = match key.state.as_str() {
        "active" => "signs its mail",
        "coming" => "is about to sign its mail",
        _ => return Ok(key),
    };
    let error = Error::new(Kind::Conflict, "in_use", format!("{what} {why}"));
    Err(error.hint(format!("hostctl mail dkim rotate {domain}")))
}

/// Retired keys of domains of ours whose time has come, oldest first.
///
/// # Errors
/// Those of the control database.
pub async fn due(client: &impl GenericClient) -> Result<Vec<Key>> {
    let statement = format!(
        "{SELECT} WHERE k.state = 'retired' AND k.retire_at <= hostctl.now()
            AND EXISTS (SELECT FROM hostctl.email_domains WHERE name = k.domain AND {OURS})
        ORDER BY k.retire_at, k.domain"
    );
    query(client, WHAT, &statement, &[])
        .await?
        .iter()
        .map(key)
        .collect()
}

/// Every key that signs now, by domain.
///
/// # Errors
/// Those of the control database.
pub async fn signing(client: &impl GenericClient) -> Result<Vec<Signing>> {
    let statement = "SELECT d.name, d.dkim_selector, d.dkim_key_sealed FROM hostctl.email_domains d
            WHERE d.dkim_selector IS NOT NULL
        ORDER BY 1";
    let signing = |row: &Row| {
        Ok(Signing {
            domain: row.get::<_, &str>(0).parse()?,
            selector: row.get(1),
            sealed: row.get(2),
        })
    };
    query(client, WHAT, statement, &[])
        .await?
        .iter()
        .map(signing)
        .collect()
}

fn key(row: &Row) -> Result<Key> {
    Ok(Key {
        domain: row.get::<_, &str>(0).parse()?,
        public: PublicKey {
            selector: row.get(1),
            text: row.get(2),
        },
        state: row.get(3),
        retire_at: row.get(4),
        row: Some(Secret::new(row.get::<_, String>(5))),
    })
}
