//! Reading certificates.

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::Options;
use crate::certificate::rows::{described, missing, query};
use crate::error::{Error, Result};
use crate::journal::Marker;
use crate::model::{CertificateName, Secret};

/// A certificate as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// By what it is called.
    pub name: String,
    /// Whose it is.
    pub account: String,
    /// What is wanted in it, with blanks between.
    pub identifiers: String,
    /// `http-01`, `dns-01`, `tls-alpn-01` or `imported`.
    pub challenge: String,
    /// `pending`, `issued`, `revoked`, or `expired` at the database's time.
    pub state: String,
    /// Until when the one that is to be served is valid.
    pub not_after: Option<Timestamp>,
    /// On how many hosts it is to lie.
    pub hosts: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A certificate with everything about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// What a list shows.
    #[serde(flatten)]
    pub listed: Certificate,
    /// The authorities in the order in which they are tried, with blanks between.
    pub cas: String,
    /// The kind of key of the next one.
    pub key_type: String,
    /// Whether a renewal keeps the key.
    pub reuse_key: bool,
    /// What is run after a deployment; nothing: what the host's configuration says.
    pub deploy_hook: Option<Vec<String>>,
    /// Which port is asked after a deployment.
    pub probe: Option<String>,
    /// The generation that is to be served.
    pub generation: Option<i32>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// SHA-256 of it.
    pub fingerprint: Option<String>,
    /// From when it is valid.
    pub not_before: Option<Timestamp>,
    /// When it is looked at next.
    pub next_at: Option<Timestamp>,
    /// What failed last.
    pub last_error: Option<String>,
    /// The hosts on which it is to lie, with blanks between.
    pub placed_on: String,
}

/// A certificate as a plan sees it.
#[derive(Debug)]
pub struct Image {
    /// By what it is called.
    pub name: CertificateName,
    /// Whose it is.
    pub account: Uuid,
    /// What is wanted in it.
    pub identifiers: Vec<String>,
    /// How it is renewed.
    pub challenge: String,
    /// The generation that is to be served.
    pub generation: Option<i32>,
    /// What may be changed.
    pub options: Options,
    /// SHA-256 of every generation, by number.
    pub fingerprints: Vec<(i32, String)>,
    /// Its rows on hosts, by host.
    pub places: Vec<(String, serde_json::Value)>,
    marker: Option<String>,
    pub(super) rows: Secret,
}

impl Image {
    /// Whether `operation` made it.
    #[must_use]
    pub fn was_made_by(&self, operation: Uuid) -> bool {
        let marker = self.marker.as_deref().and_then(Marker::parse);
        marker.is_some_and(|marker| marker.operation == operation)
    }

    /// SHA-256 of the one that is to be served.
    #[must_use]
    pub fn fingerprint(&self) -> Option<&str> {
        let found = self
            .fingerprints
            .iter()
            .find(|(number, _)| Some(*number) == self.generation);
        found.map(|(_, fingerprint)| fingerprint.as_str())
    }
}

const COLUMNS: &str = "c.name, a.name, array_to_string(c.identifiers, ' '), c.challenge,
    CASE WHEN c.state = 'issued' AND g.not_after <= hostctl.now() THEN 'expired' ELSE c.state END, g.not_after,
    (SELECT count(*) FROM hostctl.certificate_places p WHERE p.certificate = c.name), c.created_at";
const FROM: &str = "FROM hostctl.certificates c JOIN hostctl.accounts a ON a.id = c.account_id
    LEFT JOIN hostctl.certificate_generations g ON g.certificate = c.name AND g.number = c.generation
    WHERE ($1::uuid IS NULL OR c.account_id = $1)";

/// All certificates, or those of one account, by name.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient, account: Option<Uuid>) -> Result<Vec<Certificate>> {
    let statement = format!("SELECT {COLUMNS} {FROM} ORDER BY c.name");
    let rows = query(client, "the certificates", &statement, &[(&account, Type::UUID)]).await?;
    Ok(rows.iter().map(certificate).collect())
}

