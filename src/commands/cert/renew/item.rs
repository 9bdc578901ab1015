//! One certificate: authority after authority, until one issues it.

use std::time::Duration;

use serde_json::json;

use super::next;
use super::row::Line;
use crate::certificate::renewal::{self, Claimed, Outcome};
use crate::control::Session;
use crate::error::{Error, Kind, Result};
use crate::journal::Plan;
use crate::runner::{Context, Done, Lines, World, carry_out};

/// What a renewal works with.
pub(super) struct Bench<'a> {
    pub(super) context: &'a Context,
    pub(super) world: &'a World,
    pub(super) lines: &'a Lines,
    /// How long proving, and then issuing, may take.
    pub(super) timeout: Duration,
    /// Whether a person has asked for these by name, and is told of whatever keeps them from being renewed.
    pub(super) is_named: bool,
}

/// How it ended.
pub(super) enum Ended {
    /// It is issued: by which authority, under which operation.
    Renewed(Option<(String, String)>),
    /// It is not, and what every authority said.
    Not(Outcome, Vec<(String, Error)>),
}

impl Bench<'_> {
    pub(super) async fn renew(&self, item: &Claimed) -> Ended {
        let mut errors: Vec<(String, Error)> = Vec::new();
        for ca in &item.wanted.cas {
            match self.at(item, ca).await {
                Ok(Some(done)) => return Ended::Renewed(Some((ca.clone(), done.operation.to_string()))),
                Ok(None) => return Ended::Renewed(None),
                Err(error) => {
                    let may_go_on = next::is_asked(self.context, &error).await;
                    errors.push((ca.clone(), error));
                    if !may_go_on {
                        break;
                    }
                }
            }
        }
        let outcome = match self.limited(item, &errors).await {
            Some(limited) => limited,
            None => errors.last().map_or(Outcome::Failed, |(_, error)| outcome(error)),
        };
        Ended::Not(outcome, errors)
    }

    /// Where nothing stands in the way but what its authorities allow: when that is over.
    async fn limited(&self, item: &Claimed, errors: &[(String, Error)]) -> Option<Outcome> {
        let is = |reason: &str| errors.iter().any(|(_, error)| error.reason() == reason);
        let is_only = |(_, error): &(String, Error)| matches!(error.reason(), "rate_limited" | "throttled");
        if !is("rate_limited") || !errors.iter().all(is_only) {
            return None;
        }
        let cas: Vec<&str> = errors.iter().map(|(ca, _)| ca.as_str()).collect();
        let at = renewal::not_before(&self.world.authorities, item, &cas).await;
        at.map(Outcome::Limited).ok()
    }

    /// At one authority; nothing where it was renewed by an operation that had been left open.
    async fn at(&self, item: &Claimed, ca: &str) -> Result<Option<Done>> {
        let name = &item.wanted.name;
        loop {
            let steps = renewal::plan(&self.world.authorities, item, ca, self.timeout).await?;
            let plan = Plan {
                kind: "cert.renew",
                target: name.to_string(),
                account: Some(item.wanted.account),
                request: json!({ "ca": ca }),
                steps,
                claims: Vec::new(),
                result: json!({ "name": name, "ca": ca }),
            };
            if let Some(done) = carry_out(self.context, self.world, self.lines, &plan).await? {
                return Ok(Some(done));
            }
            let session = self.context.session().await?;
            let standing = renewal::standing(&*session, name).await?;
            if standing.is_none_or(|standing| standing.generation != item.generation) {
                return Ok(None);
            }
        }
    }

    /// Writes down how it ended.
    pub(super) async fn note(
        &self,
        session: &Session,
        item: &Claimed,
        ended: Ended,
        shows: bool,
    ) -> Result<(Line, Option<Error>)> {
        let name = item.wanted.name.as_str();
        match ended {
            Ended::Renewed(by) => {
                let (ca, operation) = by.unzip();
                let line = Line {
                    ca,
                    operation,
                    ..Line::new(name, "renewed")
                };
                let standing = match shows {
                    true => renewal::standing(&**session, &item.wanted.name).await?,
                    false => None,
                };
                Ok((line.standing(standing), None))
            }
            Ended::Not(outcome, errors) => {
                let why = renewal::told(&errors);
                let next_at = renewal::record(&**session, item, outcome, &why).await?;
                let line = Line {
                    next_at,
                    why: Some(why),
                    operation: errors
                        .last()
                        .and_then(|(_, error)| error.operation_id())
                        .map(str::to_owned),
                    ..Line::new(name, word(outcome))
                };
                let is_failure = match outcome {
                    Outcome::Failed | Outcome::Kept => true,
                    // What is served ends meanwhile, unless somebody hears of it.
                    Outcome::Pending | Outcome::Limited(_) => item.is_ending || self.is_named,
                    Outcome::Busy => self.is_named,
                    Outcome::Interrupted => false,
                };
                Ok((line, is_failure.then(|| renewal::whole(errors))))
            }
        }
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Failed => "failed",
        Outcome::Pending => "pending",
        Outcome::Kept => "kept",
        Outcome::Busy => "busy",
        Outcome::Interrupted => "interrupted",
        Outcome::Limited(_) => "limited",
    }
}

fn outcome(error: &Error) -> Outcome {
    match error.reason() {
        "pending" => Outcome::Pending,
        "left_to_recovery" => Outcome::Kept,
        "held" | "fenced" | "lease_lost" | "on_its_way" => Outcome::Busy,
        _ if error.kind() == Kind::Interrupted => Outcome::Interrupted,
        _ => Outcome::Failed,
    }
}
