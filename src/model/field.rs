//! How an input is refused: one wording for all types, and the checks that come before every other.

use std::fmt::Display;

use crate::error::{Error, Kind, Result};
use crate::model::escape::{escape, excerpt, is_invisible};

/// An input under examination and the name of what it should become.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub name: &'a str,
    pub input: &'a str,
}

impl<'a> Field<'a> {
    pub fn new(name: &'a str, input: &'a str) -> Self {
        Field { name, input }
    }

    /// Breaks `rule` as a whole.
    pub fn refuse(&self, rule: impl Display) -> Error {
        Error::invalid(format!("{} \"{}\": {rule}", self.name, excerpt(self.input)))
    }

    /// Breaks `rule` at an offset in bytes; people are told the byte counted from 1.
    pub fn refuse_at(&self, offset: usize, rule: impl Display) -> Error {
        self.refuse(format_args!("{rule} at byte {}", offset + 1))
    }

    /// Is a name that is kept for other purposes, or that means something else to the software concerned.
    pub fn reserved(&self, rule: impl Display) -> Error {
        let message = format!("{} \"{}\": {rule}", self.name, excerpt(self.input));
        Error::new(Kind::Usage, "reserved", message)
    }

    /// The rules of every field: not empty, not blank, at most `limit` bytes, nothing that cannot be seen. Looks at the
    /// length first, so that a megabyte costs nothing.
    pub fn check(&self, limit: usize) -> Result<()> {
        self.check_length(limit)?;
        self.check_visible()
    }

    /// Not empty, at most `limit` bytes.
    pub fn check_length(&self, limit: usize) -> Result<()> {
        if self.input.is_empty() {
            return Err(Error::invalid(format!("{} must not be empty", self.name)));
        }
        if self.input.len() > limit {
            let rule = format_args!("longer than {limit} bytes ({} given)", self.input.len()).to_string();
            return Err(self.refuse_at(limit, rule));
        }
        Ok(())
    }

    /// Not blank; no control characters, no invisible ones, no blanks but the space.
    pub fn check_visible(&self) -> Result<()> {
        if self.input.chars().all(char::is_whitespace) {
            return Err(Error::invalid(format!(
                "{} \"{}\": must not be blank",
                self.name,
                excerpt(self.input)
            )));
        }
        match self
            .input
            .char_indices()
            .find_map(|(offset, character)| Some((offset, hidden(character)?)))
        {
            Some((offset, what)) => Err(self.refuse_at(offset, what)),
            None => Ok(()),
        }
    }

    /// Every character obeys `allowed`.
    pub fn check_characters(&self, allowed: impl Fn(char) -> bool) -> Result<()> {
        match self
            .input
            .char_indices()
            .find(|(_, character)| !allowed(*character))
        {
            Some((offset, character)) => Err(self.refuse_at(offset, not_allowed(character))),
            None => Ok(()),
        }
    }
}

/// The sentence for a character outside the allowed set.
pub(super) fn not_allowed(character: char) -> String {
    if character == ' ' {
        return "blank".to_owned();
    }
    format!("character {} is not allowed", quoted(character))
}

/// A character for a message.
fn quoted(character: char) -> String {
    let mut buffer = [0; 4];
    format!("'{}'", escape(character.encode_utf8(&mut buffer)))
}

/// What kind of hidden character this is, for a message.
fn hidden(character: char) -> Option<String> {
    let what = match character {
        '\0' => "NUL",
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => "line break",
        ' ' => return None,
        control if control.is_control() => "control character",
        unseen if is_invisible(unseen) => "invisible character",
        blank if blank.is_whitespace() => "blank",
        _ => return None,
    };
    Some(format!("{what} {}", quoted(character)))
}

/// An error as serde wants it: without its kind, but with its hint.
pub(super) fn for_serde<E: serde::de::Error>(error: Error) -> E {
    match error.hint_text() {
        Some(hint) => E::custom(format_args!("{error} ({hint})")),
        None => E::custom(error),
    }
}
