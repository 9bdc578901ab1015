//! When the authority says to renew (RFC 9773): whatever it says, and however badly, one certificate comes of it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::support::Lab;
use crate::support::acme::{PLAIN, Pebble};
use crate::support::wire::{ALWAYS, Advice, Fault, Wire};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// From so many hours from now on, for a day. The certificates of pebble last for years: without it none is due.
fn window(begin: i32) -> Advice {
    let start = hostctl::clock::now() + HOUR * begin;
    Advice::window(start, start + HOUR * 24)
}

fn past() -> Advice {
    window(-48)
}

fn future() -> Advice {
    window(24 * 30)
}

/// A lab with a certificate for each name.
fn issued(names: &[&str]) -> (Lab, Pebble) {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    for name in names {
        let name = format!("{name}.shop.example");
        lab.run(&["cert", "issue", &name, "--challenge", "dns-01"])
            .expect_code(0);
    }
    pebble.wire.forget();
    (lab, pebble)
}

/// How the authority calls the newest certificate for a name.
fn identifier(lab: &Lab, name: &str) -> String {
    let sql = format!(
        "SELECT ari_id FROM hostctl.certificate_generations WHERE certificate = '{name}.shop.example' ORDER BY number DESC LIMIT 1"
    );
    lab.ask(&sql).remove(0)
}

fn renew(lab: &Lab, ahead: SignedDuration) {
    lab.put_database_ahead(ahead);
    lab.call(&["cert", "renew"]).ahead(ahead).run().expect_code(0);
}

/// The first name of each order and what it replaces, sorted.
fn orders(wire: &Wire) -> Vec<(String, Option<String>)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut orders: Vec<_> = wire
        .orders()
        .iter()
        .map(|order| {
            let name = text(&order["identifiers"][0]["value"]).expect("a name");
            let name = name.split('.').next().unwrap_or_default().to_owned();
            (name, text(&order["replaces"]))
        })
        .collect();
    orders.sort();
    orders
}

