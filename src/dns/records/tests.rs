use std::collections::BTreeMap;

use super::*;
use crate::dns::Surroundings;
use crate::dns::inventory::ZoneRow;
use crate::dns::live::tests::{set, zone as live_zone};
use crate::dns::provider::{Location, Target};
use crate::journal::Marker;
use crate::model::{DomainName, ZoneName};

const OURS: &str = "192.0.2.1";
const THEIRS: &str = "192.0.2.9";

fn zone_name() -> ZoneName {
    ZoneName::parse("example.test").expect("zone").value
}

fn data(rtype: RecordType, value: &str) -> RecordData {
    let zone: DomainName = "example.test".parse().expect("zone");
    RecordData::parse(rtype, value, &zone).expect(value).value
}

/// A zone of ours with one address of ours and one of somebody else's at `www`.
fn observed() -> Observed {
    let marker = Marker {
        operation: Uuid::from_u128(7),
        step: 1,
        epoch: 1,
    }
    .to_string();
    let www = set("www", 300, RecordType::A, &[OURS, THEIRS]);
    let row = RecordRow {
        marker: marker.clone(),
        ..step::new_row(&zone_name(), Uuid::nil(), &www.name, &data(RecordType::A, OURS))
    };
    Observed {
        zone: zone_name(),
        around: Surroundings::default(),
        target: Target {
            location: Location {
                provider: "main".to_owned(),
                substrate: "powerdns:http://x/localhost".to_owned(),
            },
            kind: "Native".to_owned(),
            soa_edit_api: "INCREASE".to_owned(),
            nameservers: Vec::new(),
            query_servers: Vec::new(),
            is_bound: false,
            makes_zones: true,
            marks_zones: true,
            takes_updates: false,
        },
        row: Some(ZoneRow {
            name: zone_name(),
            account: Uuid::nil(),
            provider: "main".to_owned(),
            marker: marker.clone(),
            state: "active".to_owned(),
            created_at: String::new(),
        }),
        live: Some(live_zone(
            &marker,
            vec![set("@", 3600, RecordType::Ns, &["ns1.example.net."]), www.clone()],
        )),
        owned: BTreeMap::from([(www.name, vec![row])]),
    }
}

fn edit(name: &str, rtype: RecordType, action: Action) -> Edit {
    Edit {
        name: set(name, 60, rtype, &[]).name,
        rtype,
        action,
    }
}

fn a(values: &[&str]) -> Vec<RecordData> {
    values.iter().map(|value| data(RecordType::A, value)).collect()
}

fn ttl(seconds: u64) -> Ttl {
    Ttl::from_seconds(seconds).expect("ttl")
}

fn plan(edits: &[Edit]) -> Result<RecordsPlan> {
    plan_change(&observed(), edits, Uuid::nil())
}

#[test]
fn what_is_switched_off_stays_so_beside_what_a_file_asks_for() {
    let mut observed = observed();
    let www = &mut observed.live.as_mut().expect("a zone").sets[1];
    www.members[1].disabled = true;
    let mut wanted = www.clone();
    let file = [set("www", 5, RecordType::A, &["192.0.2.2"])];
    let edits = import_edits(&observed, observed.live.as_ref().expect("a zone"), &file, true);
    let plan = plan_change(&observed, &edits, Uuid::nil()).expect("plan");
    wanted.ttl = 5;
    wanted.members[0].data = data(RecordType::A, "192.0.2.2");
    assert_eq!(effects(&plan).0, [Some(wanted)]);
    // Of what is switched off alone a file says nothing.
    let only = &mut observed.live.as_mut().expect("a zone").sets[1];
    only.members.remove(0);
    let edits = import_edits(&observed, observed.live.as_ref().expect("a zone"), &[], true);
    assert!(edits.iter().all(|edit| edit.rtype == RecordType::Ns), "{edits:?}");
}

/// The sets that are sent, the rows that come and the rows that go.
fn effects(plan: &RecordsPlan) -> (Vec<Option<RrSet>>, usize, usize) {
    let rows: RecordsRecord = serde_json::from_value(plan.steps[0].parameters.clone()).expect("rows");
    let change: RecordsChange = serde_json::from_value(plan.steps[1].parameters.clone()).expect("change");
    (
        change.sets.into_iter().map(|images| images.after).collect(),
        rows.add.len(),
        rows.remove.len(),
    )
}

