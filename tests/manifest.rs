//! Manifests on real servers: there and back, every drift, what goes, many at once.

#[path = "support/mod.rs"]
mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Lab, Ran};

const SITE: &str = r#"
[[site]]
domain = "shop.test"

[site.database]
name = "shop"
limits = { connections = 5, statement_timeout = "30s" }

[site.mail]
boxes = [{ name = "info", quota = "2G" }, { name = "sales" }]

[site.dns]
addresses = ["192.0.2.80", "2001:db8::80"]
records = [
    { name = "@", type = "TXT", values = ["token=1"] },
    { name = "blog", type = "A", ttl = 600, values = ["192.0.2.81", "192.0.2.82"] },
]
"#;

/// A lab in which the manifest stands.
fn furnished() -> (Lab, String) {
    let lab = Lab::with_dns();
    let file = lab.private_file("site.toml", SITE);
    lab.run(&["site", "apply", &file]).expect_code(0);
    (lab, file)
}

/// The rows of an answer in NDJSON.
#[track_caller]
fn rows(ran: &Ran) -> Vec<Value> {
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {ran}"));
    ran.stdout.lines().map(parse).collect()
}

/// Domain and status of each row, sorted.
#[track_caller]
fn statuses(ran: &Ran) -> Vec<(String, String)> {
    let text = |row: &Value, key: &str| row[key].as_str().expect(key).to_owned();
    let mut all: Vec<_> = rows(ran)
        .iter()
        .map(|row| (text(row, "domain"), text(row, "status")))
        .collect();
    all.sort();
    all
}

/// Kind and reason of the error object.
#[track_caller]
fn refused(ran: &Ran) -> [String; 2] {
    let last = ran.stderr.lines().last().unwrap_or_default();
    let said: Value = serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {ran}"));
    ["kind", "reason"].map(|key| said["error"][key].as_str().expect("a word").to_owned())
}

/// The resources that differ.
#[track_caller]
fn different(lab: &Lab, file: &str) -> Vec<String> {
    let ran = lab.run(&["site", "diff", file, "-o", "json"]);
    let rows = ran.json();
    let rows = rows.as_array().expect("a list");
    assert_eq!(ran.code, Some(if rows.is_empty() { 0 } else { 5 }), "{ran}");
    rows.iter()
        .map(|row| row["resource"].as_str().expect("text").to_owned())
        .collect()
}

/// `drift` is found, as `resource` alone; applying mends it, to the letter; taking that back gives the drift back.
#[track_caller]
fn is_mended(lab: &Lab, file: &str, drift: impl FnOnce(), resource: &str) {
    let good = lab.world();
    drift();
    let drifted = lab.world();
    assert!(!good.difference(&drifted).is_empty(), "{resource}: no drift");
    assert_eq!(different(lab, file), [resource]);
    // Failing at the end takes the mending back.
    let steps = lab.run(&["site", "plan", file, "-o", "json"]).json();
    let last = steps.as_array().expect("steps").len() - 1;
    let crash = format!("fail:{last}:after_commit:do");
    let failed = lab.call(&["site", "apply", file, "--yes"]).crash(&crash).run();
    assert_ne!(failed.code, Some(0), "{failed}");
    lab.run(&["op", "recover"]).expect_code(0);
    let taken_back = drifted.difference_in_kind(&lab.world());
    assert!(taken_back.is_empty(), "{resource}: {}", taken_back.join("\n"));
    lab.run(&["site", "apply", file, "--yes"]).expect_code(0);
    let mended = good.difference_in_kind(&lab.world());
    assert!(mended.is_empty(), "{resource}: {}", mended.join("\n"));
    assert_eq!(different(lab, file), Vec::<String>::new());
}

fn sql(lab: &Lab, database: &str, statement: &str) {
    lab.wait(async {
        let client = lab.sandbox().superuser(database).await.expect("a session");
        client.batch_execute(statement).await.expect(statement);
    });
}

fn operations(lab: &Lab) -> Vec<String> {
    lab.ask("SELECT id::text FROM hostctl.operations ORDER BY id")
}

