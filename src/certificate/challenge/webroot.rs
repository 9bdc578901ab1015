//! http-01 through a web server that is there: a file below its root, removed only as we wrote it.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::PATH;
use crate::error::{Error, Kind, Result};

/// Everybody may read it: the web server runs as somebody else.
const MODE: u32 = 0o644;

/// Where the file of `token` is.
///
/// # Errors
/// `invalid` for a token that is no base64url: it would be a path.
pub fn path(root: &Path, token: &str) -> Result<PathBuf> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if token.is_empty() || token.len() > 128 || !token.bytes().all(is_plain) {
        return Err(Error::new(
            Kind::Unavailable,
            "ca_failed",
            "a token that is no base64url",
        ));
    }
    Ok(folder(root).join(token))
}

fn folder(root: &Path) -> PathBuf {
    root.join(PATH.trim_matches('/'))
}

/// Writes the file. What is there already, and not the same, is not overwritten.
///
/// # Errors
/// `unavailable`, reason `file`.
pub fn write(path: &Path, text: &str) -> Result<()> {
    if is_ours(path, text) {
        return Ok(());
    }
    let failed = |error: std::io::Error| unwritable(path, &error);
    if let Some(folder) = path.parent().filter(|folder| !folder.exists()) {
        fs::create_dir_all(folder).map_err(failed)?;
        // Whatever the umask: nobody but the web server would notice.
        for part in folder.ancestors().take(2) {
            fs::set_permissions(part, fs::Permissions::from_mode(0o755)).map_err(failed)?;
        }
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(MODE)
        .open(path)
        .map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.set_permissions(fs::Permissions::from_mode(MODE))
        .map_err(failed)
}

/// Removes the file if it is as we wrote it, a part of that included.
///
/// # Errors
/// `unavailable`, reason `file`.
pub fn remove(path: &Path, text: &str) -> Result<()> {
    match fs::read_to_string(path) {
        Ok(found) if !text.starts_with(&found) => return Ok(()),
        Ok(_) => {}
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(()),
        Err(error) => return Err(unwritable(path, &error)),
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(unwritable(path, &error)),
        _ => Ok(()),
    }
}

/// Whether the file is there, as we wrote it.
#[must_use]
pub fn is_ours(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|found| found == text)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    let message = format!("{}: {error}", path.parent().unwrap_or(path).display());
    Error::new(Kind::Unavailable, "webroot", message)
        .hint("certificate.webroot has to be a directory that hostctl may write")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_and_goes_and_others_stay() {
        let root = tempfile::tempdir().expect("a directory");
        let path = path(root.path(), "token-1").expect("a path");
        write(&path, "token-1.thumb").expect("written");
        write(&path, "token-1.thumb").expect("written twice");
        assert!(is_ours(&path, "token-1.thumb"));
        let mode = fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, MODE);
        assert!(write(&path, "another").is_err(), "never overwritten");
        remove(&path, "another").expect("not ours");
        assert!(path.exists());
        remove(&path, "token-1.thumb").expect("removed");
        remove(&path, "token-1.thumb").expect("removed twice");
        assert!(!path.exists());
    }

    #[test]
    fn a_token_is_never_a_path() {
        for token in ["", "..", "a/b", "a.b", "a b"] {
            assert!(path(Path::new("/srv"), token).is_err(), "{token}");
        }
    }
}
