//! The folder of tokens below a webroot, held open. Below the root every part is opened relative to the one before it and
//! never through a link; what is there is read only where it is a regular file, and no further than our own words reach;
//! modes and an owner are given only to what was made here.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{
    Access, AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, accessat, fchmod, fstat, mkdirat, openat,
    statat, unlinkat,
};
use rustix::io::Errno;

use super::{PATH, way};
use crate::clock;
use crate::error::{Error, Kind, Result};

/// Everybody may read it: the web server runs as somebody else.
const FILE: u32 = 0o644;
const DIRECTORY: u32 = 0o755;
/// A directory to walk in; one that we may not list is as good.
pub(super) const WALK: OFlags = OFlags::PATH
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);
const LIST: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// NONBLOCK: neither a FIFO nor a lease on the file must keep us waiting.
const READ: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);
const WRITE: OFlags = OFlags::WRONLY
    .union(OFlags::CREATE)
    .union(OFlags::EXCL)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);
/// How long a look before an order can last, and more than that.
const OLD_S: i64 = 3600;
/// How many names of a folder are read: whoever owns it may fill it.
const LISTED: usize = 10_000;

/// A directory below a webroot, or the root itself.
#[derive(Debug)]
pub(super) struct Folder {
    directory: OwnedFd,
    path: PathBuf,
}

/// What comes of one step into a directory.
enum Step {
    /// It is here.
    Into(Folder),
    /// There is nothing.
    Missing,
    /// There is something that we do not enter, and why.
    Barred(Error),
}

/// What stands under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    /// Our text.
    Ours,
    /// Its beginning: whoever wrote it died.
    Part,
    /// Somebody else's.
    Other,
}

impl Folder {
    /// The folder below `root`; what is missing of it is made, but never the root.
    pub(super) fn make(root: &Path) -> Result<Folder> {
        let mut here = Folder::at(root)?;
        for part in parts() {
            here = match here.enter(part)? {
                Step::Into(next) => next,
                Step::Missing => here.create(part)?,
                Step::Barred(error) => return Err(error),
            };
        }
        Ok(here)
    }

    /// As much of the folder as is there.
    pub(super) fn deepest(root: &Path) -> Result<Folder> {
        let mut here = Folder::at(root)?;
        for part in parts() {
            here = match here.enter(part)? {
                Step::Into(next) => next,
                Step::Missing => break,
                Step::Barred(error) => return Err(error),
            };
        }
        Ok(here)
    }

    /// The folder below `root`, where there is one: what took its place is not what we wrote into.
    pub(super) fn find(root: &Path) -> Result<Option<Folder>> {
        let mut step = Folder::root(root)?;
        for part in parts() {
            step = match step {
                Step::Into(here) => here.enter(part)?,
                Step::Missing | Step::Barred(_) => return Ok(None),
            };
        }
        Ok(match step {
            Step::Into(here) => Some(here),
            Step::Missing | Step::Barred(_) => None,
        })
    }

    fn at(root: &Path) -> Result<Folder> {
        match Folder::root(root)? {
            Step::Into(here) => Ok(here),
            Step::Missing => Err(refused(root, "does not exist").hint(
                "name the directory from which the web server serves files: of the path only .well-known/acme-challenge is made",
            )),
            Step::Barred(error) => Err(error),
        }
    }

    fn root(root: &Path) -> Result<Step> {
        step(way::walk(root), root.components().collect())
    }

    fn enter(&self, part: &str) -> Result<Step> {
        step(
            openat(&self.directory, part, WALK, Mode::empty()),
            self.path.join(part),
        )
    }

    /// Makes a directory that everybody can read whatever the umask; somebody else may be doing the same.
    fn create(&self, part: &str) -> Result<Folder> {
        let made = match mkdirat(&self.directory, part, Mode::from_raw_mode(DIRECTORY)) {
            Err(Errno::EXIST) => Ok(false),
            made => made.map(|()| true),
        };
        let is_ours = made.map_err(|error| self.unwritable(error))?;
        match self.enter(part)? {
            Step::Into(next) => {
                if is_ours {
                    next.settle(self).map_err(|error| next.unwritable(error))?;
                }
                Ok(next)
            }
            Step::Missing => Err(self.unwritable(Errno::NOENT)),
            Step::Barred(error) => Err(error),
        }
    }

    /// Gives a directory that was just made its mode, and to whom the one above belongs: he can remove it then. If he has put
    /// another one in its place by now, it gets nothing unless it is as good as ours.
    fn settle(&self, above: &Folder) -> Result<(), Errno> {
        let directory = openat(&self.directory, ".", LIST, Mode::empty())?;
        let (found, owner) = (fstat(&directory)?, fstat(&above.directory)?);
        let us = rustix::process::geteuid();
        if found.st_uid != us.as_raw() || names(&directory)?.next().is_some() {
            return Ok(());
        }
        fchmod(&directory, Mode::from_raw_mode(DIRECTORY))?;
        if us.is_root() && owner.st_uid != found.st_uid {
            // Where we may not give it away (a container, NFS) it can be read all the same.
            let given = std::os::unix::fs::fchown(&directory, Some(owner.st_uid), Some(owner.st_gid));
            tracing::debug!(path = %self.path.display(), ?given, "a directory for tokens was made");
        }
        Ok(())
    }

    pub(super) fn check_writable(&self) -> Result<()> {
        let wanted = Access::WRITE_OK | Access::EXEC_OK;
        accessat(&self.directory, ".", wanted, AtFlags::EACCESS).map_err(|error| self.unwritable(error))
    }

