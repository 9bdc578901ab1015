//! The new verbs without servers: what they refuse, and all or nothing.

use serde_json::{Value, json};

use crate::support::Lab;
use crate::support::rollback::{Cell, End, Table};
use crate::support::verbs::Verb;

/// Two domains of one account with two boxes, and one of another.
pub(super) fn shop() -> Lab {
    let lab = Lab::new();
    for words in [
        &["account", "create", "acme"][..],
        &["mail", "domain", "create", "shop.example", "--account", "main"],
        &["mail", "domain", "create", "shop.test", "--account", "main"],
        &["mail", "domain", "create", "acme.example", "--account", "acme"],
        &["mail", "box", "create", "info@shop.example"],
        &["mail", "box", "create", "auser3@shop.example"],
    ] {
        lab.run(words).expect_code(0);
    }
    lab
}

#[track_caller]
fn refused(lab: &Lab, words: &[&str], code: i32, reason: &str) {
    let before = lab.world();
    let ran = lab.run(&[words, &["-o", "json"]].concat());
    ran.expect_code(code);
    let said: Value = serde_json::from_str(ran.stderr.lines().last().unwrap_or_default())
        .unwrap_or_else(|error| panic!("{error}: {ran}"));
    assert_eq!(said["error"]["reason"], reason, "{ran}");
    before.expect_same(&lab.world(), &ran.words);
}

fn alias(source: &str, destination: &str) -> Vec<String> {
    let words = ["mail", "alias", "create", source, destination];
    words.map(str::to_owned).to_vec()
}

#[track_caller]
fn alias_refused(lab: &Lab, source: &str, destination: &str, code: i32, reason: &str) {
    let words = alias(source, destination);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    refused(lab, &words, code, reason);
}

#[test]
fn an_alias_is_what_it_says_and_nothing_that_is_run() {
    let lab = shop();
    let create = [
        "mail",
        "alias",
        "create",
        "User3@shop.example",
        "info@shop.example",
        "x@far.example",
    ];
    let made = lab.run(&[&create[..], &["-o", "json"]].concat());
    let made = made.expect_code(0).json();
    assert_eq!(made["source"], "user3@shop.example");
    assert_eq!(
        made["destinations"],
        json!(["info@shop.example", "x@far.example"])
    );
    refused(&lab, &create, 4, "exists");
    lab.run(&[&create[..], &["--if-not-exists"]].concat())
        .expect_code(0);
    for destination in [
        "%n@shop.example",
        "%{user}@shop.example",
        "$(id)@shop.example",
        "`id`@shop.example",
        "|/bin/sh@shop.example",
        "|/bin/sh",
        ":include:/etc/passwd",
        "/var/mail/x",
        "\"a b\"@shop.example",
        "@shop.example",
        "info",
        "",
    ] {
        alias_refused(&lab, "team@shop.example", destination, 2, "invalid");
    }
    alias_refused(&lab, "info@shop.example", "x@far.example", 4, "exists");
    alias_refused(&lab, "team@shop.example", "boss@acme.example", 4, "taken");
    alias_refused(&lab, "team@shop.example", "boss@mail.acme.example", 4, "taken");
    alias_refused(&lab, "team@nowhere.example", "info@shop.example", 3, "not_found");
    alias_refused(
        &lab,
        "postmaster@shop.example",
        "info@shop.example",
        2,
        "reserved",
    );
    refused(
        &lab,
        &[
            "mail",
            "alias",
            "create",
            "x@shop.example",
            "info@shop.example",
            "--account",
            "acme",
        ],
        4,
        "taken",
    );
    refused(
        &lab,
        &["mail", "box", "create", "user3@shop.example"],
        4,
        "exists",
    );
    let many: Vec<String> = (0..10_001)
        .map(|number| format!("a{number}@far.example"))
        .collect();
    let mut words = vec!["mail", "alias", "create", "team@shop.example"];
    words.extend(many.iter().map(String::as_str));
    refused(&lab, &words, 2, "invalid");
}

