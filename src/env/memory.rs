//! Files that are in memory only: for what a child has to be given as a file and must not stay on any disk, such as a
//! password. Whatever becomes of us, they are gone with us.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::path::PathBuf;

use rustix::fs::{MemfdFlags, Mode};

use crate::error::{Error, Result};

/// A file in memory that our own user alone can read.
#[derive(Debug)]
pub struct MemoryFile(File);

impl MemoryFile {
    /// Holds `bytes`.
    ///
    /// # Errors
    /// `internal` where the kernel gives none.
    pub fn new(bytes: &[u8]) -> Result<Self> {
        let made = || -> std::io::Result<File> {
            let descriptor = rustix::fs::memfd_create("hostctl", MemfdFlags::CLOEXEC)?;
            rustix::fs::fchmod(&descriptor, Mode::RUSR | Mode::WUSR)?;
            let mut file = File::from(descriptor);
            file.write_all(bytes)?;
            Ok(file)
        };
        made().map(MemoryFile).map_err(refused)
    }

    /// Where children of ours find it, as long as this value lives.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        format!("/proc/{}/fd/{}", std::process::id(), self.0.as_raw_fd()).into()
    }

    /// What is in it now, up to `limit` bytes.
    ///
    /// # Errors
    /// `usage` where there is more, or no UTF-8.
    pub fn text(&mut self, limit: u64) -> Result<String> {
        let mut text = String::new();
        self.0.rewind().map_err(refused)?;
        let length = (&self.0).take(limit + 1).read_to_string(&mut text);
        match length {
            Ok(length) if length as u64 <= limit => Ok(text),
            Ok(_) => Err(Error::invalid(format!("more than {} MiB", limit >> 20))),
            Err(error) => Err(Error::invalid("not valid UTF-8").source(error)),
        }
    }
}

fn refused(error: std::io::Error) -> Error {
    Error::internal(format!("the kernel gives no file in memory: {error}")).source(error)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;
    use crate::env::child::{Spec, run};

    #[tokio::test]
    async fn a_child_reads_and_writes_it_and_others_may_not() {
        let mut file = MemoryFile::new(b"given").expect("a file");
        let metadata = std::fs::metadata(file.path()).expect("metadata");
        assert!(metadata.is_file());
        assert_eq!(metadata.mode() & 0o777, 0o600);
        let script = "cat \"$0\" && printf said > \"$0\"";
        let spec = Spec::new("sh")
            .argument("-c")
            .argument(script)
            .argument(file.path());
        let output = run(spec).await.expect("run");
        assert_eq!(output.stdout, b"given");
        assert_eq!(file.text(10).expect("text"), "said");
        assert!(file.text(3).is_err());
        let path = file.path();
        drop(file);
        assert!(!path.exists());
    }
}
