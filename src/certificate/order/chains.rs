//! Fetching a certificate, with the chain that is preferred, and what has to be true of it before it is kept.

use jiff::Timestamp;

use crate::certificate::acme::Account;
use crate::certificate::failure::refusal;
use crate::certificate::key;
use crate::certificate::order::store::Row;
use crate::certificate::x509::Chain;
use crate::error::{Error, Kind, Result};
use crate::journal::Failure;

/// How many chains are looked at.
const ALTERNATES: usize = 8;

/// The chain at `url` in PEM, or the first of the others that leads to `preferred`.
pub(super) async fn fetch(account: &Account, url: &str, preferred: Option<&str>) -> Result<String, Failure> {
    let ca = &account.client.name;
    let reply = account.get(url).await.map_err(|failed| refusal(ca, failed))?;
    let first = text(ca, &reply.body)?;
    let Some(wanted) = preferred.filter(|wanted| !leads_to(&first, wanted)) else {
        return Ok(first);
    };
    for url in reply.alternates.iter().take(ALTERNATES) {
        let other = account.get(url).await.map_err(|failed| refusal(ca, failed))?;
        let other = text(ca, &other.body)?;
        if leads_to(&other, wanted) {
            return Ok(other);
        }
    }
    // A certificate with another chain is worth more than none.
    tracing::warn!(
        ca,
        wanted,
        "the authority has no chain that leads to the preferred root"
    );
    Ok(first)
}

fn text(ca: &str, body: &[u8]) -> Result<String, Failure> {
    let bad = |_| {
        let message = format!("{ca}: a certificate that is no text");
        Failure::refused(Error::new(Kind::Unavailable, "ca_failed", message))
    };
    std::str::from_utf8(body).map(str::to_owned).map_err(bad)
}

/// Whether the last certificate of a chain was issued by `wanted`, by its common name.
fn leads_to(chain: &str, wanted: &str) -> bool {
    use x509_parser::prelude::FromDer as _;
    let Ok(chain) = Chain::read(chain.as_bytes()) else {
        return false;
    };
    let last = chain.certificates().last();
    let issuer = last.and_then(|der| {
        let (_, last) = x509_parser::certificate::X509Certificate::from_der(der).ok()?;
        let name = last.issuer().iter_common_name().next()?.as_str().ok()?;
        Some(name == wanted)
    });
    issuer.unwrap_or(false)
}

/// The names that were asked for, our key, a chain by signatures, and dates that make sense by the control database's clock:
/// one host that is wrong about the time must not refuse what all others would keep.
pub(super) fn check(chain: &str, row: &Row, now: Timestamp) -> Result<()> {
    let wrong = |error: Error| {
        let message = format!(
            "{} handed out a certificate that cannot be used: {}",
            row.ca,
            error.message()
        );
        Error::new(Kind::Unavailable, "bad_certificate", message)
    };
    let chain = Chain::read(chain.as_bytes()).map_err(wrong)?;
    chain.check(&row.identifiers, None, now).map_err(wrong)?;
    let leaf = chain
        .certificates()
        .first()
        .map(AsRef::as_ref)
        .unwrap_or_default();
    match key::is_for(leaf, &row.csr).map_err(wrong)? {
        true => Ok(()),
        false => Err(wrong(Error::invalid("it was made for another key"))),
    }
}
