//! What an authority says when it says no (RFC 8555 §6.7), as an error of ours: decided by status and type, never by text.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::error::{Error, Kind};
use crate::model::escape::excerpt;

const URN: &str = "urn:ietf:params:acme:error:";

/// A refusal.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Problem {
    /// `urn:ietf:params:acme:error:badNonce`.
    #[serde(default, rename = "type", deserialize_with = "or_none")]
    pub urn: String,
    /// The authority's words.
    #[serde(default, deserialize_with = "or_none")]
    pub detail: String,
    /// One for each name that is refused.
    #[serde(default, deserialize_with = "or_none")]
    pub subproblems: Vec<Subproblem>,
    /// The status of the answer; 0 where it did not come as one.
    #[serde(skip)]
    pub status: u16,
    /// How long the authority wants to be left alone.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

/// A refusal of one name.
#[derive(Clone, Debug, Deserialize)]
pub struct Subproblem {
    /// As for the whole.
    #[serde(default, deserialize_with = "or_none")]
    pub detail: String,
    /// The name.
    pub identifier: Option<super::wire::Identifier>,
}

/// Some write `null` where there is nothing to say.
fn or_none<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(given: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(given).map(Option::unwrap_or_default)
}

impl Problem {
    /// A refusal without a document: an error page, an empty body.
    #[must_use]
    pub fn of_status(status: u16, retry_after: Option<Duration>) -> Self {
        Problem {
            status,
            retry_after,
            ..Problem::default()
        }
    }

    /// The type without its prefix: `badNonce`.
    #[must_use]
    pub fn word(&self) -> &str {
        self.urn.strip_prefix(URN).unwrap_or("")
    }

    /// Whether the same request may go through later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self.word(), "rateLimited" | "serverInternal" | "badNonce")
            || matches!(self.status, 408 | 425 | 429 | 500..=599)
    }

    /// Whether the same without one of its parts may be taken: what is refused is none of the names, nor the account, and it
    /// does not pass.
    #[must_use]
    pub fn may_be_of_a_part(&self) -> bool {
        let is_of_the_names = matches!(
            self.word(),
            "rejectedIdentifier" | "unsupportedIdentifier" | "caa" | "dns" | "invalidProfile"
        );
        let is_of_the_account = matches!(
            self.word(),
            "accountDoesNotExist" | "externalAccountRequired" | "userActionRequired" | "badPublicKey"
        );
        !self.is_passing() && !is_of_the_names && !is_of_the_account && self.subproblems.is_empty()
    }

    /// Whether the authority itself says no, and for good: a page that some machine in between makes has no type.
    #[must_use]
    pub fn is_final(&self) -> bool {
        !self.word().is_empty() && !self.is_passing()
    }

    /// Whether it is worth sending the same within seconds: not where the authority says "too many", and not until when.
    #[must_use]
    pub fn is_worth_repeating(&self) -> bool {
        self.is_passing() && (!self.is_throttling() || self.retry_after.is_some())
    }

    /// Whether the authority wants to be asked less.
    #[must_use]
    pub fn is_throttling(&self) -> bool {
        self.word() == "rateLimited"
            || self.status == 429
            || (self.status == 503 && self.retry_after.is_some())
    }

    /// For a person; `ca` is its name in the configuration.
    #[must_use]
    pub fn error(&self, ca: &str) -> Error {
        let kind = match self.word() {
            _ if self.is_throttling() => Kind::Busy,
            "accountDoesNotExist"
            | "externalAccountRequired"
            | "rejectedIdentifier"
            | "caa"
            | "unauthorized"
            | "userActionRequired"
            | "unsupportedContact"
            | "invalidContact"
            | "badPublicKey" => Kind::Denied,
            _ => Kind::Unavailable,
        };
        let reason = match kind {
            Kind::Busy => "throttled",
            Kind::Denied => "refused_by_ca",
            _ => "ca_failed",
        };
        Error::new(kind, reason, format!("{ca}: {}", self.words()))
    }

    /// What was said, harmless to look at.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = match (self.word(), self.detail.as_str()) {
            ("", "") => format!("status {}", self.status),
            ("", detail) => excerpt(detail),
            (word, detail) => format!("{} ({})", excerpt(detail), excerpt(word)),
        };
        for sub in &self.subproblems {
            let name = sub
                .identifier
                .as_ref()
                .map_or("", |identifier| identifier.value.as_str());
            words = format!("{words}; {}: {}", excerpt(name), excerpt(&sub.detail));
        }
        if let Some(wait) = self.retry_after {
            words = format!("{words}; it may be asked again in {} s", wait.as_secs());
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(word: &str, status: u16) -> Problem {
        Problem {
            urn: format!("{URN}{word}"),
            detail: "no".to_owned(),
            status,
            ..Problem::default()
        }
    }

    #[test]
    fn kinds_are_told_by_type_and_status() {
        for (word, status, kind, is_passing) in [
            ("rateLimited", 429, Kind::Busy, true),
            ("badNonce", 400, Kind::Unavailable, true),
            ("rejectedIdentifier", 400, Kind::Denied, false),
            ("accountDoesNotExist", 400, Kind::Denied, false),
            ("malformed", 400, Kind::Unavailable, false),
            ("serverInternal", 500, Kind::Unavailable, true),
        ] {
            let found = problem(word, status);
            assert_eq!(
                (found.error("main").kind(), found.is_passing()),
                (kind, is_passing),
                "{word}"
            );
        }
    }

    #[test]
    fn what_is_refused_of_an_order_may_be_one_part_of_it() {
        for (word, status, may_be) in [
            ("unauthorized", 403, true),
            ("malformed", 404, true),
            ("alreadyReplaced", 409, true),
            ("", 400, true),
            ("rejectedIdentifier", 400, false),
            ("accountDoesNotExist", 400, false),
            ("rateLimited", 429, false),
            ("serverInternal", 500, false),
        ] {
            assert_eq!(problem(word, status).may_be_of_a_part(), may_be, "{word}");
        }
    }

    #[test]
    fn an_error_page_keeps_its_status_and_its_patience() {
        let page = Problem::of_status(503, Some(Duration::from_secs(120)));
        let error = page.error("main");
        assert_eq!((error.kind(), error.reason()), (Kind::Busy, "throttled"));
        assert_eq!(
            error.message(),
            "main: status 503; it may be asked again in 120 s"
        );
        assert_eq!(
            Problem::of_status(502, None).error("main").message(),
            "main: status 502"
        );
    }

    #[test]
    fn nothing_to_say_takes_nothing_of_the_rest() {
        let text = r#"{"type":"urn:ietf:params:acme:error:rateLimited","detail":null,"subproblems":null}"#;
        let found: Problem = serde_json::from_str(text).expect("a problem");
        assert_eq!((found.word(), found.detail.as_str()), ("rateLimited", ""));
        let text = r#"{"type":null,"subproblems":[{"detail":null,"identifier":null}]}"#;
        let found: Problem = serde_json::from_str(text).expect("a problem");
        assert_eq!((found.word(), found.subproblems.len()), ("", 1));
    }

    #[test]
    fn what_is_said_of_each_name_is_told_and_harmless() {
        let text = r#"{"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"bad \u001b[2J","subproblems":
            [{"detail":"never","identifier":{"type":"dns","value":"a.test"}}]}"#;
        let found: Problem = serde_json::from_str(text).expect("a problem");
        let words = found.words();
        assert!(
            words.contains("a.test: never") && !words.contains('\u{1b}'),
            "{words}"
        );
    }
}
