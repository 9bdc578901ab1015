//! Whose the files are and who may read them: what the operator gave those of the generation before is kept.

use std::fs::{self, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

const ALL: u32 = 0o777;
const FOR_EVERYBODY: u32 = 0o007;

/// Mode and owner of something that is going to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) mode: u32,
    pub(super) user: Option<u32>,
    pub(super) group: Option<u32>,
}

impl Owner {
    /// As `before` was, else `0700` for a directory and `0600` for a file; for the configured group to read.
    pub(super) fn of(before: Option<&Metadata>, is_directory: bool, group: Option<u32>) -> Self {
        let (whole, readable) = if is_directory {
            (0o700, 0o050)
        } else {
            (0o600, 0o040)
        };
        let kept = before.map_or(0, |before| before.mode() & ALL);
        Owner {
            mode: kept | whole | if group.is_some() { readable } else { 0 },
            user: before.map(MetadataExt::uid),
            group: group.or(before.map(MetadataExt::gid)),
        }
    }

    /// Not for everybody, whatever was before.
    pub(super) fn secret(self) -> Self {
        Owner {
            mode: self.mode & !FOR_EVERYBODY,
            ..self
        }
    }

    /// Gives it to whom it belongs. The mode comes last: what is not theirs yet is nobody else's either.
    pub(super) fn give(self, path: &Path) -> io::Result<()> {
        let now = fs::symlink_metadata(path)?;
        let user = self.user.filter(|user| *user != now.uid());
        let group = self.group.filter(|group| *group != now.gid());
        if user.is_some() || group.is_some() {
            chown(path, user, group)?;
        }
        fs::set_permissions(path, Permissions::from_mode(self.mode))
    }
}
