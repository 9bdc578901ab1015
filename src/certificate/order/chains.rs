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
    // A page of some machine in between, or half of it, is no word of the authority about what it has issued.
    let whole = text(&reply.body).filter(|chain| Chain::read(chain.as_bytes()).is_ok());
    let chain = whole.ok_or_else(|| {
        let message = format!("{ca}: what came is no certificate");
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
/// one host that is wrong about the time must not refuse what all others would keep. A leaf alone is what a root has issued;
/// of an authority that `had_issuers` before it is one that no client would take.
pub(super) fn check(chain: &str, row: &Row, now: Timestamp, had_issuers: bool) -> Result<()> {
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
    if had_issuers && chain.certificates().len() < 2 {
        return Err(wrong(Error::invalid("nothing leads from it to a root")));
    }
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

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    use uuid::Uuid;

    use super::*;
    use crate::certificate::order::State;

    #[test]
    fn a_leaf_alone_is_kept_only_where_that_is_nothing_new() {
        let names = vec!["shop.example".to_owned()];
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("one");
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(names.clone()).expect("names");
        let leaf = params.signed_by(&key, &issuer).expect("signed").pem();
        let row = Row {
            id: Uuid::nil(),
            ca: "main".to_owned(),
            certificate: "shop.example".to_owned(),
            identifiers: names,
            key_sealed: None,
            csr: params.serialize_request(&key).expect("a request").der().to_vec(),
            state: State::Finalizing,
            url: None,
            chain: None,
            answers: Vec::new(),
            is_let_lie: false,
            is_over: false,
        };
        let now = crate::clock::now();
        check(&leaf, &row, now, false).expect("a root may have issued it");
        let error = check(&leaf, &row, now, true).expect_err("nothing leads from it");
        assert_eq!(error.reason(), "bad_certificate");
    }
}
