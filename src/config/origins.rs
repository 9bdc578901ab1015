//! What `config show --origin` shows: every value, passwords hidden, and which layer won.

use serde::Serialize;
use serde_json::Value as Json;

use super::Config;

/// One key that has a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The path with dots.
    pub path: String,
    /// The value; the password of a URL is `***`.
    pub value: Json,
    /// `default`, `FILE:LINE`, `variable NAME` or `flag --NAME`.
    pub origin: String,
}

impl Config {
    /// Every key that has a value, by path.
    #[must_use]
    pub fn origins(&self) -> Vec<Entry> {
        let entry = |(path, setting): (&str, &super::Setting)| Entry {
            path: path.to_owned(),
            value: setting.value.redacted(),
            origin: setting.origin.to_string(),
        };
        self.layers.iter().map(entry).collect()
    }
}
