//! The files of a setup that is not through yet: gone with it, unless it is kept.

use std::path::{Path, PathBuf};

use crate::env::files;
use crate::error::Result;

/// What was made so far. Dropping it takes everything away again.
#[derive(Debug, Default)]
pub(super) struct Made {
    directories: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Made {
    /// Makes a private directory where it is missing.
    pub(super) fn directory(&mut self, path: &Path) -> Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        let missing = path.ancestors().take_while(|ancestor| !ancestor.exists());
        self.directories = missing.map(Path::to_owned).collect();
        files::create_private_dir(path)
    }

    /// Makes a private file that must not be there yet.
    pub(super) fn file(&mut self, path: &Path, text: &str) -> Result<()> {
        files::write_private(path, text.as_bytes())?;
        self.remember(path);
        Ok(())
    }

    /// A file that was made elsewhere is taken away, too.
    pub(super) fn remember(&mut self, path: &Path) {
        self.files.push(path.to_owned());
    }

    /// Everything stays.
    pub(super) fn keep(mut self) {
        self.files.clear();
        self.directories.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for path in &self.files {
            // Best effort: the first error is the one to tell.
            let _ = std::fs::remove_file(path);
        }
        for path in &self.directories {
            let _ = std::fs::remove_dir(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_is_taken_away_and_nothing_else() {
        let root = tempfile::tempdir().expect("a directory");
        let deep = root.path().join("a/b");
        let mut made = Made::default();
        made.directory(&deep).expect("made");
        made.file(&deep.join("x"), "text").expect("made");
        assert!(made.file(&deep.join("x"), "again").is_err());
        assert!(deep.join("x").exists());
        drop(made);
        assert!(!root.path().join("a").exists());
        assert!(root.path().exists());
    }

    #[test]
    fn what_is_kept_stays() {
        let root = tempfile::tempdir().expect("a directory");
        let path = root.path().join("a/x");
        let mut made = Made::default();
        made.directory(&root.path().join("a")).expect("made");
        made.file(&path, "text").expect("made");
        made.keep();
        assert_eq!(std::fs::read_to_string(path).expect("there"), "text");
    }
}
