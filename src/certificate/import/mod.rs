//! Certificates that other programs hold: certbot's tree, lego's, single files in PEM. Read only; nothing of theirs is
//! changed, and what cannot be taken is said.

mod certbot;
mod lego;
mod pem;
mod settings;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::certificate::x509::{Chain, Key};
use crate::config::Config;
use crate::config::value::Value;
use crate::env::files;
use crate::error::{Error, Kind, Result};

pub use settings::Settings;

/// A certificate that was found.
#[derive(Debug)]
pub struct Found {
    /// As it is called there.
    pub name: String,
    /// Where it lies.
    pub source: PathBuf,
    /// Chain and key, or why they cannot be taken.
    pub pair: Result<(Chain, Key)>,
    /// How it is to be renewed, as far as that could be taken over.
    pub settings: Settings,
    /// What could not.
    pub notes: Vec<String>,
}

/// What of this configuration decides how something is renewed.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Authorities by name, with their directories.
    pub authorities: BTreeMap<String, String>,
    /// Whether there is a DNS provider.
    pub has_dns: bool,
}

impl Known {
    /// As it is configured.
    #[must_use]
    pub fn configured(config: &Config) -> Self {
        let layers = config.layers();
        let directory = |name: String| match &layers.get(&format!("acme.{name}.directory"))?.value {
            Value::Text(directory) => Some((name, directory.clone())),
            _ => None,
        };
        Known {
            authorities: layers.names("acme").into_iter().filter_map(directory).collect(),
            has_dns: !config.dns.is_empty(),
        }
    }
}

/// Everything at `path`, by name: the tree of certbot or lego, a directory or a file of PEM. `key` is the file with the key
/// where it stands beside a single file.
///
/// # Errors
/// `usage` where there is nothing of the kind; what is wrong with a single certificate stands in its [`Found`].
pub fn look(path: &Path, key: Option<&Path>, known: &Known) -> Result<Vec<Found>> {
    let found = if path.join("live").is_dir() {
        certbot::look(path, known)?
    } else if path.join("certificates").is_dir() {
        lego::look(&path.join("certificates"))?
    } else if path.is_dir() {
        pem::directory(path)?
    } else {
        vec![pem::file(path, key)?]
    };
    if found.is_empty() {
        let message = format!("there is no certificate at {}", path.display());
        let hint = "name /etc/letsencrypt, the directory of lego, or a file in PEM";
        return Err(Error::new(Kind::Usage, "nothing_found", message).hint(hint));
    }
    Ok(found)
}

/// The chain in `certificates`, one file after the other, and the key in `key`, verified to belong together.
fn pair(certificates: &[PathBuf], key: &Path) -> Result<(Chain, Key)> {
    let mut text = Vec::new();
    for path in certificates {
        text.extend(files::read_public(path)?);
        text.push(b'\n');
    }
    let chain = Chain::read(&text)?;
    // A link in a tree of somebody's own making is theirs to follow; what it leads to is looked at.
    let key = fs::canonicalize(key).map_err(|error| unreadable(key, error))?;
    let key = Key::read(&files::read_private(&key)?)?;
    chain.check_key(&key)?;
    Ok((chain, key))
}

/// What is in a directory, by name.
fn entries(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory).map_err(|error| unreadable(directory, error))? {
        paths.push(entry.map_err(|error| unreadable(directory, error))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The last part of a path, as text.
fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    let message = format!("{} cannot be read: {error}", path.display());
    Error::new(Kind::Usage, "file", message).source(error)
}
