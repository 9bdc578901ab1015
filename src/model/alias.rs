//! What an alias stands for: an address, or a whole domain.

use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::model::{DomainName, Given, MailAddress, shows_its_string, text_type};

/// To how many addresses one alias may lead. Postfix puts mail off whose recipients become more than 1,000.
pub const DESTINATION_LIMIT: usize = 100;

/// The source of an alias in its one canonical form: `info@example.com`, or `@example.com` for whatever nobody else in
/// the domain takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AliasSource(String);

shows_its_string!(AliasSource);
text_type!(AliasSource);

impl AliasSource {
    /// Parses an address, or `@` and a domain.
    ///
    /// # Errors
    /// `invalid`, or `reserved` for domains of special use.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let stored = match input.strip_prefix('@') {
            Some(domain) => format!("@{}", DomainName::parse(domain)?.value),
            None => MailAddress::parse(input)?.value.to_string(),
        };
        Ok(Given::normalised(AliasSource(stored.clone()), input, &stored))
    }

    /// The part before the `@`; empty for a catch-all.
    #[must_use]
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// The domain; who owns the alias is decided by it alone.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether it takes what nobody else takes.
    #[must_use]
    pub fn is_catch_all(&self) -> bool {
        self.0.starts_with('@')
    }

    /// Where its mail goes as it is stored: each address once, in order.
    ///
    /// # Errors
    /// `invalid` where there are more than [`DESTINATION_LIMIT`], or one is the source itself.
    pub fn destinations(&self, given: Vec<MailAddress>) -> Result<Vec<MailAddress>> {
        let distinct: BTreeSet<MailAddress> = given.into_iter().collect();
        let count = distinct.len();
        if count > DESTINATION_LIMIT {
            let message = format!("alias {self}: {count} destinations, and {DESTINATION_LIMIT} are the most");
            return Err(Error::invalid(message).hint("a mailing list is the better way to so many people"));
        }
        if distinct.iter().any(|address| address.as_str() == self.0) {
            return Err(Error::invalid(format!("alias {self}: leads to itself")));
        }
        Ok(distinct.into_iter().collect())
    }

    /// The address, unless it is a catch-all.
    #[must_use]
    pub fn address(&self) -> Option<MailAddress> {
        self.0.parse().ok()
    }
}

impl From<MailAddress> for AliasSource {
    fn from(address: MailAddress) -> Self {
        AliasSource(address.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn addresses(texts: &[&str]) -> Vec<MailAddress> {
        texts.iter().map(|text| text.parse().expect(text)).collect()
    }

    fn source(text: &str) -> AliasSource {
        text.parse().expect(text)
    }

    #[test]
    fn destinations_are_kept_once_and_in_order() {
        let given = addresses(&["b@example.test", "a@example.test", "b@example.test"]);
        let kept = source("all@example.test").destinations(given).expect("kept");
        assert_eq!(kept, addresses(&["a@example.test", "b@example.test"]));
    }

    #[test]
    fn too_many_or_itself_is_refused() {
        let many = |count| {
            (0..count)
                .map(|number| format!("a{number}@example.test").parse().expect("an address"))
                .collect()
        };
        let all = source("all@example.test");
        let most = all.destinations(many(DESTINATION_LIMIT)).expect("the most");
        assert_eq!(most.len(), DESTINATION_LIMIT);
        let error = all.destinations(many(10_001)).expect_err("too many");
        assert_eq!((error.kind(), error.reason()), (Kind::Usage, "invalid"));
        let itself = addresses(&["b@example.test", "ALL@example.test"]);
        assert!(all.destinations(itself).is_err());
    }

    #[test]
    fn an_address_or_a_whole_domain() {
        for (input, local, domain) in [
            ("Info@Example.com", "info", "example.com"),
            ("@Bücher.example", "", "xn--bcher-kva.example"),
        ] {
            let source = AliasSource::parse(input).expect(input);
            assert!(source.note.is_some(), "{input}");
            assert_eq!((source.value.local(), source.value.domain()), (local, domain));
            assert_eq!(source.value.is_catch_all(), local.is_empty());
            assert_eq!(source.value.address().is_some(), !local.is_empty());
            let again = AliasSource::parse(source.value.as_str()).expect("canonical");
            assert_eq!(again, Given::plain(source.value));
        }
    }

    #[test]
    fn nothing_else_is_a_source() {
        for input in [
            "",
            "@",
            "info",
            "@@example.com",
            "*@example.com",
            "%@example.com",
            "@localhost",
            "@ example.com",
            "a b@example.com",
            "|/bin/sh@example.com",
            ":include:/etc/passwd",
            "/etc/passwd",
            "@example.com\n",
            "@example.com,@example.net",
        ] {
            assert!(AliasSource::parse(input).is_err(), "{input:?}");
        }
    }
}
