//! Whose a domain is: one token an account, domain and scope, and what one account has proven no other can use.

use serde_json::Value;

use crate::support::Lab;

fn add(lab: &Lab, arguments: &[&str], code: i32) -> Value {
    let ran = lab.run(&[&["domain", "add", "-o", "json"], arguments].concat());
    if ran.expect_code(code).code == Some(0) {
        return ran.json();
    }
    let last = ran.stderr.lines().last().expect("an error");
    serde_json::from_str::<Value>(last).expect("an error")["error"]["reason"].clone()
}

#[test]
fn a_token_is_one_account_s_and_stays_while_it_is_good() {
    let lab = Lab::new();
    lab.run(&["account", "create", "acme"]).expect_code(0);
    let main = ["--account", "main"];
    let named = |name: &'static str, more: &[&'static str]| [&[name], &main[..], more].concat();
    let first = add(
        &lab,
        &named("Example.test", &["--routes-to", "web.example.net"]),
        0,
    );
    assert_eq!(
        ["name", "account", "scope", "method", "state", "routes_to"]
            .map(|key| first[key].as_str().expect("text")),
        [
            "example.test",
            "main",
            "host",
            "txt",
            "pending",
            "web.example.net"
        ]
    );
    assert_eq!(first["publish"]["name"], "_hostctl-host-challenge.example.test");
    let value = first["publish"]["value"].as_str().expect("a value");
    let token = value
        .strip_prefix("token=")
        .and_then(|rest| rest.split(' ').next())
        .expect("a token");
    assert_eq!(token.len(), 32);
    assert_eq!(
        value,
        format!(
            "token={token} expiry={}",
            first["expires_at"].as_str().expect("a time")
        )
    );

    assert_eq!(add(&lab, &named("example.test", &[]), 4), "exists");
    let again = add(&lab, &named("example.test", &["--if-not-exists"]), 0);
    assert_eq!(again["publish"], first["publish"], "the same token");
    // Another scope, another account: another token.
    let scope = add(&lab, &named("example.test", &["--scope", "domain"]), 0);
    let other = add(&lab, &["example.test", "--account", "acme"], 0);
    assert_eq!(scope["publish"]["name"], "_hostctl-domain-challenge.example.test");
    assert!(
        scope["publish"]["value"] != first["publish"]["value"]
            && other["publish"]["value"] != first["publish"]["value"]
    );
    lab.run(&["domain", "show", "example.test"]).expect_code(2);
    lab.run(&["domain", "show", "example.test", "--account", "acme"])
        .expect_code(0);

    // It comes back as it was, with its token.
    let before = lab.world();
    let delete = lab.run(&[
        "domain",
        "delete",
        "example.test",
        "--account",
        "acme",
        "--yes",
        "-o",
        "json",
    ]);
    let operation = delete.expect_code(0).json()["operation"]
        .as_str()
        .expect("an operation")
        .to_owned();
    lab.run(&["domain", "show", "example.test", "--account", "acme"])
        .expect_code(3);
    lab.run(&["op", "undo", &operation, "--yes"]).expect_code(0);
    before.expect_same(&lab.world(), "after op undo of domain delete");
    let purged = [
        "domain",
        "delete",
        "example.test",
        "--account",
        "acme",
        "--yes",
        "--purge",
    ];
    lab.run(&purged).expect_code(0);
    lab.run(&[&purged[..], &["--if-exists"]].concat()).expect_code(0);
    lab.run(&purged).expect_code(3);
    let rows: Vec<Value> = lab
        .run(&["domain", "list", "-o", "json"])
        .json()
        .as_array()
        .expect("rows")
        .clone();
    let listed: Vec<_> = rows
        .iter()
        .map(|row| (row["name"].as_str(), row["scope"].as_str()))
        .collect();
    assert_eq!(
        listed,
        [
            (Some("example.test"), Some("domain")),
            (Some("example.test"), Some("host"))
        ]
    );
}

