//! The way to a webroot, each part of it opened relative to the one before. What may change on the way is a tenant's where the
//! directories are his: a link is followed if it is root's or ours, or if it leads to what belongs to whom the link belongs
//! to. Whoever puts one of his own above the root leads us to nothing but his own.

use std::ffi::OsStr;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path};

use rustix::fs::{FileType, Mode, OFlags, fstat, open, openat, readlinkat};
use rustix::io::Errno;

use super::folder::{WALK, is};

/// As many links as the kernel follows.
const LINKS: usize = 40;
const LINK: OFlags = OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Opens the directory at `path`.
pub(super) fn walk(path: &Path) -> Result<OwnedFd, Errno> {
    let start = if path.is_absolute() { "/" } else { "." };
    let mut links = LINKS;
    along(open(start, WALK, Mode::empty())?, path, &mut links)
}

fn along(mut here: OwnedFd, path: &Path, links: &mut usize) -> Result<OwnedFd, Errno> {
    for part in path.components() {
        here = match part {
            Component::Prefix(_) | Component::CurDir => here,
            Component::RootDir => open("/", WALK, Mode::empty())?,
            Component::ParentDir => openat(&here, "..", WALK, Mode::empty())?,
            Component::Normal(name) => match openat(&here, name, WALK, Mode::empty()) {
                Err(Errno::NOTDIR | Errno::LOOP) => follow(&here, name, links)?,
                opened => opened?,
            },
        };
    }
    Ok(here)
}

fn follow(here: &OwnedFd, name: &OsStr, links: &mut usize) -> Result<OwnedFd, Errno> {
    let link = openat(here, name, LINK, Mode::empty())?;
    let found = fstat(&link)?;
    if !is(&found, FileType::Symlink) {
        return Err(Errno::NOTDIR);
    }
    *links = links.checked_sub(1).ok_or(Errno::LOOP)?;
    // What was looked at is followed: by now the link may be another one.
    let target = readlinkat(&link, "", Vec::new())?;
    let target = Path::new(OsStr::from_bytes(target.to_bytes()));
    let directory = along(openat(here, ".", WALK, Mode::empty())?, target, links)?;
    let is_trusted = [0, rustix::process::geteuid().as_raw()].contains(&found.st_uid);
    match is_trusted || found.st_uid == fstat(&directory)?.st_uid {
        true => Ok(directory),
        false => Err(Errno::LOOP),
    }
}
