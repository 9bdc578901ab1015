//! Manifests on real servers: there and back, every drift, what goes, many at once.

mod aliases;
mod batch;
mod drift;
mod mail_rows;
mod owners;
mod schemas;
mod suspended;
mod undo;

use std::time::Duration;

use crate::support::{Lab, Ran};
use serde_json::{Value, json};

const SITE: &str = r#"
[[site]]
domain = "shop.test"

[site.database]
name = "shop"
limits = { connections = 5, statement_timeout = "30s" }

[site.mail]
boxes = [{ name = "info", quota = "2G" }, { name = "sales" }]
aliases = [
    { name = "office", destinations = ["team@shop.test", "sales@shop.test"] },
    { name = "team", destinations = ["info@shop.test", "someone@example.net"] },
    { name = "@", destinations = ["info@shop.test"] },
]

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
    assert_eq!(lab.ask(limits), ["5 10 {statement_timeout=30000ms}"]);
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
    lab.run(&["mail", "alias", "create", "@shop.test", "info@shop.test"])
        .expect_code(0);
    // What only this server has comes by a file.
    let import = lab.call(&["dns", "zone", "import", "shop.test", "-"]);
    import.stdin("office ALIAS x.example.net.\n").run().expect_code(0);
    let before = lab.world();
    let exported = lab.run(&["site", "export", "shop.test"]);
    exported.expect_code(0);
    assert!(exported.stdout.contains("\"ALIAS\""), "{exported}");
    let applied = lab
        .call(&["site", "apply", "-", "--prune", "-o", "ndjson"])
        .stdin(exported.stdout.clone())
        .run();
    applied.expect_code(0);
    assert_eq!(statuses(&applied)[0].1, "unchanged", "{exported}\n{applied}");
    before.expect_same(&lab.world(), "after export and apply");
    // Compared with what it was made to be, the alias is missing.
    assert_eq!(different(&lab, "shop.test"), ["records of zone shop.test"]);

    // A manifest asks for no TTL as short as others can set.
    let short = json!({ "rrsets": [{ "name": "x.shop.test.", "type": "TXT", "changetype": "REPLACE", "ttl": 5,
        "records": [{ "content": "\"a \\\"b\\\"; c\"", "disabled": false }] }] });
    drift::at_the_provider(&lab, "PATCH", &short);
    let exported = lab.run(&["site", "export", "shop.test"]);
    exported.expect_code(0);
    assert!(exported.stdout.contains("ttl = 30"), "{exported}");
    assert!(
        exported.stderr.contains("x.shop.test TXT has TTL 5"),
        "{exported}"
    );
    let applied = lab
        .call(&["site", "apply", "-", "--yes", "-o", "ndjson"])
        .stdin(exported.stdout.clone())
        .run();
    applied.expect_code(0);
    assert_eq!(statuses(&applied)[0].1, "changed", "{exported}\n{applied}");
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
                "aliases": [
                    { "source": "@shop.test", "destinations": ["info@shop.test"] },
                    { "source": "office@shop.test", "destinations": ["sales@shop.test", "team@shop.test"] },
                    { "source": "team@shop.test", "destinations": ["info@shop.test", "someone@example.net"] },
                ],
                "imap": "mx.sandbox.test:993",
                "smtp": "mx.sandbox.test:465",
            },
        })
    );
}