#[test]
fn an_added_value_joins_the_set_and_takes_its_ttl() {
    let plan = plan(&[edit("www", RecordType::A, Action::Add(a(&["192.0.2.2"]), None))]).expect("plan");
    let kinds: Vec<_> = plan.steps.iter().map(|step| step.kind).collect();
    assert_eq!(
        kinds,
        ["dns.records.record", "dns.records.change", "dns.published"]
    );
    let joined = set("www", 300, RecordType::A, &[OURS, THEIRS, "192.0.2.2"]);
    assert_eq!(effects(&plan), (vec![Some(joined)], 1, 0));
    assert!(plan.replaces_foreign.is_empty());
}

#[test]
fn what_is_so_already_changes_nothing() {
    for value in [OURS, THEIRS] {
        let same = edit("www", RecordType::A, Action::Add(a(&[value]), Some(ttl(300))));
        assert!(plan(&[same]).expect("plan").steps.is_empty());
    }
    let same = edit(
        "www",
        RecordType::A,
        Action::Set(a(&[THEIRS, OURS]), Some(ttl(300))),
    );
    assert!(plan(&[same]).expect("plan").steps.is_empty());
}

#[test]
fn a_set_has_one_ttl() {
    let other = edit(
        "www",
        RecordType::A,
        Action::Add(a(&["192.0.2.2"]), Some(ttl(600))),
    );
    let error = plan(&[other]).expect_err("ttl");
    assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "ttl"));
}

#[test]
fn only_what_is_ours_is_deleted_and_the_rest_survives() {
    let mine = plan(&[edit("www", RecordType::A, Action::Delete(a(&[OURS])))]).expect("plan");
    assert_eq!(
        effects(&mine),
        (vec![Some(set("www", 300, RecordType::A, &[THEIRS]))], 0, 1)
    );
    for values in [a(&[THEIRS]), a(&[])] {
        let error = plan(&[edit("www", RecordType::A, Action::Delete(values))]).expect_err("foreign");
        assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "foreign"));
    }
    for (name, values) in [("www", a(&["192.0.2.77"])), ("none", a(&[]))] {
        let error = plan(&[edit(name, RecordType::A, Action::Delete(values))]).expect_err("missing");
        assert_eq!(error.kind(), Kind::NotFound, "{name}");
    }
}

#[test]
fn replacing_values_of_others_is_told() {
    let set_to = edit("www", RecordType::A, Action::Set(a(&["192.0.2.5"]), None));
    let plan = plan(&[set_to]).expect("plan");
    assert_eq!(plan.replaces_foreign, ["www.example.test A 192.0.2.9"]);
    assert_eq!(
        effects(&plan),
        (vec![Some(set("www", 3600, RecordType::A, &["192.0.2.5"]))], 1, 1)
    );
}

#[test]
fn several_edits_are_one_change() {
    let edits = [
        edit("www", RecordType::A, Action::Add(a(&["192.0.2.2"]), None)),
        edit("www", RecordType::A, Action::Add(a(&["192.0.2.3"]), None)),
        edit(
            "t",
            RecordType::Txt,
            Action::Add(vec![data(RecordType::Txt, "hello")], Some(ttl(60))),
        ),
    ];
    let (sets, added, removed) = effects(&plan(&edits).expect("plan"));
    assert_eq!((sets.len(), added, removed), (2, 3, 0));
}

#[test]
fn aliases_and_second_policies_are_found_before_anything_is_sent() {
    let alias = Action::Add(vec![data(RecordType::Cname, "other.test.")], None);
    assert_eq!(
        plan(&[edit("www", RecordType::Cname, alias)])
            .expect_err("alias")
            .reason(),
        "cname"
    );
    let spf = || {
        vec![
            data(RecordType::Txt, "v=spf1 -all"),
            data(RecordType::Txt, "v=spf1 mx -all"),
        ]
    };
    let error = plan(&[edit("@", RecordType::Txt, Action::Add(spf(), None))]).expect_err("spf");
    assert_eq!(error.reason(), "spf");
    let error = plan(&[edit("@", RecordType::Ns, Action::Set(Vec::new(), None))]).expect_err("no servers");
    assert_eq!(error.kind(), Kind::Usage);
}

#[test]
fn a_zone_of_others_is_changed_only_where_it_is_bound() {
    let add = [edit("x", RecordType::A, Action::Add(a(&["192.0.2.2"]), None))];
    let mut theirs = Observed {
        row: None,
        ..observed()
    };
    assert_eq!(
        plan_change(&theirs, &add, Uuid::nil())
            .expect_err("foreign")
            .reason(),
        "foreign"
    );
    theirs.target.is_bound = true;
    assert_eq!(
        plan_change(&theirs, &add, Uuid::nil())
            .expect("bound")
            .steps
            .len(),
        3
    );
    let other = Uuid::from_u128(1);
    assert_eq!(
        plan_change(&observed(), &add, other)
            .expect_err("other account")
            .kind(),
        Kind::NotFound
    );
}
