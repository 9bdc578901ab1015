//! Records in a zone that somebody else made.

use serde_json::json;

use crate::support::Lab;
use crate::support::nameserver::{Make, ZONE};

const BOTH: [Make; 2] = [Make::Bind, Make::Knot];
const NAME: &str = "www.dyn.test.";

fn with(make: Make, lines: &str, play: impl Fn(&Lab)) {
    let lab = Lab::with_nameserver(make, lines);
    play(&lab);
}

fn serial(lab: &Lab) -> u32 {
    lab.wait(lab.edge().serial(ZONE))
}

fn dig(lab: &Lab, name: &str, rtype: &str) -> Vec<String> {
    let mut lines = lab.wait(lab.edge().dig(&["+short", name, rtype]));
    lines.sort();
    lines
}

#[test]
fn each_change_is_one_serial_and_the_server_has_it() {
    for make in BOTH {
        with(make, "", |lab| {
            let before = serial(lab);
            let added = lab.run(&[
                "dns",
                "record",
                "add",
                ZONE,
                "www",
                "A",
                "192.0.2.1",
                "192.0.2.2",
                "-o",
                "json",
            ]);
            let answer = added.expect_code(0).json();
            assert_eq!(answer["values"], json!(["192.0.2.1", "192.0.2.2"]));
            assert_eq!(
                (serial(lab), dig(lab, NAME, "A").len()),
                (before + 1, 2),
                "{make:?}"
            );
            lab.run(&[
                "dns",
                "record",
                "set",
                ZONE,
                "www",
                "A",
                "192.0.2.3",
                "--ttl",
                "5m",
            ])
            .expect_code(0);
            assert_eq!(dig(lab, NAME, "A"), ["192.0.2.3"]);
            lab.run(&["dns", "record", "add", ZONE, "www", "A", "192.0.2.3"])
                .expect_code(0);
            assert_eq!(
                serial(lab),
                before + 2,
                "{make:?}: what is so already is not written"
            );
            lab.run(&[
                "dns",
                "record",
                "set",
                ZONE,
                "www",
                "A",
                "192.0.2.3",
                "--ttl",
                "10m",
            ])
            .expect_code(0);
            let line = lab.wait(lab.edge().dig(&["+noall", "+answer", NAME, "A"]));
            assert!(line[0].contains("\t600\t"), "{make:?}: {line:?}");
            lab.run(&["dns", "record", "delete", ZONE, "www", "A", "--yes"])
                .expect_code(0);
            assert_eq!(
                (serial(lab), dig(lab, NAME, "A")),
                (before + 4, Vec::new()),
                "{make:?}"
            );
        });
    }
}

#[test]
fn every_type_arrives_as_it_was_given() {
    let long = "k".repeat(300);
    let types: [(&str, &str); 11] = [
        ("AAAA", "2001:db8::1"),
        ("CAA", "0 issue \"ca.example.net; validationmethods=dns-01\""),
        (
            "DS",
            "12345 13 2 49fd46e6c4b45c55d4ac69cbd3cd34ac1afe51de4049fd46e6c4b45c55d4ac69",
        ),
        ("HTTPS", "1 . alpn=h2,h3"),
        ("MX", "10 mx1.example.net."),
        (
            "NAPTR",
            "100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:info@example.net!\" .",
        ),
        ("SRV", "0 5 5060 sip.example.net."),
        (
            "SSHFP",
            "4 2 123456789abcdef67890123456789abcdef67890123456789abcdef678901234",
        ),
        (
            "TLSA",
            "3 1 1 49fd46e6c4b45c55d4ac69cbd3cd34ac1afe51de4049fd46e6c4b45c55d4ac69",
        ),
        ("TXT", &long),
        ("TYPE65280", "\\# 4 0a000001"),
    ];
    for make in BOTH {
        with(make, "", |lab| {
            for (rtype, value) in types {
                // A DS belongs to a delegation.
                let name = if rtype == "DS" { "child" } else { "all" };
                if rtype == "DS" {
                    lab.run(&["dns", "record", "add", ZONE, name, "NS", "ns1.example.net."])
                        .expect_code(0);
                }
                lab.run(&["dns", "record", "add", ZONE, name, rtype, value])
                    .expect_code(0);
                let listed = lab.run(&[
                    "dns", "record", "list", ZONE, "--name", name, "--type", rtype, "-o", "json",
                ]);
                let listed = listed.expect_code(0).json();
                lab.run(&["dns", "record", "add", ZONE, name, rtype, value])
                    .expect_code(0);
                let found = listed[0]["values"][0].as_str().expect("a value");
                assert_eq!(found.replace('"', ""), value.replace('"', ""), "{make:?} {rtype}");
                assert_eq!(listed[0]["foreign"], json!([]));
            }
        });
    }
}

