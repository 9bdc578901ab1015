//! Texts with `*`, and as LIKE understands them.

use std::str::FromStr;

use crate::error::{Error, Result};
use crate::model::escape::is_hidden;

/// A text in which `*` stands for anything; every other character for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Whether it stands for more than one text.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.contains('*')
    }

    /// The text itself, where it is not open.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// As the right side of `LIKE`, with its usual escape `\`.
    #[must_use]
    pub fn like(&self) -> String {
        let mut like = String::with_capacity(self.0.len() + 4);
        for character in self.0.chars() {
            match character {
                '*' => like.push('%'),
                '%' | '_' | '\\' => like.extend(['\\', character]),
                other => like.push(other),
            }
        }
        like
    }
}

impl FromStr for Pattern {
    type Err = Error;

    /// # Errors
    /// `invalid` where it is empty, or holds what nobody sees.
    fn from_str(input: &str) -> Result<Self> {
        const LONGEST: usize = 1000;
        let rule = match input {
            "" => "must not be empty",
            _ if input.len() > LONGEST => "must not be longer than 1000 bytes",
            _ if input.chars().any(is_hidden) => "must not hold control or invisible characters",
            _ => return Ok(Pattern(input.to_owned())),
        };
        Err(Error::invalid(format!("a pattern {rule}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_star_is_special() {
        let like = |text: &str| text.parse::<Pattern>().expect(text).like();
        assert_eq!(like("db.*"), "db.%");
        assert_eq!(like("*.create_all"), "%.create\\_all");
        assert_eq!(like(r"100%\"), r"100\%\\");
        assert!(!"db.create".parse::<Pattern>().expect("text").is_open());
    }

    #[test]
    fn nothing_is_no_pattern() {
        for bad in ["", "a\u{1b}b", "a\0"] {
            assert!(bad.parse::<Pattern>().is_err(), "{bad:?}");
        }
    }
}
