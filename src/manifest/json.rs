//! JSON into a tree, level by level, so that nothing deep is ever held on the stack.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::tree::{Lines, Node, Value, refused};
use crate::error::{Error, Result};

/// Levels of tables and lists; a manifest has six.
const DEPTH_LIMIT: usize = 16;

/// The tree of a text that is one JSON value. `first_line` is the line it begins at in its file.
///
/// # Errors
/// `usage` naming the line.
pub(super) fn tree(source: &str, text: &str, first_line: usize) -> Result<Node> {
    let reader = Reader {
        source,
        lines: Lines::new(text),
        start: text.as_ptr() as usize,
        first_line,
    };
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| reader.broken(0, &error))?;
    reader.node(raw, 0)
}

struct Reader<'a> {
    source: &'a str,
    lines: Lines,
    /// The address of the text: a raw value is a part of it, and so tells where it stands.
    start: usize,
    first_line: usize,
}

/// The entries of an object in their order, keys that are there twice included.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl Reader<'_> {
    fn line(&self, raw: &RawValue) -> usize {
        let offset = (raw.get().as_ptr() as usize).saturating_sub(self.start);
        self.lines.at(offset) + self.first_line - 1
    }

    fn broken(&self, above: usize, error: &serde_json::Error) -> Error {
        let line = above + error.line().max(1) - 1;
        let what = match error.classify() {
            serde_json::error::Category::Eof => "the text ends in the middle of a JSON value",
            _ => "not JSON",
        };
        refused(
            self.source,
            line.max(1) + if above == 0 { self.first_line - 1 } else { 0 },
            &format!("{what} (column {})", error.column()),
        )
    }

    fn node(&self, raw: &RawValue, depth: usize) -> Result<Node> {
        let (line, text) = (self.line(raw), raw.get());
        if depth > DEPTH_LIMIT {
            return Err(refused(self.source, line, "nested deeper than any manifest"));
        }
        let broken = |error: serde_json::Error| self.broken(line, &error);
        let value = match text.as_bytes().first() {
            Some(b'{') => {
                let entries: Entries<'_> = serde_json::from_str(text).map_err(broken)?;
                self.table(entries, depth)?
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(broken)?;
                let items = items.into_iter().map(|item| self.node(item, depth + 1));
                Value::List(items.collect::<Result<_>>()?)
            }
            Some(b'"') => Value::Text(serde_json::from_str(text).map_err(broken)?),
            Some(b't' | b'f') => Value::Boolean(text == "true"),
            Some(b'n') => Value::Other("null"),
            _ if text.contains(['.', 'e', 'E']) => Value::Other("a fraction"),
            _ => text
                .parse()
                .map_or(Value::Other("an integer too large"), Value::Integer),
        };
        Ok(Node { line, value })
    }

    fn table(&self, entries: Entries<'_>, depth: usize) -> Result<Value> {
        let mut table: Vec<(String, Node)> = Vec::with_capacity(entries.0.len());
        let mut seen = std::collections::BTreeSet::new();
        for (key, raw) in entries.0 {
            if !seen.insert(key.clone()) {
                return Err(refused(self.source, self.line(raw), "duplicate key"));
            }
            table.push((key, self.node(raw, depth + 1)?));
        }
        Ok(Value::Table(table))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(entries)
            }
        }

        deserializer.deserialize_map(InOrder).map(Entries)
    }
}
