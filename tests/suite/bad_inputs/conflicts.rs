//! What is well said and cannot be: it stands in the way of something, is protected, or is not allowed.

use serde_json::Value;

use crate::support::Lab;

/// Runs each line: this exit code, this reason, and nothing changed.
fn refused(lab: &Lab, lines: &[(&[&str], i32, &str)]) {
    let before = lab.world();
    for (words, code, reason) in lines {
        let ran = lab.run(&[words, &["-o", "json"][..]].concat());
        ran.expect_code(*code);
        let said: Value = serde_json::from_str(&ran.stderr).unwrap_or_else(|error| panic!("{error}: {ran}"));
        assert_eq!(said["error"]["reason"], *reason, "{ran}");
        before.expect_same(&lab.world(), &ran.words);
    }
}

#[test]
fn records_that_stand_in_each_others_way() {
    let lab = Lab::with_dns();
    lab.run(&["dns", "zone", "create", "shop.test"]).expect_code(0);
    for words in [
        &["alias", "CNAME", "www.example.net."][..],
        &["www", "A", "192.0.2.1"],
        &["@", "TXT", "v=spf1 -all"],
    ] {
        let add = [&["dns", "record", "add", "shop.test"], words].concat();
        lab.run(&add).expect_code(0);
    }
    let add = |words: &[&'static str]| [&["dns", "record", "add", "shop.test"], words].concat();
    let set = |words: &[&'static str]| [&["dns", "record", "set", "shop.test", "--yes"], words].concat();
    refused(
        &lab,
        &[
            (&add(&["alias", "A", "192.0.2.1"]), 4, "cname"),
            (&add(&["alias", "CNAME", "other.example.net."]), 4, "cname"),
            (&add(&["www", "CNAME", "other.example.net."]), 4, "cname"),
            (&set(&["www", "CNAME", "other.example.net."]), 4, "cname"),
            (&add(&["www", "A", "192.0.2.2", "--ttl=1m"]), 4, "ttl"),
            (&add(&["@", "TXT", "v=spf1 mx -all"]), 4, "spf"),
            (&set(&["@", "TXT", "v=spf1 mx -all", "v=spf1 a -all"]), 4, "spf"),
        ],
    );
}

#[test]
fn names_that_the_servers_themselves_stand_on() {
    let lab = Lab::with_mail();
    lab.run(&["site", "create", "sandbox.test", "--mail", "info", "--dns"])
        .expect_code(0);
    refused(
        &lab,
        &[
            (
                &["dns", "zone", "delete", "sandbox.test", "--purge", "--yes"],
                7,
                "protected",
            ),
            (
                &["mail", "domain", "delete", "sandbox.test", "--purge", "--yes"],
                7,
                "protected",
            ),
            (
                &["site", "delete", "sandbox.test", "--purge", "--yes"],
                7,
                "protected",
            ),
        ],
    );
}

#[test]
fn a_name_belongs_to_one_account() {
    let lab = Lab::with_dns();
    for account in ["acme", "acme-corp"] {
        lab.run(&["account", "create", account]).expect_code(0);
    }
    lab.run(&["db", "create", "shop", "--account", "acme"])
        .expect_code(0);
    lab.run(&["dns", "zone", "create", "sub.shop.test", "--account", "acme"])
        .expect_code(0);
    refused(
        &lab,
        &[
            (&["db", "create", "shop", "--account", "acme-corp"], 4, "exists"),
            (
                &[
                    "db",
                    "create",
                    "shop",
                    "--account",
                    "acme-corp",
                    "--if-not-exists",
                ],
                4,
                "exists",
            ),
            (
                &["dns", "zone", "create", "shop.test", "--account", "acme-corp"],
                4,
                "taken",
            ),
            (
                &[
                    "dns",
                    "zone",
                    "create",
                    "a.sub.shop.test",
                    "--account",
                    "acme-corp",
                ],
                4,
                "taken",
            ),
            (
                &[
                    "dns",
                    "zone",
                    "create",
                    "SUB.Shop.test",
                    "--account",
                    "acme-corp",
                    "-q",
                ],
                4,
                "taken",
            ),
        ],
    );
}

#[test]
fn extensions_that_are_on_no_list_and_locales_that_the_server_has_not() {
    let lab = Lab::new();
    refused(
        &lab,
        &[
            (
                &["db", "create", "shop", "--extension", "plpythonu"],
                7,
                "extension",
            ),
            (
                &["db", "create", "shop", "--extension", "adminpack"],
                7,
                "extension",
            ),
            (&["db", "create", "shop", "--extension", "dblink"], 7, "extension"),
            (&["db", "create", "shop", "--locale", "xx_XX.utf8"], 2, "invalid"),
        ],
    );
}
