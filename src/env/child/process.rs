//! Which process is meant, and ending it: by process number *and* start time, since numbers are used again.

use std::collections::HashSet;
use std::fs;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal as RawSignal, pidfd_open, pidfd_send_signal};
use serde::{Deserialize, Serialize};

use super::server;
use crate::clock;
use crate::error::{Error, Kind, Result};

/// How often the end of a process is looked for.
pub(super) const POLL: Duration = Duration::from_millis(5);

/// The identity of a process on this host since it was booted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Process {
    /// Process number.
    pub pid: u32,
    /// Clock ticks between boot and its start (`/proc/PID/stat`, field 22).
    pub start_ticks: u64,
}

impl Process {
    /// The process that has this number now; `None` where there is none or only its zombie.
    #[must_use]
    pub fn of(pid: u32) -> Option<Process> {
        Running::read(pid).map(|running| running.process)
    }

    /// Whether it still runs. A zombie does not.
    #[must_use]
    pub fn is_alive(self) -> bool {
        Process::of(self.pid) == Some(self)
    }
}

/// A process that runs, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Running {
    /// Its identity.
    pub process: Process,
    /// Number of its parent.
    pub parent: u32,
    /// Number of its process group.
    pub group: u32,
}

impl Running {
    pub(super) fn read(pid: u32) -> Option<Running> {
        parse_stat(pid, &fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }
}

/// `proc_pid_stat(5)`: the name (field 2) is in parentheses and may itself hold blanks and parentheses.
fn parse_stat(pid: u32, stat: &str) -> Option<Running> {
    let fields: Vec<&str> = stat[stat.rfind(')')? + 1..].split_ascii_whitespace().collect();
    // A zombie with threads is a process whose first thread has ended: the others still run, or hold its files.
    let threads: u32 = fields.get(17)?.parse().ok()?;
    if matches!(*fields.first()?, "Z" | "X" | "x") && threads <= 1 {
        return None;
    }
    let process = Process {
        pid,
        start_ticks: fields.get(19)?.parse().ok()?,
    };
    Some(Running {
        process,
        parent: fields.get(1)?.parse().ok()?,
        group: fields.get(2)?.parse().ok()?,
    })
}

/// Every process that runs on this host, zombies left out.
#[must_use]
pub fn running() -> Vec<Running> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(Running::read)
        .collect()
}

/// The signals we send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM.
    Terminate,
    /// SIGHUP.
    Hangup,
    /// SIGINT; a fast shutdown for PostgreSQL.
    Interrupt,
    /// SIGKILL.
    Kill,
    /// SIGSTOP.
    Stop,
    /// SIGCONT.
    Continue,
}

impl Signal {
    /// The name without `SIG`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Signal::Terminate => "TERM",
            Signal::Hangup => "HUP",
            Signal::Interrupt => "INT",
            Signal::Kill => "KILL",
            Signal::Stop => "STOP",
            Signal::Continue => "CONT",
        }
    }

    fn raw(self) -> RawSignal {
        match self {
            Signal::Terminate => RawSignal::TERM,
            Signal::Hangup => RawSignal::HUP,
            Signal::Interrupt => RawSignal::INT,
            Signal::Kill => RawSignal::KILL,
            Signal::Stop => RawSignal::STOP,
            Signal::Continue => RawSignal::CONT,
        }
    }
}

/// How [`stop`] found or left a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It was not running any more.
    AlreadyDead,
    /// It ended after the signal.
    Ended,
    /// It, or something it had started, had to be killed.
    Killed,
}

