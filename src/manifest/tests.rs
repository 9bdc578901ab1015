//! Manifests as people write them, and as nobody should.

use std::path::PathBuf;

use super::*;
use crate::error::{Error, Kind};

const TOML: &str = r#"
[[site]]
domain = "shop.test"
steps = ["vhost", "billing", "vhost"]

[site.database]
name = "shop"
extensions = ["citext", "citext"]
limits = { connections = 5, statement_timeout = "30s" }
password_file = "shop.password"

[site.mail]
boxes = [{ name = "info", quota = "2G" }, { name = "sales" }]
aliases = [
    { name = "all", destinations = ["Office@shop.test"] },
    { name = "office", destinations = ["sales@shop.test", "info@shop.test", "sales@shop.test"] },
    { name = "@", destinations = ["all@shop.test"] },
]

[site.dns]
addresses = ["192.0.2.80"]
records = [
    { name = "@", type = "MX", ttl = "1h", values = ["10 mx.example.net"] },
    { name = "txt", type = "txt", values = ["a b"] },
    { name = "txt.shop.test.", type = "TXT", ttl = 3600, values = ["c"] },
]
"#;

fn source(name: &str, text: &str) -> Source {
    Source {
        name: name.to_owned(),
        directory: PathBuf::from("/srv"),
        text: text.to_owned(),
    }
}

fn sites(name: &str, text: &str) -> Vec<Site> {
    let entries = read_all(&[source(name, text)]).expect(text);
    entries.into_iter().map(|entry| entry.site.expect(text)).collect()
}

fn refusal(name: &str, text: &str) -> Error {
    let outcome = read_all(&[source(name, text)])
        .and_then(|entries| entries.into_iter().try_for_each(|entry| entry.site.map(|_| ())));
    let error = outcome.expect_err(text);
    assert_eq!(error.kind(), Kind::Usage, "{text}");
    error
}

#[test]
fn a_manifest_is_read() {
    let site = sites("site.toml", TOML).remove(0);
    let database = site.database.as_ref().expect("a database");
    assert_eq!(database.extensions, ["citext"]);
    assert_eq!(database.password_file, Some(PathBuf::from("/srv/shop.password")));
    assert_eq!(database.limits.connections, Some(5));
    assert_eq!(site.steps, ["vhost", "billing"]);
    let aliases = &site.mail.as_ref().expect("mail").aliases;
    let aliases: Vec<String> = aliases
        .iter()
        .map(|alias| format!("{} {}", alias.source, alias.destinations.len()))
        .collect();
    // Each after those that it leads to.
    assert_eq!(aliases, ["office@shop.test 2", "all@shop.test 1", "@shop.test 1"]);
    let dns = site.dns.as_ref().expect("a zone");
    // Given twice with one TTL: put together.
    assert_eq!((dns.records.len(), dns.records[1].values.len()), (2, 2));
}

#[test]
fn what_is_written_reads_as_the_same() {
    let site = sites("site.toml", TOML);
    let toml = to_toml(&site).expect("TOML");
    assert_eq!(sites("again.toml", &toml), site, "{toml}");
    let json = to_json(&site).expect("JSON");
    assert_eq!(sites("a.json", &json.to_string()), site);
    assert_eq!(sites("-", &format!("{json:#}")), site);
    // A site a line.
    let line = json["site"][0].to_string();
    assert_eq!(sites("-", &format!("{line}\n\n")), site);
}

#[test]
fn errors_name_the_file_the_line_and_the_path() {
    for (text, message) in [
        (
            "[[site]]\n\ndomian = \"x.test\"",
            "m:3: unknown key `site[0].domian`",
        ),
        ("[[site]]\naccount = \"main\"", "m:1: `site[0].domain` is missing"),
        (
            "[[site]]\ndomain = \"x.test\"\n[site.database]\nname = 5",
            "m:4: `site[0].database.name` must be a text, found an integer",
        ),
        (
            "[[site]]\ndomain = \"x.test\"\ndatabase.name = \"x\"\ndatabase.limits.connections = 99999999999999999999",
            "m:4: `site[0].database.limits.connections` must be a whole number from 1 to 2147483647, found an integer too large",
        ),
        ("[[site]]\ndomain = \"a\"\ndomain = \"b\"", "m:3: duplicate key"),
        ("site = 5", "m:1: `site` must be a list, found an integer"),
        ("", "m:1: `site` is missing"),
        ("sites = []", "m:1: unknown key `sites`"),
        (
            "{\"site\": [\n{\"domain\": \"x.test\",\n\"mial\": {}}]}",
            "m:3: unknown key `site[0].mial`",
        ),
        (
            "{\"site\": [\n{\"domain\": \"x.test\",\n\"domain\": 5}]}",
            "m:3: duplicate key",
        ),
        (
            "[[site]]\ndomain = \"x.test\"\n[site.dns]\nrecords = [\n{name = \"a\", type = \"A\", values = [\"192.0.2.1\"]},\n{name = \"a\", type = \"A\", ttl = 60, values = [\"192.0.2.2\"]}]",
            "m:6: a.x.test A has TTL 60 here and 3600 at m:5; a set has one (RFC 2181 §5.2)",
        ),
    ] {
        assert_eq!(refusal("m", text).message(), message, "{text}");
    }
    let error = refusal("m", "[[site]]\ndomian = \"x.test\"");
    assert_eq!(error.hint_text(), Some("the nearest known key is `domain`"));
}

