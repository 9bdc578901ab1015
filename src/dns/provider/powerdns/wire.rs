//! The JSON of the API.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::dns::live::LiveZone;
use crate::dns::provider::backup::Key;
use crate::dns::provider::{MarkedZone, NewZone, SetChange, update};
use crate::dns::rrset::{Member, RrSet};
use crate::dns::surroundings::lies_in;
use crate::error::{Error, Result};
use crate::model::{RecordData, RecordName, ZoneName};

#[derive(Deserialize)]
struct Zone {
    #[serde(default)]
    account: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    soa_edit_api: String,
    #[serde(default)]
    dnssec: bool,
    serial: u32,
    edited_serial: Option<u32>,
    #[serde(default)]
    rrsets: Vec<Value>,
}

#[derive(Deserialize)]
struct Set {
    name: String,
    r#type: String,
    ttl: u32,
    records: Vec<Record>,
    #[serde(default)]
    comments: Vec<Value>,
}

#[derive(Deserialize)]
struct Record {
    content: String,
    #[serde(default)]
    disabled: bool,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    serial: u32,
    #[serde(default)]
    account: String,
}

/// What a search found.
#[derive(Deserialize)]
struct Found {
    name: String,
    object_type: String,
}

/// A zone as far as its delegations go.
#[derive(Deserialize)]
struct Delegating {
    rrsets: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    r#type: String,
}

#[derive(Deserialize)]
struct Server {
    version: String,
}

/// A DNSSEC key as the list of keys shows it.
#[derive(Deserialize)]
pub(super) struct ListedKey {
    pub id: u64,
    pub dnskey: String,
}

#[derive(Deserialize)]
struct Metadata {
    kind: String,
    metadata: Vec<String>,
}

/// The keys of a zone.
pub(super) fn keys(json: Value) -> Result<Vec<ListedKey>> {
    read(json)
}

/// A key with its private half.
pub(super) fn key(json: Value) -> Result<Key> {
    // The error of serde_json would quote what it read.
    serde_json::from_value(json)
        .map_err(|_| Error::unavailable("PowerDNS shows a key in a form that is not known"))
}

/// The metadata of a zone.
pub(super) fn metadata(json: Value) -> Result<Vec<(String, Vec<String>)>> {
    let all: Vec<Metadata> = read(json)?;
    Ok(all.into_iter().map(|one| (one.kind, one.metadata)).collect())
}

/// A zone as the API shows it.
pub(super) fn zone(name: &ZoneName, json: Value) -> Result<LiveZone> {
    let zone: Zone = read(json)?;
    let mut live = LiveZone {
        zone: name.clone(),
        account: zone.account,
        kind: zone.kind,
        soa_edit_api: zone.soa_edit_api,
        dnssec: zone.dnssec,
        serial: zone.serial,
        served_serial: zone.edited_serial.unwrap_or(zone.serial),
        sets: Vec::with_capacity(zone.rrsets.len()),
        unread: Vec::new(),
        mark: None,
        is_unfinished: false,
    };
    for rrset in zone.rrsets {
        match set(&rrset) {
            // A set of comments alone has no records.
            Some(set) if set.members.is_empty() => {}
            Some(set) => live.sets.push(set),
            None => live.unread.push(rrset),
        }
    }
    live.mark = update::split_mark(name, &mut live.sets);
    Ok(live)
}

/// A set, unless its type or data is known to the provider only.
fn set(json: &Value) -> Option<RrSet> {
    let set = Set::deserialize(json).ok()?;
    let rtype = set.r#type.parse().ok()?;
    let member = |record: Record| {
        let data = RecordData::from_presentation(rtype, &record.content).ok()?;
        Some(Member {
            data,
            disabled: record.disabled,
        })
    };
    Some(RrSet {
        name: RecordName::from_presentation(&set.name).ok()?,
        rtype,
        ttl: set.ttl,
        members: once_each(set.records.into_iter().map(member).collect::<Option<_>>()?),
        comments: set.comments,
    })
}

