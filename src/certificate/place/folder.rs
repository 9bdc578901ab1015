//! The directory of one certificate on this host.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::files::Files;
use super::owner::Owner;
use crate::clock;
use crate::config;
use crate::env::{child, crash, files};
use crate::error::{Error, Kind, Result};
use crate::model::CertificateName;

pub(super) const CURRENT: &str = "current";
pub(super) const PREVIOUS: &str = "previous";
pub(super) const LOCK: &str = ".lock";
/// What is not finished is called by this, and by a dot in front.
const UNFINISHED: &str = ".tmp";
/// How many generations stay: what is served, what was before, and one more for readers that opened it long ago.
const KEPT: usize = 3;

/// Where certificates lie on this host.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The directory of all.
    pub directory: PathBuf,
    /// The group that may read, beside the owner.
    pub group: Option<u32>,
}

/// The directory of one certificate, held by this process alone as long as this lives.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    group: Option<u32>,
    _lock: File,
}

impl Layout {
    /// As it is configured.
    ///
    /// # Errors
    /// `not_found` where there is no such group.
    pub async fn configured(config: &config::Certificate) -> Result<Self> {
        let group = match &config.group {
            Some(name) => Some(
                child::group(name)
                    .await
                    .map_err(|error| error.context("`certificate.group`"))?,
            ),
            None => None,
        };
        Ok(Layout {
            directory: config.directory.clone(),
            group,
        })
    }

    /// Whether this host has a directory of a certificate.
    #[must_use]
    pub fn has(&self, name: &CertificateName) -> bool {
        metadata_of_link(&self.directory.join(name.as_str())).is_some()
    }

    /// Opens the directory of a certificate, made where it is missing. Nothing where another process is at work in it.
    ///
    /// # Errors
    /// `usage`, reason `file`, where a directory is not ours or others may write into it; `unavailable`, reason `file`.
    pub fn open(&self, name: &CertificateName) -> Result<Option<Folder>> {
        let parent = self.directory.parent().filter(|parent| !parent.exists());
        if let Some(parent) = parent {
            files::create_private_dir(parent)?;
        }
        ensure(&self.directory, self.group)?;
        let path = self.directory.join(name.as_str());
        ensure(&path, self.group)?;
        let lock = path.join(LOCK);
        let opened = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&lock)
            .map_err(|error| unwritable(&lock, error))?;
        match flock(&opened, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::AGAIN) => return Ok(None),
            Err(error) => return Err(unwritable(&lock, error.into())),
        }
        Ok(Some(Folder {
            path,
            group: self.group,
            _lock: opened,
        }))
    }

    /// The path by which everybody knows what is served.
    #[must_use]
    pub fn current(&self, name: &CertificateName) -> PathBuf {
        self.directory.join(name.as_str()).join(CURRENT)
    }
}

impl Folder {
    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What `current` leads to: a generation's directory.
    #[must_use]
    pub fn current(&self) -> Option<String> {
        self.link(CURRENT)
    }

    /// What was served before that.
    #[must_use]
    pub fn previous(&self) -> Option<String> {
        self.link(PREVIOUS)
    }

    /// The directory that holds exactly these files under this number, if there is one.
    #[must_use]
    pub fn holds(&self, number: i32, files: &Files) -> Option<String> {
        names(number)
            .map_while(|name| self.path.join(&name).exists().then_some(name))
            .find(|name| {
                let directory = self.path.join(name);
                is_whole(&directory, files)
            })
    }

    /// Writes a generation; when this returns it is whole, on disk, and served by nobody yet. Gives its directory: the
    /// number, or with a suffix where an earlier one of that number holds something else.
    ///
    /// # Errors
    /// `unavailable`, reason `file`; nothing is left of it then.
    pub fn install(&self, number: i32, files: &Files) -> Result<String> {
        self.tidy()?;
        if let Some(name) = self.holds(number, files) {
            return Ok(name);
        }
        let name = names(number)
            .find(|name| !self.path.join(name).exists())
            .unwrap_or_default();
        let unfinished = self.unfinished(&name)?;
        let written = self.write(&unfinished, files).and_then(|()| {
            fs::rename(&unfinished, self.path.join(&name)).map_err(|error| unwritable(&unfinished, error))
        });
        if let Err(error) = written {
            // Best effort: the first error is the one to tell.
            let _ = fs::remove_dir_all(&unfinished);
            return Err(error);
        }
        self.sync()?;
        Ok(name)
    }

    /// Has `current` lead to this directory; what was confirmed `before` is remembered, else what it led to: that may be
    /// what somebody left who died.
    ///
    /// # Errors
    /// `unavailable`, reason `file`; `current` is then as it was.
    pub fn switch(&self, name: &str, before: Option<&str>) -> Result<()> {
        let now = self.current();
        let before = before.or(now.as_deref()).filter(|before| *before != name);
        if let Some(before) = before
            && self.previous().as_deref() != Some(before)
        {
            self.relink(PREVIOUS, before)?;
        }
        if now.as_deref() == Some(name) {
            return Ok(());
        }
        crash::mid_effect()?;
        self.relink(CURRENT, name)
    }

    /// Has `current` lead to this directory again.
    ///
    /// # Errors
    /// As [`Folder::switch`].
    pub fn switch_back(&self, name: &str) -> Result<()> {
        self.relink(CURRENT, name)
    }

