//! Files that matter: secrets are read only from files nobody else can read, and written so that neither another user
//! nor a power cut can spoil them.

mod place;
#[cfg(test)]
mod tests;

pub use place::{OwnFile, check_place, publish, remove};

use std::fs::{DirBuilder, File, Metadata};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::model::secret::Secret;

/// The size in bytes above which a secret file is refused.
pub const SECRET_LIMIT: u64 = 64 * 1024;
/// The size in bytes above which a configuration or certificate file is refused.
pub const TEXT_LIMIT: u64 = 1024 * 1024;

const FOR_OTHERS: u32 = 0o077;
const GROUP_MAY_READ: u32 = 0o040;

/// Reads a secret of one line; exactly one line end (LF or CRLF) is taken off.
///
/// # Errors
/// `usage` where it is missing, empty, has further line ends or NUL, is not UTF-8, or as [`read_private`].
pub fn read_secret(path: &Path) -> Result<Secret> {
    let bytes = read_private(path)?;
    let text = String::from_utf8(bytes).map_err(|_| refused(path, "not valid UTF-8"))?;
    let line = text
        .strip_suffix('\n')
        .map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if line.is_empty() {
        return Err(refused(path, "empty"));
    }
    if let Some(at) = line.find('\0') {
        return Err(refused(
            path,
            &format!("a NUL at byte {}; a secret is text", at + 1),
        ));
    }
    if line.contains(['\n', '\r']) {
        return Err(refused(path, "more than one line; a secret is one line"));
    }
    Ok(Secret::new(line.to_owned()))
}

/// Reads a file that only we may read, as it is.
///
/// # Errors
/// `usage` where it is missing, a symbolic link, no regular file, larger than [`SECRET_LIMIT`], owned by somebody else
/// than us or root, or open to others.
pub fn read_private(path: &Path) -> Result<Vec<u8>> {
    // NONBLOCK: opening a FIFO must not wait for its writer.
    let file = open(path, OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK)?;
    let metadata = regular(path, &file)?;
    check_owner(path, &metadata)?;
    // Files handed to us by root (systemd credentials among them) can reach us only through the group.
    let handed_by_root =
        metadata.uid() == 0 && own_uid() != 0 && metadata.mode() & FOR_OTHERS == GROUP_MAY_READ;
    if metadata.mode() & FOR_OTHERS != 0 && !handed_by_root {
        let mode = metadata.mode() & 0o7777;
        return Err(refused(path, &format!("open to other users (mode {mode:04o})")).hint(chmod("600", path)));
    }
    read_up_to(path, &file, SECRET_LIMIT)
}

/// Reads a configuration file, or gives nothing where there is none. Links are followed if we or root made them.
///
/// # Errors
/// `usage` where others may write it, it is owned (or linked) by somebody else than us or root, no regular file, larger
/// than [`TEXT_LIMIT`], or not UTF-8.
pub fn read_config(path: &Path) -> Result<Option<String>> {
    match std::fs::symlink_metadata(path) {
        Ok(link) => check_owner(path, &link)?,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(path, error)),
    }
    let file = open(path, OFlags::RDONLY | OFlags::NONBLOCK)?;
    let metadata = regular(path, &file)?;
    check_owner(path, &metadata)?;
    if metadata.mode() & 0o002 != 0 {
        return Err(refused(path, "writable by every user").hint(chmod("o-w", path)));
    }
    // A hook in the file runs as us: whoever may write a file that root reads is root.
    if own_uid() == 0 && metadata.gid() != 0 && metadata.mode() & 0o020 != 0 {
        return Err(refused(path, "writable by a group other than root's").hint(chmod("g-w", path)));
    }
    let bytes = read_up_to(path, &file, TEXT_LIMIT)?;
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| refused(path, "not valid UTF-8"))
}

/// Opens a file of any size, of which nothing is promised but that it is a regular one.
///
/// # Errors
/// `usage` where it is missing or no regular file.
pub fn open_regular(path: &Path) -> Result<File> {
    let file = open(path, OFlags::RDONLY | OFlags::NONBLOCK)?;
    regular(path, &file)?;
    Ok(file)
}

