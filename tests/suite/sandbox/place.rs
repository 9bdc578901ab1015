//! Where tests make their sandboxes, and what must be true of it afterwards.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use hostctl::env::child::{self, Process};
use hostctl::sandbox::{Lifetime, Options, Parts, Sandbox};
use tokio_postgres::{Client, NoTls};

/// A directory that the service user can reach and that is not there yet.
pub struct Place {
    pub outer: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Place {
        let outer = tempfile::Builder::new()
            .prefix("sandbox-")
            .tempdir_in("/tmp")
            .expect("directory");
        fs::set_permissions(outer.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        Place { outer }
    }

    pub fn path(&self) -> PathBuf {
        self.outer.path().join("box")
    }

    pub fn options(&self, parts: Parts) -> Options {
        Options {
            parts,
            lifetime: Lifetime::WithParent,
            ..Options::new(self.path())
        }
    }

    /// Nothing in the file system, no process that works there or was told to.
    pub fn assert_untouched(&self) {
        assert!(!self.path().exists(), "{} is left", self.path().display());
        assert_eq!(processes_of(&self.path()), Vec::<String>::new());
    }
}

pub fn processes_of(directory: &Path) -> Vec<String> {
    let directory = directory.to_string_lossy().into_owned();
    let text = |path: String| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).replace('\0', " ");
    child::running()
        .into_iter()
        .filter_map(|running| {
            let pid = running.process.pid;
            let line = text(format!("/proc/{pid}/cmdline"));
            let cwd = fs::read_link(format!("/proc/{pid}/cwd")).unwrap_or_default();
            let is_there = line.contains(&directory) || cwd.to_string_lossy().starts_with(&directory);
            (is_there && running.process.is_alive()).then(|| format!("{pid} {line}"))
        })
        .collect()
}

pub fn segments_of(process: Process) -> usize {
    let table = fs::read_to_string("/proc/sysvipc/shm").expect("segments");
    let creator = process.pid.to_string();
    table
        .lines()
        .filter(|line| line.split_ascii_whitespace().nth(4) == Some(&creator))
        .count()
}

pub async fn control(sandbox: &Sandbox) -> Client {
    let (client, connection) = sandbox
        .control()
        .expect("configuration")
        .connect(NoTls)
        .await
        .expect("connection");
    tokio::spawn(connection);
    client
}
