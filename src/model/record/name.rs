//! Names of records inside a zone.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Result;
use crate::model::domain::is_below;
use crate::model::field::{Field, for_serde};
use crate::model::idn::{self, NAME_LIMIT};
use crate::model::record::labels;
use crate::model::{DomainName, Given, shows_its_string};

/// The full name of a record, lower case, A-labels, without the final dot. What a person gave holds letters, digits,
/// hyphens, underscores and at most `*` as its first label; what a server returned may hold escaped characters as well.
/// In JSON and in plans it is the full name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordName(String);

shows_its_string!(RecordName);

impl RecordName {
    /// A name as a person gives it. `@`, nothing and the zone's name are the apex; a name that ends in a dot or in the
    /// zone's name is absolute; every other is below the zone.
    ///
    /// # Errors
    /// `invalid`: outside the zone, too long, escaped or otherwise not allowed characters, a `*` that is not the first label.
    pub fn parse(input: &str, zone: &DomainName) -> Result<Given<Self>> {
        if matches!(input, "" | "@") {
            return Ok(Given::plain(Self::apex(zone)));
        }
        let field = Field::new("record name", input);
        let name = idn::to_ascii(&field, &['_', '*'])?;
        check_wildcard(&field)?;
        let written = input.strip_suffix('.').unwrap_or(input);
        if name == zone.as_str() || is_below(&name, zone.as_str()) {
            return Ok(noted(name.clone(), written, &name));
        }
        if written.len() < input.len() {
            return Err(field.refuse(format_args!("outside the zone {zone}")));
        }
        let full = format!("{name}.{zone}");
        if full.len() > NAME_LIMIT {
            return Err(field.refuse(format_args!(
                "longer than {NAME_LIMIT} bytes together with the zone"
            )));
        }
        if looks_absolute(&name) {
            let note = format!("{name} has no final dot and is taken below the zone: {full}");
            return Ok(Given {
                value: RecordName(full),
                note: Some(note),
            });
        }
        Ok(noted(full, written, &name))
    }

    /// The name that a server returned: always absolute, in presentation form. A dot that is escaped stays part of its
    /// label. However a character is escaped, it is the same name.
    ///
    /// # Errors
    /// `invalid` where it is empty, longer than any name, or not printable ASCII.
    pub fn from_presentation(name: &str) -> Result<Self> {
        let field = Field::new("record name", name);
        // Each byte of a name may be written as an escape of four.
        field.check_length(4 * NAME_LIMIT + 1)?;
        field.check_characters(|character| character.is_ascii_graphic())?;
        let name = labels::canonical(name).ok_or_else(|| field.refuse("no name of DNS"))?;
        if name.is_empty() {
            return Err(field.refuse("the root is not a name in a zone"));
        }
        Ok(RecordName(name))
    }

    /// The zone's own name.
    #[must_use]
    pub fn apex(zone: &DomainName) -> Self {
        RecordName(zone.as_str().to_owned())
    }

    /// With the final dot, as DNS software wants it.
    #[must_use]
    pub fn absolute(&self) -> String {
        format!("{}.", self.0)
    }

    /// The part before the zone's name, `@` for the apex; a name outside stays whole.
    #[must_use]
    pub fn relative(&self, zone: &DomainName) -> &str {
        if self.is_apex(zone) {
            return "@";
        }
        match is_below(&self.0, zone.as_str()) {
            true => &self.0[..self.0.len() - zone.as_str().len() - 1],
            false => &self.0,
        }
    }

    /// Whether it is the zone's own name.
    #[must_use]
    pub fn is_apex(&self, zone: &DomainName) -> bool {
        self.0 == zone.as_str()
    }

    /// Whether it is the zone's own name or below it.
    #[must_use]
    pub fn is_inside(&self, zone: &DomainName) -> bool {
        self.is_apex(zone) || is_below(&self.0, zone.as_str())
    }
}

fn noted(full: String, written: &str, name: &str) -> Given<RecordName> {
    if written == name {
        return Given::plain(RecordName(full));
    }
    let stored = full.clone();
    Given::normalised(RecordName(full), written, &stored)
}

/// A wildcard is the whole first label and nothing else (RFC 4592 §2.1.1).
fn check_wildcard(field: &Field<'_>) -> Result<()> {
    let rest = field
        .input
        .strip_prefix('*')
        .map_or((0, field.input), |rest| (1, rest));
    let (offset, rest) = rest;
    if offset == 1 && !rest.is_empty() && !rest.starts_with(['.', '。', '．', '｡']) {
        return Err(field.refuse_at(0, "a wildcard must be a whole label"));
    }
    match rest.find('*') {
        Some(position) => Err(field.refuse_at(offset + position, "a wildcard must be the first label")),
        None => Ok(()),
    }
}

/// `www.other.com` inside `example.com` is seldom meant to be below it.
fn looks_absolute(name: &str) -> bool {
    let icann = psl::suffix(name.as_bytes()).is_some_and(|suffix| suffix.typ() == Some(psl::Type::Icann));
    icann && name.split('.').count() > 2
}