#[test]
fn what_one_account_has_proven_no_other_can_use() {
    let lab = Lab::new();
    lab.run(&["account", "create", "acme"]).expect_code(0);
    let acme = |arguments: &[&str]| lab.run(&[arguments, &["--account", "acme", "-o", "json"]].concat());
    let main = |arguments: &[&str]| lab.run(&[arguments, &["--account", "main", "-o", "json"]].concat());
    for (name, scope) in [("host.test", "host"), ("whole.test", "domain")] {
        acme(&["domain", "add", name, "--scope", scope]).expect_code(0);
    }
    main(&["domain", "add", "host.test"]).expect_code(0);
    lab.ask("UPDATE hostctl.domains SET verified_at = hostctl.now() WHERE account_id = (SELECT id FROM hostctl.accounts WHERE name = 'acme')");
    let before = lab.world();
    let reason = |ran: &crate::support::Ran| {
        let last = ran.stderr.lines().last().expect("an error");
        serde_json::from_str::<Value>(last).expect("an error")["error"]["reason"].clone()
    };
    for refused in [
        &["domain", "add", "host.test", "--scope", "domain"][..],
        &["domain", "add", "whole.test"],
        &["domain", "add", "www.whole.test"],
        &["site", "create", "host.test", "--mail", "info"],
        &["site", "create", "www.whole.test", "--mail", "info"],
        &["mail", "domain", "create", "host.test"],
        &["mail", "domain", "create", "whole.test"],
    ] {
        let ran = main(refused);
        assert_eq!(reason(ran.expect_code(4)), "taken", "{ran}");
    }
    before.expect_same(&lab.world(), "refusals");
    // A host alone does not cover what is below it, and its owner may use it.
    main(&["mail", "domain", "create", "www.host.test"]).expect_code(0);
    acme(&["mail", "domain", "create", "whole.test"]).expect_code(0);
    // What somebody else has proven since does not come back.
    let deleted = acme(&["domain", "delete", "host.test", "--yes"])
        .expect_code(0)
        .json();
    lab.ask("UPDATE hostctl.domains SET verified_at = hostctl.now() WHERE name = 'host.test'");
    let before = lab.world();
    let operation = deleted["operation"].as_str().expect("an operation");
    let undo = lab.run(&["op", "undo", operation, "--yes", "-o", "json"]);
    assert_eq!(reason(undo.expect_code(4)), "changed", "{undo}");
    assert!(undo.stderr.contains("host.test is taken"), "{undo}");
    before.expect_same(&lab.world(), "refused undo");
    // Nor where the challenge is undone that took the place of the proof.
    let add = ["domain", "add", "again.test", "--scope", "domain"];
    acme(&add).expect_code(0);
    lab.ask("UPDATE hostctl.domains SET verified_at = hostctl.now() - interval '30 days', expires_at = hostctl.now() - interval '25 days' WHERE name = 'again.test'");
    let replaced = acme(&add).expect_code(0).json();
    acme(&["domain", "delete", "again.test", "--yes"]).expect_code(0);
    let operation = replaced["operation"].as_str().expect("an operation");
    let undo = || lab.run(&["op", "undo", operation, "--yes", "-o", "json"]);
    assert_eq!(reason(undo().expect_code(4)), "changed", "its row is gone");
    main(&add).expect_code(0);
    lab.ask(
        "UPDATE hostctl.domains SET verified_at = hostctl.now(), marker = NULL WHERE name = 'again.test'",
    );
    let before = lab.world();
    let undo = undo();
    assert!(
        undo.expect_code(4).stderr.contains("again.test is taken"),
        "{undo}"
    );
    before.expect_same(&lab.world(), "refused undo of a challenge");
    // With the account goes what it has proven.
    lab.run(&["account", "delete", "acme", "--yes"]).expect_code(0);
    assert_eq!(lab.ask("SELECT account_id::text FROM hostctl.domains").len(), 2);
    main(&["mail", "domain", "create", "whole.test"]).expect_code(0);
}

#[test]
fn what_is_no_domain_is_refused_before_anything_is_done() {
    let lab = Lab::new();
    let before = lab.world();
    for bad in [
        "",
        " ",
        "example.test\n",
        "localhost",
        "1.2.3.4",
        "..",
        "example..test",
        "-a.test",
        "xn--zzzzzz99999.com",
        "exam\u{200b}ple.test",
        "$(id).test",
        "*.example.test",
        "example.test/24",
        "co.uk",
        "github.io",
        "10.in-addr.arpa",
    ] {
        for verb in [
            &["domain", "add", "--", bad][..],
            &["domain", "verify", "--", bad],
            &["domain", "show", "--", bad],
        ] {
            let ran = lab.run(verb);
            // A public suffix has a row nowhere, but is a name.
            let is_suffix = ["co.uk", "github.io"].contains(&bad) && verb[1] != "add";
            ran.expect_code(if is_suffix { 3 } else { 2 });
        }
        let listed = format!("example.test\n{bad}\n");
        let ran = lab.call(&["domain", "verify", "--file", "-"]).stdin(listed).run();
        let is_blank = bad.trim().is_empty() || bad == "example.test\n";
        ran.expect_code(match bad {
            _ if is_blank => 3,
            "co.uk" | "github.io" => 10,
            _ => 2,
        });
    }
    for bad in [
        &["domain", "add", "a.test", "--method", "http", "--scope", "domain"][..],
        &["domain", "add", "a.test", "--method", "cname"],
        &["domain", "add", "a.test", "--method", "dns"],
        &["domain", "add", "a.test", "--scope", "HOST"],
        &["domain", "verify"],
        &["domain", "verify", "--file", "/nowhere"],
    ] {
        lab.run(bad).expect_code(2);
    }
    let long = format!(
        "{}.test",
        ["a".repeat(60), "b".repeat(60), "c".repeat(60), "d".repeat(60)].join(".")
    );
    lab.run(&["domain", "add", &long]).expect_code(2);
    lab.run(&["domain", "add", "dry.test", "-n"]).expect_code(0);
    before.expect_same(&lab.world(), "refusals and a dry run");
}
