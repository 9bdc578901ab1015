//! What the panels of the field promise their users, checked by use: logging in, asking DNS, delivering mail.

use std::net::SocketAddr;
use std::time::Duration;

use hostctl::env::deadline::Deadline;
use hostctl::lookup::{self, Answer, Recursion};
use hostctl::model::RecordType;
use hostctl::sandbox::Name;
use tokio_postgres::error::SqlState;

use crate::support::client::{deliver, enter, read};
use crate::support::{Lab, Ran};

const LIMIT: Duration = Duration::from_secs(20);
const FIRST: &str = "correct horse battery";
const SECOND: &str = "staple another horse";

/// Runs words with one space between two.
#[track_caller]
fn run(lab: &Lab, line: &str, code: i32) -> Ran {
    let words: Vec<&str> = line.split(' ').collect();
    lab.run(&words).expect_code(code).clone()
}

#[track_caller]
fn with_password(lab: &Lab, line: &str, password: &str) {
    let line = format!("{line} --password-stdin");
    let words: Vec<&str> = line.split(' ').collect();
    lab.call(&words).stdin(password).run().expect_code(0);
}

/// Why PostgreSQL does not let the tenant in; nothing where it does.
fn refusal(lab: &Lab, role: &str, password: &str, database: &str) -> Option<SqlState> {
    let refused = lab.wait(enter(lab, role, password, database)).err()?;
    Some(refused.code().expect("an answer of the server").clone())
}

#[test]
fn a_database_is_the_customers_from_its_first_day_to_its_last() {
    let lab = Lab::new();
    run(&lab, "account create acme", 0);
    with_password(&lab, "db create shop --account main", FIRST);
    with_password(&lab, "db create blog --account acme", SECOND);
    assert_eq!(refusal(&lab, "shop", FIRST, "shop"), None);
    // One has his own and not the other's.
    let foreign = Some(SqlState::INSUFFICIENT_PRIVILEGE);
    assert_eq!(refusal(&lab, "shop", FIRST, "blog"), foreign);
    assert_eq!(refusal(&lab, "blog", SECOND, "shop"), foreign);

    // Twice is an error that changes nothing, in either account.
    run(&lab, "db create shop --account main", 4);
    run(&lab, "db create shop --account acme", 4);
    run(&lab, "db create sh-op --account main", 2);
    assert_eq!(refusal(&lab, "shop", FIRST, "shop"), None);

    with_password(&lab, "db passwd shop", SECOND);
    let wrong = Some(SqlState::INVALID_PASSWORD);
    assert_eq!(refusal(&lab, "shop", FIRST, "shop"), wrong);
    assert_eq!(refusal(&lab, "shop", SECOND, "shop"), None);

    run(&lab, "db suspend shop", 0);
    assert!(refusal(&lab, "shop", SECOND, "shop").is_some());
    assert_eq!(refusal(&lab, "blog", SECOND, "blog"), None);
    run(&lab, "db resume shop", 0);
    assert_eq!(refusal(&lab, "shop", SECOND, "shop"), None);

    run(&lab, "db delete shop --yes", 0);
    assert!(refusal(&lab, "shop", SECOND, "shop").is_some());
    run(&lab, "db delete shop --yes", 3);
    run(&lab, "db passwd shop", 3);
    assert_eq!(refusal(&lab, "blog", SECOND, "blog"), None);
}

fn ask(lab: &Lab, name: &str, rtype: RecordType) -> Answer {
    let server: SocketAddr = lab.sandbox().addresses(Name::Powerdns).expect("PowerDNS")[0];
    let question = lookup::query(server, name, rtype, Recursion::Off, Deadline::after(LIMIT));
    lab.wait(question).expect("an answer")
}

/// The values that the server answers with, in order.
fn values(lab: &Lab, name: &str, rtype: RecordType) -> Vec<String> {
    let mut values: Vec<String> = ask(lab, name, rtype).values(rtype).map(str::to_owned).collect();
    values.sort();
    values
}

fn serial(lab: &Lab) -> u32 {
    let start = values(lab, "shop.example", RecordType::Soa).concat();
    let field = start.split_whitespace().nth(2).expect("a serial");
    field.parse().expect("a number")
}