/// The certificate `name` with everything about it; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`.
pub async fn find(
    client: &impl GenericClient,
    name: &CertificateName,
    account: Option<Uuid>,
) -> Result<Detail> {
    let statement = format!(
        "SELECT {COLUMNS}, array_to_string(c.cas, ' '), c.key_type, c.reuse_key, c.deploy_hook, c.probe, c.generation,
            g.issuer, g.serial, g.fingerprint, g.not_before, c.next_at, c.last_error,
            (SELECT coalesce(string_agg(p.host, ' ' ORDER BY p.host), '') FROM hostctl.certificate_places p
                WHERE p.certificate = c.name)
        {FROM} AND c.name = $2"
    );
    let parameters = [(&account as _, Type::UUID), (&name.as_str() as _, Type::TEXT)];
    let rows = query(client, &described(name), &statement, &parameters).await?;
    let row = rows.first().ok_or_else(|| missing(name))?;
    Ok(Detail {
        listed: certificate(row),
        cas: row.get(8),
        key_type: row.get(9),
        reuse_key: row.get(10),
        deploy_hook: row.get(11),
        probe: row.get(12),
        generation: row.get(13),
        issuer: row.get(14),
        serial: row.get(15),
        fingerprint: row.get(16),
        not_before: row.get(17),
        next_at: row.get(18),
        last_error: row.get(19),
        placed_on: row.get(20),
    })
}

/// Reads the certificate before it is changed or removed; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`.
pub async fn observe(
    client: &impl GenericClient,
    name: &CertificateName,
    account: Option<Uuid>,
) -> Result<Image> {
    let image = try_observe(client, name).await?;
    image
        .filter(|image| account.is_none_or(|account| account == image.account))
        .ok_or_else(|| missing(name))
}

/// As [`observe`], of whatever account; nothing where there is none.
///
/// # Errors
/// Those of the control database.
pub async fn try_observe(client: &impl GenericClient, name: &CertificateName) -> Result<Option<Image>> {
    let statement = "SELECT c.account_id, c.identifiers, c.challenge, c.generation, c.key_type, c.reuse_key, c.deploy_hook,
            c.probe, c.marker, p.rows, g.numbers, g.fingerprints,
            jsonb_build_object('certificate', to_jsonb(c), 'generations', g.rows, 'places', p.rows)::text
        FROM hostctl.certificates c,
            LATERAL (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.host), '[]') AS rows
                FROM hostctl.certificate_places p WHERE p.certificate = c.name) p,
            LATERAL (SELECT coalesce(jsonb_agg(to_jsonb(g) ORDER BY g.number), '[]') AS rows,
                coalesce(array_agg(g.number ORDER BY g.number), '{}') AS numbers,
                coalesce(array_agg(g.fingerprint ORDER BY g.number), '{}') AS fingerprints
                FROM hostctl.certificate_generations g WHERE g.certificate = c.name) g
        WHERE c.name = $1";
    let rows = query(
        client,
        &described(name),
        statement,
        &[(&name.as_str(), Type::TEXT)],
    )
    .await?;
    Ok(rows.first().map(|row| image(name, row)))
}

fn image(name: &CertificateName, row: &Row) -> Image {
    let (numbers, fingerprints): (Vec<i32>, Vec<String>) = (row.get(10), row.get(11));
    let places: serde_json::Value = row.get(9);
    let place = |row: &serde_json::Value| {
        let host = row["host"].as_str().unwrap_or_default().to_owned();
        (host, row.clone())
    };
    Image {
        name: name.clone(),
        account: row.get(0),
        identifiers: row.get(1),
        challenge: row.get(2),
        generation: row.get(3),
        options: Options {
            key_type: row.get(4),
            reuse_key: row.get(5),
            deploy_hook: row.get(6),
            probe: row.get(7),
        },
        marker: row.get(8),
        places: places.as_array().into_iter().flatten().map(place).collect(),
        fingerprints: numbers.into_iter().zip(fingerprints).collect(),
        rows: Secret::new(row.get::<_, String>(12)),
    }
}

fn certificate(row: &Row) -> Certificate {
    Certificate {
        name: row.get(0),
        account: row.get(1),
        identifiers: row.get(2),
        challenge: row.get(3),
        state: row.get(4),
        not_after: row.get(5),
        hosts: row.get(6),
        created_at: row.get(7),
    }
}

/// The database's time, by which all hosts agree whether something is valid.
///
/// # Errors
/// Those of the control database.
pub async fn now(client: &impl GenericClient) -> Result<Timestamp> {
    let rows = query(client, "the control database", "SELECT hostctl.now()", &[]).await?;
    let now = rows.first().map(|row| row.get(0));
    now.ok_or_else(|| Error::internal("the database told no time"))
}