#[test]
fn whatever_an_authority_says_about_renewal_one_certificate_comes_of_it() {
    let names = [
        "ancient",
        "backwards",
        "conflict",
        "future",
        "hurried",
        "malformed",
        "missing",
        "moved",
        "past",
        "patient",
        "unspeakable",
    ];
    let (lab, pebble) = issued(&names);
    let wire = &pebble.wire;
    let id = |name: &str| identifier(&lab, name);
    let backwards = {
        let now = hostctl::clock::now();
        Advice::window(now - HOUR, now - HOUR * 2)
    };
    let (past_id, moved_id) = (id("past"), id("moved"));
    wire.advise("", future());
    // What no database keeps.
    let ancient = ["-005000-01-01T00:00:00Z", "-005000-01-02T00:00:00Z"];
    let ancient = ancient.map(|time| time.parse().expect("a time"));
    wire.advise(&id("ancient"), Advice::window(ancient[0], ancient[1]));
    wire.advise(&id("unspeakable"), past().explained("\0"));
    wire.advise(&id("backwards"), backwards);
    wire.advise(&id("conflict"), past());
    wire.mark_replaced(&id("conflict"));
    wire.advise(&id("hurried"), future().retry_after(Some("0")));
    wire.advise(
        &id("malformed"),
        Advice::text("{\"suggestedWindow\": {\"start\": \"soon\"}}"),
    );
    wire.advise(&id("missing"), Advice::text("{}").status(404).retry_after(None));
    wire.advise(&past_id, past().explained("https://ca.example/why"));
    wire.advise(&id("patient"), future().retry_after(Some("99999999999")));

    // What is past is renewed at once, with what it replaces; without, where another order did so before.
    renew(&lab, SignedDuration::ZERO);
    let first = [("conflict".to_owned(), None), ("past".to_owned(), Some(past_id))];
    assert_eq!(orders(wire), first);
    let chosen =
        || lab.ask("SELECT ari_chosen::text FROM hostctl.certificates WHERE name = 'future.shop.example'");
    let time = chosen();
    let due: Timestamp = time[0].replace(' ', "T").parse().expect("a time");
    let hours = due.duration_since(hostctl::clock::now()).as_hours();
    assert!((24 * 30 - 1..24 * 31).contains(&hours), "{due}");

    // At once again, and after two hours: nothing is due, and only who wants to be asked soon is asked.
    renew(&lab, SignedDuration::ZERO);
    wire.forget();
    renew(&lab, HOUR * 2);
    assert_eq!(wire.count(&id("hurried")), 1);
    assert_eq!(wire.count(&id("future")) + wire.count(&id("patient")), 0);

    // The window moves to where it is over already.
    wire.advise(&moved_id, past());
    renew(&lab, HOUR * 7);
    assert_eq!(wire.count(&id("future")), 1);
    assert_eq!(chosen(), time, "the same window, the same time");
    renew(&lab, HOUR * 7);
    assert_eq!(orders(wire), [("moved".to_owned(), Some(moved_id))]);
    assert_eq!(wire.count(&id("patient")), 0);
    renew(&lab, HOUR * 26);
    assert_eq!(
        wire.count(&id("patient")),
        1,
        "nobody is taken at his word for years"
    );

    // An authority that wants every new one replaced at once is obeyed once.
    wire.forget();
    wire.advise("", past());
    renew(&lab, HOUR * 60);
    let renewed: Vec<String> = orders(wire).into_iter().map(|(name, _)| name).collect();
    assert_eq!(renewed, names);
    for _ in 0..3 {
        renew(&lab, HOUR * 61);
    }
    assert_eq!(wire.orders().len(), names.len(), "no loop: {:?}", orders(wire));
    let open = lab.ask("SELECT state FROM hostctl.certificate_orders WHERE state <> 'issued'");
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn an_authority_that_does_not_know_what_is_replaced_is_asked_without() {
    let names = ["foreign", "forgotten", "odd"];
    let (lab, pebble) = issued(&names);
    let wire = &pebble.wire;
    wire.advise("", future());
    for (name, (status, word)) in
        names
            .iter()
            .zip([(403, "unauthorized"), (404, "malformed"), (400, "malformed")])
    {
        wire.forget();
        wire.strike("/order-plz", 1, Fault::Problem(status, "", word));
        let name = format!("{name}.shop.example");
        lab.run(&["cert", "renew", &name, "--force"]).expect_code(0);
        let made: Vec<_> = orders(wire).into_iter().map(|(_, replaces)| replaces).collect();
        assert_eq!(made, [None], "{name}");
        assert_eq!(wire.count_with_struck("/order-plz"), 2, "{name}");
    }
    // What has nothing to do with it is asked once.
    wire.forget();
    wire.strike(
        "/order-plz",
        ALWAYS,
        Fault::Problem(400, "", "rejectedIdentifier"),
    );
    lab.run(&["cert", "renew", "odd.shop.example", "--force"])
        .expect_code(7);
    assert_eq!(wire.count_with_struck("/order-plz"), 1);
}

#[test]
fn an_authority_that_wants_to_be_left_alone_is_left_alone_by_every_host() {
    let names = ["a", "b", "c"];
    let (lab, pebble) = issued(&names);
    let wire = &pebble.wire;
    wire.advise("", past());
    wire.strike(
        "/order-plz",
        ALWAYS,
        Fault::Problem(429, "retry-after: 3600", "rateLimited"),
    );
    let on = |host: &str, ahead: SignedDuration| {
        let call = lab.call(&["cert", "renew"]).variable("HOSTCTL_HOST__NAME", host);
        call.ahead(ahead).run()
    };
    on("web1", SignedDuration::ZERO).expect_code(10);
    let asked = wire.count_with_struck("/order-plz");
    assert!((1..=names.len()).contains(&asked), "{asked}");
    let told = lab.run(&["cert", "status", "-o", "json"]).json();
    assert!(told.to_string().contains("rateLimited"), "{told}");

    // Another host, the same host, some minutes later: nobody asks.
    wire.forget();
    for (host, minutes) in [("web2", 0), ("web1", 1), ("web2", 59)] {
        let ahead = SignedDuration::from_mins(minutes);
        lab.put_database_ahead(ahead);
        on(host, ahead);
    }
    assert_eq!(wire.count_with_struck("/order-plz"), 0);
    let ahead = SignedDuration::from_mins(61);
    lab.put_database_ahead(ahead);
    on("web2", ahead).expect_code(0);
    assert_eq!(wire.orders().len(), names.len());

    // The same where it is asked when to renew: until the hour is over nobody asks, nor reads what it offers.
    let ask = || lab.ask("UPDATE hostctl.certificates SET ari_ask_at = hostctl.now()");
    wire.advise("", Advice::text("{}").status(429).retry_after(Some("3600")));
    ask();
    on("web1", ahead).expect_code(0);
    let paused =
        lab.ask("SELECT scope FROM hostctl.ca_pauses WHERE until > hostctl.now() + interval '50 minutes'");
    assert_eq!(paused, ["renewal_info"]);
    let later = lab.ask(
        "SELECT name FROM hostctl.certificates WHERE ari_ask_at < hostctl.now() + interval '59 minutes'",
    );
    assert!(later.is_empty(), "{later:?}");
    ask();
    wire.forget();
    on("web2", ahead).expect_code(0);
    assert_eq!(wire.count_with_struck(""), 0);
    let later = lab.ask(
        "SELECT name FROM hostctl.certificates WHERE ari_ask_at < hostctl.now() + interval '50 minutes'",
    );
    assert!(later.is_empty(), "{later:?}");
}

#[test]
fn what_goes_wrong_while_renewing_costs_no_second_certificate() {
    let (lab, pebble) = issued(&["b"]);
    // One proof in a hundred is remembered and not asked for; of both names hardly ever.
    lab.run(&[
        "cert",
        "issue",
        "a.shop.example",
        "too.a.shop.example",
        "--challenge",
        "dns-01",
    ])
    .expect_code(0);
    let wire = &pebble.wire;
    wire.advise("", future());
    let problem = |status, word| Fault::Problem(status, "", word);
    let faults: [(&str, usize, Fault); 6] = [
        ("/finalize-order/", 1, Fault::LoseAnswer),
        ("/order-plz", 3, problem(400, "badNonce")),
        ("/authZ/", 1, Fault::Page(502, "")),
        ("/order-plz", 1, Fault::Page(503, "retry-after: 1")),
        ("/certZ/", 1, Fault::LoseAnswer),
        ("/dir", 1, Fault::Late(Duration::from_secs(2))),
    ];
    for (part, times, fault) in faults {
        wire.forget();
        let replaced = identifier(&lab, "a");
        wire.strike(part, times, fault.clone());
        lab.run(&["cert", "renew", "a.shop.example", "--force"])
            .expect_code(0);
        let made = [("a".to_owned(), Some(replaced))];
        assert_eq!(orders(wire), made, "{part} {fault:?}");
        assert_eq!(wire.count("/finalize-order/"), 1, "{part} {fault:?}");
    }

    // The answer to the second order is lost: the authority counts it as a replacement, and the third goes without.
    wire.forget();
    let replaced = identifier(&lab, "b");
    wire.strike("/order-plz", 1, Fault::Pass);
    wire.strike("/order-plz", 1, Fault::LoseAnswer);
    for name in ["a", "b"] {
        let name = format!("{name}.shop.example");
        lab.run(&["cert", "renew", &name, "--force"]).expect_code(0);
    }
    let made = orders(wire);
    assert_eq!(
        made[1..],
        [("b".to_owned(), None), ("b".to_owned(), Some(replaced))],
        "{made:?}"
    );
    assert_eq!(wire.count("/finalize-order/"), 2);
}
