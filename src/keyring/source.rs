//! Where the ring comes from: a variable, systemd's credentials, or a file.

use std::path::{Path, PathBuf};

use super::Keyring;
use crate::config::Config;
use crate::env::files;
use crate::env::variables::Environment;
use crate::error::{Error, Kind, Result};

/// The file that holds the ring: systemd's credential `hostctl-keyring`, or the configured one.
#[must_use]
pub fn locate(config: &Config, environment: &Environment) -> Option<PathBuf> {
    let credential = environment
        .filled("CREDENTIALS_DIRECTORY")
        .map(|directory| Path::new(directory).join("hostctl-keyring"));
    credential
        .filter(|path| path.exists())
        .or_else(|| config.keyring_file.clone())
}

/// Opens the ring: `HOSTCTL_KEYRING` if set, else the file.
///
/// # Errors
/// `usage` where there is none, with the command that makes it, or where it cannot be used.
pub fn open(config: &Config, environment: &Environment) -> Result<Keyring> {
    if let Some(text) = environment.filled("HOSTCTL_KEYRING") {
        return Keyring::parse(text);
    }
    let none = |message: String| Error::new(Kind::Usage, "no_keyring", message).hint("hostctl keyring init");
    let path = locate(config, environment).ok_or_else(|| none("no key ring is configured".to_owned()))?;
    if !path.exists() {
        return Err(none(format!("there is no key ring at {}", path.display())));
    }
    let text = String::from_utf8(files::read_private(&path)?);
    Keyring::parse(&text.map_err(|_| Error::configuration("the key ring is not UTF-8"))?)
}

/// Makes a ring with one key at `path` (0600), in a directory that is made (0700) where it is missing.
///
/// # Errors
/// `conflict`, reason `exists`, where there is a file already: a key ring is never overwritten.
pub fn create(path: &Path) -> Result<()> {
    if path.exists() {
        let message = format!("there is a key ring at {} already", path.display());
        return Err(Error::new(Kind::Conflict, "exists", message).hint("hostctl keyring check"));
    }
    if let Some(directory) = path.parent().filter(|directory| !directory.exists()) {
        files::create_private_dir(directory)?;
    }
    files::write_private(path, Keyring::new_line()?.expose().as_bytes())
}
