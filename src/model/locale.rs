//! Names of locales. Which of them a server has, only the server knows.

use crate::error::Result;
use crate::model::field::Field;
use crate::model::{Given, shows_its_string, text_type};

/// Bytes of a name in PostgreSQL's catalogue, the final NUL aside.
const LIMIT: usize = 63;

/// A locale as PostgreSQL names it, such as `C`, `de_DE.utf8` or `ca_ES.utf8@valencia`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocaleName(String);

shows_its_string!(LocaleName);
text_type!(LocaleName);

impl LocaleName {
    /// Parses and checks the name.
    ///
    /// # Errors
    /// `invalid`.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let field = Field::new("locale", input);
        field.check(LIMIT)?;
        field
            .check_characters(|character| character.is_ascii_alphanumeric() || "._@-".contains(character))?;
        if !input.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return Err(field.refuse("must begin with a letter"));
        }
        Ok(Given::plain(LocaleName(input.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_locales_are_plain() {
        for name in ["C", "POSIX", "C.UTF-8", "de_DE.utf8", "ca_ES.utf8@valencia"] {
            assert_eq!(LocaleName::parse(name).expect(name).value.as_str(), name);
        }
        for name in [
            "",
            " ",
            "../../x",
            "C'; x",
            "a\nb",
            ".utf8",
            "-C",
            "de DE",
            "ä",
            &"x".repeat(64),
        ] {
            assert!(LocaleName::parse(name).is_err(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_round_trips(input in "\\PC{0,20}|[a-zA-Z0-9._@-]{1,66}") {
            if let Ok(given) = LocaleName::parse(&input) {
                prop_assert_eq!(given.value.to_string(), input);
            }
        }
    }
}
