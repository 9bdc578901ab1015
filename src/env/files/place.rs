//! Files that grow for a while under one name and get their own in the end: in a place where nobody else can put another
//! file, or a link, where ours is.

use std::fs::{File, Metadata};
use std::io::ErrorKind;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, RenameFlags};
use rustix::io::Errno;

use super::{check_owner, chmod, create_private, refused, shown, sync_parent, unreadable, unwritable};
use crate::error::{Error, Kind, Result};

/// A new file of ours, known by its descriptor, whatever becomes of its name.
#[derive(Debug)]
pub struct OwnFile {
    file: File,
    path: PathBuf,
}

impl OwnFile {
    /// Makes it, mode 0600 whatever the umask.
    ///
    /// # Errors
    /// `conflict`, reason `exists`; `unavailable`, reason `file`.
    pub fn create(path: &Path) -> Result<Self> {
        let file = create_private(path)?;
        rustix::fs::fchmod(&file, Mode::RUSR | Mode::WUSR).map_err(|error| unwritable(path, error.into()))?;
        let path = path.to_owned();
        Ok(OwnFile { file, path })
    }

    /// Where children of ours find it as long as this value lives: this very file, not what has its name by now.
    #[must_use]
    pub fn open_path(&self) -> PathBuf {
        format!("/proc/{}/fd/{}", std::process::id(), self.file.as_raw_fd()).into()
    }

    /// Another handle for reading it.
    ///
    /// # Errors
    /// `unavailable`, reason `file`.
    pub fn reader(&self) -> Result<File> {
        File::open(self.open_path()).map_err(|error| unwritable(&self.path, error))
    }

    /// Refuses where its name is that of another file by now.
    ///
    /// # Errors
    /// `conflict`, reason `changed`.
    pub fn check_name(&self) -> Result<()> {
        let of = |found: Metadata| (found.dev(), found.ino());
        let ours = self.file.metadata().map(of);
        let named = std::fs::symlink_metadata(&self.path).map(of);
        if ours.is_ok_and(|ours| named.is_ok_and(|named| ours == named)) {
            return Ok(());
        }
        let message = format!(
            "{} is not the file any more that hostctl wrote",
            self.path.display()
        );
        Err(Error::new(Kind::Conflict, "changed", message))
    }
}

/// Refuses a directory in which, or on the way to which, somebody else than we or root could put another file in the place
/// of ours.
///
/// # Errors
/// `usage` where it, or one above it, is owned by somebody else, or may be written by others and has no sticky bit.
pub fn check_place(directory: &Path) -> Result<()> {
    let real = directory
        .canonicalize()
        .map_err(|error| unreadable(directory, error))?;
    for place in real.ancestors() {
        let metadata = std::fs::metadata(place).map_err(|error| unreadable(place, error))?;
        check_owner(place, &metadata)?;
        // In a sticky folder (/tmp) others cannot rename what is ours.
        if metadata.mode() & 0o022 != 0 && metadata.mode() & 0o1000 == 0 {
            return Err(refused(place, "writable by others").hint(chmod("go-w", place)));
        }
    }
    Ok(())
}

/// Gives a whole file its final name, on disk when this returns. Nothing is ever overwritten.
///
/// # Errors
/// `conflict`, reason `exists`, where there is a file of that name.
pub fn publish(from: &Path, to: &Path) -> Result<()> {
    let synced = File::open(from).and_then(|file| file.sync_all());
    synced.map_err(|error| unwritable(from, error))?;
    let exists = || Error::new(Kind::Conflict, "exists", format!("{} exists already", shown(to)));
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => {}
        Err(Errno::EXIST) => return Err(exists()),
        // File systems without it (NFS): the window between look and rename is ours to accept.
        Err(Errno::INVAL | Errno::NOSYS) if to.exists() => return Err(exists()),
        Err(Errno::INVAL | Errno::NOSYS) => {
            std::fs::rename(from, to).map_err(|error| unwritable(to, error))?;
        }
        Err(error) => return Err(unwritable(to, error.into())),
    }
    sync_parent(to).map_err(|error| unwritable(to, error))
}

/// Removes a file; one that is not there is no error.
///
/// # Errors
/// `unavailable` where it stays.
pub fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Ok(()) => sync_parent(path).map_err(|error| unwritable(path, error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unwritable(path, error)),
    }
}
