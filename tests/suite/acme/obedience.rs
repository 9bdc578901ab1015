//! What an authority has proved or issued is not given up, what it refuses for a while is not asked again before, and who
//! alone can go on with an order does.

use serde_json::Value;

use crate::support::Lab;
use crate::support::acme::{PLAIN, Pebble};
use crate::support::wire::{ALWAYS, Fault};

const HOUR: &str = "retry-after: 3600";

fn words(name: &str) -> [&str; 5] {
    ["cert", "issue", name, "--challenge", "dns-01"]
}

fn throttled() -> Fault {
    Fault::Problem(429, HOUR, "rateLimited")
}

fn pauses(lab: &Lab) -> Vec<String> {
    lab.ask(
        "SELECT concat_ws(' ', scope, round(extract(epoch FROM until - now()) / 60)) FROM hostctl.ca_pauses",
    )
}

fn end_pauses(lab: &Lab) {
    lab.ask("DELETE FROM hostctl.ca_pauses RETURNING ca");
}

fn state(lab: &Lab, name: &str) -> Vec<String> {
    let sql = format!("SELECT state || ' ' || generation FROM hostctl.certificates WHERE name = '{name}'");
    lab.ask(&sql)
}

fn status(lab: &Lab, name: &str) -> Value {
    lab.run(&["cert", "status", name, "-o", "json"]).json()[0].clone()
}

/// The answer of the authority is lost: the authorization tells that it has heard.
fn a_proof_that_was_said_is_followed(lab: &Lab, pebble: &Pebble) {
    let wire = &pebble.wire;
    wire.forget();
    wire.strike("/chalZ/", 1, Fault::LoseAnswer);
    lab.run(&words("said.shop.example")).expect_code(0);
    assert_eq!(wire.count("/order-plz"), 1);
}

fn what_was_issued_is_kept(lab: &Lab, pebble: &Pebble) {
    let wire = &pebble.wire;
    // Either of its roots is that of another chain.
    wire.forget();
    wire.strike("/alternate/", ALWAYS, Fault::Problem(404, "", "malformed"));
    for number in [0, 1] {
        let (root, name) = (pebble.root(lab, number), format!("chain{number}.shop.example"));
        let words = [&words(&name)[..], &["--preferred-chain", &root]].concat();
        lab.run(&words).expect_code(0);
    }
    wire.forget();
    wire.strike("/certZ/", 1, Fault::Problem(404, "", "malformed"));
    wire.strike("/certZ/", 1, Fault::Page(200, ""));
    lab.run(&words("fetched.shop.example")).expect_code(0);
    assert_eq!((wire.count("/order-plz"), wire.count("/finalize-order/")), (1, 1));
}

/// Wherever it is said: once, for all hosts, and the order is gone on with when it is over.
fn too_many_is_heeded_at_once(lab: &Lab, pebble: &Pebble) {
    let wire = &pebble.wire;
    for (place, name) in [
        ("/finalize-order/", "finalize.shop.example"),
        ("/chalZ/", "challenge.shop.example"),
    ] {
        wire.forget();
        wire.strike(place, ALWAYS, throttled());
        let ran = lab.run(&[&words(name)[..], &["--timeout", "30s"]].concat());
        ran.expect_code(6);
        assert!(ran.stderr.contains("`tick` goes on with it"), "{ran}");
        assert_eq!(wire.count_with_struck(place), 1, "{place}");
        assert_eq!(pauses(lab), ["requests 60"], "{place}");
        // Until when stands with the reason.
        let waits = lab.ask(
            "SELECT to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') FROM hostctl.ca_pauses",
        );
        let row = status(lab, name);
        assert!(
            row["next_at"].as_str().expect("a time").starts_with(&waits[0]),
            "{row}"
        );
        lab.run(&["op", "recover"]).expect_code(0);
        assert_eq!(wire.count_with_struck(place), 1, "{place}: nobody asked");
        a_first_order_that_is_kept_is_told(lab, name);
        end_pauses(lab);
        wire.forget();
        lab.run(&["op", "recover"]).expect_code(0);
        assert_eq!(state(lab, name), ["issued 1"], "{place}");
        assert_eq!((wire.count("/order-plz"), wire.count("/finalize-order/")), (0, 1));
    }
}

fn a_first_order_that_is_kept_is_told(lab: &Lab, name: &str) {
    let row = status(lab, name);
    assert_eq!(row["next_action"], "issue", "{row}");
    assert!(
        row["next_at"].is_string() && row["last_error_at"].is_string(),
        "{row}"
    );
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    assert_eq!(text("why"), "the authority wants to be left alone", "{row}");
    assert!(text("last_error").contains("rateLimited"), "{row}");
}

fn a_first_order_whose_process_died_is_told(lab: &Lab, pebble: &Pebble) {
    pebble.wire.forget();
    let name = "died.shop.example";
    let died = lab.call(&words(name)).crash("die:4:mid_effect:do").run();
    assert!(died.was_killed(), "{died}");
    let row = status(lab, name);
    assert_eq!(
        (&row["next_action"], &row["why"]),
        (&"issue".into(), &"its order is gone on with".into()),
        "{row}"
    );
    lab.run(&["op", "recover"]).expect_code(0);
    assert_eq!(state(lab, name), ["issued 1"]);
}

/// Each request for an order is one that was counted.
fn no_order_is_asked_for_behind_the_ledger(lab: &Lab, pebble: &Pebble) {
    let wire = &pebble.wire;
    for (status, code, word) in [(500, 8, "serverInternal"), (429, 6, "rateLimited")] {
        wire.forget();
        wire.strike("/order-plz", ALWAYS, Fault::Problem(status, "", word));
        lab.run(&words("counted.shop.example")).expect_code(code);
        assert_eq!(wire.count_with_struck("/order-plz"), 1, "{word}");
        end_pauses(lab);
    }
}

fn who_alone_can_go_on_does(lab: &Lab, pebble: &Pebble) {
    let wire = &pebble.wire;
    wire.forget();
    wire.strike("/authZ/", ALWAYS, throttled());
    let on = |host: &str, words: &[&str]| lab.call(words).variable("HOSTCTL_HOST__NAME", host).run();
    let name = "port.shop.example";
    on("web1", &["cert", "issue", name, "--challenge", "http-01"]).expect_code(6);
    end_pauses(lab);
    wire.forget();
    lab.ask("DELETE FROM hostctl.schedule RETURNING task");
    // The other one is always the first of the minute.
    let ran = on("web2", &["tick"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran}");
    let ran = on("web2", &["op", "recover", "-o", "json"]);
    ran.expect_code(0);
    assert_eq!(ran.json()[0]["state"], "elsewhere", "{ran}");
    assert_eq!(wire.count_with_struck("POST"), 0, "nobody asked");
    on("web1", &["tick"]).expect_code(0);
    assert_eq!(state(lab, name), ["issued 1"]);
    assert_eq!(wire.count("/order-plz"), 0);
}

#[test]
fn what_an_authority_has_said_is_heard() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    a_proof_that_was_said_is_followed(&lab, &pebble);
    what_was_issued_is_kept(&lab, &pebble);
    too_many_is_heeded_at_once(&lab, &pebble);
    a_first_order_whose_process_died_is_told(&lab, &pebble);
    no_order_is_asked_for_behind_the_ledger(&lab, &pebble);
    who_alone_can_go_on_does(&lab, &pebble);
}
