//! Names that hostctl gives out itself: accounts, clusters, DNS providers; and those of PostgreSQL's extensions.

use crate::error::{Error, Result};
use crate::model::field::Field;
use crate::model::{Given, shows_its_string, text_type};

/// Bytes of a name of ours.
const LIMIT: usize = 31;

/// What a name may consist of.
struct Rule {
    field: &'static str,
    limit: usize,
    /// Characters allowed after the first letter, beside letters and digits.
    extra: &'static [char],
}

impl Rule {
    fn check(&self, input: &str) -> Result<()> {
        let field = Field::new(self.field, input);
        field.check(self.limit)?;
        let plain = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
        field
            .check_characters(|character| plain(character) || self.extra.contains(&character))
            .map_err(|error| self.suggest(input, error))?;
        if !input.starts_with(|first: char| first.is_ascii_lowercase()) {
            return Err(self.suggest(input, field.refuse("must begin with a letter")));
        }
        Ok(())
    }

    fn suggest(&self, input: &str, error: Error) -> Error {
        match suggestion(input, self.extra) {
            Some(name) if self.check(&name).is_ok() => error.hint(format!("use {name}")),
            _ => error,
        }
    }
}

/// The nearest name of lower-case letters, digits and `extra`: the first of `extra` takes the place of what else there
/// is. Nothing for input that holds more than separators and ASCII letters: a guess would hide what was meant.
pub(super) fn suggestion(input: &str, extra: &[char]) -> Option<String> {
    let separator = *extra.first()?;
    let kept = |character: char| character.is_ascii_alphanumeric() || extra.contains(&character);
    let joins = |character: char| matches!(character, '-' | '_' | '.' | ' ');
    if !input.chars().all(|character| kept(character) || joins(character)) {
        return None;
    }
    let name: String = input
        .chars()
        .map(|character| {
            if kept(character) {
                character.to_ascii_lowercase()
            } else {
                separator
            }
        })
        .collect();
    let name = name
        .trim_start_matches(|first: char| !first.is_ascii_alphabetic())
        .trim_end_matches(joins);
    (!name.is_empty() && name != input).then(|| name.to_owned())
}

macro_rules! name_type {
    ($(#[$doc:meta])* $type:ident, $rule:expr, $lower:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(String);

        shows_its_string!($type);
        text_type!($type);

        impl $type {
            /// Parses and checks the name.
            ///
            /// # Errors
            /// `invalid`, with a name that would do where one can be guessed.
            pub fn parse(input: &str) -> Result<Given<Self>> {
                const RULE: Rule = $rule;
                let name = if $lower && input.len() <= RULE.limit { input.to_ascii_lowercase() } else { input.to_owned() };
                RULE.check(&name)?;
                Ok(Given::normalised($type(name.clone()), input, &name))
            }
        }
    };
}

name_type! {
    /// An account (customer): `[a-z][a-z0-9-]{0,30}`; upper case is made lower.
    AccountName, Rule { field: "account name", limit: LIMIT, extra: &['-'] }, true
}

name_type! {
    /// A package of limits: `[a-z][a-z0-9-]{0,30}`; upper case is made lower.
    PackageName, Rule { field: "package name", limit: LIMIT, extra: &['-'] }, true
}

name_type! {
    /// A PostgreSQL cluster of the configuration, `[cluster.NAME]`: `[a-z][a-z0-9_-]{0,30}`.
    ClusterName, Rule { field: "cluster name", limit: LIMIT, extra: &['_', '-'] }, false
}

name_type! {
    /// A DNS provider of the configuration, `[dns.NAME]`: `[a-z][a-z0-9_-]{0,30}`.
    ProviderName, Rule { field: "provider name", limit: LIMIT, extra: &['_', '-'] }, false
}

name_type! {
    /// An extension of PostgreSQL, such as `uuid-ossp`: `[a-z][a-z0-9_-]{0,62}`. Whether it is allowed is decided by the
    /// cluster's list.
    ExtensionName, Rule { field: "extension", limit: 63, extra: &['_', '-'] }, false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn account_names_are_lower_cased_with_a_note() {
        let given = AccountName::parse("Acme-Corp").expect("valid");
        assert_eq!(given.value.as_str(), "acme-corp");
        assert_eq!(given.note.as_deref(), Some("Acme-Corp is stored as acme-corp"));
        assert!(AccountName::parse(&"a".repeat(31)).is_ok() && AccountName::parse(&"a".repeat(32)).is_err());
    }

    #[test]
    fn bad_names_are_refused_everywhere() {
        for input in [
            "",
            " ",
            "1acme",
            "-acme",
            "--help",
            "a/b",
            "../a",
            "a b",
            "a\nb",
            "a\0",
            "ä",
            "a;id",
            "$user",
            "%s",
            "{}",
            "a'b",
            "a\u{202e}b",
            "a.b",
        ] {
            assert!(AccountName::parse(input).is_err(), "{input:?}");
            assert!(ClusterName::parse(input).is_err(), "{input:?}");
            assert!(ProviderName::parse(input).is_err(), "{input:?}");
            assert!(ExtensionName::parse(input).is_err(), "{input:?}");
        }
        assert!(AccountName::parse("acme_corp").is_err() && ClusterName::parse("eu_west-1").is_ok());
    }

    #[test]
    fn extensions_keep_their_hyphen_and_their_case_is_not_guessed() {
        assert_eq!(
            ExtensionName::parse("uuid-ossp").expect("valid").value.as_str(),
            "uuid-ossp"
        );
        let error = ExtensionName::parse("PgCrypto").expect_err("case");
        assert_eq!(error.hint_text(), Some("use pgcrypto"));
        let error = AccountName::parse("acme_corp").expect_err("underscore");
        assert_eq!(error.hint_text(), Some("use acme-corp"));
        assert_eq!(AccountName::parse("a;b").expect_err("charset").hint_text(), None);
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_canonical(input in "\\PC{0,40}|[a-zA-Z0-9_-]{1,40}") {
            if let Ok(given) = AccountName::parse(&input) {
                prop_assert_eq!(AccountName::parse(given.value.as_str()).expect("canonical"), Given::plain(given.value));
            }
            if let Ok(given) = ClusterName::parse(&input) {
                prop_assert_eq!(given.value.as_str(), input);
            }
        }
    }
}
