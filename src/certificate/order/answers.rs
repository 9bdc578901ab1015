//! What an order has in the world: put there, looked for, and taken away.

use std::collections::BTreeMap;

use futures_util::future::{join_all, try_join_all};

use super::proof::Proof;
use super::store::{Answer, Desk};
use super::validate::Validate;
use crate::certificate::authorities::Authorities;
use crate::certificate::challenge::dns::{self, Value, Way};
use crate::certificate::challenge::{Challenge, webroot};
use crate::certificate::failure::before;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::Failure;
use crate::model::{DomainName, ZoneName};

/// What lasts as long as somebody holds it.
pub(super) type Held = Vec<Box<dyn std::any::Any>>;

/// Whether anything is in the world.
pub(super) enum Standing {
    /// This.
    Present(String),
    /// Nothing.
    Absent,
}

/// Puts the answers to all proofs where they belong, and waits until they are seen there.
pub(super) async fn place(
    desk: &Desk<'_>,
    step: &Validate,
    proofs: &[Proof],
    deadline: Deadline,
) -> Result<Held, Failure> {
    match step.challenge {
        Challenge::Dns01 => {
            let answers = txt(desk, step, proofs).await.map_err(before)?;
            desk.answers(&answers).await.map_err(before)?;
            put(desk, &answers).await?;
            seen(desk.world, &answers, deadline).await?;
            Ok(Vec::new())
        }
        Challenge::Http01 if step.webroot.is_some() => {
            let files = proofs
                .iter()
                .map(|proof| step.file(desk.world, proof))
                .collect::<Result<Vec<_>>>();
            let files: Vec<Answer> = files.map_err(Failure::refused)?.into_iter().flatten().collect();
            desk.answers(&files).await.map_err(before)?;
            put(desk, &files).await?;
            Ok(Vec::new())
        }
        Challenge::Http01 => {
            let mut held: Held = Vec::new();
            for proof in proofs {
                let told = desk
                    .world
                    .responders
                    .http
                    .tell(&proof.token, &proof.authorization_text);
                held.push(Box::new(told.await.map_err(before)?));
            }
            Ok(held)
        }
        Challenge::TlsAlpn01 => {
            let answers = proofs.iter().map(|proof| (proof.name.clone(), proof.digest()));
            let told = desk.world.responders.tls.tell(answers.collect(), deadline);
            Ok(vec![Box::new(told.await.map_err(before)?)])
        }
    }
}

async fn txt(desk: &Desk<'_>, step: &Validate, proofs: &[Proof]) -> Result<Vec<Answer>> {
    let mut answers = Vec::new();
    for proof in proofs {
        let domain: DomainName = proof.name.parse()?;
        let place = dns::locate(desk.world, &domain, step.account).await?;
        answers.push(Answer::Txt {
            zone: place.zone,
            name: place.name,
            value: proof.value(),
        });
    }
    Ok(answers)
}

async fn put(desk: &Desk<'_>, answers: &[Answer]) -> Result<(), Failure> {
    let zones = by_zone(answers);
    try_join_all(
        zones
            .iter()
            .map(|(zone, values)| dns::change(desk.world, desk.marker, zone, values, Way::Put)),
    )
    .await?;
    for answer in answers {
        if let Answer::File { path, text, .. } = answer {
            webroot::write(path, text).map_err(Failure::refused)?;
        }
    }
    Ok(())
}

async fn seen(world: &Authorities, answers: &[Answer], deadline: Deadline) -> Result<(), Failure> {
    let waits = answers.iter().filter_map(|answer| match answer {
        Answer::Txt { zone, name, value } => Some(async move {
            let value = Value { name, text: value };
            dns::wait(world, zone, &value, deadline).await
        }),
        Answer::File { .. } => None,
    });
    try_join_all(waits).await.map(drop)
}

/// Gives back the claims on zones that a process may have left which died while it put these there or took them away.
pub(super) async fn let_go(desk: &Desk<'_>, answers: &[Answer]) -> Result<()> {
    for zone in by_zone(answers).keys() {
        dns::let_go(desk.world, zone, desk.marker.operation).await?;
    }
    Ok(())
}

/// Takes away whatever is written down as being there, and forgets it.
pub(super) async fn clear(desk: &Desk<'_>) -> Result<(), Failure> {
    let row = desk.row().await.map_err(Failure::not_now)?;
    let answers = row.answers;
    if answers.is_empty() {
        return Ok(());
    }
    let zones = by_zone(&answers);
    let taken = zones
        .iter()
        .map(|(zone, values)| dns::change(desk.world, desk.marker, zone, values, Way::Take));
    let taken = join_all(taken).await;
    for answer in &answers {
        if let Answer::File { host, path, text } = answer {
            if *host != desk.world.host() && row.is_let_lie {
                tracing::warn!(host, path = %path.display(), "a file stays where its host has gone");
                continue;
            }
            check_host(desk.world, host, path).map_err(Failure::not_now)?;
            webroot::remove(path, text).map_err(Failure::not_now)?;
        }
    }
    for outcome in taken {
        outcome?;
    }
    desk.answers(&[]).await.map_err(Failure::not_now)
}

/// Looks for what is written down.
pub(super) async fn standing(world: &Authorities, answers: &[Answer]) -> Result<Standing> {
    for (zone, values) in by_zone(answers) {
        if dns::holds_any(world, &zone, &values).await? {
            return Ok(Standing::Present(format!("a value of ours in zone {zone}")));
        }
    }
    for answer in answers {
        if let Answer::File { host, path, text } = answer {
            check_host(world, host, path)?;
            if webroot::is_ours(path, text) {
                return Ok(Standing::Present(path.display().to_string()));
            }
        }
    }
    Ok(Standing::Absent)
}

fn check_host(world: &Authorities, host: &str, path: &std::path::Path) -> Result<()> {
    if *host == world.host() {
        return Ok(());
    }
    let message = format!("{} is on {host}", path.display());
    Err(Error::new(Kind::Unavailable, "elsewhere", message))
}

fn by_zone(answers: &[Answer]) -> BTreeMap<ZoneName, Vec<Value<'_>>> {
    let mut zones: BTreeMap<ZoneName, Vec<Value<'_>>> = BTreeMap::new();
    for answer in answers {
        if let Answer::Txt { zone, name, value } = answer {
            zones
                .entry(zone.clone())
                .or_default()
                .push(Value { name, text: value });
        }
    }
    zones
}
