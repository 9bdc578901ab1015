//! The documents of RFC 8555, as far as we read them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::problem::Problem;

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
    /// Where an account gets another key.
    pub key_change: String,
    /// Where it says when to renew (RFC 9773).
    pub renewal_info: Option<String>,
    /// Its terms and demands.
    #[serde(default)]
    pub meta: Meta,
}

/// The terms and demands of an authority.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// Where its terms can be read.
    pub terms_of_service: Option<String>,
    /// What it is called in CAA records.
    #[serde(default)]
    pub caa_identities: Vec<String>,
    /// Whether an account has to be bound to one elsewhere.
    #[serde(default)]
    pub external_account_required: bool,
    /// The kinds of certificates it has, with their descriptions.
    #[serde(default)]
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
    pub status: String,
    /// When it ends if nothing happens.
    pub expires: Option<Timestamp>,
    /// What it is for.
    #[serde(default)]
    pub identifiers: Vec<Identifier>,
    /// What has to be proved, one for each identifier.
    #[serde(default)]
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
