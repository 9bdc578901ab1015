//! Private keys.

use std::fmt;
use std::sync::Arc;

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::SigningKey;

use super::{refused, section};
use crate::certificate::der;
use crate::error::{Error, Result};
use crate::model::Secret;

/// A private key of a kind that can be used here: RSA from 2048 bits, P-256, P-384, Ed25519.
pub struct Key {
    der: PrivateKeyDer<'static>,
    signing: Arc<dyn SigningKey>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("algorithm", &self.signing.algorithm())
            .finish_non_exhaustive()
    }
}

impl Key {
    /// Reads the first key of a PEM text: PKCS#8, SEC1 or PKCS#1, in clear.
    ///
    /// # Errors
    /// `usage`, reason `bad_key`.
    pub fn read(pem: &[u8]) -> Result<Self> {
        let der = PrivateKeyDer::from_pem_slice(pem)
            .map_err(|_| refused("bad_key", "there is no private key in clear in PEM"))?;
        let signing = any_supported_type(&der)
            .map_err(|_| refused("bad_key", "the private key is of a kind that is not supported"))?;
        Ok(Key { der, signing })
    }

    /// In PEM, in the form in which it was read.
    #[must_use]
    pub fn pem(&self) -> Secret {
        let label = match &self.der {
            PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
            PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
            _ => "PRIVATE KEY",
        };
        Secret::new(section(label, self.der.secret_der()))
    }

    /// As PKCS#8 in DER, whatever it was read from.
    ///
    /// # Errors
    /// `internal` where the library tells no public key.
    pub fn pkcs8(&self) -> Result<Vec<u8>> {
        let inner = match &self.der {
            PrivateKeyDer::Pkcs8(whole) => return Ok(whole.secret_pkcs8_der().to_vec()),
            other => other.secret_der(),
        };
        // The public key names the same algorithm (RFC 5958 §2, RFC 5280 §4.1.2.7).
        let public = self.public_der()?;
        let algorithm = der::first_of(&public).ok_or_else(unknown)?;
        Ok(der::sequence(&[
            &der::number(0),
            algorithm,
            &der::tagged(der::OCTETS, inner),
        ]))
    }

    /// Its public half as `SubjectPublicKeyInfo` in DER.
    ///
    /// # Errors
    /// As [`Key::pkcs8`].
    pub fn public_der(&self) -> Result<Vec<u8>> {
        self.signing
            .public_key()
            .map(|public| public.to_vec())
            .ok_or_else(unknown)
    }

    /// As TLS signs with it.
    pub(super) fn signing(&self) -> &Arc<dyn SigningKey> {
        &self.signing
    }
}

fn unknown() -> Error {
    Error::internal("a private key without a public one")
}
