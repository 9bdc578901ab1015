//! Running one of the three programs of a step, and what its exit code says.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use uuid::Uuid;

use super::Image;
use super::checks::check_step;
use crate::config::{Config, Step};
use crate::env::child::{self, Ended, Output, Spec, end_leashed};
use crate::env::{crash, identity};
use crate::error::{Error, Kind, Result};
use crate::journal::Marker;
use crate::model::escape::escape;

/// How many characters of what a program said are told.
const TOLD: usize = 300;

/// The steps of this host's configuration.
#[derive(Debug)]
pub struct Hooks {
    steps: BTreeMap<String, Step>,
    host: String,
    /// How often each program was run for each step of an operation.
    attempts: Mutex<HashMap<(Uuid, String, Phase), u32>>,
    /// Whether whatever runs for a step is somebody's at work, and not left by the dead.
    only_looks: bool,
}

/// Which of the three programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Phase {
    Apply,
    Probe,
    Undo,
}

/// What a program said.
#[derive(Debug)]
pub(super) enum Answer {
    /// 0: done; to a probe: it is there.
    Done,
    /// 10: already so; to a probe: something is there, and not of this site's making.
    Already,
    /// 20: surely not; to a probe: nothing is there.
    Not(Error),
    /// Any other code.
    Unclear(Error),
    /// It did not come to its end: the deadline, a signal.
    CutShort(Error),
}

impl Phase {
    pub(super) fn word(self) -> &'static str {
        match self {
            Phase::Apply => "apply",
            Phase::Probe => "probe",
            Phase::Undo => "undo",
        }
    }

    /// What takes it back.
    pub(super) fn reverse(self) -> Phase {
        match self {
            Phase::Apply => Phase::Undo,
            Phase::Probe => Phase::Probe,
            Phase::Undo => Phase::Apply,
        }
    }

    fn command(self, step: &Step) -> &[String] {
        match self {
            Phase::Apply => &step.apply,
            Phase::Probe => &step.probe,
            Phase::Undo => &step.undo,
        }
    }
}

