//! What has to be proved of one name, and with what (RFC 8555 §8.1).

use ring::digest;

use crate::certificate::acme::{self, Authorization, encode};
use crate::certificate::challenge::Challenge;
use crate::error::{Error, Kind, Result};
use crate::model::escape::excerpt;

/// A proof that is owed.
#[derive(Clone, Debug)]
pub(super) struct Proof {
    /// The name or address, without the star of a wildcard.
    pub(super) name: String,
    /// Where the authority says how it stands.
    pub(super) authorization: String,
    /// Where we say that it is there.
    pub(super) challenge: String,
    /// Whether nobody has said so yet.
    pub(super) is_due: bool,
    /// What the authority chose.
    pub(super) token: String,
    /// The token and the key of the account.
    pub(super) authorization_text: String,
}

impl Proof {
    /// SHA-256 of the text.
    pub(super) fn digest(&self) -> [u8; 32] {
        let digest = digest::digest(&digest::SHA256, self.authorization_text.as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        bytes
    }

    /// What the TXT record holds.
    pub(super) fn value(&self) -> String {
        encode(&self.digest())
    }
}

/// One proof for each authorization.
pub(super) fn all(
    pending: &[(String, Authorization)],
    challenge: Challenge,
    thumbprint: &str,
) -> Result<Vec<Proof>> {
    let one = |(url, authorization): &(String, Authorization)| {
        let offered = &authorization.challenges;
        let found = offered.iter().find(|offer| offer.kind == challenge.word());
        let found = found.ok_or_else(|| {
            let kinds: Vec<String> = offered.iter().map(|offer| excerpt(&offer.kind)).collect();
            let name = excerpt(&authorization.identifier.value);
            let message = format!(
                "the authority offers {} for {name}, not {challenge}",
                kinds.join(", ")
            );
            Error::new(Kind::Denied, "no_such_challenge", message)
        })?;
        Ok(Proof {
            name: authorization.identifier.value.clone(),
            authorization: url.clone(),
            challenge: found.url.clone(),
            is_due: is_due(found),
            token: found.token.clone(),
            authorization_text: format!("{}.{thumbprint}", found.token),
        })
    };
    pending.iter().map(one).collect()
}

/// Whether the authority waits for word about the challenge at `url`: not where it looks already, or has looked.
pub(super) fn waits_for_word(authorization: &Authorization, url: &str) -> bool {
    let mut challenges = authorization.challenges.iter();
    authorization.status == "pending" && challenges.any(|challenge| challenge.url == url && is_due(challenge))
}

fn is_due(challenge: &acme::Challenge) -> bool {
    challenge.status == "pending"
}

/// The authority's words about a name that is not proved.
pub(super) fn words(authorization: &Authorization) -> Option<String> {
    if authorization.status == "valid" || authorization.status == "pending" {
        return None;
    }
    let said: Vec<String> = authorization
        .challenges
        .iter()
        .filter_map(|challenge| challenge.error.as_ref())
        .map(acme::Problem::words)
        .collect();
    let name = excerpt(&authorization.identifier.value);
    Some(match said.is_empty() {
        true => format!("{name} is {}", excerpt(&authorization.status)),
        false => format!("{name}: {}", said.join("; ")),
    })
}

/// A name that is not proved, as an error.
pub(super) fn refused(ca: &str, proof: &Proof, authorization: &Authorization) -> Error {
    let words = words(authorization).unwrap_or_else(|| proof.name.clone());
    Error::new(Kind::Unavailable, "not_proved", format!("{ca}: {words}"))
}
