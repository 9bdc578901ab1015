//! What is not ours: made past hostctl, or by another account. Every verb aimed at it is refused and changes nothing.

use crate::support::Lab;

/// Runs each line and looks at what it says and at the world.
fn refused(lab: &Lab, lines: &[(&str, i32, &str)]) {
    let before = lab.world();
    let operations = "SELECT count(*)::text FROM hostctl.operations";
    let begun = lab.ask(operations);
    for (line, code, reason) in lines {
        let words: Vec<&str> = line.split(' ').chain(["-o", "json"]).collect();
        let ran = lab.run(&words);
        ran.expect_code(*code);
        assert_eq!(ran.stdout, "", "{ran}");
        let said: serde_json::Value =
            serde_json::from_str(&ran.stderr).unwrap_or_else(|error| panic!("{error}: {ran}"));
        assert_eq!(said["error"]["reason"], *reason, "{ran}");
        before.expect_same(&lab.world(), line);
        assert_eq!(lab.ask(operations), begun, "{line}: an operation was begun");
    }
}

#[test]
fn databases_and_roles_of_others_stay_as_they_are() {
    let lab = Lab::with_dns();
    lab.ask("CREATE ROLE lonely LOGIN PASSWORD 'a password of somebody else'");
    lab.ask("CREATE DATABASE orphan");
    refused(
        &lab,
        &[
            ("db create sentinel", 4, "foreign"),
            ("db create sentinel --if-not-exists", 4, "foreign"),
            ("db create sentinel -n", 4, "foreign"),
            ("db passwd sentinel", 4, "foreign"),
            ("db delete sentinel --purge --yes", 4, "foreign"),
            ("db delete sentinel --purge --yes --if-exists", 4, "foreign"),
            ("db show sentinel", 3, "not_found"),
            // Only the role, and only the database, is somebody else's.
            ("db create lonely", 4, "foreign"),
            ("db passwd lonely", 4, "foreign"),
            ("db delete lonely --purge --yes", 4, "foreign"),
            ("db create orphan", 4, "foreign"),
            ("db passwd orphan", 4, "foreign"),
            ("db delete orphan --purge --yes", 4, "foreign"),
            ("site create a.test --db sentinel --mail info --dns", 4, "foreign"),
            ("site create a.test --db lonely --dns", 4, "foreign"),
            ("site create a.test --db orphan", 4, "foreign"),
        ],
    );
}

#[test]
fn a_database_of_others_is_found_in_the_list_that_is_named() {
    let lab = Lab::new();
    let ran = lab.run(&["db", "show", "sentinel"]);
    ran.expect_code(3);
    assert!(ran.stderr.contains("hint: hostctl db list --foreign"), "{ran}");
    let ran = lab.run(&["db", "show", "nothing"]);
    ran.expect_code(3);
    assert!(ran.stderr.ends_with("hint: hostctl db list\n"), "{ran}");
}

#[test]
fn zones_of_others_stay_as_they_are() {
    let lab = Lab::with_dns();
    refused(
        &lab,
        &[
            ("dns zone create sentinel.example", 4, "foreign"),
            ("dns zone create sentinel.example --if-not-exists", 4, "foreign"),
            ("dns zone delete sentinel.example --purge --yes", 4, "foreign"),
            (
                "dns zone delete sentinel.example --purge --yes --if-exists",
                4,
                "foreign",
            ),
            ("dns zone show sentinel.example", 3, "not_found"),
            ("dns record add sentinel.example www A 192.0.2.1", 4, "foreign"),
            ("dns record add sentinel.example new A 192.0.2.1", 4, "foreign"),
            (
                "dns record set sentinel.example www A 192.0.2.1 --yes",
                4,
                "foreign",
            ),
            ("dns record delete sentinel.example www A --yes", 4, "foreign"),
            ("site create sentinel.example --dns", 4, "foreign"),
            (
                "site create sentinel.example --db shop --mail info --dns",
                4,
                "foreign",
            ),
            ("site delete sentinel.example --purge --yes", 3, "not_found"),
            // Within it: they would hide its names.
            ("dns zone create shop.sentinel.example", 4, "foreign"),
            (
                "dns zone create a.b.sentinel.example --if-not-exists",
                4,
                "foreign",
            ),
            ("dns zone create shop.sentinel.example -n", 4, "foreign"),
            ("site create shop.sentinel.example --dns", 4, "foreign"),
        ],
    );
    let refusal = lab.run(&["dns", "zone", "create", "shop.sentinel.example"]);
    assert!(
        refusal
            .stderr
            .contains("hint: hostctl dns zone create sentinel.example --adopt, or NS records"),
        "{refusal}"
    );
}

