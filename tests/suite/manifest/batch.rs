//! Many sites at once: what fails, what is killed, what goes.

use serde_json::json;

use crate::manifest::{SITE, furnished, refused, rows, sql, statuses};
use crate::support::Lab;

/// Sites s0.test, s1.test, …, a line each, each with a database, a box and a zone.
fn many(count: usize) -> String {
    let line = |index: usize| {
        json!({
            "domain": format!("s{index}.test"),
            "database": { "name": format!("s{index}") },
            "mail": { "boxes": [{ "name": "info", "quota": "1G" }] },
            "dns": { "addresses": ["192.0.2.80"] },
        })
        .to_string()
            + "\n"
    };
    (0..count).map(line).collect()
}

#[test]
fn one_broken_site_leaves_the_others_be() {
    let lab = Lab::with_dns();
    // A database that somebody else has.
    sql(&lab, "postgres", "CREATE DATABASE s2");
    let lines = many(4) + "{\"domain\": \"broken.test\"\n";
    let all = ["site", "apply", "-", "-j", "4", "-o", "ndjson"];
    let empty = lab.world();
    lab.call(&all).stdin(lines.clone()).run().expect_code(2);
    empty.expect_same(&lab.world(), "a broken line");
    let secrets = lab.path("secrets").display().to_string();
    let going = [&all[..], &["--keep-going", "--secret-out", &secrets]].concat();
    let ran = lab.call(&going).stdin(lines).run();
    ran.expect_code(10);
    assert_eq!(refused(&ran), ["partial", "partial"]);
    let expected = [
        ("line 5", "failed"),
        ("s0.test", "created"),
        ("s1.test", "created"),
        ("s2.test", "failed"),
        ("s3.test", "created"),
    ];
    assert_eq!(
        statuses(&ran),
        expected.map(|(domain, status)| (domain.to_owned(), status.to_owned()))
    );
    for row in rows(&ran) {
        let mut keys: Vec<&String> = row.as_object().expect("an object").keys().collect();
        keys.sort();
        assert_eq!(
            keys,
            [
                "account",
                "domain",
                "error",
                "operation",
                "secrets",
                "status",
                "steps"
            ]
        );
        assert_eq!(
            row["error"]["reason"] == json!("foreign"),
            row["domain"] == json!("s2.test")
        );
    }
    let text = std::fs::read_to_string(&secrets).expect("the secrets");
    let mut names: Vec<&str> = text.lines().filter_map(|line| line.split('\t').nth(1)).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["info@s0.test", "info@s1.test", "info@s3.test", "s0", "s1", "s3"]
    );
    for secret in text.lines().filter_map(|line| line.split('\t').nth(2)) {
        assert_eq!(lab.leftover_secrets(secret), Vec::<String>::new());
    }
}

#[test]
fn a_run_that_was_killed_is_finished_by_the_next() {
    let lab = Lab::with_dns();
    let apply = ["site", "apply", "-", "-j", "3", "-o", "ndjson"];
    // The third step of whichever comes there first.
    let killed = lab
        .call(&apply)
        .crash("die:2:effect_done:do")
        .stdin(many(6))
        .run();
    assert!(killed.was_killed(), "{killed}");
    let again = lab.call(&apply).stdin(many(6)).run();
    again.expect_code(0);
    assert_eq!(again.stdout.lines().count(), 6, "{again}");
    let open = lab.run(&["op", "recover", "-o", "json"]);
    open.expect_code(0);
    assert_eq!(lab.run(&["op", "list", "--open", "-o", "json"]).json(), json!([]));
    let third = lab.call(&apply).stdin(many(6)).run();
    third.expect_code(0);
    assert!(
        statuses(&third).iter().all(|(_, status)| status == "unchanged"),
        "{third}"
    );
    assert_eq!(
        lab.ask("SELECT count(*)::text FROM pg_database WHERE datname ~ '^s[0-9]$'"),
        ["6"]
    );
    assert_eq!(
        lab.ask("SELECT count(*)::text FROM pg_database WHERE datname ~ '^hc_'"),
        ["0"]
    );
}

