//! The formats of an answer. The default is `table` and never changes by itself.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// The format of stdout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// One object, or an array of them.
    Json,
    /// One object a line.
    Ndjson,
    /// RFC 4180 with a header.
    Csv,
}

impl Format {
    /// Every format, in the order of the help.
    pub const ALL: [Format; 4] = [Format::Table, Format::Json, Format::Ndjson, Format::Csv];

    /// As `--output` spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Csv => "csv",
        }
    }

    /// Whether stderr speaks JSON, too.
    #[must_use]
    pub fn is_json(self) -> bool {
        matches!(self, Format::Json | Format::Ndjson)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Format::ALL.into_iter().find(|format| format.word() == text);
        found.ok_or_else(|| Error::invalid("the output format must be table, json, ndjson or csv"))
    }
}
