//! One run of the program: a clean environment, a deadline, and everything it said.

use std::time::Duration;

use hostctl::env::child::{self, Ended, Spec};
use serde_json::Value;

use super::Lab;

/// A run that has not begun.
pub struct Call<'a> {
    lab: &'a Lab,
    spec: Spec,
    words: String,
}

/// A run that has ended.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The command line, for messages.
    pub words: String,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code; nothing where a signal ended it.
    pub code: Option<i32>,
}

impl<'a> Call<'a> {
    pub(super) fn new(lab: &'a Lab, arguments: &[&str]) -> Self {
        let config = lab.sandbox().config_file();
        let spec = program(arguments).variable("HOSTCTL_CONFIG", config);
        Call {
            lab,
            spec,
            words: format!("hostctl {}", arguments.join(" ")),
        }
    }

    /// Sets a variable.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.spec = self.spec.variable(name, value);
        self.words = format!("{name}={value} {}", self.words);
        self
    }

    /// Fails, stops or dies as `HOSTCTL_CRASH` says.
    pub fn crash(self, specification: &str) -> Self {
        self.variable("HOSTCTL_CRASH", specification)
    }

    /// With a wall clock that is ahead by so much.
    pub fn ahead(self, by: jiff::SignedDuration) -> Self {
        self.variable("HOSTCTL_CLOCK_SHIFT", &by.as_secs().to_string())
    }

    /// Finds PostgreSQL at another port.
    pub fn through(self, port: u16) -> Self {
        let control = format!("postgres://hostctl@127.0.0.1:{port}/hostctl");
        let cluster = format!("postgres://hostctl@127.0.0.1:{port}/postgres");
        self.variable("HOSTCTL_CONTROL__URL", &control)
            .variable("HOSTCTL_CLUSTER__MAIN__URL", &cluster)
    }

    /// Finds the tenants' cluster at another port, the control database where it is.
    pub fn cluster_through(self, port: u16) -> Self {
        let cluster = format!("postgres://hostctl@127.0.0.1:{port}/postgres");
        self.variable("HOSTCTL_CLUSTER__MAIN__URL", &cluster)
    }

    /// Finds PowerDNS at another address.
    pub fn dns_through(self, url: &str) -> Self {
        self.variable("HOSTCTL_DNS__MAIN__URL", url)
    }

    /// Gives bytes on standard input.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.spec = self.spec.stdin(bytes);
        self
    }

    /// Runs it.
    pub fn run(self) -> Ran {
        self.lab.wait(self.start())
    }

    /// Runs it, beside others.
    pub async fn start(self) -> Ran {
        finish(self.spec, self.words).await
    }
}

/// The program with these arguments, and nothing in its environment.
pub fn program(arguments: &[&str]) -> Spec {
    Spec::new(env!("CARGO_BIN_EXE_hostctl"))
        .arguments(arguments)
        .deadline(Duration::from_secs(300))
}

/// Runs a specification to its end.
pub async fn finish(spec: Spec, words: String) -> Ran {
    let output = child::run(spec).await.expect("the program starts");
    let code = match output.ended {
        Ended::Exit(code) => Some(code),
        Ended::Signal(_) => None,
        Ended::Deadline => panic!(
            "{words}: did not end in time: {}",
            String::from_utf8_lossy(&output.stderr)
        ),
    };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program speaks UTF-8");
    Ran {
        words,
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        code,
    }
}

impl Ran {
    /// Fails unless the exit code is this.
    #[track_caller]
    pub fn expect_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Whether SIGKILL or another signal ended it.
    pub fn was_killed(&self) -> bool {
        self.code.is_none()
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}\nended with {:?}\nstdout: {}\nstderr: {}",
            self.words, self.code, self.stdout, self.stderr
        )
    }
}
