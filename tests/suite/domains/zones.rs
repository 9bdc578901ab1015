//! Proof by records, in zones as they are found in the world.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tree::{ALL_LAME, BOTH, Leaf, ONE_DEAD, ONE_LAME, ONLY_TCP, Signing, Tree};
use crate::support::Lab;

const LABEL: &str = "_hostctl-host-challenge";

/// What `domain add` says has to be published.
fn value(lab: &Lab, name: &str, account: &str, method: &str) -> String {
    let ran = lab.run(&[
        "domain",
        "add",
        name,
        "--account",
        account,
        "--method",
        method,
        "-o",
        "json",
    ]);
    ran.expect_code(0);
    ran.json()["publish"]["value"]
        .as_str()
        .expect("a value")
        .to_owned()
}

fn txt(text: &str) -> String {
    format!("{LABEL} TXT \"{text}\"\n")
}

/// All zones, with what each has to come to.
fn leaves(lab: &Lab) -> Vec<Leaf> {
    let token = |name: &str| value(lab, name, "main", "txt");
    let plain = |name: &'static str| Leaf::of(name, &txt(&token(name)));
    let signed = |name: &'static str, signing: Signing| Leaf {
        signing,
        ..plain(name)
    };
    let among = |name: &'static str, servers: &'static [u8]| Leaf {
        servers,
        ..plain(name)
    };
    let lame = |name, servers| Leaf {
        is_lame: true,
        ..among(name, servers)
    };
    let mut partial = plain("partial.test");
    partial.at[1] = txt("v=spf1 -all");
    let mut unspread = plain("unspread.test");
    unspread.at[2] = String::new();
    let split = token("split.test").replace(" expiry", "\" \" expiry");
    let stale = token("stale.test");
    let stale = stale.split(' ').next().expect("a token").to_owned() + " expiry=2020-01-01T00:00:00Z";
    token("foreign.test");
    let foreign = value(lab, "foreign.test", "acme", "txt");
    let both = txt(&token("both.test")) + &txt(&value(lab, "both.test", "acme", "txt"));
    token("alias.test");
    let alias = value(lab, "cname.test", "main", "cname");
    vec![
        plain("all.test"),
        partial,
        unspread,
        Leaf::of("split.test", &txt(&split)),
        Leaf::of("stale.test", &txt(&stale)),
        plain("late.test"),
        Leaf::of("foreign.test", &txt(&foreign)),
        Leaf::of("both.test", &both),
        Leaf::of("alias.test", &format!("{LABEL} CNAME elsewhere.alias.test.\n")),
        Leaf::of("cname.test", &format!("{LABEL} CNAME {alias}\n")),
        signed("secure.test", Signing::Whole),
        signed("forged.test", Signing::Forged),
        signed("stripped.test", Signing::Stripped),
        lame("halflame.test", ONE_LAME),
        lame("lame.test", ALL_LAME),
        among("tcp.test", ONLY_TCP),
        among("dead.test", ONE_DEAD),
    ]
}

/// State and sentence of each, in the order of the alphabet.
const EXPECTED: [[&str; 3]; 17] = [
    [
        "alias.test",
        "alias",
        "an alias of elsewhere.alias.test at ns3.alias.test and ns4.alias.test",
    ],
    [
        "all.test",
        "verified",
        "token seen at ns3.all.test and ns4.all.test",
    ],
    [
        "cname.test",
        "verified",
        "alias seen at ns3.cname.test and ns4.cname.test",
    ],
    [
        "dead.test",
        "unanswered",
        "token seen at ns3.dead.test, no answer over UDP or TCP at ns7.dead.test",
    ],
    [
        "foreign.test",
        "foreign",
        "the token of another account at ns3.foreign.test and ns4.foreign.test",
    ],
    [
        "forged.test",
        "bogus",
        "signatures that do not hold at ns3.forged.test and ns4.forged.test",
    ],
    [
        "halflame.test",
        "verified",
        "token seen at ns3.halflame.test, no authority (REFUSED) at ns4.halflame.test",
    ],
    ["lame.test", "lame", "no authority (REFUSED) at ns4.lame.test"],
    [
        "late.test",
        "expired",
        "the token was good until 2020-01-01T00:00:00Z",
    ],
    ["nowhere.test", "absent", "absent at ns.test"],
    [
        "partial.test",
        "partial",
        "token seen at ns3.partial.test, another text at ns4.partial.test",
    ],
    [
        "secure.test",
        "verified",
        "token seen at ns3.secure.test and ns4.secure.test",
    ],
    [
        "split.test",
        "verified",
        "token seen at ns3.split.test and ns4.split.test",
    ],
    [
        "stale.test",
        "expired",
        "an expired token at ns3.stale.test and ns4.stale.test",
    ],
    [
        "stripped.test",
        "bogus",
        "signatures that do not hold at ns3.stripped.test and ns4.stripped.test",
    ],
    ["tcp.test", "verified", "token seen at ns6.tcp.test"],
    [
        "unspread.test",
        "unspread",
        "token seen at ns3.unspread.test and ns4.unspread.test, but at resolvers: absent at 127.0.0.1",
    ],
];