/// Sends `signal` to exactly this process; `false` where it does not run any more. `denied` where it is not ours.
pub fn send(process: Process, signal: Signal) -> Result<bool> {
    let Some(pid) = i32::try_from(process.pid).ok().and_then(Pid::from_raw) else {
        return Ok(false);
    };
    let failed = |error: Errno| {
        let kind = if error == Errno::PERM {
            Kind::Denied
        } else {
            Kind::Unavailable
        };
        Error::new(
            kind,
            kind.word(),
            format!("cannot signal process {}: {error}", process.pid),
        )
        .source(error)
    };
    let descriptor = match pidfd_open(pid, PidfdFlags::empty()) {
        Ok(descriptor) => descriptor,
        Err(Errno::SRCH) => return Ok(false),
        Err(error) => return Err(failed(error)),
    };
    // The descriptor holds on to one process: once its identity has been seen, no other can get the signal.
    if !process.is_alive() {
        return Ok(false);
    }
    match pidfd_send_signal(&descriptor, signal.raw()) {
        Ok(()) => Ok(true),
        Err(Errno::SRCH) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

/// Ends `process` and what it started (its descendants and its process group): sends it `signal`, waits up to `grace`,
/// then kills what is left. May be repeated.
///
/// `denied` where the process is another user's; `unavailable` where something survives SIGKILL for 10 s.
pub async fn stop(process: Process, signal: Signal, grace: Duration) -> Result<Stopped> {
    let family = family(process);
    let was_running = send(process, signal)?;
    let mut left = wait_for(&family, clock::deadline(grace)).await;
    let was_killed = !left.is_empty();
    if was_killed {
        left.extend(self::family(process));
        for member in &left {
            send(*member, Signal::Kill)?;
        }
        left = wait_for(&left, clock::deadline(Duration::from_secs(10))).await;
    }
    if let Some(survivor) = left.iter().next() {
        return Err(Error::unavailable(format!(
            "process {} does not end",
            survivor.pid
        )));
    }
    Ok(match (was_running, was_killed) {
        (_, true) => Stopped::Killed,
        (true, false) => Stopped::Ended,
        (false, false) => Stopped::AlreadyDead,
    })
}

/// `leader`, its descendants, and the members of the process group it leads, as far as they run. Once the leader's
/// number is another process's, nothing can be told by numbers, and the family is empty.
fn family(leader: Process) -> HashSet<Process> {
    let all = running();
    if all
        .iter()
        .any(|found| found.process.pid == leader.pid && found.process != leader)
    {
        return HashSet::new();
    }
    let mut family: HashSet<Process> = HashSet::new();
    loop {
        let before = family.len();
        let numbers: HashSet<u32> = family.iter().map(|process| process.pid).collect();
        family.extend(
            all.iter()
                .filter(|found| {
                    found.process == leader || found.group == leader.pid || numbers.contains(&found.parent)
                })
                .map(|found| found.process),
        );
        if family.len() == before {
            return family;
        }
    }
}

/// Those that still run at the deadline.
async fn wait_for(processes: &HashSet<Process>, deadline: Instant) -> HashSet<Process> {
    let mut left = processes.clone();
    loop {
        left.retain(|process| process.is_alive());
        // After the look: whoever was seen dead is buried before anybody is told.
        server::reap();
        if left.is_empty() || clock::instant() >= deadline {
            return left;
        }
        tokio::time::sleep(POLL).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_blanks_and_parentheses_is_no_trap() {
        let tail = "1 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 4711 0 0";
        let found = parse_stat(12, &format!("12 (a) b (c)) S {tail}")).expect("a stat line");
        assert_eq!(
            found.process,
            Process {
                pid: 12,
                start_ticks: 4711
            }
        );
        assert_eq!((found.parent, found.group), (1, 7));
    }

    #[test]
    fn a_zombie_is_dead_once_its_last_thread_is() {
        let stat = |threads| format!("12 (a) Z 1 7 7 0 -1 0 1 0 0 0 0 0 0 0 20 0 {threads} 0 4711 0 0");
        assert!(parse_stat(12, &stat(1)).is_none());
        assert!(parse_stat(12, &stat(2)).is_some());
    }

    #[test]
    fn another_start_time_is_another_process() {
        let own = Process::of(std::process::id()).expect("we run");
        assert!(own.is_alive());
        let other = Process {
            start_ticks: own.start_ticks + 1,
            ..own
        };
        assert!(!other.is_alive());
        // Would end the test if it hit us.
        assert!(!send(other, Signal::Kill).expect("nothing to signal"));
    }
}
