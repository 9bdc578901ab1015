//! One struct feeds every format: JSON is its serialisation, tables and CSV are columns over that.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::words::{Bytes, Relative};
use crate::error::{Error, Result};
use crate::model::escape::escape;

/// What a verb answers, or one line of it.
pub trait Row: Serialize {
    /// What one of them is called; the plural is made of it.
    const NOUN: &'static str;
    /// One column for each field, the identifier first.
    const COLUMNS: &'static [Column];
}

/// How a field is shown in tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    Text,
    /// RFC 3339; relative on a terminal.
    Time,
    /// A number of bytes in a unit.
    Bytes,
    /// A word with a colour.
    State,
}

/// A column over a field.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The field as serialised; the header of CSV.
    pub key: &'static str,
    /// The header of tables; absent: the key with blanks.
    pub title: Option<&'static str>,
    /// How it is shown in tables.
    pub shown: Shown,
    /// Whether tables of several rows leave it out.
    pub is_detail: bool,
    /// Whether every table leaves it out: it is a table of its own.
    pub is_apart: bool,
}

impl Column {
    /// A column of text over the field `key`.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Column {
            key,
            title: None,
            shown: Shown::Text,
            is_detail: false,
            is_apart: false,
        }
    }

    /// Gives it another header in tables.
    #[must_use]
    pub const fn titled(mut self, title: &'static str) -> Self {
        self.title = Some(title);
        self
    }

    /// Shows a time.
    #[must_use]
    pub const fn time(mut self) -> Self {
        self.shown = Shown::Time;
        self
    }

    /// Shows a number of bytes.
    #[must_use]
    pub const fn bytes(mut self) -> Self {
        self.shown = Shown::Bytes;
        self
    }

    /// Shows a state.
    #[must_use]
    pub const fn state(mut self) -> Self {
        self.shown = Shown::State;
        self
    }

    /// Leaves it out of tables of several rows.
    #[must_use]
    pub const fn detail(mut self) -> Self {
        self.is_detail = true;
        self
    }

    /// Leaves it out of every table.
    #[must_use]
    pub const fn apart(mut self) -> Self {
        self.is_detail = true;
        self.is_apart = true;
        self
    }

    /// The header in tables.
    #[must_use]
    pub fn header(&self) -> Cow<'static, str> {
        self.title
            .map_or_else(|| Cow::Owned(self.key.replace('_', " ")), Cow::Borrowed)
    }
}

/// One field of one row.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its column.
    pub column: Column,
    /// Its value as serialised.
    pub value: Value,
}

/// The fields of a row in the order of its columns.
///
/// # Errors
/// `internal` where the row is no object, or its fields and columns differ.
pub fn cells<R: Row>(row: &R) -> Result<Vec<Cell>> {
    let value = serde_json::to_value(row)
        .map_err(|error| Error::internal("a row cannot be serialised").source(error))?;
    let Value::Object(mut fields) = value else {
        return Err(Error::internal("a row is no object"));
    };
    let cells = R::COLUMNS.iter().map(|column| match fields.remove(column.key) {
        Some(value) => Ok(Cell {
            column: *column,
            value,
        }),
        None => Err(Error::internal(format!(
            "a {} has no field `{}`",
            R::NOUN,
            column.key
        ))),
    });
    let cells = cells.collect::<Result<Vec<_>>>()?;
    match fields.keys().next() {
        Some(field) => Err(Error::internal(format!(
            "the field `{field}` of a {} has no column",
            R::NOUN
        ))),
        None => Ok(cells),
    }
}

impl Cell {
    /// For a table: escaped, one text; the items of a list are joined by `separator`. Times are relative to `now`, if given.
    #[must_use]
    pub fn for_table(&self, now: Option<Timestamp>, separator: &str) -> String {
        match (&self.value, self.column.shown) {
            (Value::Null, _) => "-".to_owned(),
            (Value::Bool(yes), _) => if *yes { "yes" } else { "no" }.to_owned(),
            (Value::Number(number), Shown::Bytes) => number
                .as_u64()
                .map_or_else(|| number.to_string(), |bytes| Bytes(bytes).to_string()),
            (Value::String(text), Shown::Time) => match (text.parse::<Timestamp>(), now) {
                (Ok(time), Some(now)) => Relative { time, now }.to_string(),
                // Fractions of a second are for programs.
                (Ok(time), None) => format!("{time:.0}"),
                (Err(_), _) => escape(text).to_string(),
            },
            (Value::Array(items), _) if items.iter().all(is_plain) => {
                items.iter().map(plain).collect::<Vec<_>>().join(separator)
            }
            // A thing within a thing: its parts one below the other where there is room for it.
            (value @ (Value::Object(_) | Value::Array(_)), _) if separator == "\n" => nested(value),
            (Value::Array(items), _) => items.iter().map(beside).collect::<Vec<_>>().join(separator),
            // An error within a row: its hint is told on stderr.
            (Value::Object(fields), _) if fields.contains_key("message") => plain(&fields["message"]),
            (value, _) => plain(value),
        }
    }

    /// For a line of its own (`--quiet`).
    #[must_use]
    pub fn for_line(&self) -> String {
        plain(&self.value)
    }
}

/// `key  value` a line for an object, its items a line each for a list; what is absent is left out.
fn nested(value: &Value) -> String {
    let lines: Vec<String> = match value {
        Value::Object(fields) => {
            let shown: Vec<_> = fields.iter().filter(|(_, value)| !value.is_null()).collect();
            let width = shown
                .iter()
                .map(|(key, _)| key.chars().count())
                .max()
                .unwrap_or(0);
            let line = |(key, value): &(&String, &Value)| {
                let text = nested(value).replace('\n', &format!("\n{:width$}  ", ""));
                format!("{:width$}  {text}", escape(key))
            };
            shown.iter().map(line).collect()
        }
        Value::Array(items) => items.iter().map(beside).collect(),
        plain_value => vec![plain(plain_value)],
    };
    lines.join("\n")
}

/// The parts of an object side by side.
fn beside(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let parts = fields.values().filter(|value| !value.is_null());
            parts.map(beside).collect::<Vec<_>>().join("  ")
        }
        Value::Array(items) => items.iter().map(beside).collect::<Vec<_>>().join(" "),
        value => plain(value),
    }
}

fn is_plain(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

/// A value as escaped text; what is nested, as JSON.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => escape(text).to_string(),
        _ => escape(&value.to_string()).to_string(),
    }
}
