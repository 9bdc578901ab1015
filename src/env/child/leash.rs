//! The leash: a program that changes the world and is never at work unseen, not even after we were killed.
//!
//! Three things make it one. A gate before the program waits for a line from us, which comes only while we live, so that
//! whatever runs bears its variables where all can read them (`/proc/PID/environ`). The program itself gets SIGKILL when
//! we die. And its process group is its own: what is left of it when the program ends is ended too, and a later process
//! finds the rest by those variables ([`end_leashed`]). What left the group on purpose (a daemon) is not of the leash.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, Uid, getuid, kill_process_group};

use super::process::{POLL, Process, Running, running, send};
use crate::clock;
use crate::error::{Error, Kind, Result};

/// The variable in which a leashed program, and all it starts, bears the number of its process group.
pub const GROUP: &str = "HOSTCTL_HOOK_GROUP";

/// A shell reads one line, byte by byte, and leaves the rest of standard input to the program it becomes.
pub(super) const GATE: [&str; 4] = [
    "/bin/sh",
    "-c",
    "read -r _ || exit 75; export HOSTCTL_HOOK_GROUP=$$; exec \"$@\"",
    "sh",
];

/// The line that opens the gate.
pub(super) const OPEN: &[u8] = b"go\n";

/// How long something may survive SIGKILL, for instance in the middle of a write to a slow disk.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a program of another user is killed. What a program of ours began as somebody else is gone by then; a process
/// that bears our variables and comes again and again is a stranger's, and stops nobody.
const PATIENCE_WITH_OTHERS: Duration = Duration::from_millis(500);