#[test]
fn records_of_every_kind_come_and_go() {
    let lab = Lab::with_dns();
    run(&lab, "dns zone create shop.example", 0);
    run(&lab, "dns zone create shop.example", 4);
    let long = "v".repeat(300);
    let kinds = [
        ("www", RecordType::A, "192.0.2.1"),
        ("*", RecordType::A, "192.0.2.2"),
        ("@", RecordType::Mx, "10 mx.example.net."),
        ("sub", RecordType::Ns, "ns.example.net."),
        ("_sip._tcp", RecordType::Srv, "0 5 5060 sip.example.net."),
        ("alias", RecordType::Cname, "www.example.net."),
        ("short", RecordType::Txt, "quoted"),
        ("long", RecordType::Txt, long.as_str()),
    ];
    for (name, rtype, value) in kinds {
        let before = serial(&lab);
        let words = [
            "dns",
            "record",
            "add",
            "shop.example",
            name,
            &rtype.to_string(),
            value,
        ];
        lab.run(&words).expect_code(0);
        assert_eq!(serial(&lab), before + 1, "{name} {rtype}");
        // What is so already is not written.
        lab.run(&words).expect_code(0);
        assert_eq!(serial(&lab), before + 1, "{name} {rtype} again");
    }
    let asked = [
        ("www.shop.example", RecordType::A, "192.0.2.1"),
        ("whatever.shop.example", RecordType::A, "192.0.2.2"),
        ("shop.example", RecordType::Mx, "10 mx.example.net."),
        (
            "_sip._tcp.shop.example",
            RecordType::Srv,
            "0 5 5060 sip.example.net.",
        ),
        ("alias.shop.example", RecordType::Cname, "www.example.net."),
        ("short.shop.example", RecordType::Txt, "quoted"),
        ("long.shop.example", RecordType::Txt, long.as_str()),
    ];
    for (name, rtype, value) in asked {
        let seen = values(&lab, name, rtype);
        let seen: Vec<&str> = seen.iter().map(|text| text.trim_end_matches('.')).collect();
        assert_eq!(seen, [value.trim_end_matches('.')], "{name} {rtype}");
    }

    run(&lab, "dns record set shop.example www A 192.0.2.9", 0);
    assert_eq!(values(&lab, "www.shop.example", RecordType::A), ["192.0.2.9"]);
    run(&lab, "dns record delete shop.example www A --yes", 0);
    // The wildcard answers again.
    assert_eq!(values(&lab, "www.shop.example", RecordType::A), ["192.0.2.2"]);
    run(&lab, "dns record delete shop.example www A --yes", 3);
    run(&lab, "dns record add shop.example alias A 192.0.2.3", 4);
}

#[test]
fn a_serial_goes_round() {
    let lab = Lab::with_dns();
    run(&lab, "dns zone create shop.example", 0);
    lab.zones("UPDATE records SET content = replace(content, ' 2 ', ' 4294967295 ') WHERE type = 'SOA' RETURNING 'x'");
    assert_eq!(serial(&lab), u32::MAX);
    run(&lab, "dns record add shop.example www A 192.0.2.1", 0);
    assert_eq!(values(&lab, "www.shop.example", RecordType::A), ["192.0.2.1"]);
    // Later than the last in the arithmetic of RFC 1982.
    assert!(serial(&lab) < 2, "{}", serial(&lab));
}

fn logs_in(lab: &Lab, address: &str, password: &str) -> bool {
    read(lab, address, password, &["2 LOGOUT"]).contains("1 OK")
}

#[test]
fn boxes_with_like_names_have_nothing_to_do_with_each_other() {
    let lab = Lab::with_mail();
    for domain in ["shop.example", "blog.example"] {
        run(&lab, &format!("mail domain create {domain}"), 0);
    }
    run(&lab, "mail domain create shop.example", 4);
    let all = [
        "user3@shop.example",
        "auser3@shop.example",
        "a.ser3@shop.example",
        "user3@blog.example",
        "01@shop.example",
        "0aa@shop.example",
    ];
    for address in all {
        with_password(&lab, &format!("mail box create {address}"), FIRST);
        let said = deliver(&lab, address, "a letter");
        assert!(said.contains("250 2.0.0 "), "{said}");
        assert!(logs_in(&lab, address, FIRST), "{address}");
    }
    // One address however it is written.
    run(&lab, "mail box create User3@SHOP.example", 4);
    run(&lab, "mail box create nobody", 2);

    with_password(&lab, "mail box passwd a.ser3@shop.example", SECOND);
    run(&lab, "mail box delete USER3@shop.example --yes", 0);
    run(&lab, "mail box delete user3@shop.example --yes", 3);
    assert!(!logs_in(&lab, "user3@shop.example", FIRST));
    assert!(!logs_in(&lab, "a.ser3@shop.example", FIRST));
    assert!(logs_in(&lab, "a.ser3@shop.example", SECOND));
    let said = deliver(&lab, "user3@shop.example", "too late");
    assert!(said.contains("550 "), "{said}");

    run(&lab, "mail domain delete shop.example --with-boxes --yes", 0);
    for address in &all[1..3] {
        assert!(
            !logs_in(&lab, address, FIRST) && !logs_in(&lab, address, SECOND),
            "{address}"
        );
    }
    let heard = read(
        &lab,
        "user3@blog.example",
        FIRST,
        &["2 SELECT INBOX", "3 FETCH 1 BODY[TEXT]", "4 LOGOUT"],
    );
    assert!(heard.contains("a letter"), "{heard}");
}
