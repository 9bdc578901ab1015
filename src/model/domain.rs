//! Domain names that somebody can own: zones, sites, mail domains.

use std::net::IpAddr;

use crate::error::Result;
use crate::model::field::Field;
use crate::model::record::is_absolute;
use crate::model::{Given, idn, shows_its_string, text_type};

/// Names that software treats apart from DNS, and where that is written. `test` and `example` (RFC 2606) are not among
/// them: they exist for trying things out.
const SPECIAL: [(&str, &str); 5] = [
    ("alt", "RFC 9476"),
    ("invalid", "RFC 6761"),
    ("local", "RFC 6762"),
    ("localhost", "RFC 6761"),
    ("onion", "RFC 7686"),
];

/// A domain name of at least two labels in A-label form, lower case, without the final dot. Never an address, a
/// wildcard, or a name of special use; a name below `arpa` only where it was made by
/// [`ReverseZone`](super::ReverseZone).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

shows_its_string!(DomainName);
text_type!(DomainName);

impl DomainName {
    /// Any spelling of a domain name: upper case, U-labels, a final dot.
    ///
    /// # Errors
    /// `invalid`, or `reserved` for names of special use.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let field = Field::new("domain name", input);
        let name = ordinary(&field)?;
        Ok(Given::normalised(DomainName(name.clone()), input, &name))
    }

    /// A name that another parser of this module has made sure of.
    pub(super) fn trusted(name: String) -> Self {
        DomainName(name)
    }

    /// The form for people, such as `bücher.example`.
    #[must_use]
    pub fn unicode(&self) -> String {
        idn::to_unicode(&self.0)
    }

    /// The labels from the left; at least two.
    #[must_use]
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('.')
    }

    /// With the final dot, as DNS software wants it.
    #[must_use]
    pub fn absolute(&self) -> String {
        format!("{}.", self.0)
    }

    /// Whether this name is below `other`; no name is below itself.
    #[must_use]
    pub fn is_subdomain_of(&self, other: &DomainName) -> bool {
        is_below(&self.0, &other.0)
    }

    /// Whether the public suffix list names it (`co.uk`, `github.io`): everything below belongs to strangers. A top-level
    /// domain that the list does not know, such as `test`, makes no suffixes.
    #[must_use]
    pub fn is_public_suffix(&self) -> bool {
        psl::suffix(self.0.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix == self.0.as_str())
    }
}

/// Whether `name` ends in `.zone`, label by label: a dot that is escaped ends none.
pub(super) fn is_below(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(is_absolute)
}

fn ordinary(field: &Field<'_>) -> Result<String> {
    check_address(field)?;
    if field.input.contains('*') {
        return Err(field.refuse("a wildcard is allowed in records and certificates only"));
    }
    let name = idn::to_ascii(field, &[])?;
    check_special(field, &name)?;
    if !name.contains('.') {
        return Err(field.refuse("a single label is not enough"));
    }
    check_top(field, &name)?;
    if is_below(&name, "arpa") {
        return Err(field
            .reserved("names below arpa belong to the reverse tree")
            .hint("hostctl dns zone create --reverse 192.0.2.0/24"));
    }
    Ok(name)
}

/// An address is no name, in brackets or not.
pub(super) fn check_address(field: &Field<'_>) -> Result<()> {
    let short = field.input.len() <= 64;
    let bare = field.input.trim_start_matches('[').trim_end_matches(']');
    if short && (bare.parse::<IpAddr>().is_ok() || field.input.starts_with('[')) {
        return Err(field.refuse("an IP address is not a name"));
    }
    Ok(())
}

/// Names of special use, alone or as the top of a name.
pub(super) fn check_special(field: &Field<'_>, name: &str) -> Result<()> {
    let top = name.rsplit('.').next().unwrap_or(name);
    match SPECIAL.iter().find(|(special, _)| *special == top) {
        Some((_, source)) => Err(field.reserved(format_args!("{top} is a name of special use ({source})"))),
        None => Ok(()),
    }
}

/// The top-level label is never a number (RFC 3696 §2), not in hexadecimal either: programs would take it for an address.
pub(super) fn check_top(field: &Field<'_>, name: &str) -> Result<()> {
    let top = name.rsplit('.').next().unwrap_or(name);
    let digits = top.strip_prefix("0x").map_or_else(
        || top.bytes().all(|byte| byte.is_ascii_digit()),
        |rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()),
    );
    if digits {
        return Err(field.refuse("the last label must not be a number"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
