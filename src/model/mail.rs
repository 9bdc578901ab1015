//! Mail addresses and the part before the `@`.

use std::fmt;

use crate::error::Result;
use crate::model::field::{Field, not_allowed};
use crate::model::{DomainName, Given, shows_its_string, text_type};

/// Bytes of a local part (RFC 5321 §4.5.3.1.1).
const LOCAL_LIMIT: usize = 64;

/// Bytes of an address: a path of 256 (RFC 5321 §4.5.3.1.3) without its angle brackets.
const ADDRESS_LIMIT: usize = 254;

/// Boxes that strangers expect a domain's owner behind: RFC 2142, and those to which a certificate authority may write
/// (CA/Browser Forum Baseline Requirements §3.2.2.4.4). Whoever reads them can get certificates.
const ROLES: [&str; 6] = [
    "abuse",
    "admin",
    "administrator",
    "hostmaster",
    "postmaster",
    "webmaster",
];

/// The part before the `@`: `[a-z0-9][a-z0-9._-]*`, at most 64 bytes, no dot at an edge and no two in a row. Narrower
/// than RFC 5321 on purpose: it becomes a directory and passes through daemons that expand `%` and split at `+`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalPart(String);

shows_its_string!(LocalPart);
text_type!(LocalPart);

impl LocalPart {
    /// Parses a local part; upper case is made lower.
    ///
    /// # Errors
    /// `invalid`.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let field = Field::new("local part", input);
        field.check_length(4 * LOCAL_LIMIT)?;
        field.check_visible()?;
        let part = local_part(&field, input.len())?;
        let stored = part.0.clone();
        Ok(Given::normalised(part, input, &stored))
    }

    /// Whether it is the box of a role: postmaster, hostmaster, webmaster, abuse, admin, administrator.
    #[must_use]
    pub fn is_role(&self) -> bool {
        ROLES.contains(&self.as_str())
    }
}

/// A mail address in its one canonical form: lower case, domain as A-label. Addresses are compared as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailAddress {
    local: LocalPart,
    domain: DomainName,
    text: String,
}

text_type!(MailAddress);

impl MailAddress {
    /// Parses an address; upper case and U-labels are normalised.
    ///
    /// # Errors
    /// `invalid`, or `reserved` for domains of special use.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let field = Field::new("mail address", input);
        field.check_length(4 * ADDRESS_LIMIT)?;
        field.check_visible()?;
        let at = input
            .rfind('@')
            .ok_or_else(|| field.refuse("the @ and the domain are missing"))?;
        let local = local_part(&field, at)?;
        let domain = DomainName::parse(&input[at + 1..])
            .map_err(|error| error.context("mail address"))?
            .value;
        let address = MailAddress::new(local, domain)?;
        let stored = address.text.clone();
        Ok(Given::normalised(address, input, &stored))
    }

    /// An address made of its parts.
    ///
    /// # Errors
    /// `invalid` where both together are longer than 254 bytes.
    pub fn new(local: LocalPart, domain: DomainName) -> Result<Self> {
        let text = format!("{local}@{domain}");
        if text.len() > ADDRESS_LIMIT {
            return Err(
                Field::new("mail address", &text).refuse(format_args!("longer than {ADDRESS_LIMIT} bytes"))
            );
        }
        Ok(MailAddress { local, domain, text })
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local(&self) -> &LocalPart {
        &self.local
    }

    /// The domain; who owns the address is decided by it alone.
    #[must_use]
    pub fn domain(&self) -> &DomainName {
        &self.domain
    }

    /// Whether it is the box of a role, as [`LocalPart::is_role`].
    #[must_use]
    pub fn is_role(&self) -> bool {
        self.local.is_role()
    }
}

