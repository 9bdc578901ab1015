//! What all hosts together ask of an authority: never more often than it wants, and not at all while it wants to be left
//! alone.

use std::collections::BTreeMap;
use std::time::Duration;

use hostctl::certificate::ledger::{self, Admission};
use hostctl::config::{self, OrderLimits, Rate};
use hostctl::control::Session;
use hostctl::env::deadline::Deadline;
use hostctl::env::files;
use serde_json::Value;
use uuid::Uuid;

use crate::support::acme::{PLAIN, Pebble, texts};
use crate::support::wire::{ALWAYS, Fault, Wire};
use crate::support::{Lab, Ran};

/// Sixteen at the same instant, each with a session of its own, where `most` are allowed: how many are let in.
async fn let_in(lab: &Lab, most: u32) -> usize {
    let request = config::Request {
        explicit: Some(&lab.sandbox().config_file()),
        variables: &BTreeMap::new(),
        flags: &[],
        tolerates_unknown_keys: false,
    };
    let config = config::load(&request, files::read_config).expect("a configuration");
    let limits = OrderLimits {
        orders: Some(Rate {
            count: most,
            window: Duration::from_secs(3600),
        }),
        ..OrderLimits::default()
    };
    let one = async |number: u128| {
        let deadline = Deadline::after(Duration::from_secs(20));
        let mut session = Session::open(&config, deadline).await.expect("a session");
        let request = ledger::Request {
            ca: "race",
            limits: &limits,
            order: Some(Uuid::from_u128(number)),
            identifiers: &[format!("n{number}.example")],
            replaces: false,
        };
        ledger::admit(&mut session, &request).await.expect("an answer")
    };
    let answers = futures_util::future::join_all((1..=16).map(one)).await;
    answers.iter().filter(|answer| **answer == Admission::Now).count()
}

/// Puts `lines` in the place of the limits of the authority.
fn limit(lab: &Lab, lines: &str) {
    const SECTION: &str = "\n[acme.main.limits]\n";
    let file = lab.sandbox().config_file();
    let text = std::fs::read_to_string(&file).expect("a configuration");
    let kept = text.split(SECTION).next().unwrap_or_default();
    files::replace_private(&file, format!("{kept}{SECTION}{lines}\n").as_bytes()).expect("a configuration");
}

fn issue(name: &str) -> [&str; 5] {
    ["cert", "issue", name, "--challenge", "dns-01"]
}

fn limits(lab: &Lab, kind: &str) -> Vec<Value> {
    let rows = lab.run(&["ca", "limits", "-o", "json"]).json();
    let rows = rows.as_array().expect("rows").iter();
    rows.filter(|row| row["kind"] == kind).cloned().collect()
}

fn refuses(ran: &Ran, words: &str) {
    ran.expect_code(6);
    assert!(
        ran.stderr.contains(words) && ran.stderr.contains("not before 20"),
        "{ran}"
    );
}

