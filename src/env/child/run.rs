//! Running a program to its end: bounded in time and in what is kept of its output.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal as RawSignal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::timeout;

use super::{Signal, Spec, leash};
use crate::error::{Error, Result};

/// Bytes kept of each of the two outputs; the rest is read and forgotten, so that the program never blocks on it.
const KEPT: usize = 64 * 1024;
/// Between the polite signal and SIGKILL.
const GRACE: Duration = Duration::from_secs(2);
/// How long outputs may stay open after the program ended, for instance in a background process it left.
const LINGER: Duration = Duration::from_millis(500);

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It exited with this code.
    Exit(i32),
    /// This signal, not sent by us, ended it.
    Signal(i32),
    /// We ended it, and its process group, at the deadline.
    Deadline,
}

/// What is left of a program. Has no `Debug`, since output can hold a secret.
pub struct Output {
    /// How it ended.
    pub ended: Ended,
    /// The first 64 KiB of standard output.
    pub stdout: Vec<u8>,
    /// The first 64 KiB of standard error.
    pub stderr: Vec<u8>,
    /// Whether either output was longer than what is kept.
    pub is_truncated: bool,
    name: String,
}

impl Output {
    /// The output itself if the program exited with 0, otherwise `unavailable` with the end of its standard error.
    pub fn succeeded(self) -> Result<Output> {
        let how = match self.ended {
            Ended::Exit(0) => return Ok(self),
            Ended::Exit(code) => format!("exited with {code}"),
            Ended::Signal(number) => format!("was ended by signal {number}"),
            Ended::Deadline => "did not end in time and was stopped".to_owned(),
        };
        let text = String::from_utf8_lossy(&self.stderr);
        let said = text.lines().rev().find(|line| !line.trim().is_empty());
        let said = said.map(|line| format!(": {}", line.trim())).unwrap_or_default();
        Err(Error::unavailable(format!("{} {how}{said}", self.name)))
    }
}

/// Runs `spec` to its end. At its deadline the process group gets SIGTERM, 2 s later SIGKILL, and is awaited; when the
/// future is dropped it gets SIGKILL at once. What a leashed program leaves in its group ends with it.
///
/// `unavailable` where the program cannot be started; how it ended is no error here.
pub async fn run(spec: Spec) -> Result<Output> {
    let death_signal = spec.is_leashed().then_some(Signal::Kill);
    let mut command = Command::from(spec.command(death_signal));
    command.stdin(if spec.is_leashed() {
        Stdio::piped()
    } else {
        input(&spec)?
    });
    let output = if spec.inherits_output {
        Stdio::inherit
    } else {
        Stdio::piped
    };
    command.stdout(output()).stderr(output());
    let mut child = command.spawn().map_err(|error| {
        Error::unavailable(format!("cannot start {}: {error}", spec.name())).source(error)
    })?;
    let mut group = Group::of(&child, spec.is_leashed());

    let mut stdin = child.stdin.take();
    if let (Some(begun), Some(gate)) = (spec.begun, &mut stdin) {
        // One that does not get here has ended: its code tells.
        gate.write_all(leash::OPEN).await.ok();
        begun()?;
    }
    let mut stdout = Capture::new(child.stdout.take());
    let mut stderr = Capture::new(child.stderr.take());
    let ended = {
        let mut traffic = pin!(async {
            tokio::join!(feed(stdin, spec.stdin.as_deref()), stdout.fill(), stderr.fill());
        });
        let mut flowing = true;
        let status = timeout(spec.deadline, async {
            loop {
                tokio::select! {
                    status = child.wait() => break status,
                    () = &mut traffic, if flowing => flowing = false,
                }
            }
        })
        .await;
        let ended = if let Ok(status) = status {
            classify(status.map_err(lost(&spec))?)
        } else {
            group.end(&mut child).await.map_err(lost(&spec))?;
            Ended::Deadline
        };
        group.close();
        if flowing {
            timeout(LINGER, &mut traffic).await.ok();
        }
        ended
    };
    let is_truncated = stdout.is_truncated || stderr.is_truncated;
    Ok(Output {
        ended,
        stdout: stdout.kept,
        stderr: stderr.kept,
        is_truncated,
        name: spec.name(),
    })
}

fn input(spec: &Spec) -> Result<Stdio> {
    if let Some(file) = &spec.stdin_file {
        let copy = file.try_clone();
        return copy.map(Stdio::from).map_err(|error| {
            Error::unavailable(format!("cannot hand a file to {}: {error}", spec.name())).source(error)
        });
    }
    Ok(if spec.stdin.is_some() {
        Stdio::piped()
    } else {
        Stdio::null()
    })
}

fn classify(status: ExitStatus) -> Ended {
    match (status.code(), status.signal()) {
        (Some(code), _) => Ended::Exit(code),
        (None, signal) => Ended::Signal(signal.unwrap_or_default()),
    }
}

fn lost(spec: &Spec) -> impl Fn(io::Error) -> Error {
    let name = spec.name();
    move |error| Error::unavailable(format!("cannot wait for {name}: {error}")).source(error)
}

/// A program that reads nothing or ends early is no failure: its exit code tells.
async fn feed(pipe: Option<ChildStdin>, bytes: Option<&[u8]>) {
    if let (Some(mut pipe), Some(bytes)) = (pipe, bytes) {
        pipe.write_all(bytes).await.ok();
        pipe.shutdown().await.ok();
    }
}

