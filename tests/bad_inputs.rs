//! Inputs that hurt somebody once, class by class: refused with exit 2 before anything is connected to.

#[path = "support/mod.rs"]
mod support;

use std::time::Duration;

use hostctl::env::child;
use support::Ran;
use support::call::{finish, program};
use support::proxy::Proxy;

/// Runs each line with a recorder where the database should be, and says what it saw.
fn run(lines: &[Vec<String>], stdin: Option<&[u8]>) -> (Vec<Ran>, u64) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("an event loop");
    runtime.block_on(async {
        let nobody = "127.0.0.1:1".parse().expect("an address");
        let recorder = Proxy::start(nobody, None).await;
        let mut ran = Vec::new();
        for line in lines {
            let words: Vec<&str> = line.iter().map(String::as_str).collect();
            let mut spec = program(&words).deadline(Duration::from_secs(20));
            for (name, database) in [("CONTROL", "hostctl"), ("CLUSTER__MAIN", "postgres")] {
                let url = format!("postgres://hostctl@127.0.0.1:{}/{database}", recorder.port);
                spec = spec.variable(format!("HOSTCTL_{name}__URL"), url);
            }
            if let Some(bytes) = stdin {
                spec = spec.stdin(bytes);
            }
            ran.push(finish(spec, format!("{line:?}").chars().take(300).collect()).await);
        }
        (ran, recorder.connections())
    })
}

/// Every value is refused in every line, in which `{}` stands for it.
fn refused(lines: &[&[&str]], values: &[&str]) {
    let mut all = Vec::new();
    for line in lines {
        for value in values {
            let words = line.iter().map(|word| word.replace("{}", value));
            all.push(words.chain(["-o".to_owned(), "json".to_owned()]).collect());
        }
    }
    // Whatever comes after `--` is no option.
    for line in &mut all {
        let line: &mut Vec<String> = line;
        let options = line.split_off(line.len() - 2);
        line.splice(0..0, options);
    }
    let (ran, connections) = run(&all, None);
    for ran in &ran {
        expect_refusal(ran);
    }
    assert_eq!(connections, 0, "something was connected to");
    println!("{} refusals", ran.len());
}

fn expect_refusal(ran: &Ran) {
    assert_eq!(ran.code, Some(2), "{ran}");
    assert_eq!(ran.stdout, "", "{ran}");
    let error: serde_json::Value =
        serde_json::from_str(&ran.stderr).unwrap_or_else(|error| panic!("{error}: {ran}"));
    assert_eq!(error["error"]["kind"], "usage", "{ran}");
    let message = error["error"]["message"].as_str().expect("a message");
    assert!(message.len() < 500, "too long a message: {ran}");
    assert!(!message.chars().any(char::is_control), "not escaped: {ran}");
}

const DATABASES: &[&[&str]] = &[
    &["db", "create", "--", "{}"],
    &["db", "show", "--", "{}"],
    &["db", "passwd", "--", "{}"],
    &["db", "delete", "--purge", "--yes", "--", "{}"],
];

#[test]
fn names_of_databases_that_are_none() {
    let long = "a".repeat(64);
    let wide = "ä".repeat(32);
    refused(
        DATABASES,
        &[
            "",
            " ",
            "\t",
            "Shop",
            "SHOP",
            "my-db",
            &long,
            &wide,
            "shop\"; DROP DATABASE tenant2; --",
            "shop\nOWNER postgres",
            "shop;SELECT pg_sleep(10)",
            "$user",
            "%s",
            "{x}",
            "%n%n",
            "1shop",
            "_shop",
            "-rf",
            "--help",
            "sh\u{200b}op",
            "sh\u{202e}op",
            "ѕhop",
            "../shop",
            "shop/x",
            "shop x",
            "shop\u{7f}",
            "shop\r",
        ],
    );
}

#[test]
fn names_of_databases_that_are_taken_by_the_system() {
    refused(
        DATABASES,
        &[
            "postgres",
            "template0",
            "template1",
            "public",
            "none",
            "current_user",
            "session_user",
            "user",
            "root",
            "admin",
            "hostctl",
            "mailserver",
            "pdns",
            "information_schema",
            "pg_shop",
            "hc_stage_01jx",
            "hc_trash_x",
            "select",
        ],
    );
}

#[test]
fn names_of_accounts_that_are_none() {
    let long = "a".repeat(40);
    refused(
        &[
            &["account", "create", "--", "{}"],
            &["account", "show", "--", "{}"],
            &["account", "delete", "--purge", "--yes", "--", "{}"],
        ],
        &[
            "",
            " ",
            "a/b",
            "../x",
            "acme\n",
            "acme;id",
            "$(id)",
            "acme'",
            &long,
            "-x",
            "--help",
            "1acme",
            "ac\u{200d}me",
            "ä",
        ],
    );
}

const DOMAINS: &[&[&str]] = &[
    &["mail", "domain", "create", "--", "{}"],
    &["mail", "domain", "delete", "--purge", "--yes", "--", "{}"],
    &["site", "create", "--", "{}"],
    &["site", "delete", "--purge", "--yes", "--", "{}"],
];