/// Kills every leashed program that bears all of these variables, with its process group, and waits until it is gone.
///
/// # Errors
/// `denied` where it is root's and we are not; `unavailable` where it does not end.
pub async fn end_leashed(variables: &[(&str, &str)]) -> Result<()> {
    let deadline = clock::deadline(PATIENCE);
    let others = clock::deadline(PATIENCE_WITH_OTHERS);
    // Whoever becomes another program at this very moment shows no variables: one look is not enough.
    let mut clean_looks = 0;
    while clean_looks < 2 {
        let (groups, strangers) = groups_of(variables, getuid());
        for stranger in &strangers {
            // It alone: its group may hold what is nobody's business. Where we may not, nothing of ours has begun it.
            let _ = send(*stranger, super::Signal::Kill);
        }
        groups.iter().try_for_each(|group| kill(*group))?;
        let is_clean = groups.is_empty() && (strangers.is_empty() || clock::instant() >= others);
        clean_looks = if is_clean { clean_looks + 1 } else { 0 };
        if clock::instant() >= deadline {
            return Err(Error::unavailable(format!(
                "process group {} does not end",
                groups.first().copied().unwrap_or_default()
            )));
        }
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

/// Kills what is left of a process group and waits until it is gone. Blocks, so that even a future that is dropped
/// leaves nothing behind; SIGKILL takes effect at once.
pub(super) fn end_group(group: u32) {
    let deadline = clock::deadline(PATIENCE);
    while running().iter().any(|found| found.group == group) && clock::instant() < deadline {
        // Somebody else's process in the group cannot be killed by us, and is waited for no longer than others.
        let _ = kill(group);
        std::thread::sleep(POLL);
    }
}

fn kill(group: u32) -> Result<()> {
    let Some(id) = i32::try_from(group).ok().and_then(Pid::from_raw) else {
        return Ok(());
    };
    match kill_process_group(id, Signal::KILL) {
        Ok(()) | Err(Errno::SRCH) => Ok(()),
        Err(error) => {
            let message = format!("cannot end process group {group}: {error}");
            Err(Error::new(Kind::Denied, "denied", message).source(error))
        }
    }
}

/// The groups of those that `user` or root began, and those that anybody else did, one by one: variables are no secret.
fn groups_of(variables: &[(&str, &str)], user: Uid) -> (BTreeSet<u32>, Vec<Process>) {
    let wanted: Vec<Vec<u8>> = variables
        .iter()
        .map(|(name, value)| format!("{name}={value}").into_bytes())
        .collect();
    let is_meant = |environment: &[u8], group: u32| {
        let lines: Vec<&[u8]> = environment.split(|byte| *byte == 0).collect();
        // Still at its gate, or in the group it began in.
        let own = lines
            .iter()
            .find_map(|line| line.strip_prefix(GROUP.as_bytes())?.strip_prefix(b"="));
        wanted.iter().all(|wanted| lines.contains(&wanted.as_slice()))
            && own.is_none_or(|own| own == group.to_string().as_bytes())
    };
    let group = |process: Process| {
        let at = |name: &str| format!("/proc/{}/{name}", process.pid);
        let environment = fs::read(at("environ")).ok()?;
        let status = fs::read_to_string(at("status")).ok()?;
        let is_trusted = real_user(&status).is_some_and(|real| real == user.as_raw() || real == 0);
        // Last: it may have gone to another group, or be another one, since it was listed.
        let group = Running::read(process.pid)
            .filter(|now| now.process == process)?
            .group;
        is_meant(&environment, group).then_some((group, process, is_trusted))
    };
    let found: Vec<(u32, Process, bool)> = running()
        .iter()
        .filter_map(|found| group(found.process))
        .collect();
    let trusted: BTreeSet<u32> = found.iter().filter(|one| one.2).map(|one| one.0).collect();
    // What a program of ours began as somebody else is in its group.
    let strangers = found.iter().filter(|one| !trusted.contains(&one.0));
    let strangers = strangers.map(|one| one.1).collect();
    (trusted, strangers)
}

/// Whoever began a process, by its `/proc/PID/status`; a program with the set-user-ID bit keeps it.
fn real_user(status: &str) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::child::{Ended, Spec, Stopped, run, stop};

    fn shell(script: &str) -> Spec {
        Spec::new("/bin/sh").arguments(["-c", script]).leashed(|| Ok(()))
    }

    fn number(text: &[u8]) -> u32 {
        String::from_utf8_lossy(text).trim().parse().expect("a number")
    }

    #[tokio::test]
    async fn input_arguments_and_code_pass_the_gate() {
        let spec = Spec::new("/bin/sh").arguments(["-c", "cat; echo \"$1\"; exit 10", "sh", "a  b"]);
        let output = run(spec.leashed(|| Ok(())).stdin("given\n")).await.expect("run");
        assert_eq!(
            (output.ended, output.stdout.as_slice()),
            (Ended::Exit(10), &b"given\na  b\n"[..])
        );
    }

    #[tokio::test]
    async fn what_stays_in_the_group_ends_with_the_program() {
        let output = run(shell("sleep 600 & echo $!")).await.expect("run");
        assert_eq!(Process::of(number(&output.stdout)), None);
    }

    #[tokio::test]
    async fn what_leaves_the_group_stays() {
        let script = "setsid sh -c 'echo $$; exec sleep 600' 2>/dev/null & sleep 0.3";
        let output = run(shell(script).variable("LEASH_TEST", "daemon"))
            .await
            .expect("run");
        let daemon = Process::of(number(&output.stdout)).expect("a daemon");
        end_leashed(&[("LEASH_TEST", "daemon")])
            .await
            .expect("nothing to end");
        assert!(daemon.is_alive());
        let stopped = stop(daemon, super::super::Signal::Kill, Duration::ZERO).await;
        assert_ne!(stopped.expect("ours"), Stopped::AlreadyDead);
    }

    #[tokio::test]
    async fn without_the_line_nothing_begins() {
        let directory = tempfile::tempdir().expect("a directory");
        let touched = directory.path().join("touched");
        let mut gate = GATE.to_vec();
        let name = touched.display().to_string();
        gate.extend(["/bin/touch", &name]);
        let output = run(Spec::new(gate[0]).arguments(&gate[1..])).await.expect("run");
        assert_eq!(output.ended, Ended::Exit(75));
        assert!(!touched.exists());
    }

    #[tokio::test]
    async fn one_that_was_left_is_found_by_its_variables_and_ended() {
        let value = std::process::id().to_string();
        let marks = [("LEASH_TEST", value.as_str()), ("LEASH_TEST_TOO", "x")];
        // Its parent is a program of its own, as after we were killed.
        let script = format!("{GROUP}=$$ exec sh -c 'sleep 601 & sleep 602'");
        let mut spec = Spec::new("/bin/sh").arguments(["-c", &script]);
        for (name, value) in marks {
            spec = spec.variable(name, value);
        }
        let left = tokio::spawn(run(spec));
        let ours = || groups_of(&marks, getuid()).0;
        while ours().is_empty() {
            tokio::time::sleep(POLL).await;
        }
        end_leashed(&[marks[0], ("LEASH_TEST_TOO", "y")])
            .await
            .expect("none such");
        assert!(!ours().is_empty());
        // Had we another number, it would be a stranger's, unless we are root.
        let (_, strangers) = groups_of(&marks, Uid::from_raw(getuid().as_raw() + 1));
        assert_eq!(strangers.is_empty(), getuid().is_root());
        end_leashed(&marks).await.expect("ended");
        assert!(ours().is_empty());
        let output = left.await.expect("no panic").expect("run");
        assert_eq!(output.ended, Ended::Signal(9));
    }

    #[test]
    fn who_began_a_process_is_its_real_user() {
        let status = "Name:\tmount\nState:\tS (sleeping)\nUid:\t65534\t0\t0\t0\nGid:\t7\t7\t7\t7\n";
        assert_eq!(real_user(status), Some(65534));
        assert_eq!(real_user("Name:\tx\n"), None);
    }
}
