//! The operator's deploy hook: a program with its arguments, no shell, on a leash (`env::child`).

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::certificate::store::Material;
use crate::env::child::{self, Ended, Output, Spec, end_leashed};
use crate::env::deadline::in_words;
use crate::env::{crash, files};
use crate::error::{Error, Kind, Result};
use crate::hook::said;
use crate::model::escape::excerpt;

/// What an output that holds a key is told as.
const WITHHELD: &str = ": (its output holds a private key and is not repeated)";

/// Why it is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Nothing was served from here before.
    First,
    /// Another generation was served before.
    Renewed,
    /// The same generation was confirmed before; its files were not as they have to be.
    Again,
    /// What was there before is back, since the hook or the probe failed.
    RolledBack,
}

impl Reason {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Reason::First => ("first", "deployed"),
            Reason::Renewed => ("renewed", "deployed"),
            Reason::Again => ("again", "deployed"),
            Reason::RolledBack => ("failed", "rolled_back"),
        }
    }
}

/// What it is told besides the files.
pub(super) struct Facts<'a> {
    pub(super) material: &'a Material,
    /// The path of `current`.
    pub(super) current: &'a Path,
    /// What is served by `current` now, and what was before.
    pub(super) serial: &'a str,
    pub(super) old_serial: &'a str,
    pub(super) reason: Reason,
}

/// Refuses a hook that somebody else than root or we could replace.
pub(super) fn check(command: &[String]) -> Result<()> {
    match command.first() {
        Some(program) => find(program).map(drop),
        None => Ok(()),
    }
}

/// The program by its path: a bare name is looked for where only root puts programs.
fn find(program: &str) -> Result<PathBuf> {
    let path = match program.contains('/') {
        true => Some(PathBuf::from(program)).filter(|path| path.is_absolute()),
        false => child::find(program, &[]),
    };
    let path = path.ok_or_else(|| {
        let message = format!("the deploy hook: there is no program {}", excerpt(program));
        Error::new(Kind::Usage, "file", message).hint("name it by its absolute path")
    })?;
    files::check_program(&path).map_err(|error| error.context("the deploy hook"))?;
    Ok(path)
}

/// Runs it to its end. Gives the end of what it said.
pub(super) async fn run(command: &[String], facts: &Facts<'_>, timeout: Duration) -> Result<String> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(String::new());
    };
    let program = find(program)?;
    // One that a dead process left may still be at work.
    let mark = ("HOSTCTL_HOOK_NAME", facts.material.name.as_str());
    end_leashed(&[mark]).await?;
    let output = child::run(spec(program, arguments, facts).deadline(timeout)).await?;
    let how = match output.ended {
        Ended::Exit(0) => return Ok(told(&output)),
        Ended::Exit(code) => format!("exited with {code}"),
        Ended::Signal(number) => format!("was ended by signal {number}"),
        Ended::Deadline => format!("did not end within {} and was stopped", in_words(timeout)),
    };
    let message = format!("the deploy hook {how}{}", told(&output));
    Err(Error::new(Kind::Unavailable, "hook_failed", message))
}

fn spec(program: PathBuf, arguments: &[String], facts: &Facts<'_>) -> Spec {
    let file = |part: &str| facts.current.join(format!("{part}.pem"));
    let (reason, result) = facts.reason.words();
    Spec::new(program)
        .arguments(arguments)
        .variable("HOSTCTL_HOOK_NAME", facts.material.name.as_str())
        .variable("HOSTCTL_HOOK_DOMAINS", facts.material.identifiers.join(" "))
        .variable("HOSTCTL_HOOK_FULLCHAIN", file("fullchain"))
        .variable("HOSTCTL_HOOK_CERT", file("cert"))
        .variable("HOSTCTL_HOOK_CHAIN", file("chain"))
        .variable("HOSTCTL_HOOK_KEY", file("privkey"))
        .variable("HOSTCTL_HOOK_SERIAL", facts.serial)
        .variable("HOSTCTL_HOOK_OLD_SERIAL", facts.old_serial)
        .variable("HOSTCTL_HOOK_REASON", reason)
        .variable("HOSTCTL_HOOK_RESULT", result)
        .directory("/")
        .leashed(crash::mid_effect)
}

fn told(output: &Output) -> String {
    let holds_key = |text: &[u8]| String::from_utf8_lossy(text).contains("PRIVATE KEY");
    match holds_key(&output.stdout) || holds_key(&output.stderr) {
        true => WITHHELD.to_owned(),
        false => said(output),
    }
}
