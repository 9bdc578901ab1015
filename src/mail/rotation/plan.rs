//! Plans for keys: pure, from what was seen to steps.

use std::time::Duration;

use super::steps::{Add, Forget, KEY, Switch};
use super::store::Key;
use crate::dns::Observed;
use crate::dns::records::{Action, Edit, plan_change};
use crate::dns::step::Seen;
use crate::error::{Error, Result};
use crate::journal::{Change, PlannedStep, Reversal};
use crate::mail::dkim::PublicKey;
use crate::mail::domain::{Image, described};
use crate::mail::rows::ROW;
use crate::model::{RecordData, RecordName, RecordType, Secret, ZoneName};

/// How long a key stays in DNS after its last signature: longer than mail waits in queues (5 days, RFC 5321 §4.5.4.1).
const KEEP: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What is known before a key is exchanged.
#[derive(Debug)]
pub struct Rotation {
    /// The domain.
    pub domain: Image,
    /// Every key it has.
    pub keys: Vec<Key>,
    /// The zone that its records are in, if that is ours to change.
    pub zone: Option<Observed>,
    /// A new key and its private half, sealed; used where none is coming yet.
    pub new: (PublicKey, String),
}

/// The steps, and the key that they are about.
#[derive(Debug)]
pub struct RotationPlan {
    /// In order.
    pub steps: Vec<PlannedStep>,
    /// What has to stand in DNS.
    pub public: PublicKey,
    /// `active` where the key signs in the end, `coming` where somebody else has to publish it first.
    pub state: &'static str,
}

/// Plans the exchange: a new key is written down and published, seen on every name server, then signs. In a zone that is
/// not ours the first call ends before publishing, and the second begins with the look at the servers.
///
/// # Errors
/// `conflict` where the record cannot be published; `internal`.
pub fn plan_rotate(rotation: Rotation) -> Result<RotationPlan> {
    let Rotation {
        domain,
        keys,
        zone,
        new,
    } = rotation;
    let in_state = |state: &str| keys.iter().find(|key| key.state == state);
    let mut steps = Vec::new();
    let coming = in_state("coming").map(|key| key.public.clone());
    let was_coming = coming.is_some();
    let public = if let Some(public) = coming {
        public
    } else {
        let public = PublicKey {
            selector: unused(&new.0.selector, &keys),
            ..new.0
        };
        steps.push(add(&domain, &public, new.1)?);
        public
    };
    let data = RecordData::parse(RecordType::Txt, &public.text, &domain.name)?.value;
    let name = record_name(&domain, &public)?;
    if let Some(observed) = &zone {
        let edit = Edit {
            name: name.clone(),
            rtype: RecordType::Txt,
            action: Action::Add(vec![data.clone()], None),
        };
        steps.extend(records(observed, edit, &domain)?);
    }
    if zone.is_none() && !was_coming {
        return Ok(RotationPlan {
            steps,
            public,
            state: "coming",
        });
    }
    steps.push(seen(&domain, zone.as_ref(), name, data)?);
    let before = in_state("active").map(|key| key.public.selector.clone());
    steps.push(switch(&domain, &public, before)?);
    Ok(RotationPlan {
        steps,
        public,
        state: "active",
    })
}

/// The first selector that no key of the domain has or had within the time that DNS remembers.
fn unused(wanted: &str, keys: &[Key]) -> String {
    let is_free = |selector: &String| !keys.iter().any(|key| key.public.selector == *selector);
    let more = (2..).map(|number| format!("{wanted}-{number}"));
    std::iter::once(wanted.to_owned())
        .chain(more)
        .find(is_free)
        .unwrap_or_default()
}

fn add(domain: &Image, public: &PublicKey, sealed: String) -> Result<PlannedStep> {
    let change = change("create", domain, public, None, Some("coming".to_owned()));
    let step = Add {
        domain: domain.name.clone(),
        selector: public.selector.clone(),
        public: public.text.clone(),
    };
    Ok(PlannedStep::in_control(&step, change)?.secret(KEY, Secret::new(sealed)))
}