/// Each value once. The server may hold one both switched off and served, and takes no such set back: what counts is that
/// it is served.
fn once_each(found: Vec<Member>) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::with_capacity(found.len());
    for member in found {
        let same = |other: &&mut Member| other.data.presentation() == member.data.presentation();
        match members.iter_mut().find(same) {
            Some(other) => other.disabled &= member.disabled,
            None => members.push(member),
        }
    }
    members
}

/// The serials of a list of zones.
pub(super) fn serials(json: Value) -> Result<BTreeMap<String, u32>> {
    let zones: Vec<Listed> = read(json)?;
    Ok(zones
        .into_iter()
        .map(|zone| (bare(&zone.name), zone.serial))
        .collect())
}

/// The accounts of a list of zones.
pub(super) fn marks(json: Value) -> Result<Vec<MarkedZone>> {
    let zones: Vec<Listed> = read(json)?;
    let marked = zones.into_iter().map(|zone| MarkedZone {
        name: zone.name.trim_end_matches('.').to_ascii_lowercase(),
        account: zone.account,
        change: None,
    });
    Ok(marked.collect())
}

/// The names of zones within `zone` among what a search found.
pub(super) fn zones_below(zone: &ZoneName, json: Value) -> Result<Vec<String>> {
    let found: Vec<Found> = read(json)?;
    let zones = found.into_iter().filter(|found| found.object_type == "zone");
    let names = zones.map(|found| bare(&found.name));
    Ok(names
        .filter(|name| name != zone.as_str() && lies_in(name, zone.as_str()))
        .collect())
}

/// Whether the zone `parent` has NS records at `zone` or between the two.
pub(super) fn delegates(parent: &str, zone: &ZoneName, json: Value) -> Result<bool> {
    let parent_zone: Delegating = read(json)?;
    Ok(parent_zone.rrsets.iter().any(|set| {
        let name = bare(&set.name);
        set.r#type == "NS" && name != parent && lies_in(zone.as_str(), &name)
    }))
}

