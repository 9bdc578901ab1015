//! Taking a certificate off a host: what we put into its directory, and nothing that somebody else put there.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::files::PARTS;
use super::folder::{CURRENT, Folder, LOCK, PREVIOUS, age, metadata_of_link, unwritable};
use crate::error::Result;

impl Folder {
    /// Removes every generation and both links, the link that servers read first: who opens it finds all or nothing. The
    /// directory goes where nothing is left in it. Gives what others left there, by name.
    ///
    /// # Errors
    /// `unavailable`, reason `file`; the next call does what is left.
    pub fn remove(self) -> Result<Vec<String>> {
        for link in [CURRENT, PREVIOUS] {
            let path = self.path().join(link);
            if metadata_of_link(&path).is_some_and(|found| found.is_symlink()) {
                fs::remove_file(&path).map_err(|error| unwritable(&path, error))?;
            }
        }
        self.sync()?;
        self.tidy()?;
        for name in self.entries()?.iter().filter(|name| age(name).is_some()) {
            let path = self.path().join(name);
            if metadata_of_link(&path).is_some_and(|found| found.is_dir()) {
                remove_generation(&path).map_err(|error| unwritable(&path, error))?;
            }
        }
        let mut others = self.entries()?;
        others.retain(|name| name != LOCK);
        others.sort();
        if others.is_empty() {
            let lock = self.path().join(LOCK);
            fs::remove_file(&lock)
                .and_then(|()| fs::remove_dir(self.path()))
                .map_err(|error| unwritable(self.path(), error))?;
        }
        Ok(others)
    }
}

/// The parts of a generation, and its directory where nothing else is in it.
fn remove_generation(path: &Path) -> io::Result<()> {
    for part in PARTS {
        match fs::remove_file(path.join(format!("{part}.pem"))) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    match fs::remove_dir(path) {
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
        removed => removed,
    }
}
