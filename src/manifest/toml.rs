//! TOML into a tree. Deep nesting is refused by the parser, at 80 levels.

use toml::de::{DeTable, DeValue};

use super::tree::{Lines, Node, Value, refused};
use crate::error::Result;
use crate::model::escape::escape;

/// The tree of a text.
///
/// # Errors
/// `usage` naming the line.
pub(super) fn tree(source: &str, text: &str) -> Result<Node> {
    let lines = Lines::new(text);
    let document = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| lines.at(span.start));
        refused(source, line, &escape(error.message()))
    })?;
    Ok(Node {
        line: 1,
        value: table(&lines, document.get_ref()),
    })
}

fn table(lines: &Lines, table: &DeTable<'_>) -> Value {
    let entry = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        let node = Node {
            // A table made by headers spans to its end; its name is where a person looks.
            line: lines.at(key.span().start),
            value: value_of(lines, value.get_ref()),
        };
        (name.to_string(), node)
    };
    Value::Table(table.iter().map(entry).collect())
}

fn value_of(lines: &Lines, value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or(Value::Other("an integer too large"), Value::Integer),
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Float(_) => Value::Other("a fraction"),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| Node {
                    line: lines.at(item.span().start),
                    value: value_of(lines, item.get_ref()),
                })
                .collect(),
        ),
        DeValue::Table(inner) => table(lines, inner),
    }
}