#[test]
fn zones_around_those_of_others_leave_their_names_alone() {
    let lab = Lab::with_dns();
    let plant = |zone: &str| {
        lab.zones(&format!(
            "INSERT INTO domains (name, type) VALUES ('{zone}', 'NATIVE');
            INSERT INTO records (domain_id, name, type, content, ttl, disabled, auth)
                SELECT id, name, 'SOA', 'ns1.{zone} hostmaster.{zone} 7 3600 600 86400 300', 300, 0, 1
                FROM domains WHERE name = '{zone}'"
        ))
    };
    plant("www.parent.test");
    plant("lan");
    refused(
        &lab,
        &[
            ("site create parent.test --dns --address 192.0.2.1", 4, "foreign"),
            ("dns zone create shop.lan", 4, "foreign"),
        ],
    );
    // Beside the name of others there is room.
    lab.run(&["dns", "zone", "create", "parent.test"]).expect_code(0);
    lab.run(&["dns", "zone", "create", "shop.parent.test"])
        .expect_code(0);
    // Whoever has the zone around it may give it away.
    lab.zones(
        "INSERT INTO records (domain_id, name, type, content, ttl, disabled, auth)
            SELECT id, 'shop.lan', 'NS', 'ns1.example.net', 300, 0, 1 FROM domains WHERE name = 'lan'",
    );
    lab.run(&["dns", "zone", "create", "shop.lan"]).expect_code(0);
    lab.run(&["dns", "zone", "create", "www.shop.lan"]).expect_code(0);
}

#[test]
fn what_another_account_owns_is_not_ours() {
    let lab = Lab::with_dns();
    lab.run(&["account", "create", "stranger"]).expect_code(0);
    let theirs = "--db theirs --mail info --dns --account stranger";
    let line = format!("site create theirs.test {theirs}");
    lab.run(&line.split(' ').collect::<Vec<_>>()).expect_code(0);
    let lines = [
        ("db create theirs", 4, "exists"),
        ("db passwd theirs", 3, "not_found"),
        ("db delete theirs --purge --yes", 3, "not_found"),
        ("db show theirs", 3, "not_found"),
        ("mail domain create theirs.test", 4, "taken"),
        ("mail domain create sub.theirs.test", 4, "taken"),
        ("mail domain create theirs.test --if-not-exists", 4, "taken"),
        ("mail domain show theirs.test", 3, "not_found"),
        ("mail domain delete theirs.test --purge --yes", 3, "not_found"),
        ("mail box create new@theirs.test", 4, "taken"),
        ("mail box create info@theirs.test", 4, "taken"),
        ("mail box create info@theirs.test --if-not-exists", 4, "taken"),
        ("mail box passwd info@theirs.test", 3, "not_found"),
        ("mail box show info@theirs.test", 3, "not_found"),
        ("mail box delete info@theirs.test --purge --yes", 3, "not_found"),
        ("dns zone create theirs.test", 4, "taken"),
        ("dns zone create sub.theirs.test", 4, "taken"),
        ("dns zone show theirs.test", 3, "not_found"),
        ("dns zone delete theirs.test --purge --yes", 3, "not_found"),
        ("dns record add theirs.test new A 192.0.2.1", 3, "not_found"),
        ("dns record set theirs.test www A 192.0.2.1 --yes", 3, "not_found"),
        ("dns record delete theirs.test www A --yes", 3, "not_found"),
        ("site create theirs.test --db shop", 4, "taken"),
        ("site create sub.theirs.test --mail info", 4, "taken"),
        ("site create ours.test --db theirs --mail info --dns", 4, "exists"),
        ("site show theirs.test", 3, "not_found"),
        ("site delete theirs.test --purge --yes", 3, "not_found"),
    ];
    let words: Vec<String> = lines
        .iter()
        .map(|(line, ..)| format!("{line} --account main"))
        .collect();
    let with_account: Vec<(&str, i32, &str)> = lines
        .iter()
        .zip(&words)
        .map(|((_, code, reason), line)| (line.as_str(), *code, *reason))
        .collect();
    refused(&lab, &with_account);
    // As the parent of what is theirs.
    let line = "dns zone create sub.other.test --account stranger";
    lab.run(&line.split(' ').collect::<Vec<_>>()).expect_code(0);
    refused(
        &lab,
        &[
            ("dns zone create other.test --account main", 4, "taken"),
            ("mail domain create other.test --account main", 4, "taken"),
            ("site create other.test --dns --account main", 4, "taken"),
        ],
    );
}