/// The steps that change records, without the look whether the zone is published: the look at the record itself is
/// stricter.
fn records(observed: &Observed, edit: Edit, domain: &Image) -> Result<Vec<PlannedStep>> {
    let mut steps = plan_change(observed, &[edit], domain.account)?.steps;
    steps.pop();
    Ok(steps)
}

fn seen(domain: &Image, zone: Option<&Observed>, name: RecordName, data: RecordData) -> Result<PlannedStep> {
    let change = Change {
        action: "look",
        resource: format!("{name} TXT"),
        before: None,
        after: Some("seen on every server".to_owned()),
        undo: Reversal::Undoable,
    };
    let step = Seen {
        zone: zone.map_or_else(|| ZoneName::from(domain.name.clone()), |zone| zone.zone.clone()),
        query_servers: zone.map_or_else(Vec::new, |zone| zone.target.query_servers.clone()),
        name,
        data,
    };
    PlannedStep::outside(&step, change)
}

fn switch(domain: &Image, public: &PublicKey, before: Option<String>) -> Result<PlannedStep> {
    // Mail that it has signed is under way, and signers change keys in their own time: it can be exchanged, not undone.
    let change = Change {
        undo: Reversal::ForwardOnly,
        ..change(
            "sign with",
            domain,
            public,
            before.clone(),
            Some("active".to_owned()),
        )
    };
    let step = Switch {
        domain: domain.name.clone(),
        selector: public.selector.clone(),
        before,
        keep_seconds: i64::try_from(KEEP.as_secs())
            .map_err(|error| Error::internal("too long a time").source(error))?,
    };
    Ok(PlannedStep::in_control(&step, change)?
        .secret(ROW, domain.row.clone())
        .pivot())
}

/// Plans the end of a retired key: its record, where that is ours, and its row.
///
/// # Errors
/// Those of changing the zone; `internal`.
pub fn plan_retire(key: Key, domain: &Image, zone: Option<&Observed>) -> Result<Vec<PlannedStep>> {
    let mut steps = Vec::new();
    let name = record_name(domain, &key.public)?;
    let data = RecordData::parse(RecordType::Txt, &key.public.text, &domain.name)?.value;
    if let Some(observed) = zone.filter(|zone| is_published(zone, &name, &data)) {
        let edit = Edit {
            name,
            rtype: RecordType::Txt,
            action: Action::Delete(vec![data]),
        };
        steps.extend(records(observed, edit, domain)?);
    }
    steps.push(forget(key, true)?);
    Ok(steps)
}

/// Whether the value stands there and is ours.
fn is_published(observed: &Observed, name: &RecordName, data: &RecordData) -> bool {
    let live = observed.live.as_ref();
    let set = live.and_then(|live| live.set(name, RecordType::Txt));
    set.is_some_and(|set| set.holds(data)) && observed.owns(name, data)
}

/// Plans the end of a key's row alone: one step.
///
/// # Errors
/// `internal`.
pub fn plan_forget(key: Key) -> Result<PlannedStep> {
    forget(key, false)
}

fn forget(key: Key, retires: bool) -> Result<PlannedStep> {
    let change = Change {
        action: "delete",
        resource: format!("DKIM key {} of {}", key.public.selector, described(&key.domain)),
        before: Some(key.state),
        after: None,
        undo: Reversal::Undoable,
    };
    let row = key
        .row
        .ok_or_else(|| Error::internal("a key without a row of its own is not forgotten"))?;
    let step = Forget {
        domain: key.domain,
        selector: key.public.selector,
        retires,
    };
    Ok(PlannedStep::in_control(&step, change)?
        .secret(ROW, row)
        .keep_secrets())
}

/// RFC 6376 §3.6.2.1.
fn record_name(domain: &Image, public: &PublicKey) -> Result<RecordName> {
    let name = format!("{}._domainkey.{}.", public.selector, domain.name);
    RecordName::parse(&name, &domain.name).map(|given| given.value)
}

fn change(
    action: &'static str,
    domain: &Image,
    public: &PublicKey,
    before: Option<String>,
    after: Option<String>,
) -> Change {
    Change {
        action,
        resource: format!("DKIM key {} of {}", public.selector, described(&domain.name)),
        before,
        after,
        undo: Reversal::Undoable,
    }
}