#[test]
fn a_manifest_is_applied_once_and_comes_back_as_it_was() {
    let (lab, file) = furnished();
    let listed = lab.run(&["site", "list", "-o", "json"]).json();
    assert_eq!(
        (&listed[0]["domain"], &listed[0]["database"], &listed[0]["boxes"]),
        (&json!("shop.test"), &json!("shop"), &json!(2))
    );
    let limits = "SELECT concat_ws(' ', r.rolconnlimit, d.datconnlimit, r.rolconfig) FROM pg_roles r JOIN pg_database d
        ON d.datname = r.rolname WHERE rolname = 'shop'";
    assert_eq!(lab.ask(limits), ["5 5 {statement_timeout=30000ms}"]);
    let (before, done) = (lab.world(), operations(&lab));
    let again = lab.run(&["site", "apply", &file, "-o", "ndjson"]);
    again.expect_code(0);
    assert_eq!(
        statuses(&again),
        [("shop.test".to_owned(), "unchanged".to_owned())]
    );

    for format in ["table", "json", "ndjson"] {
        let exported = lab.run(&["site", "export", "--all", "-o", format]);
        exported.expect_code(0);
        let applied = lab
            .call(&["site", "apply", "-", "-o", "ndjson", "--prune"])
            .stdin(exported.stdout.clone())
            .run();
        applied.expect_code(0);
        assert_eq!(statuses(&applied)[0].1, "unchanged", "{exported}");
    }
    assert_eq!(different(&lab, "shop.test"), Vec::<String>::new());
    before.expect_same(&lab.world(), "after export and apply");
    assert_eq!(operations(&lab), done, "nothing was begun");
}

#[test]
fn a_site_made_by_hand_is_exported_whole() {
    let lab = Lab::with_dns();
    let create = "site create shop.test --db shop --mail info --dns --address 192.0.2.7";
    lab.run(&create.split(' ').collect::<Vec<_>>()).expect_code(0);
    lab.run(&[
        "dns",
        "record",
        "delete",
        "shop.test",
        "autoconfig",
        "CNAME",
        "--yes",
    ])
    .expect_code(0);
    lab.run(&["dns", "record", "add", "shop.test", "x", "TXT", "a \"b\"; c"])
        .expect_code(0);
    let before = lab.world();
    let exported = lab.run(&["site", "export", "shop.test"]);
    exported.expect_code(0);
    let applied = lab
        .call(&["site", "apply", "-", "--prune", "-o", "ndjson"])
        .stdin(exported.stdout.clone())
        .run();
    applied.expect_code(0);
    assert_eq!(statuses(&applied)[0].1, "unchanged", "{exported}\n{applied}");
    before.expect_same(&lab.world(), "after export and apply");
    // Compared with what it was made to be, the alias is missing.
    assert_eq!(different(&lab, "shop.test"), ["records of zone shop.test"]);
}

#[test]
fn every_drift_is_found_and_mended_to_the_letter() {
    let (lab, file) = furnished();
    let database = "database shop on main";
    sql(
        &lab,
        "postgres",
        "CREATE ROLE readers; GRANT readers TO hostctl WITH ADMIN OPTION",
    );
    for statement in [
        "ALTER ROLE shop CONNECTION LIMIT 50",
        "ALTER DATABASE shop CONNECTION LIMIT 50",
        "ALTER ROLE shop NOLOGIN",
        "ALTER ROLE shop CREATEDB",
        "ALTER ROLE shop SET statement_timeout = '1h'",
        "GRANT CONNECT ON DATABASE shop TO PUBLIC",
        "REVOKE TEMPORARY ON DATABASE shop FROM shop",
        "GRANT readers TO shop",
    ] {
        is_mended(&lab, &file, || sql(&lab, "postgres", statement), database);
    }
    let quota = "UPDATE hostctl.email_accounts SET quota_bytes = 1 WHERE address = 'info@shop.test'";
    is_mended(
        &lab,
        &file,
        || sql(&lab, "hostctl", quota),
        "mail box info@shop.test",
    );
    let gone = "DELETE FROM hostctl.email_accounts WHERE address = 'sales@shop.test'";
    is_mended(
        &lab,
        &file,
        || sql(&lab, "hostctl", gone),
        "mail box sales@shop.test",
    );
    let patch = |name: &str, rtype: &str, change: Value| {
        let mut set = json!({ "name": name, "type": rtype });
        set.as_object_mut()
            .expect("an object")
            .extend(change.as_object().expect("an object").clone());
        at_the_provider(&lab, "PATCH", &json!({ "rrsets": [set] }));
    };
    let replace = |ttl: u32, values: &[&str]| {
        let records: Vec<Value> = values
            .iter()
            .map(|value| json!({ "content": value, "disabled": false }))
            .collect();
        json!({ "changetype": "REPLACE", "ttl": ttl, "records": records })
    };
    let zone = "records of zone shop.test";
    is_mended(
        &lab,
        &file,
        || patch("www.shop.test.", "A", json!({ "changetype": "DELETE" })),
        zone,
    );
    is_mended(
        &lab,
        &file,
        || patch("www.shop.test.", "A", replace(3600, &["192.0.2.99"])),
        zone,
    );
    is_mended(
        &lab,
        &file,
        || patch("blog.shop.test.", "A", replace(600, &["192.0.2.81"])),
        zone,
    );
    is_mended(
        &lab,
        &file,
        || patch("blog.shop.test.", "A", replace(60, &["192.0.2.81", "192.0.2.82"])),
        zone,
    );
}

