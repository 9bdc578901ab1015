//! Host names that records point to.

use crate::error::Result;
use crate::model::domain::{check_address, check_special, check_top};
use crate::model::field::Field;
use crate::model::{DomainName, Given, idn, shows_its_string, text_type};

/// The full name of a host: at least two labels in A-label form, lower case, without the final dot. It may hold
/// underscores only where [`HostName::parse_target`] was asked to allow them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(String);

shows_its_string!(HostName);
text_type!(HostName);

impl HostName {
    /// Any spelling of a host's full name, with or without the final dot. Underscores are accepted, so that what a
    /// record holds can be read back; [`HostName::parse_target`] is stricter where the type of the record is.
    ///
    /// # Errors
    /// `invalid`, or `reserved` for names of special use.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let field = Field::new("host name", input);
        let name = full_name(&field, &['_'])?;
        if !name.contains('.') {
            return Err(field.refuse("a single label is not enough"));
        }
        Ok(Given::normalised(HostName(name.clone()), input, &name))
    }

    /// The target of a record in `zone`. Underscores where `underscores` says that the type allows them (CNAME does, MX
    /// and NS do not). The note concerns the absolute form, `mx.example.com.`.
    ///
    /// # Errors
    /// As [`HostName::parse`]; a single label is refused with the name that was probably meant.
    pub fn parse_target(input: &str, zone: &DomainName, underscores: bool) -> Result<Given<Self>> {
        let field = Field::new("target", input);
        let name = full_name(&field, if underscores { &['_'] } else { &[] })?;
        if !name.contains('.') {
            let hint = format!("write it in full: {name}.{zone}.");
            return Err(field.refuse("a single label is not a full name").hint(hint));
        }
        let host = HostName(name);
        let stored = host.absolute();
        Ok(Given::normalised(host, input, &stored))
    }

    /// With the final dot, as DNS software wants it.
    #[must_use]
    pub fn absolute(&self) -> String {
        format!("{}.", self.0)
    }

    /// The form for people.
    #[must_use]
    pub fn unicode(&self) -> String {
        idn::to_unicode(&self.0)
    }
}

impl From<DomainName> for HostName {
    fn from(domain: DomainName) -> Self {
        HostName(domain.as_str().to_owned())
    }
}

fn full_name(field: &Field<'_>, extra: &[char]) -> Result<String> {
    check_address(field)?;
    let name = idn::to_ascii(field, extra)?;
    check_special(field, &name)?;
    if name.contains('.') {
        check_top(field, &name)?;
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone() -> DomainName {
        "example.com".parse().expect("zone")
    }

    #[test]
    fn targets_are_written_with_their_final_dot() {
        for (input, noted) in [
            ("mx.hestiacp.com", true),
            ("mx.hestiacp.com.", false),
            ("MX.hestiacp.com.", true),
        ] {
            let given = HostName::parse_target(input, &zone(), false).expect(input);
            assert_eq!(given.value.absolute(), "mx.hestiacp.com.");
            assert_eq!(given.note.is_some(), noted, "{input}");
        }
    }

    #[test]
    fn a_single_label_is_refused_with_the_name_meant() {
        for input in ["mx", "mx."] {
            let error = HostName::parse_target(input, &zone(), false).expect_err(input);
            assert_eq!(error.hint_text(), Some("write it in full: mx.example.com."));
        }
    }

    #[test]
    fn underscores_depend_on_the_type_of_the_record() {
        assert!(HostName::parse_target("_x.acm-validations.aws.", &zone(), true).is_ok());
        assert!(HostName::parse_target("_x.acm-validations.aws.", &zone(), false).is_err());
    }

    #[test]
    fn bad_targets_are_refused() {
        for input in [
            "",
            " ",
            "1.2.3.4",
            "::1",
            "a b.com",
            "*.example.com",
            "a..b",
            "x.\nevil.",
            "-a.com",
            "mx.1",
            ".",
            "localhost",
        ] {
            assert!(HostName::parse_target(input, &zone(), true).is_err(), "{input:?}");
            assert!(HostName::parse(input).is_err(), "{input:?}");
        }
        assert!(HostName::parse("5.2.0.192.in-addr.arpa").is_ok());
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_canonical(input in "\\PC{0,20}|[a-zA-Z0-9ü_.-]{1,30}") {
            if let Ok(given) = HostName::parse(&input) {
                let again = HostName::parse(given.value.as_str()).expect("canonical");
                prop_assert_eq!(again, Given::plain(given.value));
            }
        }
    }
}
