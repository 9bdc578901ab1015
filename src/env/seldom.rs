//! Saying something once in a while, however many processes of this host want to. What was said when is remembered in a
//! file; where it cannot be, it is said each time.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rustix::fs::{FlockOperation, Mode, OFlags, flock};
use rustix::io::Errno;

use super::files;

/// Calls `say` unless some process did so by `name` in less than `every` before `now`, or does just now. It is said first
/// and remembered afterwards.
pub fn say(directory: &Path, name: &str, every: Duration, now: Timestamp, say: impl FnOnce()) {
    let Some(file) = open(directory, name) else {
        return say();
    };
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        // Somebody is saying it.
        Err(Errno::AGAIN) => return,
        Err(_) => return say(),
    }
    if last(&file).is_some_and(|last| is_recent(last, now, every)) {
        return;
    }
    say();
    // What cannot be remembered is said again.
    if let Err(error) = remember(&file, now) {
        tracing::debug!(%error, "it cannot be remembered that it was said");
    }
}

fn open(directory: &Path, name: &str) -> Option<File> {
    if !directory.exists() {
        files::create_private_dir(directory).ok()?;
    }
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = rustix::fs::open(directory.join(name), flags, Mode::RUSR | Mode::WUSR);
    let file = File::from(opened.ok()?);
    file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    Some(file)
}

fn last(mut file: &File) -> Option<i64> {
    let mut text = String::new();
    std::io::Read::by_ref(&mut file)
        .take(32)
        .read_to_string(&mut text)
        .ok()?;
    text.trim_end().parse().ok()
}

/// A clock that was put back forgets.
fn is_recent(last: i64, now: Timestamp, every: Duration) -> bool {
    let every = i64::try_from(every.as_secs()).unwrap_or(i64::MAX);
    let passed = now.as_second().saturating_sub(last);
    (0..every).contains(&passed)
}

fn remember(mut file: &File, now: Timestamp) -> std::io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    writeln!(file, "{}", now.as_second())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::os::unix::fs::symlink;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("a time")
    }

    #[test]
    fn it_is_said_once_in_a_while() {
        let place = tempfile::tempdir().expect("a directory");
        let directory = place.path().join("state");
        let count = Cell::new(0);
        let try_at = |second: i64, every: Duration| {
            say(&directory, "down", every, at(second), || {
                count.set(count.get() + 1);
            });
            count.get()
        };
        assert_eq!([0, 1, 3599].map(|second| try_at(second, HOUR)), [1, 1, 1]);
        assert_eq!([3600, 3660, 7199].map(|second| try_at(second, HOUR)), [2, 2, 2]);
        assert_eq!(try_at(7200, Duration::ZERO), 3);
        assert_eq!(try_at(7100, HOUR), 4, "the clock was put back");
        // Somebody is saying it at this moment.
        let held = open(&directory, "down").expect("a file");
        flock(&held, FlockOperation::NonBlockingLockExclusive).expect("held");
        assert_eq!(try_at(90_000, HOUR), 4);
    }

    #[test]
    fn what_cannot_be_remembered_is_said_each_time() {
        let place = tempfile::tempdir().expect("a directory");
        let count = Cell::new(0);
        let file = place.path().join("file");
        std::fs::write(&file, "").expect("a file");
        symlink(&file, place.path().join("down")).expect("a link");
        for directory in [place.path(), file.as_path()] {
            for _ in 0..2 {
                say(directory, "down", HOUR, at(0), || count.set(count.get() + 1));
            }
        }
        assert_eq!(count.get(), 4, "a link, and no directory");
        assert_eq!(std::fs::read(&file).expect("a file"), b"");
    }
}
