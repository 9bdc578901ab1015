//! What is told of a certificate.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::public_key::PublicKey;

use super::{hexadecimal, refused};
use crate::error::{Error, Result};

/// What stands in a leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// DNS names in lower case and addresses in their canonical form, in the order of the certificate, each once.
    pub identifiers: Vec<String>,
    /// Lower-case hexadecimal, without the sign's zero byte.
    pub serial: String,
    /// SHA-256 of the DER, lower-case hexadecimal.
    pub fingerprint: String,
    /// RFC 9773 §4.1; absent where the certificate names no key of its authority.
    pub ari_id: Option<String>,
    /// The authority's name.
    pub issuer: String,
    /// From when it is valid.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// `p256`, `p384`, `rsa2048`, …; absent for a kind of key that is none of these.
    pub key_type: Option<String>,
}

impl Leaf {
    pub(super) fn read(certificate: &X509Certificate<'_>) -> Result<Self> {
        let serial = certificate.raw_serial();
        let significant = match serial {
            [0, rest @ ..] if !rest.is_empty() => rest,
            whole => whole,
        };
        Ok(Leaf {
            identifiers: identifiers(certificate)?,
            serial: hexadecimal(significant),
            fingerprint: hexadecimal(
                ring::digest::digest(&ring::digest::SHA256, certificate.as_raw()).as_ref(),
            ),
            ari_id: ari_id(certificate),
            issuer: certificate.issuer().to_string(),
            not_before: time(certificate.validity().not_before.timestamp())?,
            not_after: time(certificate.validity().not_after.timestamp())?,
            key_type: key_type(certificate),
        })
    }
}

fn time(seconds: i64) -> Result<Timestamp> {
    Timestamp::from_second(seconds)
        .map_err(|error| refused("bad_certificate", "a date that is none").source(error))
}

fn identifiers(certificate: &X509Certificate<'_>) -> Result<Vec<String>> {
    let unreadable = |error: x509_parser::error::X509Error| {
        refused("bad_certificate", "its names cannot be read").source(error)
    };
    let mut found: Vec<String> = Vec::new();
    if let Some(extension) = certificate.subject_alternative_name().map_err(unreadable)? {
        for name in &extension.value.general_names {
            let name = match name {
                GeneralName::DNSName(name) => name.to_ascii_lowercase(),
                GeneralName::IPAddress(bytes) => address(bytes)?.to_string(),
                _ => continue,
            };
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    match found.is_empty() {
        false => Ok(found),
        // A common name alone has meant nothing to clients for years (RFC 9525 §2).
        true => Err(refused("no_names", "it holds neither a DNS name nor an address")),
    }
}

fn address(bytes: &[u8]) -> Result<IpAddr> {
    let bad = || -> Error { refused("bad_certificate", "an address in it has the wrong length") };
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Ok(Ipv4Addr::from(four).into());
    }
    <[u8; 16]>::try_from(bytes)
        .map(|sixteen| Ipv6Addr::from(sixteen).into())
        .map_err(|_| bad())
}

fn ari_id(certificate: &X509Certificate<'_>) -> Option<String> {
    let key = certificate
        .extensions()
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::AuthorityKeyIdentifier(identifier) => identifier.key_identifier.as_ref(),
            _ => None,
        })?;
    Some(format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(key.0),
        URL_SAFE_NO_PAD.encode(certificate.raw_serial())
    ))
}

fn key_type(certificate: &X509Certificate<'_>) -> Option<String> {
    match certificate.public_key().parsed().ok()? {
        PublicKey::EC(point) => Some(format!("p{}", point.key_size())),
        PublicKey::RSA(key) => Some(format!("rsa{}", key.key_size())),
        _ => None,
    }
}
