//! Starting a server: a child that outlives the call, and either outlives us or dies with us.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::{io, thread};

use super::{Process, Spec};
use crate::error::{Error, Result};

/// What becomes of a server when we end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// It stays.
    Detached,
    /// It gets its death signal when this process ends, however that happens.
    WithParent,
}

/// Starts `spec` in its own process group, with no standard input and both outputs appended to the file `log` (0600).
/// Its deadline is not used. `unavailable` where it cannot be started.
pub fn spawn_server(spec: &Spec, log: &Path, lifetime: Lifetime) -> Result<Process> {
    let failed =
        |error: io::Error| Error::unavailable(format!("cannot start {}: {error}", spec.name())).source(error);
    let mut command = spec.command(match lifetime {
        Lifetime::Detached => None,
        Lifetime::WithParent => Some(spec.death_signal),
    });
    let log = open_log(log).map_err(failed)?;
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(failed)?)
        .stderr(log);
    let child = spawn_on_lasting_thread(command).map_err(failed)?;
    let id = child.id();
    children().push(child);
    // Not yet waited for, so that the number cannot have been used again; a zombie died at once.
    let process = Process::of(id);
    process.ok_or_else(|| Error::unavailable(format!("{} ended as soon as it was started", spec.name())))
}

fn open_log(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
}

type Job = (Command, Sender<io::Result<Child>>);

/// The death signal is sent when the *thread* that started the child ends (prctl(2), `PR_SET_PDEATHSIG`), therefore all
/// are started by one thread that lasts as long as the process.
fn spawn_on_lasting_thread(command: Command) -> io::Result<Child> {
    static THREAD: OnceLock<Mutex<Sender<Job>>> = OnceLock::new();
    let gone = || io::Error::other("the thread that starts servers is gone");
    let thread = THREAD.get_or_init(|| {
        let (jobs, inbox) = channel::<Job>();
        thread::spawn(move || {
            for (mut command, reply) in inbox {
                reply.send(command.spawn()).ok();
            }
        });
        Mutex::new(jobs)
    });
    let (reply, answer) = channel();
    thread
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .send((command, reply))
        .map_err(|_| gone())?;
    answer.recv().map_err(|_| gone())?
}

fn children() -> std::sync::MutexGuard<'static, Vec<Child>> {
    static CHILDREN: Mutex<Vec<Child>> = Mutex::new(Vec::new());
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Buries the servers of ours that have ended.
pub(super) fn reap() {
    children().retain_mut(|child| matches!(child.try_wait(), Ok(None)));
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::env::child::{Signal, Stopped, stop};

    fn sleeper(directory: &Path, script: &str) -> Process {
        let spec = Spec::new("sh").arguments(["-c", script]);
        spawn_server(&spec, &directory.join("log"), Lifetime::WithParent).expect("start")
    }

    #[tokio::test]
    async fn a_server_is_stopped_once_and_buried() {
        let directory = tempfile::tempdir().expect("directory");
        let server = sleeper(directory.path(), "echo up; exec sleep 60");
        assert!(server.is_alive());
        let stopped = stop(server, Signal::Terminate, Duration::from_secs(5))
            .await
            .expect("stop");
        assert_eq!(stopped, Stopped::Ended);
        assert!(
            !Path::new(&format!("/proc/{}", server.pid)).exists(),
            "a zombie is left"
        );
        let again = stop(server, Signal::Terminate, Duration::from_secs(5))
            .await
            .expect("stop");
        assert_eq!(again, Stopped::AlreadyDead);
    }

    #[tokio::test]
    async fn a_server_that_ignores_the_signal_is_killed_with_its_children() {
        let directory = tempfile::tempdir().expect("directory");
        let server = sleeper(
            directory.path(),
            "trap '' TERM; setsid sleep 61 & sleep 61; sleep 61",
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
        let stopped = stop(server, Signal::Terminate, Duration::from_millis(200))
            .await
            .expect("stop");
        assert_eq!(stopped, Stopped::Killed);
    }

    #[tokio::test]
    async fn a_server_outlives_the_thread_that_asked_for_it() {
        let directory = tempfile::tempdir().expect("directory");
        let path = directory.path().to_owned();
        let server = thread::spawn(move || sleeper(&path, "exec sleep 62"))
            .join()
            .expect("thread");
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(server.is_alive());
        stop(server, Signal::Terminate, Duration::from_secs(5))
            .await
            .expect("stop");
    }
}
