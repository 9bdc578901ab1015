//! `sandbox.json`: what runs in a sandbox, written before a server is started and after, so that whoever finds the
//! directory, also after a kill in the middle, knows what to end.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::files;
use crate::env::child::{Lifetime, Process};
use crate::error::{Error, Kind, Result};

/// A server that a sandbox can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Name {
    /// The databases: control and tenants'.
    Postgres,
    /// The DNS server.
    Powerdns,
    /// IMAP and LMTP.
    Dovecot,
    /// A transaction pooler in front of PostgreSQL.
    Pgbouncer,
}

impl Name {
    /// The word for people, files and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Name::Postgres => "postgres",
            Name::Powerdns => "powerdns",
            Name::Dovecot => "dovecot",
            Name::Pgbouncer => "pgbouncer",
        }
    }
}

/// How far `up` has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Phase {
    Starting,
    Up,
    Stopping,
}

/// One server: its ports in the order its module documents, and its process once started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub ports: Vec<u16>,
    pub process: Option<Process>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// Identities of processes count from this boot of the host.
    boot: String,
    pub phase: Phase,
    /// Whether the servers die with the process that started them.
    is_bound: bool,
    pub has_tls: bool,
    pub servers: BTreeMap<Name, Entry>,
}

impl State {
    pub fn lifetime(&self) -> Lifetime {
        if self.is_bound {
            Lifetime::WithParent
        } else {
            Lifetime::Detached
        }
    }
}

/// The state and its file, kept equal.
pub(super) struct Record {
    path: PathBuf,
    state: Mutex<State>,
}

impl Record {
    /// Begins a sandbox: phase `starting`, nothing runs.
    pub fn begin(path: PathBuf, lifetime: Lifetime, has_tls: bool) -> Result<Record> {
        let state = State {
            boot: boot(),
            phase: Phase::Starting,
            is_bound: lifetime == Lifetime::WithParent,
            has_tls,
            servers: BTreeMap::new(),
        };
        let record = Record {
            path,
            state: Mutex::new(state),
        };
        record.change(|_| ())?;
        Ok(record)
    }

    /// What the file says; `None` where there is none or a kill left it unreadable. After a reboot nothing runs.
    /// `denied` where it is another user's.
    pub fn read(path: &Path) -> Result<Option<Record>> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(files::failed("read", path, error)),
        };
        let Ok(mut state) = serde_json::from_str::<State>(&text) else {
            return Ok(None);
        };
        if state.boot != boot() {
            state.servers.values_mut().for_each(|entry| entry.process = None);
        }
        Ok(Some(Record {
            path: path.to_owned(),
            state: Mutex::new(state),
        }))
    }

    pub fn get(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn change(&self, change: impl FnOnce(&mut State)) -> Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        let json = serde_json::to_string_pretty(&*state)
            .map_err(|error| Error::internal("cannot write the state of a sandbox").source(error))?;
        files::write(&self.path, &(json + "\n"), None)
    }

    pub fn entry(&self, name: Name) -> Option<Entry> {
        self.get().servers.remove(&name)
    }

    /// The ports of a server that has been started; `not_found` for one that has not.
    pub fn ports(&self, name: Name) -> Result<Vec<u16>> {
        let missing = || {
            Error::new(
                Kind::NotFound,
                "not_found",
                format!("this sandbox has no {}", name.word()),
            )
        };
        self.entry(name).map(|entry| entry.ports).ok_or_else(missing)
    }
}

fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .unwrap_or_default()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_back_and_an_unreadable_one_is_none() {
        let directory = tempfile::tempdir().expect("directory");
        let path = directory.path().join("sandbox.json");
        assert!(Record::read(&path).expect("read").is_none());
        let record = Record::begin(path.clone(), Lifetime::Detached, false).expect("begin");
        let entry = Entry {
            ports: vec![5432],
            process: Process::of(std::process::id()),
        };
        record
            .change(|state| drop(state.servers.insert(Name::Postgres, entry.clone())))
            .expect("change");
        let read = Record::read(&path).expect("read").expect("a record");
        assert_eq!(read.entry(Name::Postgres), Some(entry));
        assert_eq!(read.get(), record.get());
        assert_eq!(
            read.ports(Name::Dovecot).expect_err("none").kind(),
            Kind::NotFound
        );
        fs::write(&path, "{\"boot\":").expect("write");
        assert!(Record::read(&path).expect("read").is_none());
    }

    #[test]
    fn after_a_reboot_no_process_is_ours() {
        let directory = tempfile::tempdir().expect("directory");
        let path = directory.path().join("sandbox.json");
        let record = Record::begin(path.clone(), Lifetime::Detached, false).expect("begin");
        let entry = Entry {
            ports: vec![5432],
            process: Process::of(std::process::id()),
        };
        record
            .change(|state| {
                state.servers.insert(Name::Postgres, entry);
                "another".clone_into(&mut state.boot);
            })
            .expect("change");
        let read = Record::read(&path).expect("read").expect("a record");
        assert_eq!(read.entry(Name::Postgres).expect("entry").process, None);
    }
}
