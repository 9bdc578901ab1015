//! What does not work is remembered, told, and tried again when there is sense in it.

use super::{plant, stands};
use crate::support::Lab;
use crate::support::acme::{PLAIN, Pebble, texts};
use crate::support::wire::Fault;

/// Seconds until each is tried again, by name.
/// For how many seconds nobody tries again, from now on or from the failure.
fn waits(lab: &Lab, name: &str, from: &str) -> i64 {
    let seconds = lab.ask(&format!(
        "SELECT round(extract(epoch FROM next_at - {from}))::text FROM hostctl.certificates WHERE name = '{name}'"
    ));
    seconds[0].parse().expect("seconds")
}

#[test]
fn one_bad_name_of_fifty_does_not_stop_the_others_and_is_remembered() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let good: Vec<String> = (0..49).map(|number| format!("n{number}.shop.example")).collect();
    plant(&lab, &good, "dns-01", "{main}", "web1");
    // We find ourselves there, and the authority finds nobody.
    lab.run(&["dns", "record", "add", "shop.example", "bad", "A", "127.0.0.1"])
        .expect_code(0);
    let bad = "bad.shop.example".to_owned();
    plant(&lab, std::slice::from_ref(&bad), "tls-alpn-01", "{main}", "web9");
    let renew = || {
        super::on(&lab, "web9", &["cert", "renew"])
            .variable("HOSTCTL_CERTIFICATE__TLS_LISTEN", "127.0.0.1:1026")
            .variable("HOSTCTL_DOMAIN__TLS_PORT", "1026")
            .run()
    };
    let ran = renew();
    ran.expect_code(10);
    assert!(
        ran.stdout.is_empty() && ran.stderr.contains("bad.shop.example"),
        "{ran}"
    );
    let renewed = stands(&lab)
        .iter()
        .filter(|line| line.ends_with(" 2 issued 0"))
        .count();
    assert_eq!(renewed, 49);
    assert!(stands(&lab).contains(&format!("{bad} 1 issued 1")));
    assert_eq!(waits(&lab, &bad, "last_error_at"), 60);
    let status = lab.run(&["cert", "status", &bad, "-o", "json"]).json();
    let row = &status[0];
    assert_eq!(row["next_action"], "renew", "{row}");
    assert!(
        row["last_error"]
            .as_str()
            .expect("words")
            .contains("bad.shop.example"),
        "{row}"
    );
    assert!(
        row["why"].as_str().expect("words").contains("after failure 1"),
        "{row}"
    );

    // As long as it is not time nobody is asked; then the pauses grow.
    let orders = pebble.wire.count("/order-plz");
    let ran = renew();
    ran.expect_code(0);
    assert_eq!(
        (ran.stderr.as_str(), pebble.wire.count("/order-plz")),
        ("", orders)
    );
    for (failures, wait) in [(2, 600), (3, 6000), (4, 86_400)] {
        super::due(&lab);
        lab.ask("UPDATE hostctl.certificates SET next_at = NULL WHERE failures = 0");
        renew().expect_code(10);
        assert!(stands(&lab).contains(&format!("{bad} 1 issued {failures}")));
        assert_eq!(waits(&lab, &bad, "last_error_at"), wait, "{failures}");
    }
    // A person who has mended it does not wait.
    lab.run(&["dns", "record", "delete", "shop.example", "bad", "A", "--yes"])
        .expect_code(0);
    super::on(&lab, "web9", &["cert", "renew", &bad])
        .run()
        .expect_code(0);
    assert!(stands(&lab).contains(&format!("{bad} 2 issued 0")));
}

