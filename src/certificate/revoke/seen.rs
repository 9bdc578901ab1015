//! A generation before it is revoked.

use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::certificate::rows::{described, missing, query};
use crate::error::{Error, Kind, Result};
use crate::model::CertificateName;

/// What was issued, as a plan sees it.
#[derive(Clone, Debug)]
pub struct Issued {
    /// By what the certificate is called.
    pub name: CertificateName,
    /// Whose it is.
    pub account: Uuid,
    /// The number of the generation.
    pub number: i32,
    /// Its serial number.
    pub serial: String,
    /// At which authority it was ordered; nothing for one that was imported.
    pub ca: Option<String>,
    /// Whether it is revoked already.
    pub is_revoked: bool,
    /// Whether another one can be had without somebody's doing.
    pub is_renewable: bool,
    /// Whether its key is the operator's, who made the request.
    pub has_own_request: bool,
}

/// The generation `number` of a certificate, or the one to be served; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`, also as long as nothing was issued.
pub async fn observe(
    client: &impl GenericClient,
    name: &CertificateName,
    number: Option<i32>,
    account: Option<Uuid>,
) -> Result<Issued> {
    let statement = "SELECT c.account_id, g.number, g.serial, g.ca, g.revoked_at IS NOT NULL,
            cardinality(c.cas) > 0 AND c.challenge <> 'imported', c.key_type = 'csr'
        FROM hostctl.certificates c
        LEFT JOIN hostctl.certificate_generations g ON g.certificate = c.name AND g.number = coalesce($2, c.generation)
        WHERE c.name = $1 AND ($3::uuid IS NULL OR c.account_id = $3)";
    let parameters = [
        (&name.as_str() as _, Type::TEXT),
        (&number as _, Type::INT4),
        (&account as _, Type::UUID),
    ];
    let rows = query(client, &described(name), statement, &parameters).await?;
    let row = rows.first().ok_or_else(|| missing(name))?;
    let Some(found) = row.get::<_, Option<i32>>(1) else {
        let message = match number {
            Some(number) => format!("{} has no generation {number}", described(name)),
            None => format!("nothing was issued for {} yet", described(name)),
        };
        return Err(
            Error::new(Kind::NotFound, "not_found", message).hint(format!("hostctl cert show {name}"))
        );
    };
    Ok(Issued {
        name: name.clone(),
        account: row.get(0),
        number: found,
        serial: row.get(2),
        ca: row.get(3),
        is_revoked: row.get(4),
        is_renewable: row.get(5),
        has_own_request: row.get(6),
    })
}
