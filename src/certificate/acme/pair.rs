//! The keys that sign requests, by kind: P-256 for our accounts, and whatever a certificate was made for, whose key can
//! revoke it (RFC 8555 §7.6).

use ring::rsa;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    RSA_PKCS1_SHA256,
};
use serde_json::{Value, json};

use super::jws::encode;
use crate::clock;
use crate::error::{Error, Result};

/// A key pair.
#[derive(Debug)]
pub(super) enum Pair {
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Rsa(Box<rsa::KeyPair>),
}

impl Pair {
    /// The key in PKCS#8; nothing where it is of another kind.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let random = clock::randomness();
        let curve = |kind| EcdsaKeyPair::from_pkcs8(kind, der, &random).ok();
        curve(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .map(Pair::P256)
            .or_else(|| curve(&ECDSA_P384_SHA384_FIXED_SIGNING).map(Pair::P384))
            .or_else(|| Some(Pair::Rsa(Box::new(rsa::KeyPair::from_pkcs8(der).ok()?))))
    }

    /// What RFC 7518 §3.1 calls the way it signs.
    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Pair::P256(_) => "ES256",
            Pair::P384(_) => "ES384",
            Pair::Rsa(_) => "RS256",
        }
    }

    /// The public half, its members in the order in which a thumbprint wants them (RFC 7638 §3).
    pub(super) fn jwk(&self) -> Value {
        match self {
            Pair::P256(pair) => curve("P-256", pair),
            Pair::P384(pair) => curve("P-384", pair),
            Pair::Rsa(pair) => {
                let public: rsa::PublicKeyComponents<Vec<u8>> = pair.public().into();
                json!({ "e": encode(&public.e), "kty": "RSA", "n": encode(&public.n) })
            }
        }
    }

    /// Signs `input`.
    ///
    /// # Errors
    /// `internal` without entropy.
    pub(super) fn sign(&self, input: &[u8]) -> Result<Vec<u8>> {
        let failed = |_| Error::internal("a request cannot be signed");
        let random = clock::randomness();
        match self {
            Pair::P256(pair) | Pair::P384(pair) => {
                let signature = pair.sign(&random, input).map_err(failed)?;
                Ok(signature.as_ref().to_vec())
            }
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, input, &mut signature)
                    .map_err(failed)?;
                Ok(signature)
            }
        }
    }
}

fn curve(name: &str, pair: &EcdsaKeyPair) -> Value {
    // An uncompressed point: 4, then both coordinates.
    let point = &pair.public_key().as_ref()[1..];
    let (x, y) = point.split_at(point.len() / 2);
    json!({ "crv": name, "kty": "EC", "x": encode(x), "y": encode(y) })
}