/// Kind and reason of the error object.
#[track_caller]
fn reason(lab: &Lab, line: &str, code: i32) -> String {
    let words: Vec<&str> = line.split(' ').chain(["--yes", "-o", "json"]).collect();
    let ran = lab.run(&words);
    ran.expect_code(code);
    let said: serde_json::Value = serde_json::from_str(&ran.stderr).expect("an error");
    said["error"]["reason"].as_str().expect("a reason").to_owned()
}

#[test]
fn what_somebody_else_has_taken_the_place_of_can_be_forgotten_and_remembered() {
    let lab = Lab::with_dns();
    for line in [
        "db create shop",
        "dns zone create shop.example",
        "db create whole",
    ] {
        lab.run(&line.split(' ').collect::<Vec<_>>()).expect_code(0);
    }
    assert_eq!(reason(&lab, "db delete whole --forget", 4), "ours");
    assert_eq!(reason(&lab, "dns zone delete shop.example --forget", 4), "ours");
    assert_eq!(reason(&lab, "db delete nothing --forget", 3), "not_found");
    lab.ask("DROP DATABASE shop");
    lab.ask("CREATE DATABASE shop");
    lab.zones("UPDATE domains SET account = 'somebody else' WHERE name = 'shop.example' RETURNING name");
    let before = lab.world();
    assert_eq!(reason(&lab, "db delete shop", 4), "foreign");
    assert_eq!(reason(&lab, "dns zone delete shop.example", 4), "foreign");
    let sizes = lab.run(&["db", "list", "-o", "json"]);
    let sizes = sizes.expect_code(0).json();
    let of = |name: &str| {
        let rows = sizes.as_array().expect("rows");
        let row = rows.iter().find(|row| row["name"] == name).expect("a row");
        row["size_bytes"].clone()
    };
    assert!(of("shop").is_null() && of("whole").is_i64(), "{sizes}");
    for line in [
        "db delete shop --forget --yes",
        "dns zone delete shop.example --forget --yes",
    ] {
        let ran = lab.run(&line.split(' ').collect::<Vec<_>>());
        assert!(ran.expect_code(0).stdout.contains("forgotten"), "{ran}");
    }
    assert_eq!(
        lab.ask("SELECT datname::text FROM pg_database WHERE datname = 'shop'"),
        ["shop"]
    );
    assert_eq!(
        lab.zones("SELECT account FROM domains WHERE name = 'shop.example'"),
        ["somebody else"]
    );
    assert_eq!(reason(&lab, "dns zone delete shop.example", 4), "foreign");
    for kind in ["db.delete", "dns.zone.delete"] {
        let id = lab.ask(&format!(
            "SELECT id::text FROM hostctl.operations WHERE kind = '{kind}' AND state = 'succeeded'"
        ));
        lab.run(&["op", "undo", &id[0], "--yes"]).expect_code(0);
    }
    before.expect_same(&lab.world(), "the inventory is as it was");
}
