//! What goes wrong between two machines.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::Notify;

use crate::dns_update::wire::{Mischief, Wire};
use crate::support::nameserver::{Make, ZONE};
use crate::support::{Call, Lab};

const ADD: [&str; 7] = ["dns", "record", "add", ZONE, "www", "A", "192.0.2.1"];

fn through<'a>(lab: &'a Lab, wire: &Wire, arguments: &[&str]) -> Call<'a> {
    lab.call(arguments)
        .variable("HOSTCTL_DNS__EDGE__SERVER", &wire.address.to_string())
}

fn wire(lab: &Lab, mischief: Mischief, go: &Arc<Notify>) -> Wire {
    lab.wait(Wire::start(lab.edge().address, mischief, Arc::clone(go)))
}

#[test]
fn a_lost_answer_is_resolved_by_reading() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, "");
        let before = lab.wait(lab.edge().serial(ZONE));
        let wire = wire(&lab, Mischief::LoseAnswer, &Arc::default());
        through(&lab, &wire, &ADD).run().expect_code(0);
        assert_eq!(wire.updates.load(Ordering::SeqCst), 1, "sent once");
        assert_eq!(lab.wait(lab.edge().serial(ZONE)), before + 1);
        assert_eq!(
            lab.wait(lab.edge().dig(&["+short", "www.dyn.test", "A"])),
            ["192.0.2.1"]
        );
    }
}

#[test]
fn a_zone_is_handed_over_once_for_a_change_of_one_record() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, "");
        for (verb, value) in [
            ("add", "192.0.2.1"),
            ("set", "192.0.2.2"),
            ("delete", "192.0.2.2"),
        ] {
            let wire = wire(&lab, Mischief::LoseRequestOf(9), &Arc::default());
            let words = ["dns", "record", verb, ZONE, "www", "A", value, "--yes"];
            through(&lab, &wire, &words).run().expect_code(0);
            let (updates, transfers) = (&wire.updates, &wire.transfers);
            let counted = (updates.load(Ordering::SeqCst), transfers.load(Ordering::SeqCst));
            assert_eq!(counted, (1, 1), "{make:?} {verb}");
        }
    }
}

#[test]
fn a_lost_request_changed_nothing() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, "");
        let before = lab.world();
        let wire = wire(&lab, Mischief::LoseRequest, &Arc::default());
        through(&lab, &wire, &ADD).run().expect_code(8);
        before.expect_same(&lab.world(), "a lost request");
    }
}

#[test]
fn another_writer_between_reading_and_writing_is_a_conflict_and_is_not_overwritten() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, "www A 192.0.2.9\n");
        let go = Arc::new(Notify::new());
        let wire = wire(&lab, Mischief::Hold, &go);
        let refused = lab.wait(async {
            let asked = through(
                &lab,
                &wire,
                &[
                    "dns",
                    "record",
                    "set",
                    ZONE,
                    "www",
                    "A",
                    "192.0.2.1",
                    "--yes",
                    "-o",
                    "json",
                ],
            );
            let other = async {
                while wire.updates.load(Ordering::SeqCst) == 0 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                lab.edge()
                    .nsupdate("update add www.dyn.test 60 A 192.0.2.8")
                    .await;
                go.notify_one();
            };
            tokio::join!(asked.start(), other).0
        });
        assert!(
            refused.expect_code(4).stderr.contains("\"changed\""),
            "{make:?}: {refused}"
        );
        let mut found = lab.wait(lab.edge().dig(&["+short", "www.dyn.test", "A"]));
        found.sort();
        assert_eq!(found, ["192.0.2.8", "192.0.2.9"], "{make:?}");
    }
}

#[test]
fn a_message_that_arrives_after_we_gave_up_comes_to_nothing() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, "");
        let before = lab.world();
        let go = Arc::new(Notify::new());
        let wire = wire(&lab, Mischief::Delay, &go);
        through(&lab, &wire, &ADD).run().expect_code(8);
        lab.wait(async {
            go.notify_one();
            let arrived = || wire.delayed.load(Ordering::SeqCst) == 1;
            while !arrived() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        before.expect_same(&lab.world(), "a late message");
    }
}