#[test]
fn all_hosts_together_ask_no_more_than_the_authority_allows() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let wire = &pebble.wire;

    assert_eq!(lab.wait(let_in(&lab, 5)), 5);
    assert_eq!(lab.wait(let_in(&lab, 7)), 2);

    // Eight processes on eight hosts at the same instant.
    limit(&lab, "orders = \"3/1h\"");
    let ran: Vec<Ran> = lab.wait(async {
        let calls = (0..8).map(|number| {
            let (name, host) = (format!("n{number}.shop.example"), format!("web{number}"));
            let call = lab.call(&issue(&name)).variable("HOSTCTL_HOST__NAME", &host);
            call.start()
        });
        futures_util::future::join_all(calls.collect::<Vec<_>>()).await
    });
    let (made, refused): (Vec<&Ran>, Vec<&Ran>) = ran.iter().partition(|ran| ran.code == Some(0));
    assert_eq!((made.len(), refused.len()), (3, 5), "{ran:?}");
    for ran in &refused {
        refuses(ran, "3 orders in 1h");
    }
    assert_eq!(wire.count("/order-plz"), 3);
    let orders = limits(&lab, "orders");
    assert!(
        orders.len() == 1
            && orders[0]["used"] == 3
            && orders[0]["limit"] == 3
            && orders[0]["until"].is_string(),
        "{orders:?}"
    );
    assert_eq!(
        limits(&lab, "certificates").len(),
        3,
        "who was refused keeps no place"
    );

    // The window moves on. What never arrived has been counted, as often as it was sent.
    lab.ask("UPDATE hostctl.ca_ledger SET at = at - interval '2 hours' RETURNING kind");
    wire.forget();
    wire.strike("/order-plz", 2, Fault::LoseRequest);
    lab.run(&issue("lost.shop.example")).expect_code(0);
    assert_eq!(wire.count("/order-plz"), 1);
    assert_eq!(limits(&lab, "orders")[0]["used"], 3);
    refuses(&lab.run(&issue("late.shop.example")), "3 orders in 1h");

    // Below one registered domain, whatever the names are.
    limit(&lab, "domain = \"5/7d\"");
    lab.run(&issue("fifth.shop.example")).expect_code(0);
    refuses(
        &lab.run(&issue("sixth.shop.example")),
        "5 certificates below shop.example in 1w",
    );

    // A name that could not be proved, on another host too.
    limit(&lab, "failures = \"1/1h\"");
    let deaf = |host: &str, challenge: &str| {
        let words = ["cert", "issue", "deaf.shop.example", "--challenge", challenge];
        let call = lab.call(&words).variable("HOSTCTL_HOST__NAME", host);
        // We answer ourselves on that port, and nobody the authority.
        call.variable("HOSTCTL_CERTIFICATE__TLS_LISTEN", "127.0.0.1:1024")
            .variable("HOSTCTL_DOMAIN__TLS_PORT", "1024")
            .run()
    };
    deaf("web1", "tls-alpn-01").expect_code(8);
    wire.forget();
    refuses(
        &deaf("web2", "dns-01"),
        "1 failed proofs of deaf.shop.example in 1h",
    );
    assert_eq!(wire.count("/order-plz"), 0);
    assert_eq!(limits(&lab, "failures")[0]["used"], 1);
    let kept = lab.ask(
        "SELECT subject FROM hostctl.ca_ledger WHERE kind = 'certificate' AND subject = 'deaf.shop.example'",
    );
    assert!(kept.is_empty(), "an order that failed gives its place back");
    lab.run(&issue("hears.shop.example")).expect_code(0);

    renewals_wait(&lab, wire);
    what_is_over_is_forgotten(&lab);
}

fn renewals_wait(lab: &Lab, wire: &Wire) {
    // What is due for renewal waits until it may be asked for, which is no failure and no news.
    limit(lab, "orders = \"1/1h\"");
    lab.ask("DELETE FROM hostctl.ca_ledger WHERE kind = 'order' RETURNING kind");
    let due = "UPDATE hostctl.certificates SET next_at = now() WHERE name IN ('fifth.shop.example', 'lost.shop.example') RETURNING name";
    lab.ask(due);
    wire.forget();
    let ran = lab.run(&["cert", "renew"]);
    ran.expect_code(0);
    assert_eq!((ran.stderr.as_str(), wire.count("/order-plz")), ("", 1), "{ran}");
    let waits = lab.ask(
        "SELECT concat_ws(' ', failures, next_reason, next_at > now() + interval '59 minutes', leased_by IS NULL)
        FROM hostctl.certificates WHERE last_error LIKE '%not before%'",
    );
    assert_eq!(waits, ["0 the limits of its authorities t t"]);

    // An authority that exempts renewals for the same names.
    limit(lab, "orders = \"1/1h\"\nexempts_renewals = true");
    lab.ask(due);
    wire.forget();
    let ran = lab.run(&["cert", "renew"]);
    ran.expect_code(0);
    assert_eq!((ran.stderr.as_str(), wire.count("/order-plz")), ("", 2), "{ran}");
    assert_eq!(limits(lab, "orders")[0]["used"], 1);

    // One that does not hear what is replaced: what is looked at before is what is counted then.
    limit(lab, "certificates = \"1/7d\"\nexempts_renewals = true");
    lab.ask(due);
    let begun = "SELECT count(*)::text FROM hostctl.operations";
    let before = lab.ask(begun);
    lab.run(&["cert", "renew"]).expect_code(0);
    assert_eq!(lab.ask(begun), before, "nothing was begun");
    let waits = lab.ask(
        "SELECT DISTINCT concat_ws(' ', failures, next_reason, next_at > now() + interval '6 days') FROM hostctl.certificates
        WHERE name IN ('fifth.shop.example', 'lost.shop.example')",
    );
    assert_eq!(waits, ["0 the limits of its authorities t"]);
}