#[test]
fn domains_that_are_none() {
    let label = format!("{}.com", "a".repeat(64));
    let huge = "a".repeat(10_000);
    refused(
        DOMAINS,
        &[
            "",
            " ",
            "\t",
            "example.com\n",
            "example.com\r\nX-Injected: 1",
            "www",
            "localhost",
            "com",
            "12345",
            "1.2.3.4",
            "..",
            ".",
            ".example.com",
            "example..com",
            "example.com..",
            "-example.com",
            "example-.com",
            "a.-b.com",
            &label,
            "xn--",
            "xn--a-.com",
            "xn--zzzzzz99999.com",
            "exam\u{200b}ple.com",
            "exa\u{ad}mple.com",
            "example.com;id",
            "$(id).com",
            "`id`.com",
            "example.com&&id",
            "a|b.com",
            "example.com' OR '1'='1",
            "x\"; DROP DATABASE postgres;--",
            "example.com/24",
            "example.com?x=1#y",
            "example.com%2f..",
            "*.example.com",
            "--help",
            "-rf",
            "--config=/etc/x",
            &huge,
        ],
    );
}

#[test]
fn domains_under_which_others_live() {
    refused(
        &[
            &["mail", "domain", "create", "--", "{}"],
            &["site", "create", "--", "{}"],
        ],
        &["co.uk", "github.io"],
    );
}

#[test]
fn addresses_that_are_none() {
    refused(
        &[
            &["mail", "box", "create", "--", "{}"],
            &["mail", "box", "passwd", "--", "{}"],
            &["mail", "box", "delete", "--purge", "--yes", "--", "{}"],
        ],
        &[
            "",
            "user",
            "@example.com",
            "\"a@b\"@example.com",
            "\"john doe\"@x.com",
            ".user@x.com",
            "user.@x.com",
            "us..er@x.com",
            "-rf@x.com",
            "--help@x.com",
            "../../etc@x.com",
            "a/b@x.com",
            "a\\b@x.com",
            ".@x.com",
            "..@x.com",
            "us er@x.com",
            "user\t@x.com",
            "user\u{a0}@x.com",
            "%n@x.com",
            "%{user}@x.com",
            "$(id)@x.com",
            "`id`@x.com",
            "|/bin/sh@x.com",
            "user@[127.0.0.1]",
            "user@localhost",
            "a@b@x.com",
            "user@x.com\n",
        ],
    );
}

#[test]
fn quotas_that_are_none() {
    refused(
        &[&["mail", "box", "create", "user@example.com", "--quota={}"]],
        &[
            "26GIGOTS",
            "M",
            "12Q",
            "",
            "123",
            "1.5G",
            "1,5G",
            "1_000M",
            "１０M",
            "0x10M",
            "1e9",
            "18446744073709551616B",
            "9999999999T",
            "-1G",
            "+1G",
            " 1G",
            "1G ",
        ],
    );
}

#[test]
fn limits_that_are_none() {
    refused(
        &[&["db", "create", "shop", "--connections={}"]],
        &["-2", "99999999999", "ten", "", "1.5", "+1", "０"],
    );
    refused(
        &[
            &["db", "create", "shop", "--timeout={}"],
            &["db", "create", "shop", "--lock-wait={}"],
        ],
        &["-1", "1e99", "5 parsecs", "", "ten"],
    );
}

#[test]
fn passwords_that_are_none() {
    let lines: Vec<Vec<String>> = [["db", "create", "shop"], ["db", "passwd", "shop"]]
        .iter()
        .map(|line| {
            line.iter()
                .chain(&["--password-stdin", "-o", "json"])
                .map(ToString::to_string)
                .collect()
        })
        .collect();
    let huge = vec![b'x'; 1024 * 1024];
    let hash = format!("md5{}", "0123456789abcdef".repeat(2));
    let values: [&[u8]; 9] = [
        b"",
        b"\n",
        b"x\n",
        b"1234567\n",
        b"a long one with\na second line\n",
        b"a nul \0 in the middle\n",
        b"\xff\xfe not utf-8 \xff\n",
        &huge,
        hash.as_bytes(),
    ];
    for value in values {
        let (ran, connections) = run(&lines, Some(value));
        ran.iter().for_each(expect_refusal);
        assert_eq!(connections, 0);
    }
}

#[test]
fn a_password_is_no_argument_and_is_not_repeated() {
    let line = ["db", "create", "shop", "--password", "hunter2", "-o", "json"]
        .map(str::to_owned)
        .to_vec();
    let (ran, connections) = run(&[line], None);
    expect_refusal(&ran[0]);
    assert!(
        ran[0].stderr.contains("--password-stdin") && !ran[0].stderr.contains("hunter2"),
        "{}",
        ran[0]
    );
    assert_eq!(connections, 0);
}

#[test]
fn the_recorder_sees_who_asks() {
    let line = ["db", "show", "shop", "--timeout", "2s"]
        .map(str::to_owned)
        .to_vec();
    let (ran, connections) = run(&[line], None);
    assert_ne!(ran[0].code, Some(0));
    assert!(connections > 0, "{}", ran[0]);
    assert!(
        child::find("psql", &[]).is_some(),
        "apt-get install postgresql-client"
    );
}
