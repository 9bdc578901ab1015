//! What looks strange and is right: accepted as it is, or made canonical with a note.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use hostctl::env::child::Spec;
use hostctl::sandbox::Name;
use serde_json::{Value, json};

use crate::support::call::finish;
use crate::support::{Lab, Ran};

/// Succeeds, with this under `key` in its answer; the note says so where it is not what was given.
fn stored(lab: &Lab, words: &[&str], key: &str, expected: &Value) -> Ran {
    let ran = lab.run(&[words, &["-o", "json"]].concat());
    assert_eq!(&ran.expect_code(0).json()[key], expected, "{ran}");
    ran
}

#[test]
fn domains_in_every_spelling_are_one() {
    let lab = Lab::with_dns();
    let before = lab.world();
    let long = format!("{}.com", "a".repeat(63));
    for (given, canonical) in [
        ("EXAMPLE.Test", "example.test"),
        ("example.test.", "example.test"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("faß.de", "xn--fa-hia.de"),
        ("bloß.рф", "xn--blo-7ka.xn--p1ai"),
        ("example\u{3002}test", "example.test"),
        ("example\u{ff0e}test", "example.test"),
        ("exa\u{301}mple.test", "xn--exmple-qta.test"),
        ("ex\u{e1}mple.test", "xn--exmple-qta.test"),
        (long.as_str(), long.as_str()),
    ] {
        let ran = stored(&lab, &["dns", "zone", "create", given], "name", &json!(canonical));
        let note = format!("{given} is stored as {canonical}");
        assert_eq!(ran.stderr.contains(&note), given != canonical, "{ran}");
        assert_eq!(ran.stderr.is_empty(), given == canonical, "{ran}");
        let again = lab.run(&["dns", "zone", "create", canonical]);
        again.expect_code(4);
        stored(&lab, &["dns", "zone", "show", given], "name", &json!(canonical));
        lab.run(&["dns", "zone", "delete", given, "--purge", "--yes"])
            .expect_code(0);
    }
    before.expect_same(&lab.world(), "after all of them");
}

#[test]
fn networks_and_suffixes_by_the_word_that_means_them() {
    let lab = Lab::with_dns();
    for (words, name) in [
        (&["--reverse", "192.0.2.0/24"][..], "2.0.192.in-addr.arpa"),
        (&["--reverse", "2001:DB8::/32"], "8.b.d.0.1.0.0.2.ip6.arpa"),
        (&["co.uk", "--allow-public-suffix"], "co.uk"),
    ] {
        stored(
            &lab,
            &[&["dns", "zone", "create"], words].concat(),
            "name",
            &json!(name),
        );
    }
    let words = [
        "dns",
        "record",
        "add",
        "2.0.192.in-addr.arpa",
        "7",
        "PTR",
        "www.example.test",
    ];
    stored(&lab, &words, "values", &json!(["www.example.test."]));
}

#[test]
fn identifiers_do_not_depend_on_the_language() {
    let lab = Lab::with_dns();
    for variable in ["LC_ALL", "LANG"] {
        let create = lab.call(&["dns", "zone", "create", "INFO.test", "-o", "json"]);
        let ran = create.variable(variable, "tr_TR.UTF-8").run();
        assert_eq!(ran.expect_code(0).json()["name"], "info.test");
        lab.run(&["dns", "zone", "delete", "info.test", "--purge", "--yes"])
            .expect_code(0);
    }
}

const ZONE: &str = "shop.test";

/// Adds a record, and finds it in the zone as it was told.
fn added(lab: &Lab, (name, rtype, value): (&str, &str, &str), (full, kind, kept): (&str, &str, &str)) {
    let words = ["dns", "record", "add", ZONE, name, rtype, "--ttl=1h", "--", value];
    let ran = lab.run(&[&["-o", "json"], &words[..]].concat());
    let answer = ran.expect_code(0).json();
    assert_eq!(
        (&answer["name"], &answer["type"]),
        (&json!(full), &json!(kind)),
        "{ran}"
    );
    assert_eq!(
        (&answer["values"], &answer["ttl"]),
        (&json!([kept]), &json!(3600)),
        "{ran}"
    );
    if value != kept {
        assert!(ran.stderr.contains(kept), "{ran}");
    }
    let list = lab.run(&["dns", "record", "list", ZONE, "-o", "json"]).json();
    let found = list
        .as_array()
        .expect("a list")
        .iter()
        .find(|set| set["name"] == full && set["type"] == kind);
    assert_eq!(found.expect("the record")["values"], json!([kept]), "{ran}");
    lab.run(&["dns", "record", "delete", ZONE, name, rtype, "--yes"])
        .expect_code(0);
}

#[test]
fn records_are_kept_as_they_were_meant() {
    let lab = Lab::with_dns();
    lab.run(&["dns", "zone", "create", ZONE]).expect_code(0);
    let before = lab.world();
    let dkim = [392, 736].map(|length| format!("v=DKIM1; k=rsa; p={}", "A".repeat(length)));
    let texts = [
        "x".repeat(256),
        dkim[0].clone(),
        dkim[1].clone(),
        "$GENERATE 1-65535 a$ A 1.2.3.4".to_owned(),
        "$INCLUDE /etc/passwd".to_owned(),
        "a \"quote\", a \\ and a ;".to_owned(),
        "=cmd()|' /C calc'!A0".to_owned(),
        "\\027]0;owned\\007".to_owned(),
        "\\000\\255".to_owned(),
        "v=spf1 -all".to_owned(),
    ];
    for text in &texts {
        added(&lab, ("t", "TXT", text), ("t.shop.test", "TXT", text));
    }
    for name in ["@", "", "shop.test", "shop.test.", "SHOP.test."] {
        added(&lab, (name, "A", "192.0.2.9"), ("shop.test", "A", "192.0.2.9"));
    }
    for (name, full) in [
        ("www", "www.shop.test"),
        ("WWW", "www.shop.test"),
        ("www.shop.test", "www.shop.test"),
        ("*", "*.shop.test"),
        ("_x._tcp", "_x._tcp.shop.test"),
        ("bücher", "xn--bcher-kva.shop.test"),
        ("www.other.com", "www.other.com.shop.test"),
    ] {
        added(&lab, (name, "a", "192.0.2.9"), (full, "A", "192.0.2.9"));
    }
    for (rtype, value, kept) in [
        ("MX", "10 mx.example.net", "10 mx.example.net."),
        ("CNAME", "WWW.Example.NET.", "www.example.net."),
        ("SRV", "0 5 0 .", "0 5 0 ."),
        ("AAAA", "2001:DB8:0:0::1", "2001:db8::1"),
        ("CAA", "0 issue \"ca.example.net\"", "0 issue \"ca.example.net\""),
        ("TYPE65280", "\\# 2 abcd", "\\# 2 abcd"),
    ] {
        added(&lab, ("r", rtype, value), ("r.shop.test", rtype, kept));
    }
    before.expect_same(&lab.world(), "after all of them");
}

#[test]
fn what_a_server_says_is_shown_and_never_acted_on() {
    let lab = Lab::with_dns();
    lab.run(&["dns", "zone", "create", ZONE]).expect_code(0);
    for (name, text) in [("esc", "\\027]0;owned\\007"), ("cell", "=cmd()")] {
        lab.run(&["dns", "record", "add", ZONE, name, "TXT", text])
            .expect_code(0);
    }
    let list = |format: &str| {
        lab.run(&["dns", "record", "list", ZONE, "-o", format])
            .expect_code(0)
            .stdout
            .clone()
    };
    for format in ["table", "json", "ndjson", "csv"] {
        let shown = list(format);
        assert!(
            shown
                .chars()
                .all(|letter| !letter.is_control() || "\r\n".contains(letter)),
            "{shown:?}"
        );
    }
    let server = lab.sandbox().addresses(Name::Powerdns).expect("PowerDNS")[0].to_string();
    let asked = lab.run(&["dns", "lookup", "esc.shop.test", "TXT", "--server", &server]);
    let heard = &asked.expect_code(0).stdout;
    assert!(
        heard.contains("owned") && !heard.contains('\u{1b}') && !heard.contains('\u{7}'),
        "{asked}"
    );
    let asked = lab.run(&[
        "dns",
        "lookup",
        "cell.shop.test",
        "TXT",
        "--server",
        &server,
        "-o",
        "csv",
    ]);
    assert!(asked.expect_code(0).stdout.contains(",'=cmd()"), "{asked}");
}

#[test]
fn addresses_and_quotas_of_boxes() {
    let lab = Lab::with_mail();
    lab.run(&["mail", "domain", "create", "bücher.example"])
        .expect_code(0);
    lab.run(&["mail", "domain", "create", "shop.test"]).expect_code(0);
    let longest = format!("{}@shop.test", "a".repeat(64));
    for (given, canonical) in [
        ("USeRx@Shop.Test", "userx@shop.test"),
        ("user@bücher.example", "user@xn--bcher-kva.example"),
        (longest.as_str(), longest.as_str()),
    ] {
        let ran = stored(
            &lab,
            &["mail", "box", "create", given],
            "address",
            &json!(canonical),
        );
        let note = format!("{given} is stored as {canonical}");
        assert_eq!(ran.stderr.contains(&note), given != canonical, "{ran}");
        lab.run(&["mail", "box", "create", canonical]).expect_code(4);
    }
    for (number, (quota, bytes)) in [
        ("10B", json!(10)),
        ("10k", json!(10_240)),
        ("10K", json!(10_240)),
        ("10M", json!(10_485_760)),
        ("10G", json!(10_737_418_240_u64)),
        ("10T", json!(10_995_116_277_760_u64)),
        ("1GiB", json!(1_073_741_824)),
        ("9223372036854775807B", json!(i64::MAX)),
        ("unlimited", Value::Null),
    ]
    .iter()
    .enumerate()
    {
        let address = format!("q{number}@shop.test");
        let ran = stored(
            &lab,
            &["mail", "box", "create", &address, "--quota", quota],
            "quota_bytes",
            bytes,
        );
        let shown = lab.run(&["mail", "box", "show", &address, "-o", "json"]);
        assert_eq!(&shown.json()["quota_bytes"], bytes, "{ran}");
    }
}

#[test]
fn names_that_are_nearly_alike_are_different() {
    let lab = Lab::with_mail();
    lab.run(&["mail", "domain", "create", "shop.test"]).expect_code(0);
    for address in ["user3@shop.test", "auser3@shop.test", "a.ser3@shop.test"] {
        lab.run(&["mail", "box", "create", address]).expect_code(0);
    }
    lab.run(&["mail", "box", "delete", "user3@shop.test", "--purge", "--yes"])
        .expect_code(0);
    let left = lab.ask("SELECT address FROM hostctl.email_accounts WHERE domain = 'shop.test' ORDER BY 1");
    assert_eq!(left, ["a.ser3@shop.test", "auser3@shop.test"]);
}

#[test]
fn passwords_of_every_kind_open_what_they_were_set_for() {
    let lab = Lab::new();
    let long = "x".repeat(1024);
    let longest = "a".repeat(63);
    let cases: [(&str, &str, &[&str]); 8] = [
        (
            "quotes",
            "pa\\ss\"word'$(id)`id`%s{}\n",
            &["pa\\ss\"word'$(id)`id`%s{}"],
        ),
        ("wide", "пароль-пароль🙂\n", &["пароль-пароль🙂"]),
        // Composed and decomposed: the same for SASLprep.
        (
            "accent",
            "caf\u{e9}-caf\u{e9}-caf\u{e9}\n",
            &[
                "caf\u{e9}-caf\u{e9}-caf\u{e9}",
                "cafe\u{301}-cafe\u{301}-cafe\u{301}",
            ],
        ),
        ("scheme", "{PLAIN}secret-secret\n", &["{PLAIN}secret-secret"]),
        ("windows", "a password of theirs\r\n", &["a password of theirs"]),
        ("bare", "a password of theirs", &["a password of theirs"]),
        ("long", &long, &[&long]),
        (&longest, "a password of theirs\n", &["a password of theirs"]),
    ];
    for (name, given, opening) in cases {
        let create = lab.call(&["db", "create", name, "--password-stdin", "-o", "json"]);
        let ran = create.stdin(given.as_bytes()).run();
        assert_eq!(ran.expect_code(0).json()["password"], Value::Null, "{ran}");
        for password in opening {
            assert!(lab.wait(opens(&lab, name, password)), "{name}: {password}");
        }
        assert!(!lab.wait(opens(&lab, name, "not the password")), "{name}");
    }
}

async fn opens(lab: &Lab, name: &str, password: &str) -> bool {
    let address = lab.sandbox().addresses(Name::Postgres).expect("PostgreSQL")[0];
    let connected = tokio_postgres::Config::new()
        .host(address.ip().to_string())
        .port(address.port())
        .user(name)
        .dbname(name)
        .password(password)
        .connect(tokio_postgres::NoTls)
        .await;
    connected.is_ok()
}

#[test]
fn a_file_with_secrets_is_its_owners_alone_whatever_the_umask() {
    let lab = Lab::new();
    let file = lab.path("secrets");
    let line = "umask 000; \"$@\"";
    let spec = Spec::new("/bin/bash")
        .arguments([
            "-c",
            line,
            "bash",
            env!("CARGO_BIN_EXE_hostctl"),
            "db",
            "create",
            "shop",
            "--secret-out",
        ])
        .argument(&file)
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
        .deadline(Duration::from_secs(60));
    lab.wait(finish(spec, line.to_owned())).expect_code(0);
    let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
