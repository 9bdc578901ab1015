//! The key of an account, or of a certificate, and what is signed with it: flattened JSON web signatures (RFC 7515, RFC 8555
//! §6.2).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use ring::{digest, hmac};
use serde::Serialize;
use serde_json::{Value, json};

use super::pair::Pair;
use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::model::Secret;

/// A key of an account, or one that speaks for itself.
#[derive(Debug)]
pub struct AccountKey {
    pair: Pair,
}

/// A signed request.
#[derive(Debug, Serialize)]
pub struct Signed {
    protected: String,
    payload: String,
    signature: String,
}

/// Who signs: the key itself where the authority does not know it yet, its account elsewhere.
#[derive(Clone, Copy, Debug)]
pub enum Signer<'a> {
    /// By the public key.
    Key,
    /// By the URL of the account.
    Account(&'a str),
}

impl AccountKey {
    /// Makes a key: PKCS#8 in base64, fit to be sealed.
    ///
    /// # Errors
    /// `internal` without entropy.
    pub fn generate() -> Result<Secret> {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &clock::randomness());
        let made = made.map_err(|_| Error::internal("a key cannot be made"))?;
        Ok(Secret::new(STANDARD.encode(made.as_ref())))
    }

    /// The key in what [`AccountKey::generate`] gave.
    ///
    /// # Errors
    /// `internal` where it is none.
    pub fn open(text: &Secret) -> Result<Self> {
        let bad = || Error::internal("the key of an account cannot be read");
        let bytes = STANDARD.decode(text.expose()).map_err(|_| bad())?;
        let pair = Pair::read(&bytes).ok_or_else(bad)?;
        Ok(AccountKey { pair })
    }

    /// The key of a certificate, as PKCS#8 in DER.
    ///
    /// # Errors
    /// `denied`, reason `unfit_key`, where nothing can be signed with it that an authority understands.
    pub fn of_certificate(der: &[u8]) -> Result<Self> {
        let unfit = || {
            let message = "the key of the certificate is of a kind that signs no requests";
            Error::new(Kind::Denied, "unfit_key", message)
        };
        let pair = Pair::read(der).ok_or_else(unfit)?;
        Ok(AccountKey { pair })
    }

    /// The public half.
    #[must_use]
    pub fn jwk(&self) -> Value {
        self.pair.jwk()
    }

    /// RFC 7638 §3: SHA-256 of the members in order.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        encode(digest::digest(&digest::SHA256, self.jwk().to_string().as_bytes()).as_ref())
    }

    /// Signs `payload` for `url`; nothing is the empty payload of POST-as-GET (RFC 8555 §6.3). Without `nonce` it is the
    /// inner signature of a key change.
    ///
    /// # Errors
    /// `internal` without entropy.
    pub fn sign(
        &self,
        signer: Signer<'_>,
        url: &str,
        nonce: Option<&str>,
        payload: Option<&Value>,
    ) -> Result<Signed> {
        let mut header = json!({ "alg": self.pair.algorithm(), "url": url });
        match signer {
            Signer::Key => header["jwk"] = self.jwk(),
            Signer::Account(account) => header["kid"] = json!(account),
        }
        if let Some(nonce) = nonce {
            header["nonce"] = json!(nonce);
        }
        let (protected, payload) = encoded(&header, payload);
        let input = format!("{protected}.{payload}");
        Ok(Signed {
            signature: encode(&self.pair.sign(input.as_bytes())?),
            protected,
            payload,
        })
    }

    /// Binds this key to an account elsewhere, `mac` being what the authority gave out in base64url (RFC 8555 §7.3.4).
    ///
    /// # Errors
    /// `invalid` where `mac` is no base64url.
    pub fn bind(&self, kid: &str, mac: &Secret, url: &str) -> Result<Signed> {
        let key = URL_SAFE_NO_PAD
            .decode(mac.expose().trim_end_matches('='))
            .map_err(|_| Error::invalid("the key of the external account is no base64url"))?;
        let header = json!({ "alg": "HS256", "kid": kid, "url": url });
        let (protected, payload) = encoded(&header, Some(&self.jwk()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let signature = encode(hmac::sign(&key, format!("{protected}.{payload}").as_bytes()).as_ref());
        Ok(Signed {
            protected,
            payload,
            signature,
        })
    }
}

fn encoded(header: &Value, payload: Option<&Value>) -> (String, String) {
    let payload = payload.map_or_else(String::new, |payload| encode(payload.to_string().as_bytes()));
    (encode(header.to_string().as_bytes()), payload)
}

/// Base64url without padding, as everywhere in ACME.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use ring::signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
        UnparsedPublicKey,
    };

    use super::*;
    use crate::certificate::key::{KeyType, Request};
    use crate::certificate::x509::Key;

    /// The public point of a key on a curve.
    fn point(key: &AccountKey) -> Vec<u8> {
        let jwk = key.jwk();
        let part = |name: &str| {
            let text = jwk[name].as_str().expect("a coordinate");
            URL_SAFE_NO_PAD.decode(text).expect("base64url")
        };
        [vec![4], part("x"), part("y")].concat()
    }

    fn decoded(text: &str) -> Value {
        let bytes = URL_SAFE_NO_PAD.decode(text).expect("base64url");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    #[test]
    fn what_is_signed_can_be_verified_with_the_public_half() {
        let key = AccountKey::open(&AccountKey::generate().expect("a key")).expect("the key");
        let url = "https://ca.test/order";
        let signed = key
            .sign(
                Signer::Account("https://ca.test/1"),
                url,
                Some("n1"),
                Some(&json!({ "a": 1 })),
            )
            .expect("signed");
        let header = decoded(&signed.protected);
        assert_eq!(header["kid"], "https://ca.test/1");
        assert_eq!((&header["nonce"], &header["url"]), (&json!("n1"), &json!(url)));
        assert_eq!(decoded(&signed.payload), json!({ "a": 1 }));
        let signature = URL_SAFE_NO_PAD.decode(&signed.signature).expect("base64url");
        let input = format!("{}.{}", signed.protected, signed.payload);
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point(&key))
            .verify(input.as_bytes(), &signature)
            .expect("a good signature");
    }

    #[test]
    fn a_get_has_an_empty_payload_and_a_new_key_shows_itself() {
        let key = AccountKey::open(&AccountKey::generate().expect("a key")).expect("the key");
        let signed = key
            .sign(Signer::Key, "https://ca.test", None, None)
            .expect("signed");
        assert_eq!(signed.payload, "");
        let header = decoded(&signed.protected);
        assert_eq!(header["jwk"], key.jwk());
        assert!(header.get("nonce").is_none() && header.get("kid").is_none());
        assert_eq!(key.thumbprint().len(), 43);
    }

    #[test]
    fn a_binding_is_made_with_the_given_key_alone() {
        let key = AccountKey::open(&AccountKey::generate().expect("a key")).expect("the key");
        let bound = key
            .bind("kid-1", &Secret::new("c2VjcmV0"), "https://ca.test/new")
            .expect("bound");
        assert_eq!(decoded(&bound.protected)["kid"], "kid-1");
        assert_eq!(decoded(&bound.payload), key.jwk());
        assert!(
            key.bind("kid-1", &Secret::new("!"), "https://ca.test/new")
                .is_err()
        );
    }

    #[test]
    fn a_certificate_can_speak_for_itself_whatever_its_key() {
        let name = "shop.example".parse().expect("a name");
        for kind in [KeyType::P256, KeyType::P384, KeyType::Rsa2048] {
            let made = Request::generate(kind, std::slice::from_ref(&name)).expect("a key");
            let pem = made.key.expect("a key");
            let der = Key::read(pem.expose().as_bytes()).and_then(|key| key.pkcs8());
            let key = AccountKey::of_certificate(&der.expect("PKCS#8")).expect("a key that signs");
            let signed = key
                .sign(Signer::Key, "https://ca.test", Some("n"), None)
                .expect("signed");
            let input = format!("{}.{}", signed.protected, signed.payload);
            let signature = URL_SAFE_NO_PAD.decode(&signed.signature).expect("base64url");
            let verified = match decoded(&signed.protected)["alg"].as_str() {
                Some("ES256") => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point(&key))
                    .verify(input.as_bytes(), &signature),
                Some("ES384") => UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point(&key))
                    .verify(input.as_bytes(), &signature),
                Some("RS256") => {
                    let part = |name: &str| {
                        let jwk = key.jwk();
                        URL_SAFE_NO_PAD
                            .decode(jwk[name].as_str().expect("a number"))
                            .expect("base64url")
                    };
                    let public = RsaPublicKeyComponents {
                        n: part("n"),
                        e: part("e"),
                    };
                    public.verify(&RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &signature)
                }
                other => panic!("{other:?}"),
            };
            verified.unwrap_or_else(|_| panic!("{kind}: not a good signature"));
        }
    }

    #[test]
    fn a_thumbprint_is_that_of_the_members_in_order() {
        // RFC 7638 §3.1 has its example for RSA; the members of a curve are in the order of its §3.2.
        let key = AccountKey::open(&AccountKey::generate().expect("a key")).expect("the key");
        let jwk = key.jwk();
        let text = format!(
            r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#,
            jwk["x"], jwk["y"]
        );
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        assert_eq!(key.thumbprint(), encode(digest.as_ref()));
    }
}