impl Serialize for RecordName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RecordName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        RecordName::from_presentation(&String::deserialize(deserializer)?).map_err(for_serde)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone() -> DomainName {
        "example.com".parse().expect("zone")
    }

    #[test]
    fn names_are_relative_to_the_zone_or_absolute() {
        for (input, full, relative) in [
            ("@", "example.com", "@"),
            ("", "example.com", "@"),
            ("example.com", "example.com", "@"),
            ("Example.COM.", "example.com", "@"),
            ("www", "www.example.com", "www"),
            ("WWW", "www.example.com", "www"),
            ("www.example.com", "www.example.com", "www"),
            ("www.example.com.", "www.example.com", "www"),
            ("*", "*.example.com", "*"),
            ("*.dev", "*.dev.example.com", "*.dev"),
            ("_dmarc", "_dmarc.example.com", "_dmarc"),
            ("_443._tcp.www", "_443._tcp.www.example.com", "_443._tcp.www"),
            (
                "hc202601._domainkey",
                "hc202601._domainkey.example.com",
                "hc202601._domainkey",
            ),
            ("bücher", "xn--bcher-kva.example.com", "xn--bcher-kva"),
            ("anexample.com", "anexample.com.example.com", "anexample.com"),
            ("1.2.3.4", "1.2.3.4.example.com", "1.2.3.4"),
        ] {
            let given = RecordName::parse(input, &zone()).expect(input);
            assert_eq!(
                (given.value.as_str(), given.value.relative(&zone())),
                (full, relative),
                "{input}"
            );
        }
        let note = |input| RecordName::parse(input, &zone()).expect("valid").note;
        assert_eq!(
            (note("www"), note("*.dev"), note("www.example.com."), note("@")),
            (None, None, None, None)
        );
        assert_eq!(note("WWW").as_deref(), Some("WWW is stored as www.example.com"));
        let doubled = "www.other.com has no final dot and is taken below the zone: www.other.com.example.com";
        assert_eq!(note("www.other.com").as_deref(), Some(doubled));
    }

    #[test]
    fn bad_names_are_refused() {
        for (input, rule) in [
            ("www.other.com.", "outside the zone example.com"),
            ("www.", "outside the zone example.com"),
            ("xexample.com.", "outside the zone example.com"),
            (".", "empty label at byte 1"),
            ("a..b", "empty label at byte 3"),
            ("a\\.b", "character '\\' is not allowed at byte 2"),
            ("a b", "blank at byte 2"),
            (" ", "must not be blank"),
            ("a\n@ IN NS evil", "line break '\\n' at byte 2"),
            ("$ORIGIN", "character '$' is not allowed at byte 1"),
            ("a.*", "a wildcard must be the first label at byte 3"),
            ("*a", "a wildcard must be a whole label at byte 1"),
            ("**", "a wildcard must be a whole label at byte 1"),
            ("-a", "label begins with a hyphen at byte 1"),
            ("a/b", "character '/' is not allowed at byte 2"),
            ("a;b", "character ';' is not allowed at byte 2"),
            ("a\u{200b}", "invisible character '\\u{200b}' at byte 2"),
        ] {
            let error = RecordName::parse(input, &zone()).expect_err(input);
            assert!(error.message().ends_with(&format!("\": {rule}")), "{error}");
        }
    }

    #[test]
    fn lengths_are_those_of_labels_and_names() {
        let label = "a".repeat(63);
        assert!(RecordName::parse(&label, &zone()).is_ok());
        assert!(RecordName::parse(&format!("{label}a"), &zone()).is_err());
        let name = format!("{label}.{label}.{label}.{}", "b".repeat(49));
        assert_eq!(
            RecordName::parse(&name, &zone())
                .expect("253")
                .value
                .as_str()
                .len(),
            253
        );
        assert!(RecordName::parse(&format!("{name}b"), &zone()).is_err());
        assert!(RecordName::parse(&"a".repeat(1 << 20), &zone()).is_err());
    }

    #[test]
    fn a_server_may_return_names_that_nobody_could_give() {
        let name = RecordName::from_presentation("a\\.b.Example.com.").expect("escaped");
        assert_eq!(
            (name.as_str(), name.relative(&zone())),
            ("a\\.b.example.com", "a\\.b")
        );
        assert!(
            !RecordName::from_presentation("b\\.example.com")
                .expect("escaped")
                .is_apex(&zone())
        );
        let outside = RecordName::from_presentation("b\\.example.com").expect("escaped");
        assert!(!outside.is_inside(&zone()) && outside.relative(&zone()) == "b\\.example.com");
        let inside = RecordName::from_presentation("b\\\\.example.com").expect("escaped");
        assert!(inside.is_inside(&zone()) && inside.relative(&zone()) == "b\\\\");
        assert_eq!(
            RecordName::from_presentation("a\\ \\098.test").ok(),
            None,
            "a blank is written as its digits"
        );
        assert_eq!(
            RecordName::from_presentation("a\\032\\098.test")
                .expect("digits")
                .as_str(),
            "a\\032b.test"
        );
        for input in ["", ".", "a b.", "a\n.", "ü."] {
            assert!(RecordName::from_presentation(input).is_err(), "{input:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_canonical_and_inside(input in "\\PC{0,20}|[a-zA-Zü0-9_*.-]{0,20}(\\.example\\.com\\.?)?") {
            if let Ok(given) = RecordName::parse(&input, &zone()) {
                prop_assert!(given.value.is_inside(&zone()));
                let again = RecordName::parse(&given.value.absolute(), &zone()).expect("canonical");
                prop_assert_eq!(again, Given::plain(given.value.clone()));
                prop_assert_eq!(&RecordName::from_presentation(&given.value.absolute()).expect("server"), &given.value);
                prop_assert_eq!(RecordName::parse(given.value.relative(&zone()), &zone()).expect("relative").value, given.value);
            }
        }
    }
}
