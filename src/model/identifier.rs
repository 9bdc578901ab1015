//! What a certificate is for: a name, everything one label below a name, or an address.

use std::fmt;
use std::net::IpAddr;

use crate::error::Result;
use crate::model::{DomainName, Given, text_type};

/// One name or address of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identifier {
    /// A name.
    Name(DomainName),
    /// Every name one label below it: `*.example.test`.
    Wildcard(DomainName),
    /// An address (RFC 8738).
    Address(IpAddr),
}

text_type!(Identifier);

impl Identifier {
    /// Any spelling of a name, a wildcard, or an address.
    ///
    /// # Errors
    /// As [`DomainName::parse`].
    pub fn parse(input: &str) -> Result<Given<Self>> {
        if let Ok(address) = input.parse::<IpAddr>() {
            let canonical = address.to_string();
            return Ok(Given::normalised(Identifier::Address(address), input, &canonical));
        }
        let (name, wraps): (&str, fn(DomainName) -> Identifier) = match input.strip_prefix("*.") {
            Some(base) => (base, Identifier::Wildcard),
            None => (input, Identifier::Name),
        };
        Ok(DomainName::parse(name)?.map(wraps))
    }

    /// The name, without the star of a wildcard; nothing for an address.
    #[must_use]
    pub fn domain(&self) -> Option<&DomainName> {
        match self {
            Identifier::Name(name) | Identifier::Wildcard(name) => Some(name),
            Identifier::Address(_) => None,
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Identifier::Name(name) => f.pad(name.as_str()),
            Identifier::Wildcard(name) => f.pad(&format!("*.{name}")),
            Identifier::Address(address) => f.pad(&address.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_wildcards_and_addresses_are_told_apart() {
        for (input, shown) in [
            ("Shop.Example", "shop.example"),
            ("*.bücher.example", "*.xn--bcher-kva.example"),
            ("192.0.2.1", "192.0.2.1"),
            ("2001:DB8::0:1", "2001:db8::1"),
        ] {
            assert_eq!(Identifier::parse(input).expect(input).value.to_string(), shown);
        }
        let wildcard = Identifier::parse("*.shop.example").expect("a wildcard").value;
        assert_eq!(wildcard.domain().map(DomainName::as_str), Some("shop.example"));
        for input in [
            "*",
            "*.*.example.test",
            "a.*.example.test",
            "localhost",
            "*.192.0.2.1",
            "",
        ] {
            assert!(Identifier::parse(input).is_err(), "{input}");
        }
    }
}