#[test]
fn what_is_given_twice_names_both_lines() {
    let site = |domain: &str, more: &str| format!("[[site]]\ndomain = \"{domain}\"\n{more}\n");
    for (text, message) in [
        (
            site("a.test", "") + &site("A.test", ""),
            "m:2 and m:5: site a.test is given twice",
        ),
        (
            site("a.test", "database.name = \"shop\"") + &site("b.test", "database.name = \"shop\""),
            "m:3 and m:6: database shop is given twice",
        ),
        (
            site("a.test", "database.name = \"shop\"")
                + &site("b.test", "database = {name = \"shop\", cluster = \"main\"}"),
            "m:3 and m:6: database shop is given twice",
        ),
        (
            site("a.test", "mail.boxes = [{name = \"info\"},\n{name = \"INFO\"}]"),
            "m:3 and m:4: mail box info@a.test is given twice",
        ),
    ] {
        assert_eq!(refusal("m", &text).message(), message, "{text}");
    }
    let two = [
        source("a.toml", &site("a.test", "")),
        source("b.toml", &site("a.test", "")),
    ];
    let error = read_all(&two).expect_err("twice");
    assert_eq!(
        error.message(),
        "a.toml:2 and b.toml:2: site a.test is given twice"
    );
    // On two clusters it is two databases.
    let other = site("a.test", "database = {name = \"shop\", cluster = \"eu\"}")
        + &site("b.test", "database = {name = \"shop\", cluster = \"us\"}");
    assert_eq!(sites("m", &other).len(), 2);
}

#[test]
fn one_bad_site_leaves_the_others() {
    let text = "{\"domain\":\"a.test\"}\n{\"domain\":\"b.test\"\n{\"domain\":\"c_.test\"}\n{\"domain\":\"d.test\"}\n";
    let entries = read_all(&[source("-", text)]).expect("lines");
    let good: Vec<bool> = entries.iter().map(|entry| entry.site.is_ok()).collect();
    assert_eq!(good, [true, false, false, true]);
    assert_eq!(entries[1].place, "-:2");
    let message = entries[1].site.as_ref().expect_err("broken").message().to_owned();
    assert!(
        message.starts_with("-:2: the text ends in the middle"),
        "{message}"
    );
}

#[test]
fn deep_nesting_costs_nothing() {
    for text in [
        format!("{{\"site\": {}", "[".repeat(400_000)),
        format!("{{\"site\": {}{}}}", "[".repeat(400_000), "]".repeat(400_000)),
        format!("{}1{}", "{\"a\":".repeat(400_000), "}".repeat(400_000)),
        format!("site = {}", "[".repeat(400_000)),
        format!("a.{}b = 1", "a.".repeat(400_000)),
    ] {
        refusal("m", &text);
    }
}

#[test]
fn the_address_of_a_role_needs_to_be_meant() {
    let text = |more: &str| {
        format!("[[site]]\ndomain = \"a.test\"\nmail = {{ {more} boxes = [{{name = \"abuse\"}}] }}")
    };
    assert!(
        refusal("m", &text(""))
            .hint_text()
            .expect("a hint")
            .contains("allow_role")
    );
    assert_eq!(sites("m", &text("allow_role = true,")).len(), 1);
}

#[test]
fn aliases_that_cannot_be_are_refused() {
    let text = |aliases: &str| {
        format!(
            "[[site]]\ndomain = \"a.test\"\n[site.mail]\nboxes = [{{name = \"info\"}}]\naliases = [\n{aliases}\n]\n"
        )
    };
    for (aliases, message) in [
        (
            r#"{name = "x", destination = ["info@a.test"]}"#,
            "m:6: unknown key `site[0].mail.aliases[0].destination`",
        ),
        (
            r#"{name = "x"}"#,
            "m:6: `site[0].mail.aliases[0].destinations` is missing",
        ),
        (
            r#"{name = "x", destinations = []}"#,
            "m:6: mail alias x@a.test has no destinations",
        ),
        (
            r#"{name = "info", destinations = ["b@a.test"]}"#,
            "m:6: mail alias info@a.test: info is one of the boxes",
        ),
        (
            r#"{name = "x", destinations = ["X@a.test"]}"#,
            "m:6: alias x@a.test: leads to itself",
        ),
        (
            "{name = \"x\", destinations = [\"y@a.test\"]},\n{name = \"y\", destinations = [\"z@a.test\"]},\n{name = \"z\", destinations = [\"y@a.test\"]}",
            "m:6: mail alias x@a.test leads back to itself, or to one that does",
        ),
        (
            r#"{name = "abuse", destinations = ["info@a.test"]}"#,
            "m:6: mail alias abuse@a.test: abuse is the address of a role",
        ),
        (
            "{name = \"@\", destinations = [\"info@a.test\"]},\n{name = \"@\", destinations = [\"b@a.test\"]}",
            "m:6 and m:7: mail alias @a.test is given twice",
        ),
    ] {
        assert_eq!(refusal("m", &text(aliases)).message(), message, "{aliases}");
    }
    let error = refusal("m", &text(r#"{name = "x", destination = ["info@a.test"]}"#));
    assert_eq!(error.hint_text(), Some("the nearest known key is `destinations`"));
}
