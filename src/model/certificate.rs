//! The name by which a certificate is called, which is also the name of its directory.

use std::net::IpAddr;

use crate::error::Result;
use crate::model::field::Field;
use crate::model::{Given, idn, shows_its_string, text_type};

/// What stands for the star of a wildcard: a star in a path is an accident that waits for a shell.
const WILDCARD: &str = "_.";

/// Lower case letters, digits, dots, hyphens and underscores, at most 253: `shop.example`, `_.shop.example` for
/// `*.shop.example`, `2001-db8--1` for an IPv6 address. Never a dot in front, so that it is hidden from nobody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateName(String);

shows_its_string!(CertificateName);
text_type!(CertificateName);

impl CertificateName {
    /// Any spelling of a name: upper case, U-labels, a wildcard, an address.
    ///
    /// # Errors
    /// `invalid`.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let field = Field::new("certificate name", input);
        let name = canonical(&field)?;
        Ok(Given::normalised(CertificateName(name.clone()), input, &name))
    }
}

fn canonical(field: &Field<'_>) -> Result<String> {
    field.check(4 * idn::NAME_LIMIT)?;
    if let Ok(address) = field.input.parse::<IpAddr>() {
        let name = address.to_string().replace(':', "-");
        // No directory is to look like an option.
        return Ok(match name.starts_with('-') {
            true => format!("0{name}"),
            false => name,
        });
    }
    let (head, rest) = match field.input.strip_prefix("*.") {
        Some(rest) => (WILDCARD, rest),
        None => ("", field.input),
    };
    let rest = match rest.is_ascii() {
        true => rest.to_ascii_lowercase(),
        false => idn::to_ascii(&Field::new(field.name, rest), &['_'])?,
    };
    let name = format!("{head}{rest}");
    let whole = Field::new(field.name, &name);
    whole.check_length(idn::NAME_LIMIT)?;
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    whole.check_characters(|letter| is_plain(letter) || matches!(letter, '.' | '-' | '_'))?;
    if name.starts_with(['.', '-']) || name.ends_with('.') || name.contains("..") {
        return Err(field.refuse("a dot or hyphen in front, a dot at the end, or two dots together"));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_in_a_certificate_names_a_directory() {
        for (input, name) in [
            ("shop.example", "shop.example"),
            ("Shop.Example", "shop.example"),
            ("*.shop.example", "_.shop.example"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("192.0.2.1", "192.0.2.1"),
            ("2001:db8::1", "2001-db8--1"),
            ("::1", "0--1"),
            ("internal_host", "internal_host"),
        ] {
            let given = CertificateName::parse(input).expect(input);
            assert_eq!(given.value.as_str(), name);
            assert_eq!(given.note.is_some(), input != name, "{input}");
        }
        for input in [
            "", "..", ".hidden", "a/b", "a..b", "-x", "a b", "x.", "*", "a*b", "a\0", "a\n",
        ] {
            assert!(CertificateName::parse(input).is_err(), "{input:?}");
        }
        assert!(CertificateName::parse(&"a".repeat(254)).is_err());
    }
}
