//! Keys that sign outgoing mail (DKIM, RFC 6376). Publishing the public half is the business of `records`, sealing the
//! private one that of the caller.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rsa::RsaPrivateKey;
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};

use crate::clock;
use crate::error::{Error, Result};
use crate::model::Secret;

/// Bits of a key: RFC 8301 §3.2 wants at least 2048 of who can, and more does not fit where TXT is kept short.
const BITS: usize = 2048;

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

/// Makes a new pair for the present month. Takes 60 to 370 ms of one core, sometimes more: begin early, and away from
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
    fn the_selector_is_the_month_in_utc() {
        let late = "2026-12-31T23:59:59Z".parse().expect("a time");
        assert_eq!(selector(late), "hc202612");
        let early = "2027-01-01T00:00:00+01:00".parse().expect("a time");
        assert_eq!(selector(early), "hc202612");
    }
}
