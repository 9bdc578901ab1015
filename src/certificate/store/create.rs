//! `certificate.create`: the row that says what is wanted.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use crate::account;
use crate::certificate::rows::{changed, described, mark, query, resource};
use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::CertificateName;

/// What is wanted of a certificate, the values as the table has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// By what it is called.
    pub name: CertificateName,
    /// Whose it is.
    pub account: Uuid,
    /// DNS names in their ASCII form, and addresses.
    pub identifiers: Vec<String>,
    /// The authorities in the order in which they are tried; none for what is only imported.
    pub cas: Vec<String>,
    /// `http-01`, `dns-01`, `tls-alpn-01` or `imported`.
    pub challenge: String,
    /// `p256`, `p384`, `rsa2048`, `rsa4096` or `csr`.
    pub key_type: String,
    /// Whether a renewal keeps the key.
    pub reuse_key: bool,
    /// The operator's own request in DER, for `csr`.
    pub csr: Option<Vec<u8>>,
    /// The authority's profile.
    pub profile: Option<String>,
    /// The root that the chain should lead to.
    pub preferred_chain: Option<String>,
    /// Where a web server serves answers to `http-01`.
    pub webroot: Option<String>,
}

/// The new row, in state `pending` until a generation is added.
#[derive(Debug, Serialize, Deserialize)]
pub struct Create {
    pub(super) wanted: Wanted,
}

impl ControlStep for Create {
    const KIND: &'static str = "certificate.create";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.wanted.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        let Wanted { name, account, .. } = &self.wanted;
        check_owner(transaction, &self.wanted.identifiers, *account).await?;
        if !self.insert(transaction, marker).await?
            && !is_ours(transaction, name, marker).await?.unwrap_or(false)
        {
            return Err(exists(name));
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let name = &self.wanted.name;
        if is_renewed(transaction, name, marker).await? {
            return Ok(());
        }
        // Whoever placed it meanwhile wants it.
        let statement = "DELETE FROM hostctl.certificates c WHERE name = $1 AND starts_with(marker, $2)
            AND NOT EXISTS (SELECT FROM hostctl.certificate_places p WHERE p.certificate = c.name) RETURNING 1";
        let parameters = [
            (&name.as_str() as _, Type::TEXT),
            (&mark(marker) as _, Type::TEXT),
        ];
        let gone = query(transaction, &described(name), statement, &parameters).await?;
        if gone.is_empty() && is_ours(transaction, name, marker).await?.is_some() {
            return Err(changed(name));
        }
        Ok(())
    }
}

impl Create {
    async fn insert(&self, transaction: &Transaction<'_>, marker: Marker) -> Result<bool> {
        let wanted = &self.wanted;
        let statement =
            "INSERT INTO hostctl.certificates (name, account_id, identifiers, cas, challenge, key_type,
                reuse_key, csr, profile, preferred_chain, webroot, state, marker)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'pending', $12)
            ON CONFLICT (name) DO NOTHING RETURNING 1";
        let made = query(
            transaction,
            &described(&wanted.name),
            statement,
            &[
                (&wanted.name.as_str(), Type::TEXT),
                (&wanted.account, Type::UUID),
                (&wanted.identifiers, Type::TEXT_ARRAY),
                (&wanted.cas, Type::TEXT_ARRAY),
                (&wanted.challenge, Type::TEXT),
                (&wanted.key_type, Type::TEXT),
                (&wanted.reuse_key, Type::BOOL),
                (&wanted.csr, Type::BYTEA),
                (&wanted.profile, Type::TEXT),
                (&wanted.preferred_chain, Type::TEXT),
                (&wanted.webroot, Type::TEXT),
                (&marker.to_string(), Type::TEXT),
            ],
        )
        .await?;
        Ok(!made.is_empty())
    }
}