impl fmt::Display for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// The local part that is the first `length` bytes of the field, so that positions are those of the whole.
fn local_part(field: &Field<'_>, length: usize) -> Result<LocalPart> {
    let text = &field.input[..length];
    if text.is_empty() {
        return Err(field
            .refuse("nothing before the @")
            .hint("an address such as user@example.com is needed"));
    }
    if text.len() > LOCAL_LIMIT {
        return Err(field.refuse_at(
            LOCAL_LIMIT,
            format_args!("local part longer than {LOCAL_LIMIT} bytes"),
        ));
    }
    if let Some((offset, character)) = text.char_indices().find(|(_, character)| !is_allowed(*character)) {
        return Err(field.refuse_at(offset, not_allowed(character)));
    }
    if !text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return Err(field.refuse_at(0, "local part must begin with a letter or digit"));
    }
    if text.ends_with('.') {
        return Err(field.refuse_at(length - 1, "local part ends with a dot"));
    }
    if let Some(offset) = text.find("..") {
        return Err(field.refuse_at(offset, "two dots in a row"));
    }
    Ok(LocalPart(text.to_ascii_lowercase()))
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_spelling_has_one_canonical_form() {
        for (input, stored) in [
            ("user@example.com", "user@example.com"),
            ("USeRx@Example.com", "userx@example.com"),
            ("user@bücher.example", "user@xn--bcher-kva.example"),
            ("a.b-c_d.1@example.com.", "a.b-c_d.1@example.com"),
            ("01@example.com", "01@example.com"),
        ] {
            let given = MailAddress::parse(input).expect(input);
            assert_eq!(given.value.as_str(), stored);
            assert_eq!(given.note.is_some(), input != stored);
        }
        let note = MailAddress::parse("USeRx@Example.com").expect("valid").note;
        assert_eq!(
            note.as_deref(),
            Some("USeRx@Example.com is stored as userx@example.com")
        );
    }

    #[test]
    fn bad_addresses_are_refused() {
        for input in [
            "",
            " ",
            "user",
            "@example.com",
            "user@",
            "\"a@b\"@example.com",
            "\"john doe\"@x.com",
            ".user@x.com",
            "user.@x.com",
            "us..er@x.com",
            "-rf@x.com",
            "--help@x.com",
            "../../etc@x.com",
            "a/b@x.com",
            "a\\b@x.com",
            ".@x.com",
            "..@x.com",
            "us er@x.com",
            "user\t@x.com",
            "user\u{a0}@x.com",
            "user@x.com\0",
            "user@x.com\n",
            "%n@x.com",
            "%{user}@x.com",
            "$(id)@x.com",
            "`id`@x.com",
            "|/bin/sh@x.com",
            ":include:/etc/passwd",
            "user+tag@x.com",
            "_user@x.com",
            "a@b@x.com",
            "user@[127.0.0.1]",
            "user@127.0.0.1",
            "user@localhost",
            "user@com",
            "üser@x.com",
            "us\u{200b}er@x.com",
            "ｕser@x.com",
            "a,b@x.com",
            "<a@x.com>",
            "a@x.com,b@x.com",
            "İ@x.com",
            "user@*.x.com",
            "user@ex_ample.com",
        ] {
            let error = MailAddress::parse(input).expect_err(input);
            assert_eq!(error.kind().exit_code(), 2, "{input:?}");
            assert!(
                !error.message().contains(['\n', '\0', '\t', '\u{200b}', '\u{a0}']),
                "{error}"
            );
        }
        let message = "mail address \"user+tag@x.com\": character '+' is not allowed at byte 5";
        assert_eq!(
            MailAddress::parse("user+tag@x.com").expect_err("plus").message(),
            message
        );
        let message = "mail address: domain name \"com\": a single label is not enough";
        assert_eq!(
            MailAddress::parse("user@com").expect_err("label").message(),
            message
        );
    }

    #[test]
    fn lengths_are_those_of_smtp() {
        assert!(MailAddress::parse(&format!("{}@example.com", "a".repeat(64))).is_ok());
        assert!(MailAddress::parse(&format!("{}@example.com", "a".repeat(65))).is_err());
        let domain = format!("{0}.{0}.{0}.com", "d".repeat(61));
        assert_eq!(domain.len(), 189);
        assert!(MailAddress::parse(&format!("{}@{domain}", "a".repeat(64))).is_ok());
        assert!(MailAddress::parse(&format!("{}@d.{domain}", "a".repeat(63))).is_err());
        assert!(LocalPart::parse(&"a".repeat(64)).is_ok() && LocalPart::parse(&"a".repeat(65)).is_err());
    }

    #[test]
    fn role_addresses_are_known_in_any_case() {
        for role in [
            "postmaster",
            "Hostmaster",
            "webmaster",
            "abuse",
            "ADMIN",
            "administrator",
        ] {
            assert!(
                MailAddress::parse(&format!("{role}@example.com"))
                    .expect(role)
                    .value
                    .is_role()
            );
        }
        for other in ["postmaster2", "admin.x", "root"] {
            assert!(!LocalPart::parse(other).expect(other).value.is_role());
        }
    }

    #[test]
    fn a_local_part_holds_no_domain() {
        for input in ["", "user@example.com", "a b", "-a", "a.", "a\n"] {
            assert!(LocalPart::parse(input).is_err(), "{input:?}");
        }
        assert_eq!(LocalPart::parse("Info").expect("valid").value.as_str(), "info");
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_canonical(input in "\\PC{0,20}|[a-zA-Z0-9._+%-]{1,10}@[a-zA-Zü.]{1,10}") {
            if let Ok(given) = MailAddress::parse(&input) {
                prop_assert_eq!(MailAddress::parse(given.value.as_str()).expect("canonical"), Given::plain(given.value));
            }
        }
    }
}
