//! What all servers of a sandbox have in common: getting ports, being started, watched until ready, and ended.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use super::files;
use super::ground::Ground;
use super::ports::{self, Port};
use super::state::{Entry, Name};
use crate::clock;
use crate::env::child::{self, Process, Running, Signal, Spec};
use crate::error::{Error, Result};

/// How long a server may take to answer after its start.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How long a server may take to end after its signal.
pub(super) const END_WITHIN: Duration = Duration::from_secs(10);
/// How often an answer is looked for.
const POLL: Duration = Duration::from_millis(5);
/// How often a server that found its port taken gets another.
const ATTEMPTS: usize = 5;

/// One kind of server.
pub(super) trait Server {
    const NAME: Name;
    /// How many ports it listens on.
    const PORTS: usize;
    /// What ends it in good order.
    const STOP: Signal;

    /// Writes its configuration for these ports.
    fn configure(&self, ground: &Ground, ports: &[u16]) -> Result<()>;

    /// How it is started, staying in the foreground.
    fn command(&self, ground: &Ground) -> Result<Spec>;

    /// Whether this process, and nobody else on its ports, answers.
    async fn is_ready(&self, ground: &Ground, process: Process, ports: &[u16]) -> bool;
}

/// Starts a server for the first time: chooses ports, configures, starts, waits until it answers.
pub(super) async fn start<S: Server>(ground: &Ground, server: &S) -> Result<()> {
    for _ in 0..ATTEMPTS {
        let reserved = (0..S::PORTS)
            .map(|_| Port::reserve())
            .collect::<Result<Vec<Port>>>()?;
        let numbers: Vec<u16> = reserved.iter().map(Port::number).collect();
        server.configure(ground, &numbers)?;
        if launch(ground, server, &numbers).await? {
            ground.hold(reserved);
            return Ok(());
        }
    }
    Err(Error::unavailable(format!(
        "{} found its ports taken {ATTEMPTS} times",
        S::NAME.word()
    )))
}

/// Starts a server that has been up before, as it was configured then, on the same ports.
pub(super) async fn start_again<S: Server>(ground: &Ground, server: &S) -> Result<()> {
    let numbers = ground.record.ports(S::NAME)?;
    if launch(ground, server, &numbers).await? {
        return Ok(());
    }
    Err(Error::unavailable(format!(
        "a port of {} is taken by another program",
        S::NAME.word()
    )))
}

/// `false` where another program has taken a port in the meantime. That is seen by trying the port, since each server
/// says it in its own words.
async fn launch<S: Server>(ground: &Ground, server: &S, numbers: &[u16]) -> Result<bool> {
    let log = ground.log(S::NAME);
    let log_begin = fs::metadata(&log).map_or(0, |metadata| metadata.len());
    let spec = server.command(ground)?.death_signal(S::STOP);
    let entry = |process| Entry {
        ports: numbers.to_vec(),
        process,
    };
    ground
        .record
        .change(|state| drop(state.servers.insert(S::NAME, entry(None))))?;
    let process = child::spawn_server(&spec, &log, ground.lifetime)?;
    ground
        .record
        .change(|state| drop(state.servers.insert(S::NAME, entry(Some(process)))))?;
    let deadline = clock::deadline(READY_WITHIN);
    loop {
        let is_ready = server.is_ready(ground, process, numbers).await;
        if !process.is_alive() {
            child::stop(process, Signal::Kill, END_WITHIN).await?;
            if numbers.iter().any(|number| !ports::is_free(*number)) {
                return Ok(false);
            }
            return Err(Error::unavailable(format!(
                "{} ended while starting{}",
                S::NAME.word(),
                said(&log, log_begin)
            )));
        }
        if is_ready {
            return Ok(true);
        }
        if clock::instant() >= deadline {
            child::stop(process, S::STOP, END_WITHIN).await?;
            return Err(Error::unavailable(format!(
                "{} does not answer{}",
                S::NAME.word(),
                said(&log, log_begin)
            )));
        }
        tokio::time::sleep(POLL).await;
    }
}

/// The last lines of a log after `begin`.
fn said(log: &Path, begin: u64) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let new = bytes
        .get(usize::try_from(begin).unwrap_or(0)..)
        .unwrap_or_default();
    let text = String::from_utf8_lossy(new);
    let mut last: Vec<&str> = text
        .lines()
        .rev()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .take(4)
        .collect();
    last.reverse();
    if last.is_empty() {
        String::new()
    } else {
        format!(": {}", last.join("; "))
    }
}

/// Ends a server with `signal`; one that does not run is no error.
pub(super) async fn stop(ground: &Ground, name: Name, signal: Signal) -> Result<()> {
    match ground.record.entry(name).and_then(|entry| entry.process) {
        Some(process) => child::stop(process, signal, END_WITHIN).await.map(drop),
        None => Ok(()),
    }
}

/// Ends every program of a sandbox that still works in `directory`, whether or not it is in the record: a kill between
/// starting a server and writing that down leaves one that is not. Other programs there (a shell) are not touched.
pub(super) async fn sweep(directory: &Path) -> Result<()> {
    loop {
        let found: Vec<Running> = child::running()
            .into_iter()
            .filter(|running| works_in(directory, running.process.pid))
            .collect();
        let numbers: BTreeSet<u32> = found.iter().map(|running| running.process.pid).collect();
        let Some(first) = found.iter().find(|running| !numbers.contains(&running.parent)) else {
            return Ok(());
        };
        child::stop(first.process, Signal::Interrupt, END_WITHIN).await?;
    }
}

fn works_in(directory: &Path, pid: u32) -> bool {
    let link = |name: &str| fs::read_link(format!("/proc/{pid}/{name}")).ok();
    link("cwd").is_some_and(|cwd| cwd.starts_with(directory) && cwd != directory)
        && link("exe").is_some_and(|program| is_ours(&program))
}

fn is_ours(program: &Path) -> bool {
    const PROGRAMS: [&str; 7] = [
        "postgres",
        "initdb",
        "setpriv",
        "sqlite3",
        "pdns_server",
        "dovecot",
        "pgbouncer",
    ];
    // The kernel appends this where the file has been replaced, for instance by an upgrade.
    let text = program.to_string_lossy();
    let program = Path::new(text.trim_end_matches(" (deleted)"));
    program.parent().is_some_and(|parent| parent.ends_with("dovecot"))
        || program
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| PROGRAMS.contains(&name))
}

/// Makes the directory of a server.
pub(super) fn make_directory(ground: &Ground, name: Name) -> Result<()> {
    files::make_directory(&ground.of(name), Some(&ground.user))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_of_a_sandbox_are_swept() {
        for program in [
            "/usr/lib/postgresql/15/bin/postgres",
            "/usr/lib/dovecot/imap",
            "/usr/sbin/pdns_server (deleted)",
        ] {
            assert!(is_ours(Path::new(program)), "{program}");
        }
        for program in [
            "/usr/bin/bash",
            "/usr/lib/postgresql/15/bin/psql",
            "/usr/local/bin/hostctl",
        ] {
            assert!(!is_ours(Path::new(program)), "{program}");
        }
    }

    #[test]
    fn of_a_log_only_the_new_last_lines_are_said() {
        let directory = tempfile::tempdir().expect("directory");
        let log = directory.path().join("log");
        fs::write(&log, "old\n1\n2\n\n3\n4\n5\n").expect("write");
        assert_eq!(said(&log, 4), ": 2; 3; 4; 5");
        assert_eq!(said(&log, 17), "");
        assert_eq!(said(&directory.path().join("none"), 0), "");
    }
}
