//! Zones by a catalog, on Knot.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::json;

use crate::dns_update::wire::{Mischief, Wire};
use crate::support::Lab;
use crate::support::nameserver::{Make, ZONE};

fn lab() -> Lab {
    Lab::with_nameserver(Make::Knot, "")
}

#[test]
fn a_zone_is_made_changed_and_deleted_by_updates_alone() {
    let lab = lab();
    let before = lab.world();
    let made = lab.run(&[
        "dns",
        "zone",
        "create",
        "new.test",
        "--provider",
        "edge",
        "-o",
        "json",
    ]);
    let made = made.expect_code(0).json();
    assert_eq!(made["nameservers"], json!(["ns1.example.net."]));
    let served = lab.wait(lab.edge().records("new.test"));
    assert_eq!(
        served,
        ["SOA of new.test", "new.test. 3600 IN NS ns1.example.net."]
    );
    lab.run(&["dns", "record", "add", "new.test", "www", "A", "192.0.2.1"])
        .expect_code(0);
    let shown = lab
        .run(&["dns", "zone", "show", "new.test", "-o", "json"])
        .expect_code(0)
        .json();
    assert_eq!(
        (&shown["foreign"], &shown["state"], &shown["records"]),
        (&json!(0), &json!("active"), &json!(3))
    );
    let list = lab
        .run(&["dns", "zone", "list", "-o", "json"])
        .expect_code(0)
        .json();
    assert_eq!(list[0]["serial"], shown["serial"]);
    lab.run(&["dns", "zone", "create", "new.test", "--provider", "edge"])
        .expect_code(4);
    lab.run(&["dns", "zone", "delete", "new.test", "--purge", "--yes"])
        .expect_code(0);
    before.expect_same(&lab.world(), "made and deleted");
    lab.run(&["dns", "zone", "create", "new.test", "--provider", "edge"])
        .expect_code(0);
}

#[test]
fn a_deleted_zone_comes_back_as_it_was() {
    let lab = lab();
    lab.run(&["dns", "zone", "create", "new.test", "--provider", "edge"])
        .expect_code(0);
    lab.run(&["dns", "record", "add", "new.test", "www", "A", "192.0.2.1"])
        .expect_code(0);
    let (before, serial) = (lab.world(), lab.wait(lab.edge().serial("new.test")));
    let deleted = lab.run(&["dns", "zone", "delete", "new.test", "--yes", "-o", "json"]);
    let operation = deleted.expect_code(0).json()["operation"].clone();
    assert_eq!(lab.wait(lab.edge().records("new.test")), Vec::<String>::new());
    lab.run(&["op", "undo", operation.as_str().expect("an operation"), "--yes"])
        .expect_code(0);
    before.expect_same(&lab.world(), "deleted and brought back");
    assert!(lab.wait(lab.edge().serial("new.test")) >= serial);
}

#[test]
fn a_zone_larger_than_a_message_comes_back_whatever_is_lost_between() {
    let lab = lab();
    let create = ["dns", "zone", "create", "new.test", "--provider", "edge"];
    lab.run(&create).expect_code(0);
    let text = "t".repeat(200);
    for part in 0..3 {
        let lines = (0..150).fold(String::new(), |mut lines, number| {
            let _ = writeln!(lines, "update add r{part}-{number}.new.test 60 TXT \"{text}\"");
            lines
        });
        lab.wait(lab.edge().nsupdate(&lines));
    }
    let before = lab.world();
    let delete = ["dns", "zone", "delete", "new.test", "--yes", "-o", "json"];
    // The third update of three or more that bring it back is lost: deleting was the first.
    let mischief = Mischief::LoseRequestOf(3);
    let wire = lab.wait(Wire::start(lab.edge().address, mischief, Arc::default()));
    let through = |words: &[&str]| {
        lab.call(words)
            .variable("HOSTCTL_DNS__EDGE__SERVER", &wire.address.to_string())
    };
    let died = through(&delete).crash("die:1:effect_done:do").run();
    assert!(died.was_killed(), "{died}");
    assert_eq!(lab.wait(lab.edge().records("new.test")), Vec::<String>::new());
    through(&["op", "recover"]).run().expect_code(0);
    before.expect_same(&lab.world(), "taken back by recovery");

    let deleted = lab.run(&delete).expect_code(0).json();
    let operation = deleted["operation"].as_str().expect("an operation");
    lab.run(&["op", "undo", operation, "--yes"]).expect_code(0);
    before.expect_same(&lab.world(), "deleted and brought back");
}

#[test]
fn a_set_larger_than_a_message_makes_deleting_final_and_that_is_told() {
    let lab = lab();
    let create = ["dns", "zone", "create", "new.test", "--provider", "edge"];
    lab.run(&create).expect_code(0);
    for part in 0..2 {
        let lines = (0..125).fold(String::new(), |mut lines, number| {
            let text = format!("{part}-{number}-{}", "t".repeat(216));
            let _ = writeln!(lines, "update add large.new.test 60 TXT \"{text}\"");
            lines
        });
        lab.wait(lab.edge().nsupdate(&lines));
    }
    let delete = ["dns", "zone", "delete", "new.test", "--dry-run", "-o", "json"];
    let planned = lab.run(&delete);
    planned.expect_code(0);
    assert!(planned.stdout.contains("forward_only"), "{planned}");
}

#[test]
fn a_member_of_somebody_else_is_not_taken_and_not_deleted() {
    let lab = lab();
    lab.wait(
        lab.edge()
            .nsupdate("update add x.zones.catalog.test 0 PTR theirs.test."),
    );
    let is_served = || lab.wait(lab.edge().records("theirs.test")).len() > 1;
    while !is_served() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let before = lab.world();
    for zone in ["theirs.test", "within.theirs.test"] {
        lab.run(&["dns", "zone", "create", zone, "--provider", "edge"])
            .expect_code(4);
    }
    let deleted = lab.run(&["dns", "zone", "delete", "theirs.test", "--purge", "--yes"]);
    assert!(matches!(deleted.code, Some(3 | 4)), "{deleted}");
    let foreign = lab
        .run(&["dns", "zone", "list", "--foreign", "-o", "json"])
        .expect_code(0)
        .json();
    let names: Vec<&str> = foreign
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|zone| zone["name"].as_str())
        .collect();
    assert_eq!(names, [ZONE, "theirs.test"]);
    before.expect_same(&lab.world(), "a foreign member");
}