/// The process group of a child, ended with us if we are dropped before it is done.
struct Group {
    id: Option<Pid>,
    is_done: bool,
    is_leashed: bool,
}

impl Group {
    fn of(child: &Child, is_leashed: bool) -> Self {
        let id = child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw);
        Group {
            id,
            is_done: false,
            is_leashed,
        }
    }

    fn signal(&self, signal: RawSignal) {
        if let Some(id) = self.id {
            kill_process_group(id, signal).ok();
        }
    }

    async fn end(&self, child: &mut Child) -> io::Result<()> {
        self.signal(RawSignal::TERM);
        let left = timeout(GRACE, child.wait()).await;
        self.signal(RawSignal::KILL);
        match left {
            Ok(status) => status.map(drop),
            Err(_) => child.wait().await.map(drop),
        }
    }
}

impl Group {
    /// The program itself has ended.
    fn close(&mut self) {
        self.is_done = true;
        self.end_rest();
    }

    fn end_rest(&self) {
        let id = self
            .id
            .and_then(|id| u32::try_from(id.as_raw_nonzero().get()).ok());
        if let Some(id) = id.filter(|_| self.is_leashed) {
            leash::end_group(id);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.is_done {
            self.signal(RawSignal::KILL);
            self.end_rest();
        }
    }
}

/// One output, of which the first bytes are kept even if reading is broken off.
struct Capture<P> {
    pipe: Option<P>,
    kept: Vec<u8>,
    is_truncated: bool,
}

impl<P: AsyncRead + Unpin> Capture<P> {
    fn new(pipe: Option<P>) -> Self {
        Capture {
            pipe,
            kept: Vec::new(),
            is_truncated: false,
        }
    }

    async fn fill(&mut self) {
        let Some(pipe) = &mut self.pipe else { return };
        let mut buffer = vec![0_u8; 8 * 1024];
        while let Ok(length) = pipe.read(&mut buffer).await {
            if length == 0 {
                break;
            }
            let room = length.min(KEPT - self.kept.len());
            self.kept.extend_from_slice(&buffer[..room]);
            self.is_truncated |= room < length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::env::child::running;

    fn shell(script: &str) -> Spec {
        Spec::new("sh").arguments(["-c", script])
    }

    #[tokio::test]
    async fn output_code_and_input_travel() {
        let spec = shell("cat; echo said >&2; exit 3").stdin("given");
        let output = run(spec).await.expect("run");
        assert_eq!(output.ended, Ended::Exit(3));
        assert_eq!(
            (output.stdout.as_slice(), output.stderr.as_slice()),
            (&b"given"[..], &b"said\n"[..])
        );
        let error = output.succeeded().err().expect("3 is a failure");
        assert_eq!(error.message(), "sh exited with 3: said");
    }

    #[tokio::test]
    async fn the_environment_is_clean() {
        let output = run(Spec::new("env").variable("GIVEN", "yes")).await.expect("run");
        let text = String::from_utf8(output.stdout).expect("utf-8");
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        assert_eq!(
            lines,
            [
                "GIVEN=yes",
                "LANG=C.UTF-8",
                &format!("PATH={}", crate::env::child::PATH)
            ]
        );
    }

    #[tokio::test]
    async fn more_output_than_is_kept_does_not_block_the_program() {
        let output = run(shell("head -c 1000000 /dev/zero; head -c 10 /dev/zero >&2"))
            .await
            .expect("run");
        assert_eq!(
            (output.ended, output.stdout.len(), output.stderr.len()),
            (Ended::Exit(0), KEPT, 10)
        );
        assert!(output.is_truncated);
    }

    #[tokio::test]
    async fn at_the_deadline_the_whole_group_ends_and_what_was_said_is_kept() {
        let marker = format!("31{}", std::process::id());
        let script = format!("trap '' TERM; echo said; sleep {marker} & wait; sleep {marker}");
        let begun = clock::instant();
        let output = run(shell(&script).deadline(Duration::from_millis(200)))
            .await
            .expect("run");
        assert_eq!(
            (output.ended, output.stdout.as_slice()),
            (Ended::Deadline, &b"said\n"[..])
        );
        assert!(begun.elapsed() < Duration::from_secs(5));
        assert!(!is_running(&marker));
    }

    #[tokio::test]
    async fn a_dropped_run_leaves_no_process() {
        let marker = format!("32{}", std::process::id());
        let future = run(shell(&format!("sleep {marker} & sleep {marker}")));
        timeout(Duration::from_millis(200), future)
            .await
            .err()
            .expect("still running");
        for _ in 0..100 {
            if !is_running(&marker) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("sleep {marker} is still there");
    }

    #[tokio::test]
    async fn a_background_process_that_keeps_the_output_open_does_not_hold_us() {
        let begun = clock::instant();
        let output = run(shell("sleep 5 & echo done")).await.expect("run");
        assert_eq!(
            (output.ended, output.stdout.as_slice()),
            (Ended::Exit(0), &b"done\n"[..])
        );
        assert!(begun.elapsed() < Duration::from_secs(3));
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_unavailable() {
        let error = run(Spec::new("/no/such/program"))
            .await
            .err()
            .expect("cannot start");
        assert_eq!(error.reason(), "unavailable");
    }

    fn is_running(argument: &str) -> bool {
        running().iter().any(|found| {
            let line = std::fs::read(format!("/proc/{}/cmdline", found.process.pid)).unwrap_or_default();
            line.split(|byte| *byte == 0)
                .any(|part| part == argument.as_bytes())
        })
    }
}
