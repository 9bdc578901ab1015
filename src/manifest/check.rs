//! A tree against the shape: unknown keys, missing ones, wrong types, each with its line and path.

use super::shape::{Field, Shape};
use super::tree::{Node, Value, refused};
use crate::error::{Error, Result};
use crate::model::escape::escape;
use crate::model::nearest;

/// Checks `node`, which stands at `path` (empty for the whole text).
///
/// # Errors
/// `usage` naming line and path, for an unknown key with the nearest one.
pub(super) fn check(source: &str, path: &str, node: &Node, shape: &Shape) -> Result<()> {
    let wrong = |wanted: &str| {
        let message = format!("`{}` must be {wanted}, found {}", escape(path), node.words());
        Err(refused(source, node.line, &message))
    };
    match (shape, &node.value) {
        (Shape::Text, Value::Text(_))
        | (Shape::Boolean, Value::Boolean(_))
        | (Shape::Duration, Value::Text(_) | Value::Integer(_)) => Ok(()),
        (Shape::Text, _) => wrong("a text"),
        (Shape::Boolean, _) => wrong("true or false"),
        (Shape::Integer(least, most), Value::Integer(number)) if (least..=most).contains(&number) => Ok(()),
        (Shape::Integer(least, most), _) => wrong(&format!("a whole number from {least} to {most}")),
        (Shape::Duration, _) => wrong("seconds, or a text such as \"1h\""),
        (Shape::List(shape), Value::List(items)) => {
            let mut numbered = items.iter().enumerate();
            numbered.try_for_each(|(index, item)| check(source, &format!("{path}[{index}]"), item, shape))
        }
        (Shape::List(_), _) => wrong("a list"),
        (Shape::Table(fields), Value::Table(entries)) => table(source, path, node, fields, entries),
        (Shape::Table(_), _) => wrong("a table"),
    }
}

fn table(source: &str, path: &str, node: &Node, fields: &[Field], entries: &[(String, Node)]) -> Result<()> {
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    for (name, value) in entries {
        match fields.iter().find(|field| field.name == name) {
            Some(field) => check(source, &below(name), value, &field.shape)?,
            None => return Err(unknown(source, &below(name), name, value.line, fields)),
        }
    }
    let missing = |field: &&Field| field.is_required && entries.iter().all(|(name, _)| name != field.name);
    match fields.iter().find(missing) {
        Some(field) => {
            let message = format!("`{}` is missing", escape(&below(field.name)));
            Err(refused(source, node.line, &message))
        }
        None => Ok(()),
    }
}

fn unknown(source: &str, path: &str, name: &str, line: usize, fields: &[Field]) -> Error {
    let error = refused(source, line, &format!("unknown key `{}`", escape(path)));
    if let Some(known) = nearest(name, fields.iter().map(|field| field.name)) {
        return error.hint(format!("the nearest known key is `{known}`"));
    }
    let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
    error.hint(format!("known keys: {}", known.join(", ")))
}
