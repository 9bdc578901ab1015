//! Whether to colour, and the few colours there are.

use std::fmt::Display;
use std::str::FromStr;

use crate::error::{Error, Result};

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Wherever the output goes.
    Always,
    /// Nowhere.
    Never,
}

impl ColorChoice {
    /// Every choice, in the order of the help.
    pub const ALL: [ColorChoice; 3] = [ColorChoice::Auto, ColorChoice::Always, ColorChoice::Never];

    /// As `--color` spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ColorChoice::Auto => "auto",
            ColorChoice::Always => "always",
            ColorChoice::Never => "never",
        }
    }

    /// Whether a stream is coloured; `allowed` is what [`allowed`] says.
    #[must_use]
    pub fn applies(self, is_terminal: bool, allowed: bool) -> bool {
        match self {
            ColorChoice::Auto => is_terminal && allowed,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        }
    }
}

impl FromStr for ColorChoice {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = ColorChoice::ALL.into_iter().find(|choice| choice.word() == text);
        found.ok_or_else(|| Error::invalid("color must be auto, always or never"))
    }
}

/// What the environment says: <https://no-color.org> ("present and not an empty string") and terminals without colour.
#[must_use]
pub fn allowed(no_color: Option<&str>, term: Option<&str>) -> bool {
    no_color.is_none_or(str::is_empty) && term != Some("dumb")
}

/// The colours in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hue {
    /// All is well.
    Green,
    /// On its way, or needs a look.
    Yellow,
    /// Broken.
    Red,
}

impl Hue {
    /// The colour of a state, by its word; most words have none.
    #[must_use]
    pub fn of_state(word: &str) -> Option<Hue> {
        match word {
            "active" | "applied" | "done" | "finished" | "healthy" | "ok" | "pass" | "published"
            | "succeeded" | "up" | "valid" | "verified" => Some(Hue::Green),
            "deleted" | "expiring" | "pending" | "prepared" | "rolled_back" | "running" | "suspended"
            | "undoing" | "unknown" | "warn" | "warning" | "waiting" => Some(Hue::Yellow),
            "broken" | "down" | "expired" | "fail" | "failed" | "locked" | "missing" | "revoked"
            | "stuck" | "error" => Some(Hue::Red),
            _ => None,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Hue::Green => "32",
            Hue::Yellow => "33",
            Hue::Red => "31",
        }
    }
}

/// `text` in bold and in a colour where `on`.
#[must_use]
pub fn bold(text: impl Display, hue: Option<Hue>, on: bool) -> String {
    match hue {
        _ if !on => text.to_string(),
        Some(hue) => format!("\u{1b}[1;{}m{text}\u{1b}[0m", hue.code()),
        None => format!("\u{1b}[1m{text}\u{1b}[0m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_for_terminals_unless_told_otherwise() {
        assert!(ColorChoice::Auto.applies(true, true));
        assert!(!ColorChoice::Auto.applies(true, false));
        assert!(!ColorChoice::Auto.applies(false, true));
        assert!(ColorChoice::Always.applies(false, false));
        assert!(!ColorChoice::Never.applies(true, true));
    }

    #[test]
    fn no_color_counts_when_it_is_not_empty() {
        assert!(allowed(None, Some("xterm")) && allowed(Some(""), None));
        assert!(!allowed(Some("1"), None) && !allowed(None, Some("dumb")));
    }
}
