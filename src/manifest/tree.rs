//! A text as values with their lines, whatever its format.

use crate::error::Error;
use crate::model::escape::escape;

/// A value and the line it begins at.
#[derive(Debug)]
pub(super) struct Node {
    pub line: usize,
    pub value: Value,
}

/// What manifests can hold.
#[derive(Debug)]
pub(super) enum Value {
    Table(Vec<(String, Node)>),
    List(Vec<Node>),
    Text(String),
    Integer(i64),
    Boolean(bool),
    /// Something else, in words: `a date`.
    Other(&'static str),
}

impl Node {
    /// The value below `key`, in a table.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What it is, for messages.
    pub fn words(&self) -> &'static str {
        match &self.value {
            Value::Table(_) => "a table",
            Value::List(_) => "a list",
            Value::Text(_) => "a text",
            Value::Integer(_) => "an integer",
            Value::Boolean(_) => "a boolean",
            Value::Other(words) => words,
        }
    }
}

/// The lines of a text, to be found by offset: a search each, however long the text.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub fn new(text: &str) -> Self {
        Lines(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// From 1.
    pub fn at(&self, offset: usize) -> usize {
        1 + self.0.partition_point(|end| *end < offset)
    }
}

/// A refusal with its place.
pub(super) fn refused(source: &str, line: usize, message: &str) -> Error {
    Error::invalid(format!("{}:{line}: {message}", escape(source)))
}