#[test]
fn aliases_lead_nowhere_near_themselves_and_are_matched_whole() {
    let lab = shop();
    let run = |words: &[&str]| lab.run(words).expect_code(0).clone();
    run(&["mail", "alias", "create", "a@shop.example", "b@shop.example"]);
    run(&["mail", "alias", "create", "b@shop.example", "c@shop.example"]);
    alias_refused(&lab, "c@shop.example", "a@shop.example", 4, "loop");
    alias_refused(&lab, "c@shop.example", "c@shop.example", 2, "invalid");
    // What nobody has falls back to the catch-all: that is a loop as well.
    alias_refused(&lab, "@shop.example", "whoever@shop.example", 4, "loop");
    alias_refused(&lab, "@shop.example", "a@shop.example", 4, "loop");
    run(&["mail", "alias", "create", "@shop.example", "info@shop.example"]);
    refused(
        &lab,
        &["mail", "alias", "set", "b@shop.example", "a@shop.example"],
        4,
        "loop",
    );

    run(&[
        "mail",
        "alias",
        "create",
        "user3@shop.example",
        "info@shop.example",
    ]);
    run(&["mail", "alias", "create", "user3@shop.test", "info@shop.example"]);
    run(&[
        "mail",
        "alias",
        "delete",
        "user3@shop.example",
        "--purge",
        "--yes",
    ]);
    run(&["mail", "box", "show", "auser3@shop.example"]);
    run(&["mail", "alias", "show", "user3@shop.test"]);
    refused(
        &lab,
        &["mail", "alias", "show", "user3@shop.example"],
        3,
        "not_found",
    );

    let set = [
        "mail",
        "alias",
        "set",
        "a@shop.example",
        "x@far.example",
        "-o",
        "json",
    ];
    assert_eq!(run(&set).json()["destinations"], json!(["x@far.example"]));
    assert!(run(&set).stderr.contains("unchanged"));
    refused(
        &lab,
        &["mail", "domain", "delete", "shop.example", "--purge", "--yes"],
        4,
        "not_empty",
    );
    run(&[
        "mail",
        "domain",
        "delete",
        "shop.example",
        "--with-boxes",
        "--purge",
        "--yes",
    ]);
    assert_eq!(
        run(&["mail", "alias", "list", "-o", "json"])
            .json()
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[test]
fn a_box_that_is_made_anew_never_sees_the_mail_of_the_old_one() {
    let lab = shop();
    let home = || {
        let sql = "SELECT home FROM hostctl.email_accounts WHERE address = 'info@shop.example'";
        lab.ask(sql).concat()
    };
    assert_eq!(home(), "shop.example/info");
    let delete = ["mail", "box", "delete", "info@shop.example", "--yes"];
    let create = ["mail", "box", "create", "info@shop.example"];
    lab.run(&delete).expect_code(0);
    lab.run(&create).expect_code(0);
    let second = home();
    assert!(
        second.starts_with("shop.example/info.") && second.len() == 30,
        "{second}"
    );
    // Its own mail comes back with the old one, also after the new one was purged.
    let purge = ["mail", "box", "delete", "info@shop.example", "--yes", "--purge"];
    lab.run(&purge).expect_code(0);
    let sql =
        "SELECT id::text FROM hostctl.operations WHERE kind = 'mail.box.delete' ORDER BY started_at LIMIT 1";
    lab.run(&["op", "undo", &lab.ask(sql).concat(), "--yes"])
        .expect_code(0);
    assert_eq!(home(), "shop.example/info");
    lab.run(&purge).expect_code(0);
    lab.run(&create).expect_code(0);
    assert!(
        ![second, "shop.example/info".to_owned()].contains(&home()),
        "{}",
        home()
    );
}

#[test]
fn the_directory_of_one_box_is_not_told_as_that_of_another() {
    let lab = shop();
    let other = "info.0123456789ab@shop.example";
    lab.run(&["mail", "box", "create", other]).expect_code(0);
    for address in [other, "info@shop.example"] {
        let purged = lab.run(&["mail", "box", "delete", address, "--purge", "--yes"]);
        let is_told = |home: &str| {
            let mut words = purged.expect_code(0).stderr.split_whitespace();
            words.any(|word| word.trim_end_matches([',', ';', ':']).ends_with(home))
        };
        assert_eq!(
            (
                is_told("shop.example/info.0123456789ab"),
                is_told("shop.example/info")
            ),
            (address == other, address != other),
            "{purged}"
        );
    }
    let homes = lab.run(&["mail", "home", "list", "-o", "json"]);
    let homes = homes.expect_code(0).json();
    assert_eq!(
        (&homes[0]["address"], &homes[1]["address"]),
        (&json!("info@shop.example"), &json!(other))
    );
}

#[test]
fn quota_and_state_are_as_they_were_asked_for() {
    let lab = shop();
    let set = |quota: &str| {
        lab.run(&[
            "mail",
            "box",
            "set",
            "info@shop.example",
            "--quota",
            quota,
            "-o",
            "json",
        ])
    };
    for (quota, bytes) in [("10k", 10_240), ("1GiB", 1 << 30), ("10B", 10)] {
        assert_eq!(set(quota).expect_code(0).json()["quota_bytes"], bytes);
    }
    assert!(set("10B").expect_code(0).stderr.contains("unchanged"));
    assert_eq!(set("unlimited").expect_code(0).json()["quota_bytes"], Value::Null);
    let wrong = [
        "26GIGOTS",
        "M",
        "12Q",
        "",
        "123",
        "1.5G",
        "1,5G",
        "1_000M",
        "１０M",
        "0x10M",
        "1e9",
        "0B",
        "-1M",
        "9999999T",
        "18446744073709551616B",
    ];
    for quota in wrong {
        assert_eq!(set(quota).code, Some(2), "{quota}");
    }
    refused(&lab, &["mail", "box", "set", "info@shop.example"], 2, "invalid");
    refused(
        &lab,
        &["mail", "box", "set", "nobody@shop.example", "--quota", "1G"],
        3,
        "not_found",
    );
    let suspend = ["mail", "box", "suspend", "info@shop.example", "-o", "json"];
    assert_eq!(lab.run(&suspend).expect_code(0).json()["state"], "suspended");
    assert!(lab.run(&suspend).expect_code(0).stderr.contains("unchanged"));
    lab.run(&["mail", "domain", "suspend", "shop.example"])
        .expect_code(0);
    refused(
        &lab,
        &["mail", "box", "create", "new@shop.example"],
        7,
        "suspended",
    );
    alias_refused(&lab, "new@shop.example", "info@shop.example", 7, "suspended");
}

fn play(lab: &Lab, verb: Verb) {
    let table = Table::new(lab, verb);
    for cell in Cell::some(table.steps.len(), 8) {
        let end = table.play(cell);
        assert!(
            end != End::Unmet || !table.must_be_met(cell),
            "{cell} was not met"
        );
    }
    table.cut();
}

/// A verb in a world that has what stays.
fn verb(line: &'static str, needs: &'static [&'static str], removal: &'static [&'static str]) -> Verb {
    Verb {
        line,
        input: "",
        has_dns: false,
        setting: &[],
        needs,
        removal,
        is_one_commit: true,
        traceless: &[],
    }
}

const ALIAS: &str = "mail alias create a@shop.example info@shop.example";
const NO_ALIAS: &str = "mail alias delete a@shop.example --purge --yes";

#[test]
fn an_alias_is_made_changed_and_deleted_whole_or_not_at_all() {
    let lab = shop();
    play(&lab, verb(ALIAS, &[], &[NO_ALIAS]));
    let set = "mail alias set a@shop.example x@far.example";
    play(&lab, verb(set, &[ALIAS], &[NO_ALIAS]));
    play(
        &lab,
        verb("mail alias delete a@shop.example --purge", &[ALIAS], &[]),
    );
}

#[test]
fn a_box_is_suspended_whole_or_not_at_all() {
    let lab = shop();
    let resume = &["mail box resume info@shop.example"];
    play(&lab, verb("mail box suspend info@shop.example", &[], resume));
    let resume = &["mail domain resume shop.example"];
    play(&lab, verb("mail domain suspend shop.example", &[], resume));
}

#[test]
fn a_key_is_exchanged_whole_or_not_at_all() {
    let lab = Lab::with_dns();
    // Made anew for each cell, because an exchange has no way back but time; of its places a part.
    let verb = Verb {
        has_dns: true,
        is_one_commit: false,
        ..verb(
            "mail dkim rotate shop.example",
            &["site create shop.example --mail info --dns"],
            &["site delete shop.example --purge --yes"],
        )
    };
    play(&lab, verb);
}

#[test]
fn a_key_leaves_dns_whole_or_not_at_all() {
    let lab = Lab::with_dns();
    let verb = Verb {
        has_dns: true,
        is_one_commit: false,
        ..verb(
            "mail dkim retire shop.example {selector}",
            &[
                "site create shop.example --mail info --dns",
                "mail dkim rotate shop.example",
            ],
            &["site delete shop.example --purge --yes"],
        )
    };
    play(&lab, verb);
}
