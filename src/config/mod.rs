//! Configuration: flag > variable > file > default, each value with its origin, parsed once into plain structs.
//!
//! [`keys`] is the list of everything that may be set, with the words for the README. `file` and
//! `variables` read one layer each, `layers` puts them over one another, `typed` makes the structs, `origins` tells
//! which layer won. The room is pure: files are read by the function handed to [`load`].

pub mod file;
pub mod keys;
mod layers;
pub mod origins;
mod pick;
pub mod postgres_url;
mod typed;
pub mod url;
pub mod value;
pub mod variables;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use layers::{Flag, Layers, Origin, Setting};
pub use origins::Entry;
pub use pick::{Choice, pick};
pub use postgres_url::PostgresUrl;
pub use typed::{
    Acme, Certificate, Cluster, Config, Control, DnsProvider, Domain, Mail, OrderLimits, PowerDns, Provider,
    Rate, Resolver, Rfc2136, Step, Tsig, UpdateServer,
};

use crate::error::{Error, Result};

/// What the configuration is made of, besides files.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The file named by `--config`; it must exist.
    pub explicit: Option<&'a Path>,
    /// The environment, all of it.
    pub variables: &'a BTreeMap<String, String>,
    /// Values given by flags.
    pub flags: &'a [Flag],
    /// Whether unknown keys of the file are kept in [`Config::unknown`] instead of refused: for a file that was written
    /// for a newer release.
    pub tolerates_unknown_keys: bool,
}

/// Finds, reads and checks the configuration. `read` gives nothing where there is no such file.
///
/// # Errors
/// `usage` naming the file and line, the variable or the flag, and the nearest known key.
pub fn load(request: &Request<'_>, read: impl Fn(&Path) -> Result<Option<String>>) -> Result<Config> {
    let (path, text) = find(request, read)?;
    let file = match &path {
        Some(path) => file::parse(path, &text)?,
        None => file::Parsed::default(),
    };
    if let Some(unknown) = file.unknown.first().filter(|_| !request.tolerates_unknown_keys) {
        return Err(unknown.error());
    }
    let set_by_variables = variables::parse(request.variables, &file.settings)?;
    let layers = Layers::new(request.flags, set_by_variables, file.settings)?;
    let mut config = typed::build(layers, path)?;
    config.unknown = file
        .unknown
        .iter()
        .map(|unknown| unknown.error().message().to_owned())
        .collect();
    Ok(config)
}

fn find(
    request: &Request<'_>,
    read: impl Fn(&Path) -> Result<Option<String>>,
) -> Result<(Option<PathBuf>, String)> {
    let from_variable = request
        .variables
        .get("HOSTCTL_CONFIG")
        .filter(|path| !path.is_empty())
        .map(Path::new);
    if let Some(path) = request.explicit.or(from_variable) {
        return match read(path)? {
            Some(text) => Ok((Some(path.to_owned()), text)),
            None => Err(missing(path)),
        };
    }
    for path in file::usual_places(request.variables) {
        if let Some(text) = read(&path)? {
            return Ok((Some(path), text));
        }
    }
    Ok((None, String::new()))
}

fn missing(path: &Path) -> Error {
    Error::configuration(format!(
        "the configuration file {} does not exist",
        url::plain(&path.to_string_lossy())
    ))
    .hint("hostctl setup")
}