/// Refuses a program that somebody else than we or root could replace by another.
///
/// # Errors
/// `usage` where it is missing, no regular file, not executable, owned by somebody else, or may be written by others, the
/// folder it lies in included.
pub fn check_program(path: &Path) -> Result<()> {
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, error))?;
    if !metadata.is_file() {
        return Err(refused(path, "no regular file"));
    }
    check_owner(path, &metadata)?;
    if metadata.mode() & 0o022 != 0 {
        return Err(refused(path, "writable by others").hint(chmod("go-w", path)));
    }
    if rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_err() {
        return Err(refused(path, "not executable").hint(chmod("+x", path)));
    }
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    let metadata = std::fs::metadata(folder).map_err(|error| unreadable(folder, error))?;
    // In a sticky folder (/tmp) others cannot replace what is ours.
    if metadata.mode() & 0o022 != 0 && metadata.mode() & 0o1000 == 0 {
        return Err(
            refused(folder, "writable by others, and holds a program that we run")
                .hint(chmod("go-w", folder)),
        );
    }
    check_owner(folder, &metadata)
}

/// Reads a public file (a CA certificate).
///
/// # Errors
/// `usage` where it is missing, no regular file or larger than [`TEXT_LIMIT`].
pub fn read_public(path: &Path) -> Result<Vec<u8>> {
    let file = open(path, OFlags::RDONLY | OFlags::NONBLOCK)?;
    regular(path, &file)?;
    read_up_to(path, &file, TEXT_LIMIT)
}

/// Reads a public file of at most `limit` bytes as text.
///
/// # Errors
/// `usage` where it is missing, no regular file, larger, or not UTF-8.
pub fn read_text(path: &Path, limit: u64) -> Result<String> {
    let file = open(path, OFlags::RDONLY | OFlags::NONBLOCK)?;
    regular(path, &file)?;
    let bytes = read_up_to(path, &file, limit)?;
    String::from_utf8(bytes).map_err(|_| refused(path, "not valid UTF-8"))
}

/// Adds to a file of ours that is there; when this returns it survives a power cut.
///
/// # Errors
/// `unavailable` with reason `file`.
pub fn append_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, Mode::empty());
    let mut file = File::from(opened.map_err(|error| unwritable(path, error.into()))?);
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| unwritable(path, error))
}

/// Writes a file that must not exist yet, mode 0600 whatever the umask; when this returns it survives a power cut.
///
/// # Errors
/// `conflict` with reason `exists` where something is there (a dangling link too); `unavailable` with reason `file`
/// where writing fails, and then nothing is left behind.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = create_private(path)?;
    let written = fill(&mut file, bytes).and_then(|()| sync_parent(path));
    written.map_err(|error| {
        // Best effort: the first error is the one to tell.
        let _ = std::fs::remove_file(path);
        unwritable(path, error)
    })
}

/// Replaces a file in one step, mode 0600: readers see the old or the new content, also after a power cut.
///
/// # Errors
/// `unavailable` with reason `file`; the old content is then still there, unless only the last fsync failed.
pub fn replace_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = temporary_beside(path)?;
    write_private(&temporary, bytes)?;
    let renamed = std::fs::rename(&temporary, path);
    if let Err(error) = renamed {
        let _ = std::fs::remove_file(&temporary);
        return Err(unwritable(path, error));
    }
    sync_parent(path).map_err(|error| unwritable(path, error))
}

/// As [`replace_private`], for the user to whom the directory of the file belongs: a server that drops privileges. Only
/// root can give files away; everybody else keeps them.
///
/// # Errors
/// As [`replace_private`].
pub fn replace_private_for_owner(path: &Path, bytes: &[u8]) -> Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let metadata = std::fs::metadata(directory).map_err(|error| unwritable(path, error))?;
    let temporary = temporary_beside(path)?;
    let mut file = create_private(&temporary)?;
    let given = own_uid() == 0 && metadata.uid() != 0;
    let written = fill(&mut file, bytes)
        .and_then(|()| match given {
            true => std::os::unix::fs::fchown(&file, Some(metadata.uid()), Some(metadata.gid())),
            false => Ok(()),
        })
        .and_then(|()| std::fs::rename(&temporary, path))
        .and_then(|()| sync_parent(path));
    written.map_err(|error| {
        // Best effort: the first error is the one to tell.
        let _ = std::fs::remove_file(&temporary);
        unwritable(path, error)
    })
}

