//! Fetching a certificate, with the chain that is preferred, and what has to be true of it before it is kept.

use jiff::Timestamp;

use crate::certificate::acme::Account;
use crate::certificate::key;
use crate::certificate::order::store::Row;
use crate::certificate::x509::Chain;
use crate::error::{Error, Kind, Result};
use crate::journal::Failure;

/// How many chains are looked at.
const ALTERNATES: usize = 8;

/// A certificate as it is handed out.
pub(super) struct Fetched {
    /// Its chain in PEM.
    pub(super) chain: String,
    /// Where other chains of it are.
    alternates: Vec<String>,
}

/// What is at `url`. It is issued, so that whatever goes wrong may go right later.
pub(super) async fn fetch(account: &Account, url: &str) -> Result<Fetched, Failure> {
    let ca = &account.client.name;
    let reply = account
        .get(url)
        .await
        .map_err(|failed| Failure::unknown(failed.error(ca)))?;
    let chain = text(&reply.body).ok_or_else(|| {
        let message = format!("{ca}: a certificate that is no text");
        Failure::unknown(Error::new(Kind::Unavailable, "ca_failed", message))
    })?;
    Ok(Fetched {
        chain,
        alternates: reply.alternates,
    })
}

/// The first of the other chains that leads to `wanted`, where that of `fetched` does not. A certificate with another chain
/// is worth more than none.
pub(super) async fn preferred(account: &Account, fetched: &Fetched, wanted: &str) -> Option<String> {
    if leads_to(&fetched.chain, wanted) {
        return None;
    }
    let ca = &account.client.name;
    for url in fetched.alternates.iter().take(ALTERNATES) {
        let other = match account.get(url).await {
            Ok(reply) => text(&reply.body),
            Err(failed) => {
                let error = failed.error(ca);
                tracing::warn!(ca, error = error.message(), "a chain cannot be fetched");
                None
            }
        };
        if let Some(other) = other.filter(|other| leads_to(other, wanted)) {
            return Some(other);
        }
    }
    tracing::warn!(
        ca,
        wanted,
        "the authority has no chain that leads to the preferred root"
    );
    None
}

fn text(body: &[u8]) -> Option<String> {
    std::str::from_utf8(body).ok().map(str::to_owned)
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
