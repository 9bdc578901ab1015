//! The one door to the environment: a snapshot taken once by main and handed down.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::error::{Error, Result};

/// The prefix of every variable that is ours; invalid UTF-8 is refused only there.
pub const PREFIX: &str = "HOSTCTL_";

/// The variables as they were at the start. `Debug` shows names only: values may be secrets.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// The variables of this process.
    ///
    /// # Errors
    /// `usage` where a variable of ours is not valid UTF-8; foreign ones that are not are left out.
    #[expect(clippy::disallowed_methods, reason = "the one door to the environment")]
    pub fn from_process() -> Result<Self> {
        Environment::from_raw(std::env::vars_os())
    }

    /// A snapshot made of `pairs`.
    #[must_use]
    pub fn new<const N: usize>(pairs: [(&str, &str); N]) -> Self {
        let variables = pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Environment { variables }
    }

    fn from_raw(pairs: impl Iterator<Item = (OsString, OsString)>) -> Result<Self> {
        let mut variables = BTreeMap::new();
        for (name, value) in pairs {
            let shown = name.to_string_lossy().into_owned();
            match (name.into_string(), value.into_string()) {
                (Ok(name), Ok(value)) => {
                    variables.insert(name, value);
                }
                _ if shown.starts_with(PREFIX) => return Err(not_text(&shown)),
                _ => {}
            }
        }
        Ok(Environment { variables })
    }

    /// The value of `name`, or nothing where it is unset. An empty value counts as set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// The value of `name`, or nothing where it is unset or empty.
    #[must_use]
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// All variables by name.
    #[must_use]
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.variables
    }
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

fn not_text(name: &str) -> Error {
    Error::configuration(format!("the variable {} is not valid UTF-8", name.escape_debug()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;
    use crate::error::Kind;

    fn raw(name: &str, value: &[u8]) -> std::vec::IntoIter<(OsString, OsString)> {
        vec![(OsString::from(name), OsString::from_vec(value.to_vec()))].into_iter()
    }

    #[test]
    fn a_variable_of_ours_that_is_not_utf_8_is_a_usage_error_naming_it() {
        let error = Environment::from_raw(raw("HOSTCTL_ACCOUNT", b"\xff")).expect_err("must be refused");
        assert_eq!(error.kind(), Kind::Usage);
        assert_eq!(error.message(), "the variable HOSTCTL_ACCOUNT is not valid UTF-8");
    }

    #[test]
    fn a_foreign_variable_that_is_not_utf_8_is_left_out() {
        let environment = Environment::from_raw(raw("LS_COLORS", b"\xff")).expect("not ours");
        assert_eq!(environment.get("LS_COLORS"), None);
    }

    #[test]
    fn debug_output_holds_no_values() {
        let environment = Environment::new([("HOSTCTL_KEYRING", "hunter2")]);
        assert_eq!(format!("{environment:?}"), "{\"HOSTCTL_KEYRING\"}");
    }

    #[test]
    fn empty_is_set_but_not_filled() {
        let environment = Environment::new([("NO_COLOR", "")]);
        assert_eq!(environment.get("NO_COLOR"), Some(""));
        assert_eq!(environment.filled("NO_COLOR"), None);
    }
}
