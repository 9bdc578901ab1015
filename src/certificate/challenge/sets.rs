//! Whole sets of a zone with our values in them, or without: read, made and written.

use std::time::Duration;

use super::dns::{Value, Way};
use crate::certificate::authorities::Authorities;
use crate::certificate::failure::before;
use crate::control::Session;
use crate::dns::provider::{SetChange, ZoneChange};
use crate::dns::{self, LiveZone, Member, RrSet};
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Marker};
use crate::model::{DomainName, RecordData, RecordName, RecordType, ZoneName};

/// The time to live of a set that is ours alone.
const TTL: u32 = 60;
/// How often a change is made again that others were quicker than.
const ATTEMPTS: usize = 8;

/// Changes them, again where others were quicker.
pub(super) async fn change(
    world: &Authorities,
    session: &Session,
    marker: Marker,
    zone: &ZoneName,
    values: &[Value<'_>],
    way: Way,
) -> Result<(), Failure> {
    let mut last = None;
    for _ in 0..ATTEMPTS {
        match attempt(world, session, marker, zone, values, way).await {
            Ok(()) => return Ok(()),
            Err(failure) if failure.is_passing || failure.error.reason() == "changed" => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                last = Some(failure);
            }
            Err(failure) => return Err(failure),
        }
    }
    Err(last.unwrap_or_else(|| Failure::refused(Error::internal("a change without an attempt"))))
}

async fn attempt(
    world: &Authorities,
    session: &Session,
    marker: Marker,
    zone: &ZoneName,
    values: &[Value<'_>],
    way: Way,
) -> Result<(), Failure> {
    let observed = dns::observe(&**session, &world.providers, zone, None).await;
    let observed = observed.map_err(before)?;
    let Some(live) = &observed.live else {
        return match way {
            Way::Take => Ok(()),
            Way::Put => Err(Failure::refused(Error::new(
                Kind::NotFound,
                "not_found",
                format!("zone {zone} is gone"),
            ))),
        };
    };
    let sets = wanted(live, values, way).map_err(Failure::refused)?;
    let changes: Vec<SetChange<'_>> = sets
        .iter()
        .filter(|(name, after)| live.set(name, RecordType::Txt) != after.as_ref())
        .map(|(name, after)| SetChange {
            name,
            rtype: RecordType::Txt,
            before: live.set(name, RecordType::Txt),
            after: after.as_ref(),
        })
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    let client = world.providers.client_at(&observed.target.location);
    let client = client.map_err(before)?;
    let change = ZoneChange {
        live,
        sets: &changes,
        marker,
    };
    client.change(&change).await
}

/// Every set that is concerned, as it shall be.
fn wanted(live: &LiveZone, values: &[Value<'_>], way: Way) -> Result<Vec<(RecordName, Option<RrSet>)>> {
    let mut sets: Vec<(RecordName, Option<RrSet>)> = Vec::new();
    for value in values {
        let known = sets.iter().position(|(name, _)| name == value.name);
        let at = known.unwrap_or_else(|| {
            sets.push((value.name.clone(), live.set(value.name, RecordType::Txt).cloned()));
            sets.len() - 1
        });
        let data = data(value.text, live.zone.domain())?;
        let set = &mut sets[at].1;
        match way {
            Way::Put => {
                let set = set.get_or_insert_with(|| RrSet {
                    name: value.name.clone(),
                    rtype: RecordType::Txt,
                    ttl: TTL,
                    members: Vec::new(),
                    comments: Vec::new(),
                });
                if !set.holds(&data) {
                    set.members.push(Member {
                        data,
                        disabled: false,
                    });
                }
            }
            Way::Take => {
                if let Some(found) = set {
                    found.members.retain(|member| member.data != data);
                    if found.members.is_empty() {
                        *set = None;
                    }
                }
            }
        }
    }
    Ok(sets)
}

/// A text as a record.
pub(super) fn data(text: &str, zone: &DomainName) -> Result<RecordData> {
    RecordData::parse(RecordType::Txt, text, zone).map(|given| given.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(values: &[&str]) -> LiveZone {
        let zone: ZoneName = "shop.example".parse().expect("a zone");
        let name = RecordName::from_presentation("_acme-challenge.shop.example").expect("a name");
        let members = values.iter().map(|value| Member {
            data: data(value, zone.domain()).expect("a text"),
            disabled: false,
        });
        LiveZone {
            sets: vec![RrSet {
                name,
                rtype: RecordType::Txt,
                ttl: 300,
                members: members.collect(),
                comments: Vec::new(),
            }],
            zone,
            account: String::new(),
            kind: String::new(),
            soa_edit_api: String::new(),
            dnssec: false,
            serial: 1,
            served_serial: 1,
            unread: Vec::new(),
            mark: None,
            is_unfinished: false,
        }
    }

    fn after(live: &LiveZone, texts: &[&str], way: Way) -> Option<(u32, Vec<String>)> {
        let name = live.sets[0].name.clone();
        let values: Vec<Value<'_>> = texts.iter().map(|text| Value { name: &name, text }).collect();
        let sets = wanted(live, &values, way).expect("sets");
        assert_eq!(sets.len(), 1, "one name, one set");
        let set = sets.into_iter().next().expect("one").1?;
        Some((
            set.ttl,
            set.members.iter().map(|member| member.data.value()).collect(),
        ))
    }

    #[test]
    fn values_stand_beside_those_of_others_and_go_alone() {
        let found = live(&["theirs"]);
        let both = after(&found, &["one", "two"], Way::Put).expect("a set");
        assert_eq!(
            both,
            (300, vec!["theirs".to_owned(), "one".to_owned(), "two".to_owned()])
        );
        let found = live(&["one", "theirs", "two"]);
        assert_eq!(
            after(&found, &["two", "one", "never"], Way::Take),
            Some((300, vec!["theirs".to_owned()]))
        );
        assert_eq!(after(&live(&["one"]), &["one"], Way::Take), None);
    }
}
