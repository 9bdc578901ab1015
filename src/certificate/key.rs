//! Private keys of certificates, and requests signed with them (PKCS#10).

use std::fmt;
use std::str::FromStr;

use rcgen::{CertificateParams, DistinguishedName, KeyPair, SignatureAlgorithm};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use rsa::traits::PublicKeyParts as _;
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde::{Deserialize, Serialize};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer;

use crate::clock;
use crate::error::{Error, Result};
use crate::model::{Identifier, Secret};

/// The kinds of keys that are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyType {
    /// The default: small, quick, and taken everywhere.
    #[default]
    P256,
    /// A larger curve.
    P384,
    /// For clients that know no curves.
    Rsa2048,
    /// The same, slower.
    Rsa4096,
}

impl KeyType {
    /// Every kind.
    pub const ALL: [KeyType; 4] = [KeyType::P256, KeyType::P384, KeyType::Rsa2048, KeyType::Rsa4096];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            KeyType::P256 => "p256",
            KeyType::P384 => "p384",
            KeyType::Rsa2048 => "rsa2048",
            KeyType::Rsa4096 => "rsa4096",
        }
    }

    fn algorithm(self) -> &'static SignatureAlgorithm {
        match self {
            KeyType::P256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            KeyType::P384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            KeyType::Rsa2048 | KeyType::Rsa4096 => &rcgen::PKCS_RSA_SHA256,
        }
    }

    /// Whether a key, in PEM, is of this kind.
    #[must_use]
    pub fn is_of(self, key: &Secret) -> bool {
        let is_read = KeyPair::from_pkcs8_pem_and_sign_algo(key.expose(), self.algorithm()).is_ok();
        let has_bits =
            |bits| RsaPrivateKey::from_pkcs8_pem(key.expose()).is_ok_and(|key| key.size() * 8 == bits);
        is_read && self.bits().is_none_or(has_bits)
    }

    fn bits(self) -> Option<usize> {
        match self {
            KeyType::P256 | KeyType::P384 => None,
            KeyType::Rsa2048 => Some(2048),
            KeyType::Rsa4096 => Some(4096),
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for KeyType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = KeyType::ALL.into_iter().find(|kind| kind.word() == text);
        found.ok_or_else(|| {
            let words: Vec<&str> = KeyType::ALL.iter().map(|kind| kind.word()).collect();
            Error::invalid(format!("a key is one of {}", words.join(", ")))
        })
    }
}

/// What is sent to an authority, and the key that it is signed with.
#[derive(Clone, Debug)]
pub struct Request {
    /// PKCS#10 in DER.
    pub der: Vec<u8>,
    /// PKCS#8 in PEM; absent where the operator keeps it.
    pub key: Option<Secret>,
}

impl Request {
    /// Makes a key and a request for `identifiers`. An RSA key takes a core for seconds: away from the thread that
    /// drives others.
    ///
    /// # Errors
    /// `internal`.
    pub fn generate(kind: KeyType, identifiers: &[Identifier]) -> Result<Self> {
        let pair = match kind.bits() {
            None => KeyPair::generate_for(kind.algorithm()).map_err(failed)?,
            Some(bits) => {
                let key = RsaPrivateKey::new(&mut clock::generator(), bits);
                let key = key.map_err(|error| Error::internal("a key cannot be made").source(error))?;
                let der = key
                    .to_pkcs8_der()
                    .map_err(|error| Error::internal("a key cannot be written").source(error))?;
                let der = PrivatePkcs8KeyDer::from(der.as_bytes().to_vec());
                KeyPair::from_pkcs8_der_and_sign_algo(&der, kind.algorithm()).map_err(failed)?
            }
        };
        Request::signed(&pair, identifiers)
    }

    /// A request with a key that is there already, in PEM.
    ///
    /// # Errors
    /// `internal` where it is no PKCS#8 of a kind that is made here.
    pub fn again(key: &Secret, kind: KeyType, identifiers: &[Identifier]) -> Result<Self> {
        let pair = KeyPair::from_pkcs8_pem_and_sign_algo(key.expose(), kind.algorithm()).map_err(failed)?;
        Request::signed(&pair, identifiers)
    }

