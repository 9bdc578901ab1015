//! The layers put over one another: flag > variable > file > default, each value keeping where it came from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use super::keys::{self, KEYS};
use super::url::plain;
use super::value::Value;
use crate::error::{Error, Result};

/// A value given by a flag.
#[derive(Clone, Debug)]
pub struct Flag {
    /// The flag as typed, such as `--keyring`.
    pub name: &'static str,
    /// The key it sets, such as `keyring.file`.
    pub path: &'static str,
    /// What it was set to.
    pub value: String,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag.
    Flag(&'static str),
    /// A variable.
    Variable(String),
    /// A line of the file.
    File {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
    },
    /// Nobody set it.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(name) => write!(f, "flag {name}"),
            Origin::Variable(name) => write!(f, "variable {}", plain(name)),
            Origin::File { path, line } => write!(f, "{}:{line}", plain(&path.to_string_lossy())),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// A value and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value.
    pub value: Value,
    /// Who won.
    pub origin: Origin,
}

/// All settings by path; keys that nobody set and that have no default are absent.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    settings: BTreeMap<String, Setting>,
}

impl Layers {
    pub(super) fn new(
        flags: &[Flag],
        variables: BTreeMap<String, Setting>,
        file: BTreeMap<String, Setting>,
    ) -> Result<Self> {
        let mut settings = file;
        settings.extend(variables);
        for flag in flags {
            let setting = flag.setting()?;
            settings.insert(flag.path.to_owned(), setting);
        }
        let mut layers = Layers { settings };
        layers.fill_in_defaults()?;
        Ok(layers)
    }

    fn fill_in_defaults(&mut self) -> Result<()> {
        for key in KEYS {
            let Some(default) = key.default else { continue };
            let value = Value::from_text(key.kind, default)
                .map_err(|wrong| Error::internal(format!("the default of `{}` {wrong}", key.path)))?;
            for path in self.paths_of(key.path) {
                let setting = || Setting {
                    value: value.clone(),
                    origin: Origin::Default,
                };
                self.settings.entry(path).or_insert_with(setting);
            }
        }
        Ok(())
    }

    fn paths_of(&self, pattern: &str) -> Vec<String> {
        match pattern.split_once(".*.") {
            None => vec![pattern.to_owned()],
            Some((section, key)) => self
                .names(section)
                .into_iter()
                .map(|name| format!("{section}.{name}.{key}"))
                .collect(),
        }
    }

    /// The names under a section such as `cluster`.
    #[must_use]
    pub fn names(&self, section: &str) -> BTreeSet<String> {
        let below = |path: &String| {
            let name = path.strip_prefix(section)?.strip_prefix('.')?.split_once('.')?.0;
            Some(name.to_owned())
        };
        self.settings.keys().filter_map(below).collect()
    }

    /// One setting.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Setting> {
        self.settings.get(path)
    }

    /// All of them, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Setting)> {
        self.settings
            .iter()
            .map(|(path, setting)| (path.as_str(), setting))
    }

    /// Whether anything but defaults stands under a section.
    #[must_use]
    pub fn is_set(&self, section: &str) -> bool {
        self.iter().any(|(path, setting)| {
            setting.origin != Origin::Default
                && path
                    .strip_prefix(section)
                    .is_some_and(|rest| rest.starts_with('.'))
        })
    }

    /// An error about the value at `path`, naming where it came from.
    #[must_use]
    pub fn error_at(&self, path: &str, message: &str) -> Error {
        let origin = self
            .get(path)
            .map(|setting| format!("{}: ", setting.origin))
            .unwrap_or_default();
        Error::configuration(format!("{origin}`{path}` {message}"))
    }
}

impl Flag {
    fn setting(&self) -> Result<Setting> {
        let segments: Vec<&str> = self.path.split('.').collect();
        let key = keys::find(&segments)
            .ok_or_else(|| Error::internal(format!("{} sets no known key", self.name)))?;
        let value = Value::from_text(key.kind, &self.value)
            .map_err(|wrong| Error::configuration(format!("{} {wrong}", self.name)))?;
        Ok(Setting {
            value,
            origin: Origin::Flag(self.name),
        })
    }
}
