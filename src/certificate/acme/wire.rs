//! The documents of RFC 8555, as far as we read them.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

use super::problem::Problem;
use crate::model::escape::excerpt;

/// 0001-01-01.
const FIRST: i64 = -62_135_596_800;

/// What an authority offers, and where (§7.1.1).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Directory {
    /// Where nonces come from.
    pub new_nonce: String,
    /// Where accounts are made.
    pub new_account: String,
    /// Where orders are made.
    pub new_order: String,
    /// Where certificates are revoked.
    pub revoke_cert: String,
    /// Where an account gets another key, if it can.
    pub key_change: Option<String>,
    /// Where it says when to renew (RFC 9773).
    pub renewal_info: Option<String>,
    /// Its terms and demands.
    #[serde(default, deserialize_with = "or_default")]
    pub meta: Meta,
}

/// The terms and demands of an authority.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// Where its terms can be read.
    pub terms_of_service: Option<String>,
    /// What it is called in CAA records.
    #[serde(default, deserialize_with = "or_default")]
    pub caa_identities: Vec<String>,
    /// Whether an account has to be bound to one elsewhere.
    #[serde(default, deserialize_with = "or_default")]
    pub external_account_required: bool,
    /// The kinds of certificates it has, with their descriptions.
    #[serde(default, deserialize_with = "or_default")]
    pub profiles: std::collections::BTreeMap<String, String>,
}

/// What a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifier {
    /// `dns` or `ip`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name or the address.
    pub value: String,
}

/// An account (§7.1.2).
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// `valid`, `deactivated` or `revoked`.
    #[serde(deserialize_with = "word")]
    pub status: String,
    /// How it is reached.
    #[serde(default)]
    pub contact: Vec<String>,
}

/// An order (§7.1.3).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// `pending`, `ready`, `processing`, `valid` or `invalid`.
    #[serde(deserialize_with = "word")]
    pub status: String,
    /// When it ends if nothing happens.
    pub expires: Option<Timestamp>,
    /// What it is for.
    #[serde(default)]
    pub identifiers: Vec<Identifier>,
    /// What has to be proved, one for each identifier.
    #[serde(default, deserialize_with = "few")]
    pub authorizations: Vec<String>,
    /// Where the request is sent.
    pub finalize: String,
    /// Where the certificate is.
    pub certificate: Option<String>,
    /// Why it is invalid.
    pub error: Option<Problem>,
}

/// What has to be proved of one identifier (§7.1.4).
#[derive(Clone, Debug, Deserialize)]
pub struct Authorization {
    /// `pending`, `valid`, `invalid`, `deactivated`, `expired` or `revoked`.
    #[serde(deserialize_with = "word")]
    pub status: String,
    /// Of which, without `*.`.
    pub identifier: Identifier,
    /// How it can be proved.
    #[serde(default)]
    pub challenges: Vec<Challenge>,
    /// Whether it is for everything below the name.
    #[serde(default)]
    pub wildcard: bool,
}

/// One way to prove it (§8).
#[derive(Clone, Debug, Deserialize)]
pub struct Challenge {
    /// `http-01`, `dns-01`, `tls-alpn-01`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where we say that we are ready.
    pub url: String,
    /// `pending`, `processing`, `valid` or `invalid`.
    #[serde(deserialize_with = "word")]
    pub status: String,
    /// What the proof is made of.
    #[serde(default)]
    pub token: String,
    /// Why it is invalid.
    pub error: Option<Problem>,
}

/// When the authority would like a certificate to be renewed (RFC 9773 §4.2).
#[derive(Clone, Debug, Deserialize)]
pub struct Suggestion {
    /// Within which time.
    #[serde(rename = "suggestedWindow")]
    pub window: SuggestedWindow,
    /// Where it says why.
    #[serde(default, rename = "explanationURL")]
    pub explanation: Option<String>,
}

/// A window as the authority writes it; whether it makes sense is for others to judge.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct SuggestedWindow {
    /// From when.
    pub start: Timestamp,
    /// Until when.
    pub end: Timestamp,
}

impl Suggestion {
    /// Whether the control database can keep it.
    #[must_use]
    pub fn can_be_kept(&self) -> bool {
        let is_text = |text: &String| !text.contains('\0');
        can_be_kept(self.window.start)
            && can_be_kept(self.window.end)
            && self.explanation.as_ref().is_none_or(is_text)
    }
}

/// Whether a database has such a time: there is none before our era that anybody means.
#[must_use]
pub fn can_be_kept(time: Timestamp) -> bool {
    time.as_second() >= FIRST
}

/// More proofs than the names of any order: each is asked for.
const MOST_PROOFS: usize = 200;

fn few<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let list = Vec::<String>::deserialize(deserializer)?;
    match list.len() > MOST_PROOFS {
        true => Err(serde::de::Error::custom(
            "it has more authorizations than there can be names",
        )),
        false => Ok(list),
    }
}

/// A word that is told where we do not know it: harmless to look at, and nothing that a database refuses.
fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(excerpt(&String::deserialize(deserializer)?))
}

/// Some say `null` where RFC 8555 has nothing.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_directory_leaves_empty_is_not_offered() {
        let text = |more: &str| {
            format!(r#"{{"newNonce":"n","newAccount":"a","newOrder":"o","revokeCert":"r"{more}}}"#)
        };
        for more in [
            "",
            r#","keyChange":null,"renewalInfo":null,"meta":null"#,
            r#","meta":{"profiles":null,"caaIdentities":null,"externalAccountRequired":null,"termsOfService":null}"#,
        ] {
            let directory: Directory = serde_json::from_str(&text(more)).expect(more);
            let meta = directory.meta;
            assert!(
                meta.profiles.is_empty() && meta.caa_identities.is_empty() && !meta.external_account_required
            );
            assert!(directory.key_change.is_none() && directory.renewal_info.is_none());
        }
    }

    #[test]
    fn a_status_is_harmless_wherever_it_is_told() {
        let text = r#"{"status":"\u001b]0;\u0000x","finalize":"f","identifier":{"type":"dns","value":"a"},"type":"t","url":"u"}"#;
        let order: Order = serde_json::from_str(text).expect("an order");
        let authorization: Authorization = serde_json::from_str(text).expect("an authorization");
        let challenge: Challenge = serde_json::from_str(text).expect("a challenge");
        let account: Account = serde_json::from_str(text).expect("an account");
        for status in [
            order.status,
            authorization.status,
            challenge.status,
            account.status,
        ] {
            assert!(!status.chars().any(char::is_control), "{status:?}");
        }
    }

    #[test]
    fn what_no_database_keeps_is_no_suggestion() {
        let read = |start: &str, url: &str| {
            let text = format!(
                r#"{{"suggestedWindow":{{"start":"{start}","end":"2026-01-01T00:00:00Z"}},"explanationURL":"{url}"}}"#
            );
            let suggestion: Suggestion = serde_json::from_str(&text).expect("a suggestion");
            suggestion.can_be_kept()
        };
        assert!(read("0001-01-01T00:00:00Z", "https://ca.test/why"));
        assert!(!read("-005000-01-01T00:00:00Z", "https://ca.test/why"));
        assert!(!read("2026-01-01T00:00:00Z", "\\u0000"));
    }
}