#[test]
fn what_others_wrote_into_the_same_set_survives() {
    for make in BOTH {
        with(make, "www A 192.0.2.9\n", |lab| {
            lab.run(&["dns", "record", "add", ZONE, "www", "A", "192.0.2.1"])
                .expect_code(0);
            assert_eq!(dig(lab, NAME, "A"), ["192.0.2.1", "192.0.2.9"], "{make:?}");
            let refused = lab.run(&["dns", "record", "delete", ZONE, "www", "A", "192.0.2.9", "--yes"]);
            assert!(
                refused.expect_code(4).stderr.contains("was not made by hostctl"),
                "{refused}"
            );
            lab.run(&["dns", "record", "delete", ZONE, "www", "A", "192.0.2.1", "--yes"])
                .expect_code(0);
            assert_eq!(dig(lab, NAME, "A"), ["192.0.2.9"], "{make:?}");
        });
    }
}

/// What is asked for alone is answered by the wildcard, or by nobody.
#[test]
fn what_a_question_does_not_tell_is_read() {
    for make in BOTH {
        let lines = "* A 192.0.2.1\n* TXT nothing\nchild NS ns1.example.net.\nwww.child A 192.0.2.9\n";
        with(make, lines, |lab| {
            let run = |verb: &str, name: &str, value: &str| {
                lab.run(&["dns", "record", verb, ZONE, name, "A", value, "--yes"])
                    .expect_code(0);
            };
            let values = |name: &str| {
                let listed = lab.run(&["dns", "record", "list", ZONE, "--name", name, "-o", "json"]);
                let mut values = listed.expect_code(0).json()[0]["values"].clone();
                if let Some(values) = values.as_array_mut() {
                    values.sort_by_key(ToString::to_string);
                }
                values
            };
            // The first change in the zone: the wildcard is no mark of an earlier one.
            lab.run(&["dns", "record", "add", ZONE, "six", "AAAA", "2001:db8::1"])
                .expect_code(0);
            let before = serial(lab);
            run("add", "www", "192.0.2.1");
            assert_eq!(
                (values("www"), serial(lab)),
                (json!(["192.0.2.1"]), before + 1),
                "{make:?}"
            );
            run("delete", "www", "192.0.2.1");
            assert_eq!(
                (values("www"), serial(lab)),
                (json!(null), before + 2),
                "{make:?}"
            );
            assert_eq!(dig(lab, NAME, "A"), ["192.0.2.1"], "{make:?}: the wildcard's");
            run("add", "www.child", "192.0.2.1");
            assert_eq!(values("www.child"), json!(["192.0.2.1", "192.0.2.9"]), "{make:?}");
            run("delete", "www.child", "192.0.2.1");
            assert_eq!(
                (values("www.child"), serial(lab)),
                (json!(["192.0.2.9"]), before + 4),
                "{make:?}"
            );
        });
    }
}

/// What a server leaves out without a word is not brought back, and that is said.
#[test]
fn undoing_puts_nothing_beside_an_alias_of_others() {
    for make in BOTH {
        with(make, "", |lab| {
            let id = |line: &str| {
                let words: Vec<&str> = line.split(' ').chain(["--yes", "-o", "json"]).collect();
                let done = lab.run(&words).expect_code(0).json();
                done["operation"].as_str().expect("an operation").to_owned()
            };
            id("dns record add dyn.test www A 192.0.2.1");
            let deleted = id("dns record delete dyn.test www A");
            lab.wait(lab.edge().nsupdate("update add www.dyn.test 60 CNAME t.test."));
            let before = lab.world();
            let refused = lab.run(&["op", "undo", &deleted, "--yes", "-o", "json"]);
            assert!(
                refused.expect_code(4).stderr.contains("cannot come back"),
                "{make:?}: {refused}"
            );
            before.expect_same(&lab.world(), "an alias in the way");
        });
    }
}

