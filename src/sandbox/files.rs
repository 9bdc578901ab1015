//! Files and directories of a sandbox: private, and handed to the service user where a server reads them.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, chown};
use std::path::Path;

use crate::clock;
use crate::env::child::User;
use crate::error::{Error, Kind, Result};

/// Writes `contents` to `path` in one step: whoever reads it sees the old file or the new one. Mode 0600.
pub(super) fn write(path: &Path, contents: &str, owner: Option<&User>) -> Result<()> {
    let temporary = path.with_extension(format!("new-{}", std::process::id()));
    let written = (|| {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(contents.as_bytes())?;
        give(&temporary, owner)?;
        fs::rename(&temporary, path)
    })();
    written.map_err(|error| {
        fs::remove_file(&temporary).ok();
        failed("write", path, error)
    })
}

/// Makes a directory of mode 0700; one that is there already is only handed over.
pub(super) fn make_directory(path: &Path, owner: Option<&User>) -> Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => give(path, owner),
    }
    .map_err(|error| failed("create", path, error))
}

fn give(path: &Path, owner: Option<&User>) -> io::Result<()> {
    match owner.filter(|owner| !owner.is_current()) {
        Some(owner) => chown(path, Some(owner.uid), Some(owner.gid)),
        None => Ok(()),
    }
}

pub(super) fn failed(verb: &str, path: &Path, error: io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::PermissionDenied => Kind::Denied,
        _ => Kind::Unavailable,
    };
    Error::new(
        kind,
        kind.word(),
        format!("cannot {verb} {}: {error}", path.display()),
    )
    .source(error)
}

/// 128 random bits as 32 hexadecimal digits.
pub(super) fn random_word() -> Result<String> {
    Ok(format!("{:032x}", u128::from_le_bytes(clock::random()?)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn files_are_private_and_replaced_whole() {
        let directory = tempfile::tempdir().expect("directory");
        let path = directory.path().join("secret");
        write(&path, "long old contents", None).expect("write");
        write(&path, "new", None).expect("write again");
        assert_eq!(fs::read_to_string(&path).expect("read"), "new");
        let mode = fs::metadata(&path).expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(directory.path()).expect("list").count(), 1);
    }

    #[test]
    fn random_words_have_a_fixed_length_and_differ() {
        let words = [random_word().expect("word"), random_word().expect("word")];
        assert_eq!(words[0].len(), 32);
        assert_ne!(words[0], words[1]);
    }
}