/// Looks whether it can be made.
///
/// # Errors
/// `conflict`: `exists`, or `taken` where a name is another account's.
pub async fn check_free(client: &impl GenericClient, wanted: &Wanted) -> Result<()> {
    check_owner(client, &wanted.identifiers, wanted.account).await?;
    match super::try_observe(client, &wanted.name).await? {
        Some(_) => Err(exists(&wanted.name)),
        None => Ok(()),
    }
}

/// Writes down why the certificate `name` waits, where nobody is at work on it.
///
/// # Errors
/// Those of the control database.
pub async fn note_failure(client: &impl GenericClient, name: &CertificateName, why: &str) -> Result<()> {
    let statement = "UPDATE hostctl.certificates SET last_error = $2, last_error_at = hostctl.now()
        WHERE name = $1 AND state = 'pending' AND leased_by IS NULL";
    let parameters = [(&name.as_str() as _, Type::TEXT), (&why as _, Type::TEXT)];
    query(client, &described(name), statement, &parameters)
        .await
        .map(drop)
}

/// Refuses names below the domains of another account.
///
/// # Errors
/// `conflict`, reason `taken`.
pub(super) async fn check_owner(
    client: &impl GenericClient,
    identifiers: &[String],
    account: Uuid,
) -> Result<()> {
    for domain in identifiers.iter().filter_map(|text| domain(text)) {
        account::check_domain(client, domain, account).await?;
    }
    Ok(())
}

/// Refuses a certificate that is there already for names that another account has proven to own since.
///
/// # Errors
/// `conflict`, reason `taken`.
pub async fn check_proven(client: &impl GenericClient, name: &CertificateName) -> Result<()> {
    let statement = "SELECT c.account_id, c.identifiers FROM hostctl.certificates c WHERE c.name = $1";
    let parameters = [(&name.as_str() as _, Type::TEXT)];
    let rows = query(client, &described(name), statement, &parameters).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let identifiers: Vec<String> = row.get(1);
    for domain in identifiers.iter().filter_map(|text| domain(text)) {
        account::check_proven(client, domain, row.get(0)).await?;
    }
    Ok(())
}

/// The domain of an identifier; nothing for an address.
fn domain(identifier: &str) -> Option<&str> {
    let name = identifier.strip_prefix("*.").unwrap_or(identifier);
    name.parse::<std::net::IpAddr>().is_err().then_some(name)
}

/// Whether somebody is about to order anew what was to be issued for the first time, and no more than that: then the order
/// before is taken back alone, and what was to be there stays.
pub(super) async fn is_renewed(
    client: &impl GenericClient,
    name: &CertificateName,
    marker: Marker,
) -> Result<bool> {
    let statement = "SELECT FROM hostctl.certificates WHERE name = $1 AND leased_by IS NOT NULL
        AND leased_until > hostctl.now()
        AND EXISTS (SELECT FROM hostctl.operations o WHERE o.id = $2 AND o.kind = 'cert.issue')";
    let parameters = [
        (&name.as_str() as _, Type::TEXT),
        (&marker.operation as _, Type::UUID),
    ];
    let rows = query(client, &described(name), statement, &parameters).await?;
    Ok(!rows.is_empty())
}

/// Whether this step made the row; nothing where there is none.
async fn is_ours(
    client: &impl GenericClient,
    name: &CertificateName,
    marker: Marker,
) -> Result<Option<bool>> {
    let statement =
        "SELECT coalesce(starts_with(marker, $2), false) FROM hostctl.certificates WHERE name = $1";
    let parameters = [
        (&name.as_str() as _, Type::TEXT),
        (&mark(marker) as _, Type::TEXT),
    ];
    let rows = query(client, &described(name), statement, &parameters).await?;
    Ok(rows.first().map(|row| row.get(0)))
}

/// There is one of that name.
pub(super) fn exists(name: &CertificateName) -> Error {
    let message = format!("{} exists already", described(name));
    Error::new(Kind::Conflict, "exists", message).hint(format!("hostctl cert show {name}"))
}