#[test]
fn what_no_manifest_names_goes_only_where_that_was_asked_for() {
    let (lab, _) = furnished();
    let less = lab.private_file("less.toml", &SITE.replace(", { name = \"sales\" }", ""));
    let before = lab.world();
    lab.run(&["site", "apply", &less]).expect_code(0);
    before.expect_same(&lab.world(), "without --prune");
    let asked = lab.run(&["site", "apply", &less, "--prune"]);
    asked.expect_code(2);
    assert!(
        asked.stderr.contains("mail box sales@shop.test") && asked.stderr.contains("--yes"),
        "{asked}"
    );
    before.expect_same(&lab.world(), "without --yes");
    lab.run(&["site", "apply", &less, "--prune", "--yes"])
        .expect_code(0);
    assert_eq!(
        lab.ask("SELECT address FROM hostctl.email_accounts"),
        ["info@shop.test"]
    );

    let less = SITE
        .replace(", { name = \"sales\" }", "")
        .replace("    { name = \"@\", destinations = [\"info@shop.test\"] },\n", "");
    let less = lab.private_file("no-catch-all.toml", &less);
    let before = lab.world();
    lab.run(&["site", "apply", &less]).expect_code(0);
    before.expect_same(&lab.world(), "without --prune");
    let asked = lab.run(&["site", "apply", &less, "--prune"]);
    asked.expect_code(2);
    assert!(asked.stderr.contains("mail alias @shop.test"), "{asked}");
    lab.run(&["site", "apply", &less, "--prune", "--yes"])
        .expect_code(0);
    assert_eq!(
        lab.ask("SELECT source FROM hostctl.email_aliases ORDER BY source"),
        ["office@shop.test", "team@shop.test"]
    );

    // Every record counts: the whole site is more than 10.
    let bare = lab.private_file("bare.toml", "[[site]]\ndomain = \"shop.test\"\n");
    let apply = ["site", "apply", &bare, "--prune", "--yes", "-o", "json"];
    let before = lab.world();
    let ran = lab.run(&apply);
    ran.expect_code(7);
    assert_eq!(refused(&ran), ["denied", "max_removals"]);
    before.expect_same(&lab.world(), "more than 10");
    lab.run(&[&apply[..], &["--max-removals", "50"]].concat())
        .expect_code(0);
    for table in [
        "hosting_accounts",
        "email_domains",
        "email_accounts",
        "email_aliases",
        "dns_zones",
        "dns_records",
    ] {
        let count = format!("SELECT count(*)::text FROM hostctl.{table}");
        assert_eq!(lab.ask(&count), ["0"], "{table}");
    }

    let two = "[[site]]\ndomain = \"a.test\"\nmail.boxes = [{name = \"info\"}]\n[[site]]\ndomain = \"b.test\"\nmail = {}\n";
    let two = lab.private_file("two.toml", two);
    lab.run(&["site", "apply", &two]).expect_code(0);
    let one = lab.private_file("one.toml", "[[site]]\ndomain = \"a.test\"\nmail = {}\n");
    let before = lab.world();
    for words in [
        ["--prune", "-n"],
        ["--prune", "--yes"],
        ["--prune-sites", "--yes"],
    ] {
        let mut call = vec!["site", "apply", &one, "-o", "json"];
        call.extend(words);
        let ran = lab.run(&call);
        if words[1] == "-n" {
            ran.expect_code(0);
        } else {
            ran.expect_code(7);
            assert_eq!(refused(&ran), ["denied", "max_removals"]);
        }
        before.expect_same(&lab.world(), "guarded");
    }
    let words = ["--prune-sites", "--max-removals", "2", "--yes", "-o", "ndjson"];
    let ran = lab.run(&[&["site", "apply", &one][..], &words].concat());
    ran.expect_code(0);
    assert!(
        statuses(&ran).contains(&("b.test".to_owned(), "removed".to_owned())),
        "{ran}"
    );
    let left = lab.run(&["site", "list", "-o", "json"]).json();
    assert_eq!(
        (left.as_array().map(Vec::len), &left[0]["domain"]),
        (Some(1), &json!("a.test"))
    );
}

#[test]
fn a_key_that_was_exchanged_stays_in_dns_until_its_time_has_come() {
    let (lab, file) = furnished();
    lab.run(&["mail", "dkim", "rotate", "shop.test"]).expect_code(0);
    let keys =
        "SELECT name FROM records WHERE type = 'TXT' AND name LIKE '%._domainkey.shop.test' ORDER BY name";
    let published = lab.zones(keys);
    assert_eq!(published.len(), 2, "{published:?}");
    let applied = lab.run(&["site", "apply", &file, "--prune", "--yes"]);
    applied.expect_code(0);
    assert_eq!(lab.zones(keys), published, "{applied}");
    // One that is still to come is no different.
    let exchange =
        "UPDATE hostctl.email_dkim_keys SET state = 'coming', retire_at = NULL WHERE state = 'retired'";
    sql(&lab, "hostctl", exchange);
    lab.run(&["site", "apply", &file, "--prune", "--yes"])
        .expect_code(0);
    assert_eq!(lab.zones(keys), published);
}

#[test]
fn what_can_be_exported_is_when_something_cannot() {
    let lab = Lab::new();
    for name in ["s0", "s1", "s2"] {
        let domain = format!("{name}.test");
        lab.run(&["site", "create", &domain, "--db", name]).expect_code(0);
    }
    sql(&lab, "postgres", "DROP DATABASE s1");
    let ran = lab.run(&["site", "export", "--all", "-o", "ndjson"]);
    ran.expect_code(10);
    let domains: Vec<_> = rows(&ran).iter().map(|row| row["domain"].clone()).collect();
    assert_eq!(domains, [json!("s0.test"), json!("s2.test")]);
    assert!(ran.stderr.contains("s1.test"), "{ran}");
    let alone = lab.run(&["site", "export", "s1.test", "-o", "json"]);
    assert_ne!(
        (alone.code, refused(&alone)[0].as_str()),
        (Some(10), "partial"),
        "{alone}"
    );
    assert_eq!(alone.stdout, "");
}