/// A name as we write it.
fn bare(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// The version of a server.
pub(super) fn version(json: Value) -> Result<String> {
    read(json).map(|server: Server| server.version)
}

/// The body of the PUT that sets one kind of metadata.
pub(super) fn setting(kind: &str, value: &str) -> Value {
    json!({ "kind": kind, "metadata": [value] })
}

/// The body of the POST that makes a whole zone.
pub(super) fn create(new: &NewZone<'_>) -> Value {
    json!({
        "name": new.zone.domain().absolute(),
        "kind": new.kind,
        "account": new.account,
        "soa_edit_api": new.soa_edit_api,
        // Would make NS records of its own.
        "nameservers": [],
        "rrsets": new.sets.iter().map(body).chain(new.unread.iter().cloned()).collect::<Vec<_>>(),
    })
}

/// The body of the PATCH that changes whole sets. Removals first: the server looks at each set in turn, and an alias stands
/// in the way of the address that replaces it.
pub(super) fn change(changes: &[SetChange<'_>]) -> Value {
    let removed = changes.iter().filter(|change| change.after.is_none()).map(|change| {
        json!({ "name": change.name.absolute(), "type": change.rtype.to_string(), "changetype": "DELETE" })
    });
    let written = changes.iter().filter_map(|change| change.after).map(|set| {
        let mut body = body(set);
        body["changetype"] = "REPLACE".into();
        body
    });
    json!({ "rrsets": removed.chain(written).collect::<Vec<_>>() })
}

fn body(set: &RrSet) -> Value {
    let record =
        |member: &Member| json!({ "content": member.data.presentation(), "disabled": member.disabled });
    let mut body = json!({
        "name": set.name.absolute(),
        "type": set.rtype.to_string(),
        "ttl": set.ttl,
        "records": set.members.iter().map(record).collect::<Vec<_>>(),
    });
    // Without the key the server leaves the comments as they are.
    if !set.comments.is_empty() {
        body["comments"] = set.comments.clone().into();
    }
    body
}

fn read<T: for<'de> Deserialize<'de>>(json: Value) -> Result<T> {
    serde_json::from_value(json)
        .map_err(|error| Error::unavailable("PowerDNS answers in a form that is not known").source(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::live::tests::set as some_set;
    use crate::model::RecordType;

    fn answered() -> LiveZone {
        let name = ZoneName::parse("example.test").expect("zone").value;
        let rrset = |name: &str, rtype: &str, content: &str| {
            json!({ "name": name, "type": rtype, "ttl": 60, "comments": [],
                "records": [{ "content": content, "disabled": true }] })
        };
        let json = json!({ "account": "hostctl:x", "kind": "Native", "soa_edit_api": "INCREASE", "dnssec": false,
            "serial": 7, "edited_serial": 7, "unknown": 1, "rrsets": [
                rrset("WWW.example.test.", "A", "192.0.2.1"),
                rrset("t.example.test.", "TXT", "\"a\\255b\" \"c\""),
                rrset("alias.example.test.", "PRIVATE", "other.test."),
                json!({ "name": "c.example.test.", "type": "A", "ttl": 1, "records": [], "comments": [{}] }),
            ] });
        zone(&name, json).expect("zone")
    }

    #[test]
    fn a_zone_is_read_and_what_only_the_server_knows_is_kept() {
        let live = answered();
        let names: Vec<_> = live.sets.iter().map(|set| set.name.as_str()).collect();
        assert_eq!(names, ["www.example.test", "t.example.test"]);
        assert_eq!(live.sets[1].members[0].data.value(), "a\\255bc");
        assert!(live.sets[0].members[0].disabled);
        assert_eq!(live.unread[0]["type"], "PRIVATE");
    }

    #[test]
    fn what_is_given_back_is_what_came() {
        let live = answered();
        assert_eq!(body(&live.sets[1])["records"][0]["content"], "\"a\\255b\" \"c\"");
        assert_eq!(body(&live.sets[1])["records"][0]["disabled"], true);
    }

    #[test]
    fn removals_come_first() {
        let address = some_set("www", 300, RecordType::A, &["192.0.2.1"]);
        let changes = [
            SetChange {
                name: &address.name,
                rtype: RecordType::A,
                before: None,
                after: Some(&address),
            },
            SetChange {
                name: &address.name,
                rtype: RecordType::Cname,
                before: None,
                after: None,
            },
        ];
        let body = change(&changes);
        assert_eq!(body["rrsets"][0]["changetype"], "DELETE");
        assert_eq!(body["rrsets"][1]["records"][0]["content"], "192.0.2.1");
        assert_eq!(body["rrsets"][1]["name"], "www.example.test.");
    }

    #[test]
    fn an_answer_of_another_kind_is_no_zone() {
        let name = ZoneName::parse("example.test").expect("zone").value;
        assert_eq!(zone(&name, json!([])).expect_err("array").reason(), "unavailable");
    }

    #[test]
    fn only_zones_within_count_as_found() {
        let name = ZoneName::parse("example.test").expect("zone").value;
        let found = |name: &str, object_type: &str| json!({ "name": name, "object_type": object_type });
        let json = json!([
            found("Shop.example.test.", "zone"),
            found("example.test.", "zone"),
            found("badexample.test.", "zone"),
            found("www.example.test.", "record"),
        ]);
        assert_eq!(zones_below(&name, json).expect("found"), ["shop.example.test"]);
    }

    #[test]
    fn a_zone_is_delegated_at_its_name_or_above_and_not_by_its_parents_own_servers() {
        let zone = ZoneName::parse("a.b.example.test").expect("zone").value;
        for (name, rtype, is_delegated) in [
            ("a.b.example.test.", "NS", true),
            ("B.example.test.", "NS", true),
            ("example.test.", "NS", false),
            ("other.example.test.", "NS", false),
            ("a.b.example.test.", "A", false),
        ] {
            let json = json!({ "rrsets": [{ "name": name, "type": rtype }] });
            assert_eq!(
                delegates("example.test", &zone, json).expect("read"),
                is_delegated,
                "{name} {rtype}"
            );
        }
    }
}