#[test]
fn what_is_seen_at_which_server_is_told_as_it_is() {
    let lab = Lab::new();
    lab.run(&["account", "create", "acme"]).expect_code(0);
    let mut tree = Tree::plant(&lab);
    let leaves = leaves(&lab);
    value(&lab, "nowhere.test", "main", "txt");
    lab.ask("UPDATE hostctl.domains SET expires_at = '2020-01-01Z' WHERE name = 'late.test'");

    // Before anything is there: nobody can be asked, and waiting for it pays.
    let nobody = lab.run(&["domain", "verify", "all.test", "-o", "json"]);
    nobody.expect_code(8);
    lab.wait(async {
        let polled = lab
            .call(&["domain", "verify", "all.test", "--poll", "60s", "-o", "json"])
            .start();
        let (polled, ()) = tokio::join!(polled, tree.grow(&leaves));
        polled.expect_code(0);
        assert_eq!(polled.json()[0]["state"], "verified", "{polled}");
    });

    let names = EXPECTED.map(|[name, ..]| name).join("\n");
    lab.ask("UPDATE hostctl.domains SET verified_at = NULL WHERE name = 'all.test' RETURNING name");
    let many = [
        "domain",
        "verify",
        "--file",
        "-",
        "--account",
        "main",
        "-o",
        "json",
    ];
    let ran = lab.call(&many).stdin(names).run();
    ran.expect_code(5);
    let rows = ran.json();
    let rows: Vec<&Value> = rows.as_array().expect("rows").iter().collect();
    let text = |row: &Value, key: &str| row[key].as_str().expect("text").replace(&port(&lab), "");
    let found: Vec<[String; 3]> = rows
        .iter()
        .map(|row| ["name", "state", "found"].map(|key| text(row, key)))
        .collect();
    assert_eq!(
        found,
        EXPECTED
            .iter()
            .map(|row| row.map(str::to_owned))
            .collect::<Vec<_>>(),
        "{}",
        ran.stderr
    );
    assert_eq!(
        error(&ran.stderr)["message"].as_str(),
        Some("11 of 17 domains are not verified"),
        "{ran}"
    );
    // What is known is kept while others are waited for.
    let apart = lab.ask(
        "SELECT (d.checked_at - a.checked_at > interval '1 second')::text FROM hostctl.domains d, hostctl.domains a
        JOIN hostctl.accounts o ON o.id = a.account_id
        WHERE d.name = 'dead.test' AND a.name = 'all.test' AND o.name = 'main'",
    );
    assert_eq!(apart, ["true"]);
    what_was_seen_is_kept(&lab);
    what_two_can_prove_is_the_first_one_s(&lab);
    one_alone_says_what_helps(&lab);
}

/// `:PORT`, which differs from run to run.
fn port(lab: &Lab) -> String {
    let text = std::fs::read_to_string(lab.sandbox().config_file()).expect("a configuration");
    let line = text
        .lines()
        .find(|line| line.starts_with("authoritative_port"))
        .expect("a port");
    format!(":{}", line.rsplit(' ').next().expect("a number"))
}

fn error(stderr: &str) -> Value {
    let line = stderr.lines().last().expect("an error");
    serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {stderr}"))["error"].clone()
}