impl Hooks {
    /// Nothing is looked at yet.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Hooks {
            steps: config.steps.clone(),
            host: config.host.clone().unwrap_or_else(identity::host_name),
            attempts: Mutex::default(),
            only_looks: false,
        }
    }

    /// The same, for whoever asks the probes of what is finished: nobody's programs are ended.
    #[must_use]
    pub fn to_look(&self) -> Self {
        Hooks {
            steps: self.steps.clone(),
            host: self.host.clone(),
            attempts: Mutex::default(),
            only_looks: true,
        }
    }

    /// The name of this host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The steps in the order in which they are run.
    #[must_use]
    pub fn in_order(&self) -> Vec<(&str, &Step)> {
        let mut steps: Vec<(&str, &Step)> = self
            .steps
            .iter()
            .map(|(name, step)| (name.as_str(), step))
            .collect();
        steps.sort_by_key(|(_, step)| step.order);
        steps
    }

    pub(super) fn find(&self, name: &str) -> Option<&Step> {
        self.steps.get(name)
    }

    /// Runs one program of the step to its end. An error means that it was not begun.
    pub(super) async fn run(&self, image: &Image, marker: Marker, phase: Phase) -> Result<Answer> {
        let step = self.permitted(image)?;
        if !self.only_looks {
            let operation = marker.operation.to_string();
            let marks = [
                ("HOSTCTL_HOOK_OPERATION", operation.as_str()),
                ("HOSTCTL_HOOK_STEP", image.name.as_str()),
            ];
            let ended = end_leashed(&marks).await;
            ended.map_err(|error| error.context(format!("step {}", image.name)))?;
        }
        let spec = self.spec(image, step, marker, phase);
        Ok(match child::run(spec).await {
            Ok(output) => answer(image, phase, &output),
            Err(error) => Answer::CutShort(error.context(format!("step {}", image.name))),
        })
    }

    /// The step as it is configured here, if it is the one that was planned, and for this host.
    fn permitted(&self, image: &Image) -> Result<&Step> {
        let Image { name, facts, .. } = image;
        if let Some(host) = image.host.as_ref().filter(|host| **host != self.host) {
            let message = format!(
                "step {name} of {} was run on {host}, which alone can ask about it and take it back",
                facts.domain
            );
            return Err(Error::new(Kind::Unavailable, "elsewhere", message)
                .hint(format!("on {host}: hostctl op recover")));
        }
        let changed = |what: &str| {
            let message = format!("step {name} of {} {what}", facts.domain);
            Error::new(Kind::Conflict, "changed", message).hint(format!(
                "put the commands of [step.{name}] back as they were, then: hostctl op retry"
            ))
        };
        let step = self
            .find(name)
            .ok_or_else(|| changed("is not configured on this host"))?;
        if digest(step) != image.digest {
            return Err(changed("is configured otherwise than when it was planned"));
        }
        check_step(name, step)?;
        Ok(step)
    }

    fn spec(&self, image: &Image, step: &Step, marker: Marker, phase: Phase) -> Spec {
        let (operation, owner) = (marker.operation.to_string(), image.owner.to_string());
        let attempt = self.attempt(image, marker, phase);
        let input = json!({
            "operation": operation, "owner": owner, "epoch": marker.epoch, "attempt": attempt,
            "step": image.name, "phase": phase.word(), "site": image.facts,
        });
        let command = phase.command(step);
        let program = command.first().map(String::as_str).unwrap_or_default();
        Spec::new(program)
            .arguments(command.iter().skip(1))
            .variable("HOSTCTL_HOOK_OPERATION", operation)
            .variable("HOSTCTL_HOOK_OWNER", owner)
            .variable("HOSTCTL_HOOK_EPOCH", marker.epoch.to_string())
            .variable("HOSTCTL_HOOK_ATTEMPT", attempt.to_string())
            .variable("HOSTCTL_HOOK_STEP", &image.name)
            .variable("HOSTCTL_HOOK_DOMAIN", &image.facts.domain)
            .variable("HOSTCTL_HOOK_PHASE", phase.word())
            .directory("/")
            .stdin(format!("{input}\n"))
            .deadline(Duration::from_secs(image.timeout_s))
            .leashed(crash::mid_effect)
    }

    fn attempt(&self, image: &Image, marker: Marker, phase: Phase) -> u32 {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = attempts
            .entry((marker.operation, image.name.clone(), phase))
            .or_default();
        *count += 1;
        *count
    }
}

/// SHA-256 of the three commands, in base64.
pub(super) fn digest(step: &Step) -> String {
    let text = json!([step.apply, step.probe, step.undo]).to_string();
    STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, text.as_bytes()))
}

fn answer(image: &Image, phase: Phase, output: &Output) -> Answer {
    let error = |how: &str| {
        let said = said(output);
        let message = format!(
            "step {} of {}: {} {how}{said}",
            image.name,
            image.facts.domain,
            phase.word()
        );
        Error::new(Kind::Unavailable, "step_failed", message)
    };
    match output.ended {
        Ended::Exit(0) => Answer::Done,
        Ended::Exit(10) => Answer::Already,
        Ended::Exit(20) => Answer::Not(error("refused")),
        Ended::Exit(code) => Answer::Unclear(error(&format!("exited with {code}"))),
        Ended::Signal(number) => Answer::CutShort(error(&format!("was ended by signal {number}"))),
        Ended::Deadline => Answer::CutShort(error(&format!(
            "did not end within {} s and was stopped",
            image.timeout_s
        ))),
    }
}

/// The end of what a program said, harmless to look at, with a colon before it; nothing where it said nothing.
#[must_use]
pub fn said(output: &Output) -> String {
    let stream = match output.stderr.is_empty() {
        true => &output.stdout,
        false => &output.stderr,
    };
    let text = String::from_utf8_lossy(stream);
    let text = text.trim();
    let skipped = text.chars().count().saturating_sub(TOLD);
    let end: String = text.chars().skip(skipped).collect();
    match (text.is_empty(), skipped > 0) {
        (true, _) => String::new(),
        (false, true) => format!(": …{}", escape(&end)),
        (false, false) => format!(": {}", escape(&end)),
    }
}
