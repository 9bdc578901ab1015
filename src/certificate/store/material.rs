//! What a host needs to install a certificate: chain and key, the key sealed for its certificate.

use jiff::Timestamp;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use crate::certificate::rows::{described, missing, query};
use crate::error::Result;
use crate::keyring::{Keyring, Place};
use crate::model::{CertificateName, Secret};

const PURPOSE: &str = "certificate";

/// A generation with its key, still sealed.
#[derive(Debug)]
pub struct Material {
    /// By what the certificate is called.
    pub name: CertificateName,
    /// Whose it is.
    pub account: Uuid,
    /// The number of the generation.
    pub number: i32,
    /// DNS names and addresses that are wanted in it.
    pub identifiers: Vec<String>,
    /// Leaf first, in PEM.
    pub chain: String,
    /// Its serial number.
    pub serial: String,
    /// SHA-256 of the leaf.
    pub fingerprint: String,
    /// Until when it is valid.
    pub not_after: Timestamp,
    /// Its own hook, if it has one; empty: none.
    pub deploy_hook: Option<Vec<String>>,
    /// Which port is asked.
    pub probe: Option<String>,
    key_sealed: Option<String>,
}

impl Material {
    /// Its key; nothing where the operator keeps it.
    ///
    /// # Errors
    /// `denied`, reason `undecryptable`.
    pub fn key(&self, keyring: &Keyring) -> Result<Option<Secret>> {
        let sealed = self.key_sealed.as_deref();
        sealed
            .map(|sealed| open_key(keyring, &self.name, sealed))
            .transpose()
    }
}

/// The generation that is to be served; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`, also as long as nothing was issued.
pub async fn material(
    client: &impl GenericClient,
    name: &CertificateName,
    account: Option<Uuid>,
) -> Result<Material> {
    let statement =
        "SELECT c.account_id, g.number, c.identifiers, g.chain, g.serial, g.fingerprint, g.not_after,
            c.deploy_hook, c.probe, g.key_sealed
        FROM hostctl.certificates c
        JOIN hostctl.certificate_generations g ON g.certificate = c.name AND g.number = c.generation
        WHERE c.name = $1 AND ($2::uuid IS NULL OR c.account_id = $2)";
    let parameters = [(&name.as_str() as _, Type::TEXT), (&account as _, Type::UUID)];
    let rows = query(client, &described(name), statement, &parameters).await?;
    let row = rows.first().ok_or_else(|| missing(name))?;
    Ok(made(name, row))
}

fn made(name: &CertificateName, row: &Row) -> Material {
    Material {
        name: name.clone(),
        account: row.get(0),
        number: row.get(1),
        identifiers: row.get(2),
        chain: row.get(3),
        serial: row.get(4),
        fingerprint: row.get(5),
        not_after: row.get(6),
        deploy_hook: row.get(7),
        probe: row.get(8),
        key_sealed: row.get(9),
    }
}

/// Seals a private key for its certificate.
///
/// # Errors
/// `internal` without entropy.
pub fn seal_key(keyring: &Keyring, name: &CertificateName, key: &Secret) -> Result<String> {
    keyring.seal(place(name), key)
}

/// Opens a private key.
///
/// # Errors
/// `denied`, reason `undecryptable`.
pub fn open_key(keyring: &Keyring, name: &CertificateName, sealed: &str) -> Result<Secret> {
    keyring.open(place(name), sealed)
}

fn place(name: &CertificateName) -> Place<'_> {
    Place {
        purpose: PURPOSE,
        row: name.as_str(),
    }
}

/// Every sealed key, with the certificate that it is sealed for.
///
/// # Errors
/// Those of the control database.
pub async fn sealed(client: &impl GenericClient) -> Result<Vec<(String, String)>> {
    let statement = "SELECT certificate, key_sealed FROM hostctl.certificate_generations
        WHERE key_sealed IS NOT NULL ORDER BY certificate, number";
    let rows = query(client, "the certificates", statement, &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
