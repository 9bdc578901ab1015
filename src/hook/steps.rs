//! A step done, and a step taken back: each the other's undo.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Facts;
use super::program::{Answer, Hooks, Phase};
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Between the deadline of a program and ours: it is asked to end, then killed and waited for.
const SLACK: Duration = Duration::from_secs(15);

/// A step of one site, as far as it is frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Its name in the configuration.
    pub name: String,
    /// The host that alone may run it; absent where any may.
    pub host: Option<String>,
    /// Of its commands, which stand in the configuration alone.
    pub digest: String,
    /// How long each of its programs may take.
    pub timeout_s: u64,
    /// The operation that did it: what it made bears this as the mark of its owner.
    pub owner: Uuid,
    /// What its programs are told.
    pub facts: Facts,
}

/// `hook.apply`: a step is done.
#[derive(Debug, Serialize, Deserialize)]
pub struct Apply(pub Image);

/// `hook.undo`: what a step did is taken back.
#[derive(Debug, Serialize, Deserialize)]
pub struct Undo(pub Image);

/// What a probe said.
pub(super) enum Seen {
    Ours,
    Foreign,
    Nothing,
}

impl Seen {
    fn is_as_after(&self, phase: Phase) -> bool {
        matches!(
            (self, phase),
            (Seen::Ours, Phase::Apply) | (Seen::Foreign | Seen::Nothing, Phase::Undo)
        )
    }
}

impl Image {
    fn resource(&self) -> String {
        format!("step:{}/{}", self.name, self.facts.domain)
    }

    fn substrate(&self) -> String {
        match &self.host {
            Some(host) => format!("host:{host}"),
            None => format!("step:{}", self.name),
        }
    }

    /// For a program, a look, and both again where half of it has to be taken back.
    fn limit(&self) -> Duration {
        self.look_limit() * 4
    }

    fn look_limit(&self) -> Duration {
        Duration::from_secs(self.timeout_s) + SLACK
    }

    pub(super) async fn look(&self, hooks: &Hooks, marker: Marker) -> Result<Seen> {
        match hooks.run(self, marker, Phase::Probe).await? {
            Answer::Done => Ok(Seen::Ours),
            Answer::Already => Ok(Seen::Foreign),
            Answer::Not(_) => Ok(Seen::Nothing),
            Answer::Unclear(error) | Answer::CutShort(error) => Err(error),
        }
    }

    /// Forward. Where it is unclear what became of it and the thing is not there, half of it may be: that is taken back
    /// at once, since a probe alone would call it nothing.
    async fn forward(&self, hooks: &Hooks, marker: Marker, phase: Phase) -> Result<Value, Failure> {
        let error = match hooks.run(self, marker, phase).await.map_err(not_begun)? {
            Answer::Done => return Ok(json!({ "outcome": "done" })),
            Answer::Already => return Ok(json!({ "outcome": "already" })),
            Answer::Not(error) if phase == Phase::Undo => return Err(Failure::refused(changed(&error))),
            Answer::Not(error) => return Err(Failure::refused(error)),
            Answer::Unclear(error) | Answer::CutShort(error) => error,
        };
        match self.look(hooks, marker).await {
            Ok(seen) if seen.is_as_after(phase) => return Ok(json!({ "outcome": "done" })),
            Ok(_) => {
                if let Err(failure) = self.back(hooks, marker, phase.reverse()).await {
                    return Err(Failure::unknown(
                        error.context(failure.error.message().to_owned()),
                    ));
                }
            }
            Err(_) => {}
        }
        Err(Failure::unknown(error))
    }

    /// Back: a program that came to its end and did not do it will not do it for being asked again.
    async fn back(&self, hooks: &Hooks, marker: Marker, phase: Phase) -> Result<(), Failure> {
        let (error, came_to_its_end) = match hooks.run(self, marker, phase).await.map_err(not_begun)? {
            Answer::Done | Answer::Already => return Ok(()),
            Answer::Not(error) => return Err(Failure::refused(changed(&error))),
            Answer::Unclear(error) => (error, true),
            Answer::CutShort(error) => (error, false),
        };
        match self.look(hooks, marker).await {
            Ok(seen) if seen.is_as_after(phase) => Ok(()),
            Ok(_) if came_to_its_end => Err(Failure::refused(error)),
            Ok(_) | Err(_) => Err(Failure::unknown(error)),
        }
    }
}

/// Nothing was run: on the wrong host, or because the configuration does not permit it.
fn not_begun(error: Error) -> Failure {
    match error.kind() {
        Kind::Unavailable => Failure::not_now(error),
        _ => Failure::refused(error),
    }
}

/// A program that refuses to take back found something that is not as it left it.
fn changed(error: &Error) -> Error {
    Error::new(Kind::Conflict, "changed", error.message())
}

impl OutsideStep for Apply {
    const KIND: &'static str = "hook.apply";
    const VERSION: i32 = 1;
    type World = Hooks;

    fn resource(&self) -> String {
        self.0.resource()
    }

    fn substrate(&self) -> String {
        self.0.substrate()
    }

    fn limit(&self) -> Option<Duration> {
        Some(self.0.limit())
    }

    fn look_limit(&self) -> Option<Duration> {
        Some(self.0.look_limit())
    }

    async fn apply(&self, hooks: &Hooks, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        self.0.forward(hooks, marker, Phase::Apply).await
    }

    async fn undo(&self, hooks: &Hooks, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        self.0.back(hooks, marker, Phase::Undo).await
    }

    async fn probe(&self, hooks: &Hooks, marker: Marker, _: &Secrets) -> Result<Found> {
        Ok(match self.0.look(hooks, marker).await? {
            Seen::Ours => Found::Ours(json!({ "outcome": "done" })),
            Seen::Nothing => Found::Absent,
            Seen::Foreign => Found::Foreign(format!(
                "step {}: what is there is not of this site's making",
                self.0.name
            )),
        })
    }
}

impl OutsideStep for Undo {
    const KIND: &'static str = "hook.undo";
    const VERSION: i32 = 1;
    type World = Hooks;

    fn resource(&self) -> String {
        self.0.resource()
    }

    fn substrate(&self) -> String {
        self.0.substrate()
    }

    fn limit(&self) -> Option<Duration> {
        Some(self.0.limit())
    }

    fn look_limit(&self) -> Option<Duration> {
        Some(self.0.look_limit())
    }

    async fn apply(&self, hooks: &Hooks, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        self.0.forward(hooks, marker, Phase::Undo).await
    }

    async fn undo(&self, hooks: &Hooks, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        self.0.back(hooks, marker, Phase::Apply).await
    }

    /// What this step leaves is that nothing of ours is there.
    async fn probe(&self, hooks: &Hooks, marker: Marker, _: &Secrets) -> Result<Found> {
        Ok(match self.0.look(hooks, marker).await? {
            Seen::Ours => Found::Absent,
            Seen::Nothing | Seen::Foreign => Found::Ours(json!({ "outcome": "done" })),
        })
    }
}
