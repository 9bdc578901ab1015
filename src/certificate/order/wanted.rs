//! What is wanted of a certificate that is there, for its first order or its next.

use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use crate::certificate::rows::{described, missing, query};
use crate::certificate::store::Wanted;
use crate::error::Result;
use crate::model::CertificateName;

/// What its row says.
///
/// # Errors
/// `not_found`.
pub async fn wanted(client: &impl GenericClient, name: &CertificateName) -> Result<Wanted> {
    let statement = "SELECT account_id, identifiers, cas, challenge, key_type, reuse_key, csr, profile, preferred_chain, webroot
        FROM hostctl.certificates WHERE name = $1";
    let rows = query(
        client,
        &described(name),
        statement,
        &[(&name.as_str(), Type::TEXT)],
    )
    .await?;
    let row = rows.first().ok_or_else(|| missing(name))?;
    Ok(Wanted {
        name: name.clone(),
        account: row.get(0),
        identifiers: row.get(1),
        cas: row.get(2),
        challenge: row.get(3),
        key_type: row.get(4),
        reuse_key: row.get(5),
        csr: row.get(6),
        profile: row.get(7),
        preferred_chain: row.get(8),
        webroot: row.get(9),
    })
}