fn what_was_seen_is_kept(lab: &Lab) {
    let kept: BTreeMap<String, String> = lab
        .ask("SELECT name || ' ' || (verified_at IS NOT NULL) FROM hostctl.domains WHERE name IN ('all.test', 'partial.test')")
        .into_iter()
        .filter_map(|row| row.split_once(' ').map(|(name, is)| (name.to_owned(), is.to_owned())))
        .collect();
    assert_eq!(kept["all.test"], "true");
    assert_eq!(kept["partial.test"], "false");
    let shown = lab.run(&["domain", "show", "partial.test", "-o", "json"]);
    let shown = shown.expect_code(0).json();
    assert_eq!(shown["state"], "pending");
    assert!(
        shown["found"]
            .as_str()
            .is_some_and(|found| found.starts_with("token seen at ns3")),
        "{shown}"
    );
    assert_eq!(
        shown["evidence"].as_array().map(Vec::len),
        Some(BOTH.len()),
        "{shown}"
    );
    let trail = lab.ask("SELECT target FROM hostctl.audit_logs WHERE action = 'domain.verify' AND outcome = 'success' ORDER BY 1");
    let proven = [
        "all.test",
        "all.test",
        "cname.test",
        "halflame.test",
        "secure.test",
        "split.test",
        "tcp.test",
    ];
    assert_eq!(
        trail, proven,
        "a row for each proof, and none for what was not proven"
    );
}

fn what_two_can_prove_is_the_first_one_s(lab: &Lab) {
    let ran = lab.run(&["domain", "verify", "both.test", "-o", "json"]);
    let rows = ran.expect_code(5).json();
    let text = |row: usize, key: &str| rows[row][key].as_str().expect("text").to_owned();
    assert_eq!([text(0, "account"), text(0, "state")], ["acme", "verified"]);
    assert_eq!([text(1, "account"), text(1, "state")], ["main", "taken"]);
    let later = lab.run(&["domain", "verify", "both.test", "--account", "main", "-o", "json"]);
    assert_eq!(error(&later.expect_code(5).stderr)["reason"], "taken");
}

fn one_alone_says_what_helps(lab: &Lab) {
    let again = lab.run(&["domain", "verify", "all.test", "-o", "json"]);
    assert_eq!(again.expect_code(0).json()[0]["found"], "verified before");
    for (name, reason, hint) in [
        (
            "partial.test",
            "partial",
            "wait until all servers have it: hostctl domain verify partial.test --poll 2m",
        ),
        (
            "late.test",
            "expired",
            "a new check takes a new token: hostctl domain add late.test --scope host --method txt",
        ),
    ] {
        let ran = lab.run(&["domain", "verify", name, "-o", "json"]);
        ran.expect_code(5);
        let said = error(&ran.stderr);
        assert_eq!(
            (said["reason"].as_str(), said["hint"].as_str()),
            (Some(reason), Some(hint)),
            "{ran}"
        );
    }
    let partial = lab.run(&["domain", "verify", "nowhere.test", "-o", "json"]);
    let row = partial.expect_code(5).json()[0].clone();
    assert!(
        row["retry_at"].is_string(),
        "the absence is remembered for a while: {row}"
    );
    let known = lab.run(&["domain", "verify", "all.test", "unknown.test", "-o", "json"]);
    assert_eq!(error(&known.expect_code(10).stderr)["reason"], "failed");
    lab.run(&["domain", "verify", "unknown.test"]).expect_code(3);
    // Nobody waits for the answers of others to see his own.
    let mixed = lab.run(&["domain", "verify", "dead.test", "secure.test", "-o", "ndjson"]);
    mixed.expect_code(5);
    let names = mixed.stdout.lines().map(|line| {
        let row: Value = serde_json::from_str(line).expect(line);
        row["name"].as_str().expect("a name").to_owned()
    });
    assert_eq!(names.collect::<Vec<_>>(), ["secure.test", "dead.test"], "{mixed}");
    // A new token for what has expired: not the old one.
    let old = lab.ask("SELECT token FROM hostctl.domains WHERE name = 'late.test'");
    let new = value(lab, "late.test", "main", "txt");
    assert!(!new.contains(&old[0]), "{new}");
}