#[test]
fn what_nobody_signed_is_not_believed() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, "");
        let wire = wire(&lab, Mischief::Deny("test"), &Arc::default());
        let list = through(&lab, &wire, &["dns", "record", "list", ZONE]).run();
        list.expect_code(8);
    }
    let lab = Lab::with_nameserver(Make::Knot, "");
    // Bound, and no member of the catalog, which says nothing of it.
    let bound = wire(&lab, Mischief::Deny("dyn"), &Arc::default());
    for words in [
        &["dns", "record", "list", ZONE][..],
        &["dns", "record", "add", ZONE, "x", "A", "192.0.2.7"],
    ] {
        through(&lab, &bound, words).run().expect_code(8);
    }
    lab.run(&["dns", "zone", "create", "new.test", "--provider", "edge"])
        .expect_code(0);
    let before = lab.world();
    // All of it, or the zone alone: that is a member of the catalog.
    for label in ["test", "new"] {
        let wire = wire(&lab, Mischief::Deny(label), &Arc::default());
        for end in ["--purge", "--forget"] {
            let delete = ["dns", "zone", "delete", "new.test", end, "--yes"];
            through(&lab, &wire, &delete).run().expect_code(8);
        }
    }
    before.expect_same(&lab.world(), "what nobody signed");
}

#[test]
fn a_key_that_is_wrong_is_told_by_what_is_wrong() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, "");
        let asked = |name: &str, value: &str, reason: &str| {
            let ran = lab
                .call(&["dns", "record", "list", ZONE, "-o", "json"])
                .variable(name, value)
                .run();
            let said: serde_json::Value = serde_json::from_str(&ran.expect_code(7).stderr).expect("an error");
            assert_eq!(said["error"]["reason"], reason, "{make:?}: {ran}");
            assert!(!ran.stderr.contains(&lab.edge().secret));
        };
        let other = lab.private_file("other.tsig", "bm90IHRoZSBrZXk=\n");
        asked("HOSTCTL_DNS__EDGE__TSIG_NAME", "nobody.", "tsig_key");
        asked("HOSTCTL_DNS__EDGE__TSIG_SECRET_FILE", &other, "tsig_signature");
        let bad = lab.private_file("bad.tsig", "no base64!\n");
        let ran = lab
            .call(&["dns", "record", "list", ZONE])
            .variable("HOSTCTL_DNS__EDGE__TSIG_SECRET_FILE", &bad)
            .run();
        ran.expect_code(2);
        let weak = lab
            .call(&["dns", "record", "list", ZONE])
            .variable("HOSTCTL_DNS__EDGE__TSIG_ALGORITHM", "hmac-md5")
            .run();
        weak.expect_code(2);
    }
}

#[test]
fn a_clock_that_is_wrong_is_told_in_seconds() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, "");
        let asked = lab.call(&["dns", "record", "list", ZONE, "-o", "json"]);
        // Only the program lives in the past.
        let ran = asked
            .variable("LD_PRELOAD", &faketime())
            .variable("FAKETIME", "-20m")
            .run();
        let said: serde_json::Value = serde_json::from_str(&ran.expect_code(8).stderr).expect("an error");
        assert_eq!(said["error"]["reason"], "tsig_time", "{make:?}");
        let message = said["error"]["message"].as_str().expect("a message");
        assert!(
            message.contains("its clock is 1") && message.ends_with(" s ahead of ours"),
            "{message}"
        );
    }
}

fn faketime() -> String {
    let places = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];
    let library = places.map(|place| std::path::Path::new(place).join("faketime/libfaketime.so.1"));
    let found = library.into_iter().find(|path| path.exists());
    let found = found.expect("libfaketime is missing: apt-get install --no-install-recommends faketime");
    found.display().to_string()
}
