//! What the files on this host say about when certificates end: known without anybody else.

use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use crate::certificate::x509::Chain;
use crate::env::files;
use crate::error::Result;

/// What ended longer ago is served by nobody: files of certificates that are no longer wanted stay.
const FORGOTTEN: Duration = Duration::from_secs(30 * 86_400);

/// A certificate on this host that is about to end, or has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// By what it is called.
    pub name: String,
    /// When; nothing where that cannot be read.
    pub not_after: Option<Timestamp>,
}

/// The certificates below `directory` that end before `within` has passed, by name. One that cannot be read may be among
/// them.
#[must_use]
pub fn ending(directory: &Path, now: Timestamp, within: Duration) -> Vec<Ending> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut found: Vec<Ending> = entries
        .filter_map(|entry| {
            let current = entry.path().join(super::folder::CURRENT);
            fs::symlink_metadata(&current).ok()?;
            let not_after = end(&current.join("cert.pem")).ok();
            let name = entry.file_name().to_string_lossy().into_owned();
            Some(Ending { name, not_after })
        })
        .filter(|ending| ending.not_after.is_none_or(|at| is_ending(at, now, within)))
        .collect();
    found.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    found
}

fn end(path: &Path) -> Result<Timestamp> {
    Ok(Chain::read(&files::read_public(path)?)?.leaf().not_after)
}

fn is_ending(at: Timestamp, now: Timestamp, within: Duration) -> bool {
    let seconds = |length: Duration| i64::try_from(length.as_secs()).unwrap_or(i64::MAX);
    let left = at.as_second() - now.as_second();
    left < seconds(within) && left > -seconds(FORGOTTEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_soon_or_ended_lately_is_told() {
        let now = Timestamp::from_second(1_800_000_000).expect("a time");
        let week = Duration::from_secs(7 * 86_400);
        let is = |days: i64| {
            let at = Timestamp::from_second(1_800_000_000 + days * 86_400).expect("a time");
            is_ending(at, now, week)
        };
        assert!(is(6) && is(0) && is(-29));
        assert!(!is(7) && !is(60) && !is(-30));
    }

    #[test]
    fn what_cannot_be_read_may_be_about_to_end() {
        let place = tempfile::tempdir().expect("a directory");
        let now = Timestamp::from_second(1_800_000_000).expect("a time");
        let find = || ending(place.path(), now, Duration::from_secs(1));
        fs::create_dir_all(place.path().join("a.test/1")).expect("a directory");
        assert!(find().is_empty(), "nothing is served");
        std::os::unix::fs::symlink("1", place.path().join("a.test/current")).expect("a link");
        let unread = Ending {
            name: "a.test".to_owned(),
            not_after: None,
        };
        assert_eq!(find(), [unread]);
        assert!(ending(Path::new("/nowhere"), now, Duration::from_secs(1)).is_empty());
    }
}
