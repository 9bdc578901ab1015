//! A leaf with what leads to its authority.

use jiff::{Timestamp, ToSpan as _};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::CertifiedKey;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::{Key, Leaf, covers, refused, section};
use crate::error::{Error, Result};
use crate::model::escape::excerpt;

/// How much a clock may be behind that of an authority.
const SKEW_MINUTES: i64 = 5;
const LABEL: &str = "CERTIFICATE";

/// Leaf first, each signed by the next, without a root at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    certificates: Vec<CertificateDer<'static>>,
    leaf: Leaf,
}

impl Chain {
    /// Reads PEM in whatever order; what is no certificate is passed over, and so is what does not belong to the chain.
    ///
    /// # Errors
    /// `usage`: `bad_certificate`, `no_names`, `broken_chain`.
    pub fn read(pem: &[u8]) -> Result<Self> {
        let found: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let found = found.map_err(|error| refused("bad_certificate", format!("it is no PEM: {error}")))?;
        Chain::from_der(&found)
    }

    /// As [`Chain::read`], from DER. The leaf is the first one that is no authority, else the first.
    ///
    /// # Errors
    /// As [`Chain::read`].
    pub fn from_der(found: &[CertificateDer<'static>]) -> Result<Self> {
        let parsed = found.iter().map(|der| parse(der)).collect::<Result<Vec<_>>>()?;
        let first = parsed
            .iter()
            .position(|certificate| !certificate.is_ca())
            .unwrap_or_default();
        let leaf = parsed
            .get(first)
            .ok_or_else(|| refused("bad_certificate", "there is no certificate in it"))?;
        let leaf = Leaf::read(leaf)?;
        let order = order(&parsed, first)?;
        drop(parsed);
        let certificates = order.into_iter().map(|index| found[index].clone()).collect();
        Ok(Chain { certificates, leaf })
    }

    /// What stands in the leaf.
    #[must_use]
    pub fn leaf(&self) -> &Leaf {
        &self.leaf
    }

    /// In DER, leaf first.
    #[must_use]
    pub fn certificates(&self) -> &[CertificateDer<'static>] {
        &self.certificates
    }

    /// The leaf in PEM.
    #[must_use]
    pub fn certificate_pem(&self) -> String {
        pem(self.certificates.get(..1).unwrap_or_default())
    }

    /// What leads to the authority, without the leaf, in PEM; empty where a root signed the leaf.
    #[must_use]
    pub fn issuers_pem(&self) -> String {
        pem(self.certificates.get(1..).unwrap_or_default())
    }

    /// All of it in PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        pem(&self.certificates)
    }

    /// Whether it holds every wanted name.
    ///
    /// # Errors
    /// `usage`, reason `missing_names`.
    pub fn check_names(&self, wanted: &[String]) -> Result<()> {
        let missing: Vec<String> = wanted
            .iter()
            .filter(|name| !covers(&self.leaf.identifiers, name))
            .map(|name| excerpt(name))
            .collect();
        match missing.is_empty() {
            true => Ok(()),
            false => Err(refused(
                "missing_names",
                format!("the certificate lacks {}", missing.join(", ")),
            )),
        }
    }

    /// Whether it belongs to the key.
    ///
    /// # Errors
    /// `usage`, reason `key_mismatch`.
    pub fn check_key(&self, key: &Key) -> Result<()> {
        let pair = CertifiedKey::new(self.certificates.clone(), std::sync::Arc::clone(key.signing()));
        pair.keys_match().map_err(|error| {
            refused(
                "key_mismatch",
                "the private key does not belong to the certificate",
            )
            .source(error)
        })
    }

    /// Whether it is valid at `now`.
    ///
    /// # Errors
    /// `usage`: `expired`, `not_yet_valid`, `bad_certificate` where it ends before it begins.
    pub fn check_dates(&self, now: Timestamp) -> Result<()> {
        let Leaf {
            not_before,
            not_after,
            ..
        } = &self.leaf;
        if not_after <= not_before {
            return Err(refused("bad_certificate", "it ends before it begins"));
        }
        if *not_after <= now {
            return Err(refused("expired", format!("it expired at {not_after}")));
        }
        if *not_before > now + SKEW_MINUTES.minutes() {
            return Err(refused(
                "not_yet_valid",
                format!("it is valid from {not_before} only"),
            ));
        }
        Ok(())
    }

    /// Everything that has to be true before it is kept.
    ///
    /// # Errors
    /// As each of the checks.
    pub fn check(&self, wanted: &[String], key: Option<&Key>, now: Timestamp) -> Result<()> {
        self.check_names(wanted)?;
        if let Some(key) = key {
            self.check_key(key)?;
        }
        self.check_dates(now)
    }
}

fn pem(certificates: &[CertificateDer<'_>]) -> String {
    certificates.iter().map(|der| section(LABEL, der)).collect()
}

fn parse<'a>(der: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        Ok(_) => Err(refused(
            "bad_certificate",
            "something stands behind the certificate",
        )),
        Err(error) => Err(refused("bad_certificate", "it is no X.509 certificate").source(error.to_string())),
    }
}

/// From the leaf up, by signatures; a root at the end is left out, since every client has its own.
fn order(parsed: &[X509Certificate<'_>], first: usize) -> Result<Vec<usize>> {
    let mut chain = vec![first];
    loop {
        let last = &parsed[chain[chain.len() - 1]];
        if is_root(last) {
            break;
        }
        let named: Vec<usize> = (0..parsed.len())
            .filter(|index| !chain.contains(index) && parsed[*index].subject() == last.issuer())
            .collect();
        let signer = named
            .iter()
            .find(|index| last.verify_signature(Some(parsed[**index].public_key())).is_ok());
        match signer {
            Some(index) => chain.push(*index),
            None if named.is_empty() => break,
            None => {
                return Err(broken(
                    last,
                    "is not signed by the one that bears its issuer's name",
                ));
            }
        }
    }
    if chain.len() == 1
        && parsed
            .iter()
            .enumerate()
            .any(|(index, other)| index != first && other.is_ca())
    {
        return Err(broken(
            &parsed[first],
            "is not issued by any of the authorities beside it",
        ));
    }
    if chain.len() > 1 && is_root(&parsed[chain[chain.len() - 1]]) {
        chain.pop();
    }
    Ok(chain)
}

fn is_root(certificate: &X509Certificate<'_>) -> bool {
    certificate.subject() == certificate.issuer()
}

fn broken(certificate: &X509Certificate<'_>, what: &str) -> Error {
    let subject = excerpt(&certificate.subject().to_string());
    refused("broken_chain", format!("the certificate {subject:?} {what}"))
}