/// Makes a directory, and its missing parents, with mode 0700 whatever the umask. One that is ours already is accepted.
///
/// # Errors
/// `usage` where the directory exists and is open to others or not ours; `unavailable` where it cannot be made.
pub fn create_private_dir(path: &Path) -> Result<()> {
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty() && !parent.exists())
    {
        create_private_dir(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => fix_new_directory(path).map_err(|error| unwritable(path, error)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => check_directory(path),
        Err(error) => Err(unwritable(path, error)),
    }
}

fn fix_new_directory(path: &Path) -> std::io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let directory = rustix::fs::open(path, flags, Mode::empty())?;
    // The umask may have taken more than we want.
    rustix::fs::fchmod(&directory, Mode::RWXU)?;
    sync_parent(path)
}

fn check_directory(path: &Path) -> Result<()> {
    let metadata = std::fs::symlink_metadata(path).map_err(|error| unreadable(path, error))?;
    if !metadata.is_dir() {
        return Err(refused(path, "not a directory"));
    }
    check_owner(path, &metadata)?;
    if metadata.mode() & FOR_OTHERS != 0 {
        return Err(refused(path, "open to other users").hint(chmod("700", path)));
    }
    Ok(())
}

fn create_private(path: &Path) -> Result<File> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR) {
        Ok(descriptor) => Ok(File::from(descriptor)),
        Err(Errno::EXIST) => {
            let message = format!("{} exists already", shown(path));
            Err(Error::new(Kind::Conflict, "exists", message))
        }
        Err(error) => Err(unwritable(path, error.into())),
    }
}

fn fill(file: &mut File, bytes: &[u8]) -> std::io::Result<()> {
    rustix::fs::fchmod(&*file, Mode::RUSR | Mode::WUSR)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A rename or a new name is durable only once its directory is.
fn sync_parent(path: &Path) -> std::io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

fn temporary_beside(path: &Path) -> Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| refused(path, "not a file name"))?;
    let suffix = u64::from_be_bytes(clock::random::<8>()?);
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{suffix:016x}.tmp"));
    Ok(path.with_file_name(temporary))
}

fn open(path: &Path, flags: OFlags) -> Result<File> {
    match rustix::fs::open(path, flags | OFlags::CLOEXEC, Mode::empty()) {
        Ok(descriptor) => Ok(File::from(descriptor)),
        Err(Errno::LOOP) => Err(refused(path, "a symbolic link; name the file itself")),
        Err(Errno::NOENT) => Err(Error::configuration(format!("{} does not exist", shown(path)))),
        Err(error) => Err(unreadable(path, error.into())),
    }
}

fn regular(path: &Path, file: &File) -> Result<Metadata> {
    let metadata = file.metadata().map_err(|error| unreadable(path, error))?;
    if metadata.is_file() {
        Ok(metadata)
    } else {
        Err(refused(path, "not a regular file"))
    }
}

fn check_owner(path: &Path, metadata: &Metadata) -> Result<()> {
    if metadata.uid() == 0 || metadata.uid() == own_uid() {
        return Ok(());
    }
    let owner = metadata.uid();
    Err(
        refused(path, &format!("owned by another user (uid {owner})")).hint(format!(
            "chown {} {}",
            own_uid(),
            quoted(path)
        )),
    )
}

fn read_up_to(path: &Path, file: &File, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // The size in the metadata is not believed: the file may grow, and /proc files say 0.
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, error))?;
    if bytes.len() as u64 > limit {
        return Err(refused(path, &format!("larger than {} KiB", limit / 1024)));
    }
    Ok(bytes)
}

fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn shown(path: &Path) -> String {
    crate::model::escape::escape(&path.to_string_lossy()).to_string()
}

/// The path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = shown(path);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(is_plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

fn chmod(mode: &str, path: &Path) -> String {
    format!("chmod {mode} {}", quoted(path))
}

fn refused(path: &Path, why: &str) -> Error {
    Error::new(Kind::Usage, "file", format!("{} is {why}", shown(path)))
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::new(
        Kind::Usage,
        "file",
        format!("{} cannot be read: {error}", shown(path)),
    )
    .source(error)
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    Error::new(
        Kind::Unavailable,
        "file",
        format!("{} cannot be written: {error}", shown(path)),
    )
    .source(error)
}
