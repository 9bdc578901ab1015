//! What an alias stands for: an address, or a whole domain.

use crate::error::Result;
use crate::model::{DomainName, Given, MailAddress, shows_its_string, text_type};

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

    /// The address, unless it is a catch-all.
    #[must_use]
    pub fn address(&self) -> Option<MailAddress> {
        self.0.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