    /// Removes the oldest generations.
    ///
    /// # Errors
    /// `unavailable`, reason `file`.
    pub fn prune(&self) -> Result<()> {
        let linked: Vec<String> = [self.current(), self.previous()].into_iter().flatten().collect();
        let mut others: Vec<(u64, u64, String)> = self
            .entries()?
            .into_iter()
            .filter(|name| !linked.contains(name))
            .filter_map(|name| {
                let (number, again) = age(&name)?;
                Some((number, again, name))
            })
            .collect();
        others.sort_unstable();
        let surplus = (others.len() + linked.len())
            .saturating_sub(KEPT)
            .min(others.len());
        for (_, _, name) in &others[..surplus] {
            let path = self.path.join(name);
            fs::remove_dir_all(&path).map_err(|error| unwritable(&path, error))?;
        }
        Ok(())
    }

    fn link(&self, name: &str) -> Option<String> {
        let target = fs::read_link(self.path.join(name)).ok()?;
        target.to_str().map(ToOwned::to_owned)
    }

    fn relink(&self, link: &str, target: &str) -> Result<()> {
        let path = self.path.join(link);
        let unfinished = self.unfinished(link)?;
        symlink(target, &unfinished).map_err(|error| unwritable(&path, error))?;
        if let Err(error) = fs::rename(&unfinished, &path) {
            let _ = fs::remove_file(&unfinished);
            return Err(unwritable(&path, error));
        }
        self.sync()
    }

    fn write(&self, directory: &Path, files: &Files) -> Result<()> {
        let failed = |error| unwritable(directory, error);
        let before = self.path.join(CURRENT);
        DirBuilder::new().mode(0o700).create(directory).map_err(failed)?;
        for file in files.all() {
            let path = directory.join(&file.name);
            let owner = Owner::of(metadata(&before.join(&file.name)).as_ref(), false, self.group);
            let owner = if file.is_secret { owner.secret() } else { owner };
            write(&path, file.text.expose().as_bytes(), owner).map_err(|error| unwritable(&path, error))?;
            crash::mid_effect()?;
        }
        Owner::of(metadata(&before).as_ref(), true, self.group)
            .give(directory)
            .and_then(|()| File::open(directory)?.sync_all())
            .map_err(failed)?;
        match is_whole(directory, files) {
            true => Ok(()),
            false => Err(unwritable(
                directory,
                io::Error::other("what was written reads otherwise"),
            )),
        }
    }

    /// Removes what a process left that was killed.
    pub(super) fn tidy(&self) -> Result<()> {
        for name in self.entries()? {
            if name.starts_with('.') && name.ends_with(UNFINISHED) {
                let path = self.path.join(name);
                let is_directory = metadata_of_link(&path).is_some_and(|found| found.is_dir());
                let removed = match is_directory {
                    true => fs::remove_dir_all(&path),
                    false => fs::remove_file(&path),
                };
                removed.map_err(|error| unwritable(&path, error))?;
            }
        }
        Ok(())
    }

    pub(super) fn entries(&self) -> Result<Vec<String>> {
        let failed = |error| unwritable(&self.path, error);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            names.extend(entry.map_err(failed)?.file_name().into_string());
        }
        Ok(names)
    }

    fn unfinished(&self, name: &str) -> Result<PathBuf> {
        let suffix = u64::from_be_bytes(clock::random::<8>()?);
        Ok(self.path.join(format!(".{name}.{suffix:016x}{UNFINISHED}")))
    }

    /// Has what was done in it on disk.
    pub(super) fn sync(&self) -> Result<()> {
        File::open(&self.path)
            .and_then(|directory| directory.sync_all())
            .map_err(|error| unwritable(&self.path, error))
    }
}

/// `7`, `7.2`, `7.3`, …
fn names(number: i32) -> impl Iterator<Item = String> {
    std::iter::once(number.to_string()).chain((2..1000).map(move |again| format!("{number}.{again}")))
}

/// Which generation a directory is of, and which one of that number; nothing for what is none.
pub(super) fn age(name: &str) -> Option<(u64, u64)> {
    let (number, again) = name.split_once('.').unwrap_or((name, "1"));
    Some((number.parse().ok()?, again.parse().ok()?))
}

fn metadata(path: &Path) -> Option<Metadata> {
    fs::metadata(path).ok()
}

pub(super) fn metadata_of_link(path: &Path) -> Option<Metadata> {
    fs::symlink_metadata(path).ok()
}

/// Whether every file is there and holds what it shall.
fn is_whole(directory: &Path, files: &Files) -> bool {
    let is_right = |file: &super::files::File| {
        fs::read(directory.join(&file.name)).is_ok_and(|found| found == file.text.expose().as_bytes())
    };
    files.all().iter().all(is_right)
}

/// A new file, on disk when this returns. Whatever the umask says, nobody else can read it before it has its mode.
fn write(path: &Path, bytes: &[u8], owner: Owner) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    owner.give(path)?;
    file.sync_all()
}

/// Makes a directory of ours where it is missing; refuses one that somebody else could write into.
fn ensure(path: &Path, group: Option<u32>) -> Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => {
            return Owner::of(None, true, group)
                .give(path)
                .map_err(|error| unwritable(path, error));
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unwritable(path, error)),
    }
    let found = fs::symlink_metadata(path).map_err(|error| unwritable(path, error))?;
    let own = rustix::process::geteuid().as_raw();
    let refuse = |why: &str, mend: &str| {
        let shown = path.display();
        Err(Error::new(Kind::Usage, "file", format!("{shown} {why}")).hint(format!("{mend} {shown}")))
    };
    if !found.is_dir() {
        return refuse("is no directory", "ls -ld");
    }
    if found.uid() != own && found.uid() != 0 {
        return refuse("belongs to another user, who could exchange keys", "chown root");
    }
    if found.mode() & 0o022 != 0 {
        return refuse("can be written by others, who could exchange keys", "chmod go-w");
    }
    Ok(())
}

pub(super) fn unwritable(path: &Path, error: io::Error) -> Error {
    let message = format!("{} cannot be written: {error}", path.display());
    Error::new(Kind::Unavailable, "file", message).source(error)
}
