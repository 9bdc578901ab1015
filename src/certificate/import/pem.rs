//! Files in PEM that belong to no program.

use std::path::{Path, PathBuf};

use super::{Found, Settings, entries, name_of, pair};
use crate::env::files;
use crate::error::Result;

/// A directory of `fullchain.pem` (or `cert.pem` and `chain.pem`) and `privkey.pem`, or of pairs `NAME.crt` and `NAME.key`.
pub(super) fn directory(path: &Path) -> Result<Vec<Found>> {
    let key = path.join("privkey.pem");
    if key.exists() {
        return Ok(vec![found(path, &parts(path), &key)]);
    }
    let pairs = entries(path)?.into_iter().filter_map(|certificate| {
        let is_certificate = certificate
            .extension()
            .is_some_and(|extension| extension == "crt" || extension == "pem");
        let key = certificate.with_extension("key");
        (is_certificate && key.exists())
            .then(|| found(&certificate, std::slice::from_ref(&certificate), &key))
    });
    Ok(pairs.collect())
}

/// One file; the key is in `key`, in the same file, or beside it as `NAME.key`.
pub(super) fn file(path: &Path, key: Option<&Path>) -> Result<Found> {
    let text = files::read_public(path)?;
    let holds_key = String::from_utf8_lossy(&text).contains("PRIVATE KEY-----");
    let key = match key {
        Some(key) => key.to_owned(),
        None if holds_key => path.to_owned(),
        None => path.with_extension("key"),
    };
    Ok(found(path, &[path.to_owned()], &key))
}

/// The files of a directory that hold its chain.
pub(super) fn parts(directory: &Path) -> Vec<PathBuf> {
    let whole = directory.join("fullchain.pem");
    if whole.exists() {
        return vec![whole];
    }
    let parts = ["cert.pem", "chain.pem"].map(|name| directory.join(name));
    parts.into_iter().filter(|path| path.exists()).collect()
}

/// Called by the first of its names.
fn found(source: &Path, certificates: &[PathBuf], key: &Path) -> Found {
    let pair = pair(certificates, key);
    let name = pair
        .as_ref()
        .ok()
        .and_then(|(chain, _)| chain.leaf().identifiers.first().cloned());
    Found {
        name: name.unwrap_or_else(|| name_of(source)),
        source: source.to_owned(),
        pair,
        settings: Settings::default(),
        notes: Vec::new(),
    }
}
