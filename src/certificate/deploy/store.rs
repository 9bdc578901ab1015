//! What waits for this host, and what became of it.

use serde_json::json;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use crate::certificate::rows::{described, query};
use crate::certificate::store::Material;
use crate::control::{Session, sqlstate};
use crate::error::{Error, Result};
use crate::model::CertificateName;
use crate::trail::{self, Actor, Event, Outcome};

/// The certificates that are placed on `host` and lie there in another generation than they shall, as far as it is time
/// to try.
///
/// # Errors
/// Those of the control database.
pub async fn pending(client: &impl GenericClient, host: &str) -> Result<Vec<CertificateName>> {
    let statement = "SELECT p.certificate FROM hostctl.certificate_places p
        JOIN hostctl.certificates c ON c.name = p.certificate
        WHERE p.host = $1 AND c.generation IS NOT NULL AND p.generation IS DISTINCT FROM c.generation
            AND c.state <> 'revoked' AND (p.next_at IS NULL OR p.next_at <= hostctl.now())
        ORDER BY p.certificate";
    let rows = query(
        client,
        "the certificates of this host",
        statement,
        &[(&host, Type::TEXT)],
    )
    .await?;
    rows.iter().map(|row| row.get::<_, &str>(0).parse()).collect()
}

/// Whether the certificate is placed on `host`, and the generation that was confirmed there.
///
/// # Errors
/// Those of the control database.
pub async fn is_placed(
    client: &impl GenericClient,
    name: &CertificateName,
    host: &str,
) -> Result<Option<Option<i32>>> {
    let statement = "SELECT generation FROM hostctl.certificate_places WHERE certificate = $1 AND host = $2";
    let parameters = [(&name.as_str() as _, Type::TEXT), (&host as _, Type::TEXT)];
    let rows = query(client, &described(name), statement, &parameters).await?;
    Ok(rows.first().map(|row| row.get(0)))
}

/// The serial number of a generation.
pub(super) async fn serial(
    client: &impl GenericClient,
    name: &CertificateName,
    number: i32,
) -> Result<Option<String>> {
    let statement =
        "SELECT serial FROM hostctl.certificate_generations WHERE certificate = $1 AND number = $2";
    let parameters = [(&name.as_str() as _, Type::TEXT), (&number as _, Type::INT4)];
    let rows = query(client, &described(name), statement, &parameters).await?;
    Ok(rows.first().map(|row| row.get(0)))
}

/// This host serves the generation: the place says so, and the audit trail.
pub(super) async fn confirm(
    session: &mut Session,
    actor: &Actor,
    host: &str,
    material: &Material,
    said: &str,
) -> Result<()> {
    let statement =
        "UPDATE hostctl.certificate_places SET generation = $3, confirmed_at = hostctl.now(), failures = 0,
            last_error = NULL, last_error_at = NULL, next_at = NULL
        WHERE certificate = $1 AND host = $2 RETURNING 1";
    let event = Event {
        action: "cert.deploy",
        target: material.name.as_str(),
        account: Some(material.account),
        outcome: Outcome::Success,
        operation: None,
        details: json!({ "host": host, "generation": material.number, "serial": material.serial, "hook": said }),
    };
    let transaction = session.transaction().await.map_err(failed)?;
    let name = material.name.as_str();
    let parameters = [
        (&name as _, Type::TEXT),
        (&host as _, Type::TEXT),
        (&material.number as _, Type::INT4),
    ];
    query(&transaction, &described(&material.name), statement, &parameters).await?;
    trail::append(&transaction, actor, &event).await?;
    transaction.commit().await.map_err(failed)
}

/// It did not work: when it is tried again, and why it failed. 1, 10 and 100 minutes, then every 6 hours.
pub(super) async fn postpone(
    session: &mut Session,
    actor: &Actor,
    host: &str,
    material: &Material,
    error: &Error,
) -> Result<()> {
    let statement = "UPDATE hostctl.certificate_places SET failures = failures + 1, last_error = $3,
            last_error_at = hostctl.now(), next_at = hostctl.now() + make_interval(mins =>
                CASE failures WHEN 0 THEN 1 WHEN 1 THEN 10 WHEN 2 THEN 100 ELSE 360 END)
        WHERE certificate = $1 AND host = $2 RETURNING 1";
    let event = Event {
        action: "cert.deploy",
        target: material.name.as_str(),
        account: Some(material.account),
        outcome: Outcome::Failure,
        operation: None,
        details: json!({
            "host": host, "generation": material.number, "serial": material.serial,
            "reason_code": error.reason(), "message": error.message(),
        }),
    };
    let transaction = session.transaction().await.map_err(failed)?;
    let name = material.name.as_str();
    let parameters = [
        (&name as _, Type::TEXT),
        (&host as _, Type::TEXT),
        (&error.message() as _, Type::TEXT),
    ];
    query(&transaction, &described(&material.name), statement, &parameters).await?;
    trail::append(&transaction, actor, &event).await?;
    transaction.commit().await.map_err(failed)
}

fn failed(error: tokio_postgres::Error) -> Error {
    sqlstate::error("the places of certificates", error)
}