#[test]
fn values_of_others_stay() {
    let (lab, file) = furnished();
    let records: Vec<Value> = ["192.0.2.81", "192.0.2.82", "192.0.2.200"]
        .iter()
        .map(|value| json!({ "content": value, "disabled": false }))
        .collect();
    let set = json!({ "name": "blog.shop.test.", "type": "A", "changetype": "REPLACE", "ttl": 600, "records": records });
    at_the_provider(&lab, "PATCH", &json!({ "rrsets": [set] }));
    let before = lab.world();
    assert_eq!(different(&lab, &file), Vec::<String>::new());
    lab.run(&["site", "apply", &file, "--prune", "--yes"])
        .expect_code(0);
    before.expect_same(&lab.world(), "a value of somebody else's");
}

#[test]
fn a_zone_that_the_provider_lost_is_made_again() {
    let (lab, file) = furnished();
    at_the_provider(&lab, "DELETE", &Value::Null);
    assert_eq!(different(&lab, &file), ["zone shop.test"]);
    lab.run(&["site", "apply", &file]).expect_code(0);
    assert_eq!(different(&lab, &file), Vec::<String>::new());
}

#[test]
fn a_kept_plan_is_carried_out_once_and_not_on_another_world() {
    let lab = Lab::with_dns();
    let file = lab.private_file("site.toml", SITE);
    let plan = lab.path("plan.json").display().to_string();
    let empty = lab.world();
    lab.run(&["site", "plan", &file, "--out", &plan]).expect_code(0);
    empty.expect_same(&lab.world(), "after planning");
    lab.run(&["site", "plan", &file, "--out", &plan]).expect_code(4);
    lab.run(&["site", "apply", "--plan", &plan]).expect_code(0);
    // What is done already stays: a run that was interrupted can be given again.
    lab.run(&["site", "apply", "--plan", &plan]).expect_code(0);

    let other = lab.private_file("other.toml", &SITE.replace("2G", "3G"));
    let stale = lab.path("stale.json").display().to_string();
    lab.run(&["site", "plan", &other, "--out", &stale]).expect_code(0);
    sql(&lab, "postgres", "ALTER ROLE shop CONNECTION LIMIT 50");
    let before = lab.world();
    let ran = lab.run(&["site", "apply", "--plan", &stale, "-o", "json"]);
    ran.expect_code(4);
    assert_eq!(refused(&ran), ["conflict", "stale"]);
    before.expect_same(&lab.world(), "after a stale plan");
    let nonsense = lab.private_file("nonsense.json", "{}");
    lab.run(&["site", "apply", "--plan", &nonsense]).expect_code(2);
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

    // The database, its only other part and the zone: more than 30 percent, and more than 10 with all records.
    let bare = lab.private_file("bare.toml", "[[site]]\ndomain = \"shop.test\"\n");
    let before = lab.world();
    let ran = lab.run(&["site", "apply", &bare, "--prune", "--yes", "-o", "json"]);
    ran.expect_code(0);
    let _ = before;
    assert_eq!(
        lab.ask("SELECT count(*)::text FROM hostctl.hosting_accounts"),
        ["0"]
    );

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
fn passwords_come_from_private_files() {
    let lab = Lab::new();
    lab.private_file("db.password", "correct horse battery");
    lab.private_file("box.password", "another battery staple");
    let text = r#"
[[site]]
domain = "shop.test"
database = { name = "shop", password_file = "db.password" }
mail.boxes = [{ name = "info", password_file = "box.password" }]
"#;
    let file = lab.private_file("site.toml", text);
    let open = lab.path("box.password");
    let mode = |bits| {
        std::fs::set_permissions(&open, std::os::unix::fs::PermissionsExt::from_mode(bits)).expect("a mode");
    };
    mode(0o644);
    let before = lab.world();
    lab.run(&["site", "apply", &file]).expect_code(2);
    before.expect_same(&lab.world(), "a file that everybody may read");
    mode(0o600);
    let ran = lab.run(&["site", "apply", &file, "--show-secret", "-o", "ndjson"]);
    ran.expect_code(0);
    assert_eq!(rows(&ran)[0]["secrets"], Value::Null);
    for secret in ["correct horse battery", "another battery staple"] {
        assert_eq!(lab.leftover_secrets(secret), Vec::<String>::new());
        assert!(!ran.to_string().contains(secret), "{ran}");
    }
    let address = lab
        .sandbox()
        .addresses(hostctl::sandbox::Name::Postgres)
        .expect("PostgreSQL")[0];
    lab.wait(async {
        let mut config = tokio_postgres::Config::new();
        config.host(address.ip().to_string()).port(address.port());
        config
            .user("shop")
            .dbname("shop")
            .password("correct horse battery");
        let login = config
            .connect_timeout(Duration::from_secs(20))
            .connect(tokio_postgres::NoTls);
        let (_, connection) = login.await.expect("the tenant enters");
        drop(connection);
    });
}

#[test]
fn extensions_are_added_to_a_database_in_use() {
    let lab = Lab::new();
    let site =
        |more: &str| format!("[[site]]\ndomain = \"shop.test\"\ndatabase = {{ name = \"shop\"{more} }}\n");
    let plain = lab.private_file("plain.toml", &site(""));
    lab.run(&["site", "apply", &plain]).expect_code(0);
    let more = lab.private_file("more.toml", &site(", extensions = [\"citext\"]"));
    let allowed = |words: &[&str]| {
        lab.call(words)
            .variable("HOSTCTL_CLUSTER__MAIN__EXTENSIONS", "citext")
    };
    lab.call(&["site", "apply", &more])
        .variable("HOSTCTL_CLUSTER__MAIN__EXTENSIONS", "hstore")
        .run()
        .expect_code(7);
    let before = lab.world();
    allowed(&["site", "apply", &more])
        .crash("fail:1:after_commit:do")
        .run();
    lab.run(&["op", "recover"]).expect_code(0);
    before.expect_same(&lab.world(), "taken back");
    allowed(&["site", "apply", &more]).run().expect_code(0);
    let installed = lab.wait(async {
        let client = lab.sandbox().superuser("shop").await.expect("a session");
        let rows = client
            .query(
                "SELECT extname::text FROM pg_extension WHERE extname = 'citext'",
                &[],
            )
            .await;
        rows.expect("the extensions").len()
    });
    assert_eq!(installed, 1);
    let again = allowed(&["site", "apply", &more, "-o", "ndjson"]).run();
    assert_eq!(statuses(&again)[0].1, "unchanged", "{again}");
}

#[test]
fn what_belongs_to_another_account_or_site_is_taken() {
    let lab = Lab::with_dns();
    lab.run(&["account", "create", "acme"]).expect_code(0);
    let site = |domain: &str, account: &str, database: &str| {
        format!("[[site]]\ndomain = \"{domain}\"\naccount = \"{account}\"\ndatabase.name = \"{database}\"\n")
    };
    let first = lab.private_file("first.toml", &site("a.test", "main", "shop"));
    lab.run(&["site", "apply", &first]).expect_code(0);
    let before = lab.world();
    for text in [
        site("b.test", "main", "shop"),
        site("b.test", "acme", "shop"),
        site("a.test", "acme", "other"),
    ] {
        let ran = lab.call(&["site", "apply", "-", "-o", "json"]).stdin(text).run();
        ran.expect_code(4);
        assert_eq!(refused(&ran), ["conflict", "taken"]);
        before.expect_same(&lab.world(), "taken");
    }
    let nobody = site("b.test", "nobody", "x");
    lab.call(&["site", "apply", "-"])
        .stdin(nobody)
        .run()
        .expect_code(3);
    let nameless = "[[site]]\ndomain = \"b.test\"\n";
    lab.call(&["site", "apply", "-"])
        .stdin(nameless)
        .run()
        .expect_code(2);
}

#[test]
fn a_customer_gets_a_sheet_without_passwords() {
    let (lab, _) = furnished();
    let sheet = lab.run(&["site", "handover", "shop.test", "-o", "json"]).json();
    let address = lab
        .sandbox()
        .addresses(hostctl::sandbox::Name::Postgres)
        .expect("PostgreSQL")[0];
    assert_eq!(
        sheet,
        json!({
            "domain": "shop.test",
            "nameservers": ["ns1.sandbox.test", "ns2.sandbox.test"],
            "database": { "database": "shop", "user": "shop", "host": "127.0.0.1", "port": address.port() },
            "mail": {
                "addresses": ["info@shop.test", "sales@shop.test"],
                "imap": "mx.sandbox.test:993",
                "smtp": "mx.sandbox.test:465",
            },
        })
    );
}

/// A request to the provider behind our back, about zone shop.test.
fn at_the_provider(lab: &Lab, method: &str, body: &Value) {
    let api = lab
        .sandbox()
        .addresses(hostctl::sandbox::Name::Powerdns)
        .expect("PowerDNS")[1];
    let environment = lab.sandbox().environment();
    let (_, key) = environment
        .iter()
        .find(|(name, _)| name == "PDNS_API_KEY_FILE")
        .expect("a key file");
    let key = std::fs::read_to_string(key).expect("the key");
    lab.wait(async {
        let url = format!("http://{api}/api/v1/servers/localhost/zones/shop.test.");
        // Nothing of it comes to TLS, but the client wants to be told how.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::new();
        let request = client.request(method.parse().expect("a method"), url);
        let mut request = request.header("X-API-Key", key.trim());
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{answer:?}");
    });
}