#[test]
fn the_second_authority_is_asked_where_the_first_fails_and_both_are_told() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    lab.configure(&pebble.another("other"));
    lab.run(&["ca", "register", "other", "--agree-tos"])
        .expect_code(0);
    let name = "two.shop.example".to_owned();
    plant(
        &lab,
        std::slice::from_ref(&name),
        "dns-01",
        "{main,other}",
        "web1",
    );

    // Both say no: both are told, and nothing is tried before the first of them may be asked.
    let throttled = || Fault::Problem(429, "retry-after: 3600", "rateLimited");
    pebble.wire.strike("/order-plz", 2, throttled());
    let ran = lab.run(&["cert", "renew"]);
    ran.expect_code(10);
    assert!(
        ran.stderr.contains("main: ") && ran.stderr.contains("other: "),
        "{ran}"
    );
    let kept = lab.ask("SELECT last_error FROM hostctl.certificates");
    assert!(
        kept[0].contains("main: ") && kept[0].contains("other: "),
        "{kept:?}"
    );
    assert!(
        (3500..=3600).contains(&waits(&lab, &name, "hostctl.now()")),
        "{}",
        waits(&lab, &name, "hostctl.now()")
    );
    super::due(&lab);
    pebble.wire.forget();
    lab.run(&["cert", "renew"]).expect_code(0);
    assert_eq!(pebble.wire.count("/order-plz"), 0, "both want to be left alone");

    // One of them is to be asked again.
    lab.ask("DELETE FROM hostctl.ca_pauses WHERE ca = 'other' RETURNING ca");
    let ran = lab.run(&["cert", "renew", "-o", "json"]);
    ran.expect_code(0);
    assert_eq!(ran.json()[0]["ca"], "other", "{ran}");
    assert_eq!(stands(&lab), ["two.shop.example 2 issued 0"]);
    assert_eq!(pebble.wire.count("/order-plz"), 1);
    assert!(texts(&lab, "_acme-challenge.two.shop.example").is_empty());

    // For the first time as well.
    lab.run(&[
        "cert",
        "issue",
        "new.shop.example",
        "--challenge",
        "dns-01",
        "--ca",
        "main",
        "--ca",
        "other",
    ])
    .expect_code(0);
    assert_eq!(
        lab.ask("SELECT ca FROM hostctl.certificate_generations WHERE certificate = 'new.shop.example'"),
        ["other"]
    );
}

#[test]
fn the_second_authority_is_asked_where_the_first_is_away() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let (section, wire) = pebble.apart(&lab, "gone");
    lab.configure(&section);
    lab.run(&["ca", "register", "gone", "--agree-tos"]).expect_code(0);
    drop(wire);
    let name = "two.shop.example".to_owned();
    plant(&lab, std::slice::from_ref(&name), "dns-01", "{gone,main}", "web1");
    let ran = lab.run(&["cert", "renew", "-o", "json"]);
    ran.expect_code(0);
    assert_eq!(ran.json()[0]["ca"], "main", "{ran}");
    assert_eq!(stands(&lab), ["two.shop.example 2 issued 0"]);
    let issue = "cert issue new.shop.example --challenge dns-01 --ca gone --ca main";
    lab.run(&issue.split(' ').collect::<Vec<_>>()).expect_code(0);
    // Where there is no other one nothing is left of the attempt.
    let alone = "cert issue none.shop.example --challenge dns-01 --ca gone";
    let ran = lab.run(&alone.split(' ').collect::<Vec<_>>());
    ran.expect_code(8);
    assert!(ran.stderr.contains("gone"), "{ran}");
    assert_eq!(
        lab.ask("SELECT name FROM hostctl.certificates ORDER BY 1"),
        ["new.shop.example", "two.shop.example"]
    );
}

#[test]
fn a_control_database_that_refuses_is_told_each_time_and_what_waits_is_given_back() {
    let lab = Lab::new();
    let names: Vec<String> = (0..4).map(|number| format!("n{number}.shop.example")).collect();
    plant(&lab, &names, "dns-01", "{main}", "web1");
    let asked =
        "UPDATE hostctl.certificates SET ari_ask_at = hostctl.now(), next_at = NULL WHERE name LIKE 'n0.%'";
    lab.ask(asked);
    for sql in [
        "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'",
        "CREATE TRIGGER refuse BEFORE UPDATE OF ari_ask_at ON hostctl.certificates FOR EACH ROW
            WHEN (OLD.name LIKE 'n0.%') EXECUTE FUNCTION public.refuse()",
    ] {
        lab.ask(sql);
    }
    for _ in 0..2 {
        let ran = lab.run(&["cert", "renew", "--jobs", "1"]);
        ran.expect_code(8);
        assert!(ran.stderr.contains("SQLSTATE P0001"), "{ran}");
        let held = lab.ask("SELECT name FROM hostctl.certificates WHERE leased_by IS NOT NULL");
        assert!(held.is_empty(), "{held:?}");
        lab.ask("UPDATE hostctl.certificates SET next_at = hostctl.now() WHERE name NOT LIKE 'n0.%'");
    }
}
