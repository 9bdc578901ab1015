//! http-01 through a web server that is there: a file below its root, removed only as we wrote it.
//!
//! The root may be a tenant's, and we may be root: `folder` walks in it so that nothing he puts there leads us elsewhere or
//! keeps us waiting.

mod folder;
#[cfg(test)]
mod tests;
mod way;

use std::path::{Path, PathBuf};

use folder::Folder;

use super::PATH;
use crate::certificate::acme::encode;
use crate::clock;
use crate::error::{Error, Kind, Result};

/// What begins the name of a file that is there for a look before an order: nobody has it written down.
const LOOK: &str = "hostctl-";

/// A file for a look before an order, as long as this lives: it goes where the look is given up as well.
#[must_use = "dropping it removes the file"]
pub struct Shown {
    folder: Folder,
    name: String,
    text: String,
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Err(error) = self.folder.remove(&self.name, &self.text) {
            tracing::warn!(error = error.message(), "a file of ours stays for an hour");
        }
    }
}

/// A name for a look before an order, and the words that are to be seen there.
///
/// # Errors
/// `internal` where there is no randomness.
pub fn secret() -> Result<(String, String)> {
    let name = format!("{LOOK}{}", encode(&clock::random::<24>()?));
    let text = words(&name);
    Ok((name, text))
}

fn words(name: &str) -> String {
    format!("{name}.hostctl")
}

/// Shows `text` under `name` for a while, and removes what was left by those of us who died in the middle of that.
///
/// # Errors
/// As [`write`].
pub fn show(root: &Path, name: &str, text: &str) -> Result<Shown> {
    let folder = Folder::make(root)?;
    sweep(&folder);
    // From here on whatever is there is removed, a part of the text included.
    let shown = Shown {
        folder,
        name: name.to_owned(),
        text: text.to_owned(),
    };
    shown.folder.write(name, text)?;
    Ok(shown)
}

/// Where the file of `token` is.
///
/// # Errors
/// `unavailable`, reason `ca_failed`, for a token that is no base64url: it would be a path.
pub fn path(root: &Path, token: &str) -> Result<PathBuf> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if token.is_empty() || token.len() > 128 || !token.bytes().all(is_plain) {
        return Err(Error::new(
            Kind::Unavailable,
            "ca_failed",
            "a token that is no base64url",
        ));
    }
    Ok(root.join(PATH.trim_matches('/')).join(token))
}

/// Whether files can be put below `root`; makes nothing.
///
/// # Errors
/// `unavailable`, reason `webroot`, where it is no directory, may not be written, or has something else than directories
/// where ours belong.
pub fn check(root: &Path) -> Result<()> {
    Folder::deepest(root)?.check_writable()
}

/// Writes the file. What is there already, and not the same, is not overwritten; of the path only what is below the root
/// is made.
///
/// # Errors
/// As [`check`].
pub fn write(path: &Path, text: &str) -> Result<()> {
    let (root, name) = parts(path)?;
    let folder = Folder::make(root)?;
    sweep(&folder);
    folder.write(name, text)
}

/// Removes the file if it is as we wrote it, a part of that included.
///
/// # Errors
/// `unavailable`, reason `webroot`.
pub fn remove(path: &Path, text: &str) -> Result<()> {
    let (root, name) = parts(path)?;
    match Folder::find(root)? {
        Some(folder) => folder.remove(name, text),
        None => Ok(()),
    }
}

/// Whether the file is there, as we wrote it.
#[must_use]
pub fn is_ours(path: &Path, text: &str) -> bool {
    let found = parts(path).and_then(|(root, name)| Ok((Folder::find(root)?, name)));
    matches!(found, Ok((Some(folder), name)) if folder.holds(name, text))
}

/// The root, and the name in the folder below it.
fn parts(path: &Path) -> Result<(&Path, &str)> {
    let name = path.file_name().and_then(|name| name.to_str());
    let folder = path
        .parent()
        .filter(|folder| folder.ends_with(PATH.trim_matches('/')));
    let root = folder.and_then(|folder| folder.ancestors().nth(2));
    root.zip(name)
        .ok_or_else(|| Error::internal(format!("{} is no place of ours", path.display())))
}

/// Whoever is killed in the middle of a look leaves its file, and nobody else knows of it.
fn sweep(folder: &Folder) {
    for name in folder.old(LOOK) {
        let removed = folder.remove(&name, &words(&name));
        tracing::debug!(
            name,
            is_removed = removed.is_ok(),
            "what a look before an order has left"
        );
    }
}
