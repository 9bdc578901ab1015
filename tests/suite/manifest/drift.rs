//! What was changed behind our back is found, and mended to the letter.

use serde_json::{Value, json};

use crate::manifest::{different, furnished, sql, statuses};
use crate::support::Lab;

/// `drift` is found, as `resource` alone; applying mends it, to the letter; taking that back gives the drift back.
#[track_caller]
pub(super) fn is_mended(lab: &Lab, file: &str, drift: impl FnOnce(), resource: &str) {
    // A plan within the control database is one commit: after it nothing is taken back.
    let point = if resource.starts_with("mail ") || resource.starts_with("site ") {
        "before_commit"
    } else {
        "after_commit"
    };
    is_mended_failing_at(lab, file, drift, resource, point);
}

/// As [`is_mended`], where all that mends it is in the control database.
#[track_caller]
pub(super) fn is_mended_in_the_inventory(lab: &Lab, file: &str, drift: impl FnOnce(), resource: &str) {
    is_mended_failing_at(lab, file, drift, resource, "before_commit");
}

#[track_caller]
fn is_mended_failing_at(lab: &Lab, file: &str, drift: impl FnOnce(), resource: &str, point: &str) {
    let good = lab.world();
    drift();
    let drifted = lab.world();
    assert!(!good.difference(&drifted).is_empty(), "{resource}: no drift");
    assert_eq!(different(lab, file), [resource]);
    // Failing at the end takes the mending back.
    let steps = lab.run(&["site", "plan", file, "-o", "json"]).json();
    let last = steps.as_array().expect("steps").len() - 1;
    let crash = format!("fail:{last}:{point}:do");
    let failed = lab.call(&["site", "apply", file, "--yes"]).crash(&crash).run();
    assert_ne!(failed.code, Some(0), "{failed}");
    lab.run(&["op", "recover"]).expect_code(0);
    let taken_back = drifted.difference_in_kind(&lab.world());
    assert!(taken_back.is_empty(), "{resource}: {}", taken_back.join("\n"));
    lab.run(&["site", "apply", file, "--yes"]).expect_code(0);
    let mended = good.difference_in_kind(&lab.world());
    assert!(mended.is_empty(), "{resource}: {}", mended.join("\n"));
    // So does undoing it when it is done, and then it is mended once more.
    let newest = "SELECT id::text FROM hostctl.operations WHERE state = 'succeeded' ORDER BY id DESC LIMIT 1";
    let id = lab.ask(newest).concat();
    lab.run(&["op", "undo", &id, "--yes"]).expect_code(0);
    let mut undone = drifted.difference_in_kind(&lab.world());
    // A box that was made to mend it is kept like any that is deleted.
    undone.retain(|line| !line.starts_with("+ trash mail box "));
    assert!(undone.is_empty(), "{resource}: {}", undone.join("\n"));
    lab.run(&["site", "apply", file, "--yes"]).expect_code(0);
    let mut again = good.difference_in_kind(&lab.world());
    again.retain(|line| !line.starts_with("+ trash mail box "));
    assert!(again.is_empty(), "{resource}: {}", again.join("\n"));
    assert_eq!(different(lab, file), Vec::<String>::new());
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
        "GRANT CREATE ON DATABASE shop TO shop",
        "ALTER ROLE shop NOINHERIT",
        "ALTER ROLE shop SET statement_timeout = '1h'",
        "SET ROLE shop; ALTER ROLE shop IN DATABASE shop SET statement_timeout = 0",
        "GRANT CONNECT ON DATABASE shop TO PUBLIC",
        "REVOKE TEMPORARY ON DATABASE shop FROM shop",
        "SET ROLE hostctl; GRANT readers TO shop",
    ] {
        is_mended(&lab, &file, || sql(&lab, "postgres", statement), database);
    }
    // What stands beside it: whatever of that is not found is not mended either.
    let beside = "GRANT CONNECT ON DATABASE shop TO readers; SET ROLE hostctl; GRANT shop TO readers; ALTER ROLE shop VALID UNTIL '2001-01-01';
        DO $$ DECLARE owner text := (SELECT datdba::regrole::text FROM pg_database WHERE datname = 'shop');
        BEGIN EXECUTE format('GRANT %s TO readers', owner); EXECUTE format('ALTER ROLE %s LOGIN CREATEDB NOINHERIT', owner); END $$";
    is_mended(&lab, &file, || sql(&lab, "postgres", beside), database);
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
    let elsewhere = "UPDATE hostctl.email_aliases SET destinations = '{eve@example.net}' WHERE source = 'office@shop.test'";
    is_mended(
        &lab,
        &file,
        || sql(&lab, "hostctl", elsewhere),
        "mail alias office@shop.test",
    );
    let gone = "DELETE FROM hostctl.email_aliases WHERE source = '@shop.test'";
    is_mended(
        &lab,
        &file,
        || sql(&lab, "hostctl", gone),
        "mail alias @shop.test",
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
fn what_shuts_a_database_or_a_site_is_found_and_mended() {
    let (lab, file) = furnished();
    for statement in [
        "ALTER ROLE shop IN DATABASE shop SET statement_timeout = '1h'",
        "ALTER DATABASE shop ALLOW_CONNECTIONS false",
        "ALTER DATABASE shop SET default_transaction_read_only = on",
        "ALTER ROLE shop SET default_transaction_read_only = true;
         ALTER ROLE shop IN DATABASE shop SET default_transaction_read_only = on",
    ] {
        is_mended(
            &lab,
            &file,
            || sql(&lab, "postgres", statement),
            "database shop on main",
        );
    }
    for (table, resource) in [
        ("sites", "site shop.test"),
        ("email_domains", "mail domain shop.test"),
        ("email_accounts", "mail box info@shop.test"),
    ] {
        let column = if table == "email_accounts" {
            "address = 'info@shop.test'"
        } else {
            "true"
        };
        let state = format!("UPDATE hostctl.{table} SET state = 'suspended' WHERE {column}");
        is_mended(&lab, &file, || sql(&lab, "hostctl", &state), resource);
    }
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
fn what_was_switched_off_is_told_and_switched_on_again() {
    let (lab, file) = furnished();
    for ttl in [600, 60] {
        let records = json!([
            { "content": "192.0.2.81", "disabled": true },
            { "content": "192.0.2.82", "disabled": false },
            { "content": "192.0.2.200", "disabled": true },
        ]);
        let set = json!({ "name": "blog.shop.test.", "type": "A", "changetype": "REPLACE", "ttl": ttl, "records": records });
        at_the_provider(&lab, "PATCH", &json!({ "rrsets": [set] }));
        let rows = lab.run(&["site", "diff", &file, "-o", "json"]);
        let rows = rows.expect_code(5).json();
        let told = |key: &str| {
            let mut parts: Vec<String> = rows[0][key]
                .as_str()
                .and_then(|text| {
                    text.strip_prefix(&format!(
                        "blog.shop.test {} A ",
                        if key == "after" { 600 } else { ttl }
                    ))
                })
                .unwrap_or_else(|| panic!("{rows}"))
                .split(", ")
                .map(str::to_owned)
                .collect();
            parts.sort();
            parts
        };
        assert_eq!(
            told("before"),
            ["192.0.2.200 (off)", "192.0.2.81 (off)", "192.0.2.82"]
        );
        assert_eq!(told("after"), ["192.0.2.200 (off)", "192.0.2.81", "192.0.2.82"]);
        lab.run(&["site", "apply", &file, "--yes"]).expect_code(0);
        let held = lab.zones("SELECT content || ' ' || disabled || ' ' || ttl FROM records WHERE name = 'blog.shop.test' ORDER BY 1");
        assert_eq!(
            held,
            ["192.0.2.200 1 600", "192.0.2.81 0 600", "192.0.2.82 0 600"]
        );
        assert_eq!(different(&lab, &file), Vec::<String>::new());
    }
}

#[test]
fn what_somebody_has_added_past_the_program_is_told_and_stays_until_it_is_ours() {
    let (lab, file) = furnished();
    lab.run(&["mail", "alias", "create", "ours@shop.test", "info@shop.test"])
        .expect_code(0);
    sql(
        &lab,
        "hostctl",
        "INSERT INTO hostctl.email_aliases (source, local_part, domain, account_id, destinations)
            SELECT 'spy@shop.test', 'spy', domain, account_id, '{eve@example.net}' FROM hostctl.email_aliases WHERE source = 'ours@shop.test'",
    );
    assert_eq!(different(&lab, &file), ["mail alias spy@shop.test"]);
    let said = lab.run(&["site", "diff", &file, "-o", "json"]).json();
    assert_eq!(
        (&said[0]["action"], &said[0]["after"]),
        (&json!("extra"), &json!("stays; --adopt makes it ours"))
    );
    lab.run(&["site", "apply", &file, "--yes"]).expect_code(0);
    assert_eq!(different(&lab, &file), ["mail alias spy@shop.test"]);
    lab.run(&["site", "apply", &file, "--prune", "--yes"])
        .expect_code(0);
    assert_eq!(
        different(&lab, &file),
        ["mail alias spy@shop.test"],
        "not ours to prune"
    );
    lab.run(&["mail", "alias", "create", "spy@shop.test", "--adopt"])
        .expect_code(0);
    lab.run(&["site", "apply", &file, "--prune", "--yes"])
        .expect_code(0);
    assert_eq!(different(&lab, &file), Vec::<String>::new());
    // What a verb has suspended is no drift, whatever was done to the box since.
    lab.run(&["mail", "box", "suspend", "info@shop.test"])
        .expect_code(0);
    assert_eq!(different(&lab, &file), Vec::<String>::new());
    let passwd = ["mail", "box", "passwd", "info@shop.test", "--password-stdin"];
    lab.call(&passwd)
        .stdin("a password of their own\n")
        .run()
        .expect_code(0);
    assert_eq!(different(&lab, &file), Vec::<String>::new());
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
    // What is inside a database that nobody may enter cannot be seen.
    sql(&lab, "postgres", "ALTER DATABASE shop ALLOW_CONNECTIONS false");
    let shut = allowed(&["site", "diff", &more]).run();
    assert!(shut.expect_code(5).stderr.contains("compare once more"), "{shut}");
    allowed(&["site", "apply", &more]).run().expect_code(0);
    allowed(&["site", "diff", &more]).run().expect_code(0);
}

/// A request to the provider behind our back, about zone shop.test.
pub(super) fn at_the_provider(lab: &Lab, method: &str, body: &Value) {
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
