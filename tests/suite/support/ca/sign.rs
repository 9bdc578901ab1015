//! A root, an authority below it, and what it signs.

use std::time::Duration;

use hostctl::certificate::x509::Chain;
use hostctl::clock;
use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, PublicKeyData, SerialNumber,
    SignatureAlgorithm,
};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;

/// Who signs.
pub(super) struct Signer {
    between: CertifiedIssuer<'static, KeyPair>,
}

/// What was signed.
pub(super) struct Signed {
    pub(super) chain: String,
    pub(super) serial: String,
    pub(super) ari_id: String,
}

/// A request: its names, sorted, and its public key.
pub(super) struct Request {
    pub(super) names: Vec<String>,
    key: Key,
}

struct Key {
    bytes: Vec<u8>,
    algorithm: &'static SignatureAlgorithm,
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.algorithm
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl Signer {
    pub(super) fn new() -> Signer {
        let key = || KeyPair::generate().expect("a key");
        let root = CertifiedIssuer::self_signed(authority("simulated root"), key()).expect("a root");
        let between = CertifiedIssuer::signed_by(authority("simulated authority"), key(), &root);
        Signer {
            between: between.expect("an authority"),
        }
    }

    /// Signs what is asked for, valid from `begin` to `end`.
    pub(super) fn sign(&self, request: &Request, begin: Timestamp, end: Timestamp) -> Signed {
        let mut params = CertificateParams::new(request.names.clone()).expect("names");
        let epoch = rcgen::date_time_ymd(1970, 1, 1);
        let since = |time: Timestamp| Duration::from_secs(time.as_second().unsigned_abs());
        params.not_before = epoch + since(begin);
        params.not_after = epoch + since(end);
        params.use_authority_key_identifier_extension = true;
        // Else it is made of the key, which may be used again.
        let serial = clock::random::<16>().expect("entropy");
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        let leaf = params.signed_by(&request.key, &self.between).expect("signed");
        let chain = leaf.pem() + &self.between.pem();
        let read = Chain::read(chain.as_bytes()).expect("a chain");
        Signed {
            serial: read.leaf().serial.clone(),
            ari_id: read.leaf().ari_id.clone().expect("the key of the authority"),
            chain,
        }
    }
}

impl Request {
    /// Reads a request in DER; nothing where it is none, or was not signed by its key.
    pub(super) fn read(der: &[u8]) -> Option<Request> {
        let (_, request) = X509CertificationRequest::from_der(der).ok()?;
        request.verify_signature().ok()?;
        let key = &request.certification_request_info.subject_pki;
        let algorithm = match key.parsed().ok()? {
            PublicKey::EC(point) if point.key_size() == 256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            PublicKey::EC(_) => &rcgen::PKCS_ECDSA_P384_SHA384,
            _ => &rcgen::PKCS_RSA_SHA256,
        };
        let mut names: Vec<String> = request
            .requested_extensions()?
            .filter_map(|extension| match extension {
                ParsedExtension::SubjectAlternativeName(names) => Some(&names.general_names),
                _ => None,
            })
            .flatten()
            .filter_map(text)
            .collect();
        names.sort();
        Some(Request {
            names,
            key: Key {
                bytes: key.subject_public_key.data.to_vec(),
                algorithm,
            },
        })
    }
}

fn text(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => {
            let four = <[u8; 4]>::try_from(*bytes).map(std::net::IpAddr::from);
            let any = four.or_else(|_| <[u8; 16]>::try_from(*bytes).map(std::net::IpAddr::from));
            any.ok().map(|address| address.to_string())
        }
        _ => None,
    }
}