    /// The names stand in the extension alone: a common name holds 64 bytes, and has meant nothing for years.
    fn signed(pair: &KeyPair, identifiers: &[Identifier]) -> Result<Self> {
        let names: Vec<String> = identifiers.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).map_err(failed)?;
        params.distinguished_name = DistinguishedName::new();
        let request = params.serialize_request(pair).map_err(failed)?;
        Ok(Request {
            der: request.der().to_vec(),
            key: Some(Secret::new(pair.serialize_pem())),
        })
    }

    /// The operator's own request, in PEM or DER, and what it is for.
    ///
    /// # Errors
    /// `invalid` where it cannot be read, its signature is not good, or it holds other names than a certificate may.
    pub fn read(bytes: &[u8]) -> Result<(Self, Vec<Identifier>)> {
        let bad = |why: &str| Error::invalid(format!("the request {why}"));
        let der = match x509_parser::pem::parse_x509_pem(bytes) {
            Ok((_, pem)) => pem.contents,
            Err(_) => bytes.to_vec(),
        };
        let (_, request) =
            X509CertificationRequest::from_der(&der).map_err(|_| bad("is no PKCS#10 in PEM or DER"))?;
        request
            .verify_signature()
            .map_err(|_| bad("is not signed with the key in it"))?;
        let mut identifiers = Vec::new();
        for extension in request.requested_extensions().into_iter().flatten() {
            if let ParsedExtension::SubjectAlternativeName(names) = extension {
                for name in &names.general_names {
                    identifiers.push(identifier(name).ok_or_else(|| bad("holds something that is no name"))?);
                }
            }
        }
        match identifiers.is_empty() {
            true => Err(bad("holds no subject alternative names")),
            false => Ok((Request { der, key: None }, identifiers)),
        }
    }
}

fn identifier(name: &GeneralName<'_>) -> Option<Identifier> {
    match name {
        GeneralName::DNSName(name) => Identifier::parse(name).ok().map(|given| given.value),
        GeneralName::IPAddress(bytes) => {
            let four = <[u8; 4]>::try_from(*bytes).map(Into::into);
            let sixteen = <[u8; 16]>::try_from(*bytes).map(Into::into);
            four.or(sixteen).ok().map(Identifier::Address)
        }
        _ => None,
    }
}

/// Whether two certificates (in DER) were made for the same key.
///
/// # Errors
/// `invalid` where either cannot be read.
pub fn is_shared(one: &[u8], other: &[u8]) -> Result<bool> {
    let unreadable = |_| Error::invalid("the certificate cannot be read");
    let (_, one) = x509_parser::certificate::X509Certificate::from_der(one).map_err(unreadable)?;
    let (_, other) = x509_parser::certificate::X509Certificate::from_der(other).map_err(unreadable)?;
    Ok(one.public_key().raw == other.public_key().raw)
}

/// Whether a certificate (in DER) was made for the key of a request.
///
/// # Errors
/// `invalid` where either cannot be read.
pub fn is_for(certificate: &[u8], request: &[u8]) -> Result<bool> {
    let unread = |what: &str| Error::invalid(format!("{what} cannot be read"));
    let (_, certificate) = x509_parser::certificate::X509Certificate::from_der(certificate)
        .map_err(|_| unread("the certificate"))?;
    let (_, request) = X509CertificationRequest::from_der(request).map_err(|_| unread("the request"))?;
    Ok(certificate.public_key().raw == request.certification_request_info.subject_pki.raw)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn failed(error: rcgen::Error) -> Error {
    Error::internal(format!("a request cannot be made: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identifiers() -> Vec<Identifier> {
        ["shop.example", "*.shop.example", "192.0.2.1"]
            .map(|text| text.parse().expect(text))
            .to_vec()
    }

    #[test]
    fn a_request_holds_what_it_is_for_and_is_signed() {
        for kind in [KeyType::P256, KeyType::P384, KeyType::Rsa2048] {
            let made = Request::generate(kind, &identifiers()).expect("a request");
            let (read, found) = Request::read(&made.der).expect("readable");
            assert_eq!(found, identifiers(), "{kind}");
            assert!(read.key.is_none());
            let key = made.key.expect("a key");
            let again = Request::again(&key, kind, &identifiers()[..1]).expect("the same key");
            let (_, first) = X509CertificationRequest::from_der(&made.der).expect("a request");
            let (_, second) = X509CertificationRequest::from_der(&again.der).expect("a request");
            let public = |request: &X509CertificationRequest<'_>| {
                request.certification_request_info.subject_pki.raw.to_vec()
            };
            assert_eq!(public(&first), public(&second), "{kind}");
            let kinds = KeyType::ALL.into_iter().filter(|kind| kind.is_of(&key));
            assert_eq!(kinds.collect::<Vec<_>>(), [kind]);
        }
    }

    #[test]
    fn a_request_that_was_tampered_with_is_refused() {
        let made = Request::generate(KeyType::P256, &identifiers()).expect("a request");
        let mut bytes = made.der.clone();
        let place = bytes
            .windows(4)
            .position(|window| window == b"shop")
            .expect("the name");
        bytes[place] = b'c';
        assert!(Request::read(&bytes).is_err());
        assert!(Request::read(b"").is_err() && Request::read(b"-----BEGIN").is_err());
    }

    #[test]
    fn a_certificate_belongs_to_one_request() {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec!["shop.example".to_owned()]).expect("names");
        let certificate = params.self_signed(&key).expect("signed");
        let own = params.serialize_request(&key).expect("a request");
        let other = Request::generate(KeyType::P256, &identifiers()).expect("a request");
        assert!(is_for(certificate.der(), own.der()).expect("readable"));
        assert!(!is_for(certificate.der(), &other.der).expect("readable"));
    }
}
