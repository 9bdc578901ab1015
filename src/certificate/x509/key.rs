//! Private keys.

use std::fmt;
use std::sync::Arc;

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::SigningKey;

use super::{refused, section};
use crate::error::Result;
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

    /// As TLS signs with it.
    pub(super) fn signing(&self) -> &Arc<dyn SigningKey> {
        &self.signing
    }
}
