//! Keys that sign outgoing mail (DKIM, RFC 6376). Publishing the public half is the business of `records`, sealing the
//! private one that of the caller.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};

use serde::{Deserialize, Serialize};

use crate::clock;
use crate::error::{Error, Result};
use crate::model::Secret;

/// Bits of a key: RFC 8301 §3.2 wants at least 2048 of who can, and more does not fit where TXT is kept short.
const BITS: usize = 2048;

/// PKCS#8 of an Ed25519 key up to its 32 bytes (RFC 8410 §7), without the public key that OpenSSL does not read there.
const ED25519_PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// `rsa-sha256`, which everybody verifies.
    Rsa,
    /// `ed25519-sha256` (RFC 8463), in addition.
    Ed25519,
}

impl Algorithm {
    /// The word of the tag `k=`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Algorithm::Rsa => "rsa",
            Algorithm::Ed25519 => "ed25519",
        }
    }
}

impl std::str::FromStr for Algorithm {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        [Algorithm::Rsa, Algorithm::Ed25519]
            .into_iter()
            .find(|algorithm| algorithm.word() == text)
            .ok_or_else(|| Error::invalid(format!("signing algorithm {text}: rsa and ed25519 are known")))
    }
}

/// The half of a key that everybody may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Below which name it is published: `hc202611`.
    pub selector: String,
    /// The text of the TXT record: `v=DKIM1; k=rsa; p=…`, more than 255 bytes.
    pub text: String,
}

/// A key pair that nobody has seen yet.
#[derive(Debug)]
pub struct KeyPair {
    /// PKCS#8 in PEM, as signers read it.
    pub private: Secret,
    /// What is published.
    pub public: PublicKey,
}

/// Makes a new Ed25519 pair for the present month.
///
/// # Errors
/// `internal`.
pub fn generate_ed25519() -> Result<KeyPair> {
    let seed = clock::random::<32>()?;
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed)
        .map_err(|_| Error::internal("a DKIM key cannot be made"))?;
    let pkcs8 = STANDARD.encode([&ED25519_PKCS8[..], &seed].concat());
    Ok(KeyPair {
        private: Secret::new(format!(
            "-----BEGIN PRIVATE KEY-----\n{pkcs8}\n-----END PRIVATE KEY-----\n"
        )),
        public: PublicKey {
            selector: format!("{}e", selector(clock::now())),
            // RFC 8463 §4.2: the bare key.
            text: format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(pair.public_key())),
        },
    })
}

/// Makes a new RSA pair for the present month. Takes 60 to 370 ms of one core, sometimes more: begin early, and away from
/// the thread that drives others.
///
/// # Errors
/// `internal`.
pub fn generate() -> Result<KeyPair> {
    let failed = |what: &str| Error::internal(format!("a DKIM key cannot be {what}"));
    let key =
        RsaPrivateKey::new(&mut clock::generator(), BITS).map_err(|error| failed("made").source(error))?;
    let private = key
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|error| failed("written").source(error))?;
    let public = key
        .to_public_key()
        .to_public_key_der()
        .map_err(|error| failed("published").source(error))?;
    Ok(KeyPair {
        private: Secret::new(private.as_str()),
        public: PublicKey {
            selector: selector(clock::now()),
            // RFC 6376 §3.6.1.
            text: format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(public.as_bytes())),
        },
    })
}

/// A name that tells the age of the key: `hc` and the month.
fn selector(now: Timestamp) -> String {
    now.to_zoned(TimeZone::UTC).strftime("hc%Y%m").to_string()
}

#[cfg(test)]
mod tests {
    use rsa::RsaPublicKey;
    use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};

    use super::*;

    #[test]
    fn both_halves_belong_together_and_have_2048_bits() {
        let pair = generate().expect("a key");
        let private = RsaPrivateKey::from_pkcs8_pem(pair.private.expose()).expect("PKCS#8");
        let text = pair
            .public
            .text
            .strip_prefix("v=DKIM1; k=rsa; p=")
            .expect("the tags");
        let public =
            RsaPublicKey::from_public_key_der(&STANDARD.decode(text).expect("base64")).expect("a key");
        assert_eq!(private.to_public_key(), public);
        assert_eq!(text.len(), 392);
        assert!(!format!("{pair:?}").contains("PRIVATE KEY"));
    }

    #[test]
    fn an_ed25519_pair_signs_what_its_record_verifies() {
        let pair = generate_ed25519().expect("a key");
        let body = pair.private.expose().lines().nth(1).expect("a line").to_owned();
        let signer = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&STANDARD.decode(body).expect("base64"));
        let signature = signer.expect("PKCS#8").sign(b"mail");
        let text = pair
            .public
            .text
            .strip_prefix("v=DKIM1; k=ed25519; p=")
            .expect("the tags");
        let public = STANDARD.decode(text).expect("base64");
        ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, public)
            .verify(b"mail", signature.as_ref())
            .expect("they belong together");
        assert!(pair.public.selector.ends_with('e'));
    }

    #[test]
    fn the_selector_is_the_month_in_utc() {
        let late = "2026-12-31T23:59:59Z".parse().expect("a time");
        assert_eq!(selector(late), "hc202612");
        let early = "2027-01-01T00:00:00+01:00".parse().expect("a time");
        assert_eq!(selector(early), "hc202612");
    }
}