#[test]
fn undoing_refuses_a_set_that_others_changed_since() {
    for make in BOTH {
        with(make, "www A 192.0.2.9\n", |lab| {
            let words = [
                "dns",
                "record",
                "add",
                ZONE,
                "www",
                "A",
                "192.0.2.1",
                "-o",
                "json",
            ];
            let added = lab.run(&words).expect_code(0).json();
            let update = "update delete www.dyn.test A 192.0.2.9\nupdate add www.dyn.test 60 A 192.0.2.8";
            lab.wait(lab.edge().nsupdate(update));
            let before = lab.world();
            let id = added["operation"].as_str().expect("an operation");
            let refused = lab.run(&["op", "undo", id, "--yes"]);
            let named = "www.dyn.test A is not as it was written";
            assert!(
                refused.expect_code(4).stderr.contains(named),
                "{make:?}: {refused}"
            );
            before.expect_same(&lab.world(), "their value");
        });
    }
}

#[test]
fn undoing_takes_no_value_that_another_account_has_put_there_since() {
    with(Make::Bind, "", |lab| {
        lab.run(&["account", "create", "beta"]).expect_code(0);
        let run = |verb: &str, account: &str| {
            let words = ["dns", "record", verb, ZONE, "www", "A", "192.0.2.1"];
            let more = ["--account", account, "--yes", "-o", "json"];
            let done = lab.run(&[&words[..], &more].concat()).expect_code(0).json();
            done["operation"].as_str().expect("an operation").to_owned()
        };
        let added = run("add", "main");
        run("delete", "main");
        run("add", "beta");
        let before = lab.world();
        lab.run(&["op", "undo", &added, "--yes"]).expect_code(4);
        before.expect_same(&lab.world(), "another account's value");
    });
}

/// Nobody owns the zone itself: who has a value in it has that, and who has a domain in it has what is below.
#[test]
fn in_a_zone_of_others_no_account_touches_what_another_has() {
    with(Make::Bind, "", |lab| {
        let run = |account: &str, line: &str| {
            let mut words: Vec<&str> = line.split(' ').collect();
            words.extend(["--account", account, "--no-input", "-o", "json"]);
            lab.run(&words)
        };
        for line in ["account create alice", "account create bob"] {
            let words: Vec<&str> = line.split(' ').collect();
            lab.run(&words).expect_code(0);
        }
        for (account, line) in [
            ("bob", "mail domain create bob.dyn.test"),
            ("bob", "mail domain create very.deep.dyn.test"),
            ("bob", "dns record add dyn.test www.bob A 192.0.2.1"),
            ("bob", "dns record add dyn.test shared A 192.0.2.1"),
            ("alice", "dns record add dyn.test shared A 192.0.2.2"),
            ("alice", "dns record add dyn.test old A 192.0.2.2"),
        ] {
            run(account, line).expect_code(0);
        }
        let exported = lab.run(&["dns", "zone", "export", ZONE]);
        let without = |name: &str| {
            let lines = exported.expect_code(0).stdout.lines();
            let kept: Vec<&str> = lines.filter(|line| !line.starts_with(name)).collect();
            lab.private_file(name, &(kept.join("\n") + "\n"))
        };
        let prune = |name: &str| format!("dns zone import dyn.test {} --prune --yes", without(name));
        let before = lab.world();
        for line in [
            "dns record set dyn.test www.bob A 192.0.2.66 --yes",
            "dns record set dyn.test shared A 192.0.2.2 --yes",
            "dns record set dyn.test shared A 192.0.2.1 192.0.2.2 --ttl 5m --yes",
            "dns record delete dyn.test shared A 192.0.2.1 --yes",
            "dns record delete dyn.test shared A --yes",
            "dns record add dyn.test x.bob A 192.0.2.66",
            "dns record set dyn.test bob TXT mine --yes",
            "dns record add dyn.test deep NS ns.alice.example.",
            &prune("www.bob"),
        ] {
            let refused = run("alice", line);
            assert!(refused.expect_code(4).stderr.contains("\"taken\""), "{refused}");
        }
        before.expect_same(&lab.world(), "another account's values");
        // Each goes on with its own.
        for (account, line) in [
            ("alice", "dns record delete dyn.test shared A 192.0.2.2 --yes"),
            ("alice", &prune("old")),
            ("bob", "dns record set dyn.test www.bob A 192.0.2.3"),
        ] {
            run(account, line).expect_code(0);
        }
        assert_eq!(dig(lab, "www.bob.dyn.test.", "A"), ["192.0.2.3"]);
        assert_eq!(dig(lab, "old.dyn.test.", "A"), Vec::<String>::new());
    });
}