fn what_is_over_is_forgotten(lab: &Lab) {
    // What counts, is served or may be stays.
    lab.ask("UPDATE hostctl.ca_ledger SET at = at - interval '9 days' WHERE kind = 'order' RETURNING kind");
    lab.ask(
        "UPDATE hostctl.certificate_orders SET changed_at = hostctl.now() - interval '31 days' RETURNING ca",
    );
    lab.ask("INSERT INTO hostctl.ca_pauses VALUES ('main', 'orders', now() - interval '1 second', 'over') RETURNING ca");
    lab.ask(
        "INSERT INTO hostctl.certificate_generations (certificate, number, serial, fingerprint, identifiers, issuer, not_before,
            not_after, chain)
        SELECT certificate, n, serial, repeat(to_hex(n), 64), identifiers, issuer, not_before,
            now() + (CASE n WHEN 4 THEN 1 ELSE -1 END) * interval '1 day', chain
        FROM hostctl.certificate_generations, generate_series(2, 8) n WHERE certificate = 'hears.shop.example'
        RETURNING certificate",
    );
    lab.ask("UPDATE hostctl.certificate_places SET generation = 2 WHERE certificate = 'hears.shop.example' RETURNING host");
    lab.call(&["tick"]).variable("HOSTCTL_HOST__NAME", "web9").run();
    let left = lab.ask("SELECT DISTINCT kind FROM hostctl.ca_ledger ORDER BY 1");
    assert_eq!(left, ["certificate", "domain", "failure"]);
    for table in ["certificate_orders", "ca_pauses"] {
        assert_eq!(
            lab.ask(&format!("SELECT count(*)::text FROM hostctl.{table}")),
            ["0"],
            "{table}"
        );
    }
    let kept = lab.ask(
        "SELECT number::text FROM hostctl.certificate_generations WHERE certificate = 'hears.shop.example' ORDER BY number",
    );
    assert_eq!(
        kept,
        ["1", "2", "4", "6", "7", "8"],
        "to be served, served, not expired, the last three"
    );
}

#[test]
fn a_wait_that_an_authority_asks_for_holds_on_every_host() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let wire = &pebble.wire;
    let on = |host: &str, name: &str| {
        let call = lab.call(&issue(name)).variable("HOSTCTL_HOST__NAME", host);
        call.run()
    };
    let pauses = || {
        lab.ask("SELECT concat_ws(' ', scope, round(extract(epoch FROM until - now()) / 60)) FROM hostctl.ca_pauses")
    };

    // As an instant that is absurd: a day is the most that is believed.
    let never = "retry-after: Fri, 31 Dec 9999 23:59:59 GMT";
    wire.strike("/order-plz", 1, Fault::Problem(429, never, "rateLimited"));
    on("web1", "a.shop.example").expect_code(6);
    assert_eq!(pauses(), ["orders 1440"]);
    let ran = on("web2", "b.shop.example");
    ran.expect_code(6);
    assert!(ran.stderr.contains("wants to be left alone until"), "{ran}");
    assert_eq!(wire.count("/order-plz"), 0, "nobody asked again");
    assert_eq!(limits(&lab, "pause")[0]["subject"], "orders");

    // Where it is longer than an account has to wait there, it is about these names.
    lab.ask("DELETE FROM hostctl.ca_pauses RETURNING ca");
    limit(&lab, "orders = \"300/3h\"");
    wire.strike(
        "/order-plz",
        1,
        Fault::Problem(429, "retry-after: 36000", "rateLimited"),
    );
    on("web1", "a.shop.example").expect_code(6);
    assert_eq!(pauses(), ["names:a.shop.example 600"]);
    on("web2", "a.shop.example").expect_code(6);
    on("web2", "b.shop.example").expect_code(0);
    assert_eq!(wire.count("/order-plz"), 1);

    // In the middle of an order: it is kept, and whoever else wants something waits as well.
    lab.ask("DELETE FROM hostctl.ca_pauses RETURNING ca");
    wire.forget();
    wire.strike("/authZ/", ALWAYS, Fault::Page(503, "retry-after: 120"));
    let kept = on("web1", "c.shop.example");
    assert_ne!(kept.code, Some(0), "{kept}");
    assert_eq!(pauses(), ["requests 2"]);
    wire.forget();
    on("web2", "d.shop.example").expect_code(6);
    lab.run(&["tick"]);
    assert_eq!(
        (wire.count("/order-plz"), wire.count("/authZ/")),
        (0, 0),
        "nobody asked"
    );
    lab.ask("UPDATE hostctl.ca_pauses SET until = hostctl.now() - interval '1 second' RETURNING ca");
    lab.run(&["op", "recover"]).expect_code(0);
    let issued = lab.ask("SELECT state FROM hostctl.certificate_orders WHERE certificate = 'c.shop.example'");
    assert_eq!(issued, ["issued"], "{kept}");
    assert_eq!(wire.count("/order-plz"), 0, "the same order");
    assert!(texts(&lab, "_acme-challenge.c.shop.example").is_empty());
}