    /// Writes a file that is not there yet, or not whole.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<()> {
        match self.look(name, text)? {
            Found::Ours => return Ok(()),
            Found::Part => self.remove(name, text)?,
            Found::Nothing => {}
            Found::Other => {
                let path = self.path.join(name);
                return Err(refused(&path, "is there already, and is not ours")
                    .hint(format!("move it away: ls -l {}", path.display())));
            }
        }
        let opened = openat(&self.directory, name, WRITE, Mode::from_raw_mode(FILE));
        let mut file = File::from(opened.map_err(|error| self.unwritable(error))?);
        let written = file
            .write_all(text.as_bytes())
            // Whatever the umask.
            .and_then(|()| Ok(fchmod(&file, Mode::from_raw_mode(FILE))?));
        written.map_err(|error| {
            // Best effort: the first error is the one to tell.
            let _ = self.remove(name, text);
            self.unwritable(error)
        })
    }

    /// Removes a file if it holds our text or the beginning of it.
    pub(super) fn remove(&self, name: &str, text: &str) -> Result<()> {
        match self.look(name, text)? {
            Found::Nothing | Found::Other => return Ok(()),
            Found::Ours | Found::Part => {}
        }
        match unlinkat(&self.directory, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(self.unwritable(error)),
        }
    }

    /// Whether a file holds our text.
    pub(super) fn holds(&self, name: &str, text: &str) -> bool {
        self.look(name, text).is_ok_and(|found| found == Found::Ours)
    }

    fn look(&self, name: &str, text: &str) -> Result<Found> {
        let file = match openat(&self.directory, name, READ, Mode::empty()) {
            Ok(descriptor) => File::from(descriptor),
            Err(Errno::NOENT) => return Ok(Found::Nothing),
            // A link, a socket, a file that somebody has a lease on.
            Err(Errno::LOOP | Errno::NXIO | Errno::AGAIN) => return Ok(Found::Other),
            Err(error) => return Err(self.unwritable(error)),
        };
        read(file, text).map_err(|error| self.unwritable(error))
    }

    /// The files whose names begin with `prefix` and that were written long ago.
    pub(super) fn old(&self, prefix: &str) -> Vec<String> {
        let directory = openat(&self.directory, ".", LIST, Mode::empty());
        let Ok(names) = directory.and_then(|directory| names(&directory)) else {
            return Vec::new();
        };
        let before = clock::now().as_second() - OLD_S;
        names
            .take(LISTED)
            .filter(|name| name.starts_with(prefix))
            .filter(|name| {
                let found = statat(&self.directory, name.as_str(), AtFlags::SYMLINK_NOFOLLOW);
                found.is_ok_and(|found| is(&found, FileType::RegularFile) && found.st_mtime < before)
            })
            .collect()
    }

    fn unwritable(&self, error: impl Into<io::Error>) -> Error {
        refused(&self.path, &format!("cannot be written: {}", error.into()))
            .hint("a webroot has to be a directory that hostctl may write")
    }
}

fn parts() -> impl Iterator<Item = &'static str> {
    PATH.trim_matches('/').split('/')
}

fn step(opened: Result<OwnedFd, Errno>, path: PathBuf) -> Result<Step> {
    match opened {
        Ok(directory) => Ok(Step::Into(Folder { directory, path })),
        Err(Errno::NOENT) => Ok(Step::Missing),
        Err(Errno::NOTDIR | Errno::LOOP) => Ok(Step::Barred(barred(&path))),
        Err(error) => Err(refused(
            &path,
            &format!("cannot be entered: {}", io::Error::from(error)),
        )),
    }
}

fn barred(path: &Path) -> Error {
    let is_link = |part: &&Path| {
        let found = statat(CWD, *part, AtFlags::SYMLINK_NOFOLLOW);
        found.is_ok_and(|found| is(&found, FileType::Symlink))
    };
    // What is below a link is no more followed than the link.
    match path.ancestors().find(is_link) {
        Some(link) => refused(link, "is a symbolic link, which is not followed")
            .hint(format!("remove the link: rm {}", link.display())),
        None => refused(path, "is no directory").hint(format!(
            "move it away, or make a directory of it: ls -l {}",
            path.display()
        )),
    }
}

pub(super) fn is(found: &Stat, kind: FileType) -> bool {
    FileType::from_raw_mode(found.st_mode) == kind
}

/// What a directory holds, as far as it is text.
fn names(directory: &OwnedFd) -> Result<impl Iterator<Item = String> + use<>, Errno> {
    let entries = Dir::read_from(directory)?;
    Ok(entries
        .map_while(Result::ok)
        .filter_map(|entry| entry.file_name().to_str().ok().map(str::to_owned))
        .filter(|name| !matches!(name.as_str(), "." | "..")))
}

fn read(file: File, text: &str) -> io::Result<Found> {
    if !file.metadata()?.is_file() {
        return Ok(Found::Other);
    }
    let mut found = Vec::new();
    // One byte more than ours is enough to know that it is not ours.
    file.take(text.len() as u64 + 1).read_to_end(&mut found)?;
    Ok(match text.as_bytes().strip_prefix(&found[..]) {
        Some([]) => Found::Ours,
        Some(_) => Found::Part,
        None => Found::Other,
    })
}

fn refused(path: &Path, why: &str) -> Error {
    Error::new(Kind::Unavailable, "webroot", format!("{} {why}", path.display()))
}