#[test]
fn the_mark_is_nobodys_record_and_nobody_elses_place() {
    with(Make::Knot, "", |lab| {
        lab.run(&["dns", "record", "add", ZONE, "www", "A", "192.0.2.1"])
            .expect_code(0);
        assert!(dig(lab, "_hostctl.dyn.test.", "TXT")[0].starts_with("\"hostctl:"));
        let listed = lab.run(&["dns", "record", "list", ZONE]);
        assert!(!listed.expect_code(0).stdout.contains("_hostctl"), "{listed}");
        let refused = lab.run(&["dns", "record", "set", ZONE, "_hostctl", "TXT", "mine"]);
        assert!(
            refused.expect_code(2).stderr.contains("keeps its mark"),
            "{refused}"
        );
        lab.wait(
            lab.edge()
                .nsupdate("update add _hostctl.dyn.test 60 TXT somebody"),
        );
        let before = lab.world();
        let refused = lab.run(&[
            "dns",
            "record",
            "add",
            ZONE,
            "www",
            "A",
            "192.0.2.2",
            "-o",
            "json",
        ]);
        assert!(refused.expect_code(4).stderr.contains("\"foreign\""), "{refused}");
        before.expect_same(&lab.world(), "a foreign mark");
    });
}

/// What cannot be done is told before anything is begun, by a dry run too.
#[test]
fn what_no_message_can_say_is_found_by_the_plan() {
    with(Make::Bind, "", |lab| {
        let lines = (0..1_500).map(|number| format!("r{number} 300 IN A 192.0.2.1\n"));
        let file = lab.private_file("many.zone", &lines.collect::<String>());
        let before = lab.world();
        for end in ["-n", "--yes"] {
            let ran = lab.run(&["dns", "zone", "import", ZONE, &file, end]);
            let stderr = &ran.expect_code(4).stderr;
            assert_eq!(
                stderr,
                "error: the change does not fit into one message of 65535 bytes\nhint: make it in parts\n",
                "{end}"
            );
        }
        before.expect_same(&lab.world(), "too large");
        lab.wait(
            lab.edge()
                .nsupdate("update add _hostctl.dyn.test 60 CNAME t.test."),
        );
        let before = lab.world();
        for end in ["-n", "--yes"] {
            let ran = lab.run(&["dns", "record", "add", ZONE, "www", "A", "192.0.2.1", end]);
            let stderr = &ran.expect_code(4).stderr;
            assert!(
                stderr.contains("_hostctl.dyn.test is ours to write, and is an alias"),
                "{ran}"
            );
        }
        before.expect_same(&lab.world(), "an alias in the place of the mark");
    });
}

#[test]
fn an_alias_takes_the_place_of_an_address_in_one_change() {
    for make in BOTH {
        with(make, "", |lab| {
            lab.run(&["dns", "record", "add", ZONE, "@", "NS", "ns2.example.net."])
                .expect_code(0);
            lab.run(&[
                "dns",
                "record",
                "set",
                ZONE,
                "@",
                "NS",
                "ns3.example.net.",
                "--yes",
            ])
            .expect_code(0);
            assert_eq!(dig(lab, "dyn.test.", "NS"), ["ns3.example.net."], "{make:?}");
        });
    }
}

#[test]
fn a_zone_of_a_bound_server_is_neither_made_nor_deleted() {
    with(Make::Bind, "", |lab| {
        let before = lab.world();
        let made = lab.run(&[
            "dns",
            "zone",
            "create",
            "new.test",
            "--provider",
            "edge",
            "--nameserver",
            "ns1.example.net",
        ]);
        assert!(
            made.expect_code(2).stderr.contains("zones = [\"new.test\"]"),
            "{made}"
        );
        lab.run(&["dns", "zone", "create", ZONE]).expect_code(4);
        let deleted = lab.run(&["dns", "zone", "delete", ZONE, "--purge", "--yes"]);
        assert!(matches!(deleted.code, Some(3 | 4)), "{deleted}");
        before.expect_same(&lab.world(), "a bound zone");
    });
}

#[test]
fn doctor_tells_what_each_provider_can_do() {
    for (make, words) in [
        (
            Make::Bind,
            "DNSUPDATE, compare-and-swap; records in existing zones only",
        ),
        (
            Make::Knot,
            "DNSUPDATE, compare-and-swap; zones by catalog catalog.test",
        ),
    ] {
        with(make, "", |lab| {
            let checks = lab.run(&["doctor", "-o", "json"]).json();
            let checks = checks.as_array().expect("checks");
            let edge = checks
                .iter()
                .find(|check| check["check"] == "dns edge")
                .expect("edge");
            assert_eq!((&edge["state"], &edge["message"]), (&json!("ok"), &json!(words)));
        });
    }
}
