use super::*;
use crate::dns::Surroundings;
use crate::dns::inventory::ZoneRow;
use crate::dns::live::tests::{set, zone as live_zone};
use crate::dns::provider::{Location, Target};
use crate::journal::Marker;
use crate::model::DomainName;
use crate::trash::Fate;

/// Nothing in the inventory, nothing at the provider.
fn nothing() -> Observed {
    Observed {
        zone: ZoneName::parse("example.test").expect("zone").value,
        target: Target {
            location: Location {
                provider: "main".to_owned(),
                substrate: "powerdns:http://x/localhost".to_owned(),
            },
            kind: "Native".to_owned(),
            soa_edit_api: "INCREASE".to_owned(),
            nameservers: vec![
                "ns1.example.net".parse().expect("host"),
                "ns2.example.net".parse().expect("host"),
            ],
            query_servers: Vec::new(),
            is_bound: false,
            makes_zones: true,
            marks_zones: true,
            takes_updates: false,
        },
        row: None,
        live: None,
        owned: std::collections::BTreeMap::new(),
        around: Surroundings::default(),
    }
}

fn marker(operation: u128, step: u32) -> Marker {
    Marker {
        operation: Uuid::from_u128(operation),
        step,
        epoch: 1,
    }
}

/// A zone of operation 7.
fn ours() -> Observed {
    let row = ZoneRow {
        name: nothing().zone,
        account: Uuid::nil(),
        provider: "main".to_owned(),
        marker: marker(7, 0).to_string(),
        state: "active".to_owned(),
        created_at: "2026-01-01 00:00:00+00".to_owned(),
    };
    let sets = vec![set("@", 3600, RecordType::Ns, &["ns1.example.net."])];
    let live = live_zone(&marker(7, 1).to_string(), sets);
    Observed {
        row: Some(row),
        live: Some(live),
        ..nothing()
    }
}

fn request(records: Vec<NewRecord>) -> CreateZone {
    CreateZone {
        account: Uuid::nil(),
        nameservers: Vec::new(),
        records,
        allows_public_suffix: false,
    }
}

fn record(name: &str, rtype: RecordType, value: &str) -> NewRecord {
    let zone: DomainName = "example.test".parse().expect("zone");
    NewRecord {
        name: RecordName::parse(name, &zone).expect(name).value,
        ttl: Ttl::DEFAULT,
        data: RecordData::parse(rtype, value, &zone).expect(value).value,
    }
}

fn kinds(steps: &[PlannedStep]) -> Vec<(&str, bool)> {
    steps.iter().map(|step| (step.kind, step.is_pivot)).collect()
}

#[test]
fn a_new_zone_is_recorded_then_made_whole_then_seen() {
    let steps = plan_create(
        &request(vec![record("@", RecordType::A, "192.0.2.1")]),
        &nothing(),
    )
    .expect("plan");
    assert_eq!(
        kinds(&steps),
        [
            ("dns.zone.record", false),
            ("dns.zone.create", false),
            ("dns.published", false)
        ]
    );
    assert!(steps.iter().all(|step| step.resource == "zone:example.test"));
    let create: ZoneCreate = serde_json::from_value(steps[1].parameters.clone()).expect("parameters");
    let lines: Vec<String> = create
        .sets
        .iter()
        .flat_map(|set| {
            set.members
                .iter()
                .map(move |member| format!("{} {}", set.rtype, member.data.presentation()))
        })
        .collect();
    assert_eq!(
        lines,
        [
            "SOA ns1.example.net. hostmaster.example.test. 1 10800 3600 604800 3600",
            "A 192.0.2.1",
            "NS ns1.example.net.",
            "NS ns2.example.net."
        ]
    );
    assert_eq!(steps[1].change.after.as_deref(), Some("4 records"));
    let row: ZoneRecord = serde_json::from_value(steps[0].parameters.clone()).expect("parameters");
    assert_eq!(row.records.len(), 3, "the SOA belongs to the server");
}

#[test]
fn what_exists_is_a_conflict() {
    let error = plan_create(&request(Vec::new()), &ours()).expect_err("ours");
    assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "exists"));
    let error = plan_create(&request(Vec::new()), &Observed { row: None, ..ours() }).expect_err("foreign");
    assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "foreign"));
}

#[test]
fn a_zone_without_name_servers_or_with_an_alias_at_its_apex_is_refused() {
    let mut bare = nothing();
    bare.target.nameservers.clear();
    let error = plan_create(&request(Vec::new()), &bare).expect_err("no servers");
    assert_eq!(error.message(), "zone example.test: a zone needs name servers");
    let alias = record("@", RecordType::Cname, "other.test.");
    assert_eq!(
        plan_create(&request(vec![alias]), &nothing())
            .expect_err("alias")
            .kind(),
        Kind::Usage
    );
    let suffix = Observed {
        zone: ZoneName::parse("co.uk").expect("zone").value,
        ..nothing()
    };
    assert_eq!(
        plan_create(&request(Vec::new()), &suffix)
            .expect_err("suffix")
            .reason(),
        "public_suffix"
    );
    let two = vec![
        record("www", RecordType::Cname, "other.test."),
        record("www", RecordType::A, "192.0.2.1"),
    ];
    assert_eq!(
        plan_create(&request(two), &nothing()).expect_err("two").reason(),
        "cname"
    );
}

#[test]
fn deleting_needs_row_and_marker() {
    let protected = Protected::default();
    let steps = plan_delete(&ours(), &protected, None, Fate::Purged).expect("plan");
    assert_eq!(
        kinds(&steps),
        [("dns.zone.forget", false), ("dns.zone.delete", true)]
    );
    assert_eq!(steps[1].change.undo, Reversal::ForwardOnly);
    assert_eq!(
        steps[1].change.before.as_deref(),
        Some("1 record, 1 of them not made by hostctl")
    );

    let reason = |observed: &Observed| {
        plan_delete(observed, &protected, None, Fate::Purged)
            .expect_err("refused")
            .reason()
            .to_owned()
    };
    assert_eq!(reason(&nothing()), "not_found");
    assert_eq!(reason(&Observed { row: None, ..ours() }), "foreign");
    for account in [String::new(), "somebody".to_owned(), marker(8, 1).to_string()] {
        let mut theirs = ours();
        theirs.live.as_mut().expect("live").account = account;
        assert_eq!(reason(&theirs), "foreign");
    }
    let gone = Observed { live: None, ..ours() };
    assert_eq!(
        kinds(&plan_delete(&gone, &protected, None, Fate::Purged).expect("plan")),
        [("dns.zone.forget", false)]
    );
}
