//! The one door to child processes.
//!
//! Here: what to start ([`Spec`]), running it to its end ([`run`]), starting a server that stays ([`spawn_server`]), and
//! ending processes by identity ([`stop`]). Not here: what any program means by its output, or who decides to start it.
//!
//! A child gets a clean environment (`PATH`, `LANG` and what the caller gives), its own process group, and never a
//! secret in its arguments: those are for standard input or a file.

mod leash;
mod process;
mod run;
mod server;
mod user;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Result;

pub use leash::{GROUP, end_leashed};
pub use process::{Process, Running, Signal, Stopped, running, send, stop};
pub use run::{Ended, Output, run};
pub use server::{Lifetime, spawn_server};
pub use user::{User, group, is_root};

/// Where programs are looked for, by us and by children: the caller's own `PATH` is not trusted.
pub const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// How long a program may run unless the caller says otherwise.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);

/// A program to start and everything it gets. Arguments are visible to every user of the host.
#[derive(Clone)]
pub struct Spec {
    program: PathBuf,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    directory: Option<PathBuf>,
    user: Option<User>,
    stdin: Option<Vec<u8>>,
    stdin_file: Option<Arc<File>>,
    deadline: Duration,
    death_signal: Signal,
    inherits_output: bool,
    begun: Option<fn() -> Result<()>>,
}

impl Spec {
    /// `program` as a path, or as a name to be found in [`PATH`].
    #[must_use]
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Spec {
            program: program.into(),
            arguments: Vec::new(),
            variables: Vec::new(),
            directory: None,
            user: None,
            stdin: None,
            stdin_file: None,
            deadline: DEFAULT_DEADLINE,
            death_signal: Signal::Terminate,
            inherits_output: false,
            begun: None,
        }
    }

    /// Adds one argument.
    #[must_use]
    pub fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn arguments<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments
            .extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Sets one variable of the environment, which holds nothing else but `PATH` and `LANG`.
    #[must_use]
    pub fn variable(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.variables
            .push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// The working directory; ours where not given.
    #[must_use]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// Runs as `user`: needs root unless it is the user that runs us.
    #[must_use]
    pub fn user(mut self, user: User) -> Self {
        self.user = Some(user);
        self
    }

    /// Bytes for standard input; without them it is `/dev/null`. Servers never get any.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// An open file for standard input, from where it stands; a program that [`run`] runs may seek in it.
    #[must_use]
    pub fn stdin_file(mut self, file: File) -> Self {
        self.stdin_file = Some(Arc::new(file));
        self
    }

    /// How long [`run`] lets it run.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Writes to our own standard output and error instead of being captured by [`run`].
    #[must_use]
    pub fn inherits_output(mut self) -> Self {
        self.inherits_output = true;
        self
    }

    /// What a server that lives with its parent gets when that one dies; the default is [`Signal::Terminate`].
    #[must_use]
    pub fn death_signal(mut self, signal: Signal) -> Self {
        self.death_signal = signal;
        self
    }

    /// Puts the program on a leash (see the module `leash`): for whatever changes the world and must never be at work unseen.
    /// `begun` is called as soon as it may begin.
    #[must_use]
    pub fn leashed(mut self, begun: fn() -> Result<()>) -> Self {
        self.begun = Some(begun);
        self
    }

    fn is_leashed(&self) -> bool {
        self.begun.is_some()
    }

    /// The program, as it is named in messages.
    #[must_use]
    pub fn name(&self) -> String {
        Path::new(&self.program)
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    /// The command with clean environment and its own process group; `setpriv` (util-linux) goes before it where the
    /// user changes or a death signal is wanted. Its order of doing things keeps the death signal, which the kernel
    /// clears when credentials change (prctl(2), `PR_SET_PDEATHSIG`).
    fn command(&self, death_signal: Option<Signal>) -> Command {
        let mut prefix: Vec<OsString> = Vec::new();
        if let Some(user) = self.user.as_ref().filter(|user| !user.is_current()) {
            prefix.extend(user.setpriv_arguments().map(OsString::from));
        }
        if let Some(signal) = death_signal {
            prefix.push(format!("--pdeathsig={}", signal.name()).into());
        }
        if !prefix.is_empty() {
            prefix.insert(0, "setpriv".into());
            prefix.push("--".into());
        }
        if self.is_leashed() {
            prefix.extend(leash::GATE.map(OsString::from));
        }
        prefix.push(self.program.clone().into_os_string());
        let mut command = bare(Path::new(&prefix[0]));
        command.args(&prefix[1..]);
        command
            .args(&self.arguments)
            .env_clear()
            .env("PATH", PATH)
            .env("LANG", "C.UTF-8");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }
}

#[expect(clippy::disallowed_methods, reason = "the one door to child processes")]
fn bare(program: &Path) -> Command {
    Command::new(program)
}

/// The first executable `name` in [`PATH`] or, before it, in `directories`.
#[must_use]
pub fn find(name: &str, directories: &[PathBuf]) -> Option<PathBuf> {
    directories
        .iter()
        .cloned()
        .chain(std::env::split_paths(PATH))
        .map(|directory| directory.join(name))
        .find(|path| path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_in_the_given_directories_or_the_path() {
        assert_eq!(find("true", &["/usr/bin".into()]), Some("/usr/bin/true".into()));
        assert!(find("sh", &[]).is_some());
        assert_eq!(find("no-such-program", &["/etc".into()]), None);
        assert_eq!(
            find("passwd", &["/etc".into()]),
            find("passwd", &[]),
            "a plain file is no program"
        );
    }
}
