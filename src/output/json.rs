//! JSON: indented for `json`, one line for `ndjson`. Keys come in the order of the struct.

use serde::Serialize;

use crate::error::{Error, Result};

/// Indented, with a line end.
///
/// # Errors
/// `internal` where the value cannot be JSON.
pub fn indented<T: Serialize>(value: &T) -> Result<String> {
    let text =
        serde_json::to_string_pretty(value).map_err(|error| Error::internal("no JSON").source(error))?;
    Ok(text + "\n")
}

/// One line, with its line end.
///
/// # Errors
/// As [`indented`].
pub fn line<T: Serialize>(value: &T) -> Result<String> {
    let text = serde_json::to_string(value).map_err(|error| Error::internal("no JSON").source(error))?;
    Ok(text + "\n")
}

/// An item of an indented array, without a line end.
///
/// # Errors
/// As [`indented`].
pub fn item<T: Serialize>(value: &T) -> Result<String> {
    // A line end inside a string is written as \n: every real one is layout.
    Ok(format!("  {}", indented(value)?.trim_end().replace('\n', "\n  ")))
}
