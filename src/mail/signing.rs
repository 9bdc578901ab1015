//! The private keys as files on a host that signs: OpenDKIM cannot open what the key ring sealed. A file a key, and the two
//! tables that OpenDKIM reads. Each file is replaced in one step, and in an order in which no table ever names a key that
//! is not there.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::env::files;
use crate::error::{Error, Kind, Result};
use crate::model::{DomainName, Secret};

/// Which key has which domain, selector and file.
pub const KEY_TABLE: &str = "KeyTable";
/// Which domain is signed with which keys.
pub const SIGNING_TABLE: &str = "SigningTable";
/// What the files with keys end in.
const EXTENSION: &str = ".pem";

/// A key that signs.
#[derive(Debug)]
pub struct SigningKey {
    /// Whose mail it signs.
    pub domain: DomainName,
    /// Below which name it is published.
    pub selector: String,
    /// PKCS#8 in PEM.
    pub private: Secret,
}

/// What writing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// How many keys there are.
    pub keys: usize,
    /// Whether any file is another one than before.
    pub is_changed: bool,
}

/// Writes all keys and both tables into `directory`, and removes the files of keys that are not among them. The files
/// belong to whom the directory belongs to; mode 0600.
///
/// # Errors
/// `usage` where the directory is missing, not absolute, or others may write into it; `unavailable` where a file cannot be
/// written: what was there still works then.
pub fn write(directory: &Path, keys: &[SigningKey]) -> Result<Written> {
    let place = check(directory)?;
    let (mut key_table, mut signing_table) = (String::new(), String::new());
    let mut names = BTreeSet::new();
    let mut is_changed = false;
    for key in keys {
        let name = format!("{}.{}{EXTENSION}", key.domain, key.selector);
        is_changed |= replace(&directory.join(&name), key.private.expose().as_bytes())?;
        let SigningKey { domain, selector, .. } = key;
        let record = format!("{selector}._domainkey.{domain}");
        let _ = writeln!(key_table, "{record} {domain}:{selector}:{place}/{name}");
        let _ = writeln!(signing_table, "{domain} {record}");
        names.insert(name);
    }
    is_changed |= replace(&directory.join(KEY_TABLE), key_table.as_bytes())?;
    is_changed |= replace(&directory.join(SIGNING_TABLE), signing_table.as_bytes())?;
    is_changed |= remove_others(directory, &names)?;
    Ok(Written {
        keys: keys.len(),
        is_changed,
    })
}

/// Whether the file had to be written.
fn replace(path: &Path, bytes: &[u8]) -> Result<bool> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    files::replace_private_for_owner(path, bytes).map(|()| true)
}

fn remove_others(directory: &Path, names: &BTreeSet<String>) -> Result<bool> {
    let failed = |error: std::io::Error| {
        let message = format!("{} cannot be tidied: {error}", directory.display());
        Error::new(Kind::Unavailable, "file", message).source(error)
    };
    let mut is_changed = false;
    for entry in fs::read_dir(directory).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let is_old = name
            .to_str()
            .is_some_and(|name| name.ends_with(EXTENSION) && !names.contains(name));
        if is_old {
            fs::remove_file(directory.join(name)).map_err(failed)?;
            is_changed = true;
        }
    }
    Ok(is_changed)
}

/// The directory as OpenDKIM's table takes it.
fn check(directory: &Path) -> Result<&str> {
    let shown = directory.display();
    let refuse = |why: &str| {
        let hint = format!("install -d -o opendkim -g opendkim -m 0700 {shown}");
        Error::new(Kind::Usage, "file", format!("{shown} {why}")).hint(hint)
    };
    let metadata =
        fs::symlink_metadata(directory).map_err(|error| refuse(&format!("cannot be used: {error}")))?;
    if !metadata.is_dir() {
        return Err(refuse("is not a directory"));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(refuse("can be written by others"));
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    directory
        .to_str()
        .filter(|text| text.starts_with('/') && text.bytes().all(is_plain))
        .map(|text| text.trim_end_matches('/'))
        .ok_or_else(|| refuse("is not an absolute path of letters, digits and / . _ -"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn key(domain: &str, selector: &str, private: &str) -> SigningKey {
        SigningKey {
            domain: domain.parse().expect(domain),
            selector: selector.to_owned(),
            private: Secret::new(private),
        }
    }

    #[test]
    fn tables_and_keys_are_private_and_old_keys_go() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path();
        let first = [
            key("a.example", "hc202611", "one"),
            key("b.example", "hc202611", "two"),
        ];
        let written = write(path, &first).expect("written");
        assert_eq!(
            written,
            Written {
                keys: 2,
                is_changed: true
            }
        );
        let again = write(path, &first).expect("written again");
        assert_eq!(
            again,
            Written {
                keys: 2,
                is_changed: false
            }
        );
        let read = |name: &str| fs::read_to_string(path.join(name)).expect(name);
        assert_eq!(
            read(KEY_TABLE).lines().next().expect("a line"),
            format!(
                "hc202611._domainkey.a.example a.example:hc202611:{}/a.example.hc202611.pem",
                path.display()
            )
        );
        assert_eq!(
            read(SIGNING_TABLE).lines().nth(1),
            Some("b.example hc202611._domainkey.b.example")
        );
        let mode = |name: &str| fs::metadata(path.join(name)).expect(name).permissions().mode() & 0o777;
        assert_eq!((mode("a.example.hc202611.pem"), mode(KEY_TABLE)), (0o600, 0o600));

        write(path, &[key("a.example", "hc202612", "three")]).expect("rotated");
        let mut names: Vec<_> = fs::read_dir(path)
            .expect("a list")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("a name")
            })
            .collect();
        names.sort();
        assert_eq!(names, [KEY_TABLE, SIGNING_TABLE, "a.example.hc202612.pem"]);
    }

    #[test]
    fn a_directory_that_others_may_write_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let open = fs::Permissions::from_mode(0o777);
        fs::set_permissions(directory.path(), open).expect("permissions");
        for path in [directory.path(), Path::new("relative"), Path::new("/none/here")] {
            let error = write(path, &[]).expect_err("refused");
            assert_eq!(
                (error.kind(), error.reason()),
                (Kind::Usage, "file"),
                "{}",
                path.display()
            );
        }
    }
}
