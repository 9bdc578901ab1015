//! An order that is kept is gone on with as long as there is sense in it, and stands in nobody's way for longer.

use super::{plant, stands};
use crate::support::acme::{PLAIN, Pebble, texts};
use crate::support::wire::{ALWAYS, Fault, Wire};
use crate::support::{Lab, Ran};

fn trouble() -> Fault {
    Fault::Problem(500, "", "serverInternal")
}

/// A certificate that comes from the authority behind the wire.
fn planted(lab: &Lab, name: &str) -> String {
    let name = format!("{name}.shop.example");
    plant(lab, std::slice::from_ref(&name), "dns-01", "{weak}", "web1");
    name
}

/// From now on it may come from that of the lab as well.
fn add_another(lab: &Lab) {
    lab.ask("UPDATE hostctl.certificates SET cas = '{weak,main}' RETURNING name");
}

fn renew(lab: &Lab, name: &str) -> Ran {
    lab.run(&["cert", "renew", name, "--force"])
}

/// As [`renew`], with little time.
fn begin(lab: &Lab, name: &str) -> Ran {
    lab.run(&["cert", "renew", name, "--force", "--timeout", "6s"])
}

fn is_free(lab: &Lab, name: &str) {
    let left = lab.ask("SELECT resource FROM hostctl.claims");
    assert!(left.is_empty(), "{left:?}");
    assert!(texts(lab, &format!("_acme-challenge.{name}")).is_empty());
}

fn is_at(lab: &Lab, name: &str, generation: u32) {
    let line = format!("{name} {generation} issued 0");
    assert!(stands(lab).contains(&line), "{:?}", stands(lab));
    is_free(lab, name);
}

fn orders(lab: &Lab, name: &str) -> Vec<String> {
    lab.ask(&format!(
        "SELECT ca || ' ' || state FROM hostctl.certificate_orders WHERE certificate = '{name}' ORDER BY created_at"
    ))
}

/// The request was sent and its answer lost, and nobody can say what came of it.
fn lost(lab: &Lab, wire: &Wire, name: &str) -> String {
    let name = planted(lab, name);
    wire.forget();
    wire.strike("/finalize-order/", 1, Fault::LoseAnswer);
    wire.strike("/my-order/", 1, Fault::Pass);
    wire.strike("/my-order/", 1, Fault::Pass);
    wire.strike("/my-order/", ALWAYS, trouble());
    let ran = begin(lab, &name);
    ran.expect_code(6);
    assert!(ran.stderr.contains("`tick` goes on with it"), "{ran}");
    assert_eq!(orders(lab, &name), ["weak finalizing"], "{ran}");
    add_another(lab);
    name
}

/// Where nothing was sent yet, what is begun at one authority is nothing that the next has to wait for.
fn the_next_authority_is_asked(lab: &Lab, wire: &Wire) {
    let name = planted(lab, "next");
    add_another(lab);
    wire.forget();
    wire.strike("/authZ/", ALWAYS, trouble());
    renew(lab, &name).expect_code(0);
    is_at(lab, &name, 2);
    assert_eq!(orders(lab, &name), ["weak abandoned", "main issued"]);

    // It says itself that it has not got the request.
    let name = planted(lab, "refused");
    wire.forget();
    wire.strike("/finalize-order/", ALWAYS, trouble());
    begin(lab, &name).expect_code(6);
    assert_eq!(orders(lab, &name), ["weak finalizing"]);
    add_another(lab);
    wire.strike("/dir", ALWAYS, trouble());
    renew(lab, &name).expect_code(0);
    is_at(lab, &name, 2);
}

fn who_deletes_it_may(lab: &Lab, wire: &Wire) {
    let name = planted(lab, "deleted");
    wire.forget();
    wire.strike("/authZ/", ALWAYS, trouble());
    renew(lab, &name).expect_code(6);
    let delete = ["cert", "delete", &name, "--with-places", "--yes"];
    lab.run(&delete).expect_code(0);
    is_free(lab, &name);
    assert_eq!(orders(lab, &name), ["weak abandoned"]);
}

/// What may have arrived is waited for, whoever else would like to go on.
fn what_may_be_issued_is_waited_for(lab: &Lab, wire: &Wire) {
    let name = lost(lab, wire, "lost");
    renew(lab, &name).expect_code(6);
    lab.run(&["cert", "delete", &name, "--with-places", "--yes"])
        .expect_code(6);
    assert_eq!(orders(lab, &name), ["weak finalizing"]);
    wire.forget();
    lab.run(&["op", "recover"]).expect_code(0);
    assert_eq!((wire.count("/order-plz"), wire.count("/finalize-order/")), (0, 0));
    is_at(lab, &name, 2);
}

fn what_the_authority_forgot_is_given_up(lab: &Lab, wire: &Wire) {
    let name = lost(lab, wire, "unknown");
    wire.forget();
    wire.strike("/my-order/", ALWAYS, Fault::Problem(404, "", "malformed"));
    lab.run(&["op", "recover"]).expect_code(0);
    is_free(lab, &name);
    assert_eq!(orders(lab, &name), ["weak failed"]);

    let over = "UPDATE hostctl.certificate_orders SET expires_at = hostctl.now() - interval '1 day'";
    let name = lost(lab, wire, "over");
    lab.ask(over);
    lab.run(&["op", "recover"]).expect_code(0);
    is_free(lab, &name);
    assert_eq!(orders(lab, &name), ["weak failed"]);

    let name = lost(lab, wire, "away");
    lab.ask(over);
    wire.strike("/dir", ALWAYS, trouble());
    renew(lab, &name).expect_code(0);
    is_at(lab, &name, 2);
    assert_eq!(orders(lab, &name), ["weak abandoned", "main issued"]);
}

fn a_person_gives_it_up(lab: &Lab, wire: &Wire) {
    let name = lost(lab, wire, "person");
    let listed = lab.run(&["op", "list", "--open", "-o", "json"]).json();
    let id = listed[0]["id"].as_str().expect("an operation");
    let ran = lab.run(&["op", "abandon", id, "--yes", "-o", "json"]);
    ran.expect_code(0);
    assert_eq!(ran.json()["state"], "abandoned", "{ran}");
    is_free(lab, &name);
    assert_eq!(orders(lab, &name), ["weak abandoned"]);
    wire.forget();
    renew(lab, &name).expect_code(0);
    is_at(lab, &name, 2);
    lab.run(&["op", "abandon", id, "--yes"]).expect_code(4);
}

/// Nobody can say whether it has issued, and nobody waits for ever to hear it.
fn who_stays_away_is_waited_for_an_hour(lab: &Lab, wire: &Wire) {
    let name = lost(lab, wire, "dead");
    wire.strike("/dir", ALWAYS, trouble());
    lab.ask(&format!(
        "UPDATE hostctl.certificate_orders SET changed_at = changed_at - interval '1 hour'
        WHERE certificate = '{name}' RETURNING certificate"
    ));
    // It is gone on with where it is, as long as nobody else would do it.
    lab.run(&["op", "recover"]);
    assert_eq!(orders(lab, &name), ["weak finalizing"]);
    renew(lab, &name).expect_code(0);
    is_at(lab, &name, 2);
    assert_eq!(orders(lab, &name), ["weak abandoned", "main issued"]);
}

/// What was to be there for the first time does not vanish with the order.
fn a_first_one_comes_from_the_next_authority(lab: &Lab, wire: &Wire) {
    let name = "first.shop.example";
    wire.forget();
    wire.strike("/authZ/", ALWAYS, trouble());
    let issue = ["cert", "issue", name, "--challenge", "dns-01", "--ca", "weak"];
    lab.run(&issue).expect_code(6);
    add_another(lab);
    lab.run(&["cert", "renew", name]).expect_code(0);
    is_at(lab, name, 1);
    assert_eq!(orders(lab, name), ["weak abandoned", "main issued"]);
}

/// The key of the request belongs to whoever gives it again, whichever authority has issued.
fn a_key_of_a_request_holds_for_all_authorities(lab: &Lab, wire: &Wire) {
    let name = "keyed.shop.example";
    wire.forget();
    wire.strike("/authZ/", ALWAYS, trouble());
    let issue = "--challenge dns-01 --ca weak --ca main --idempotency-key once -o json";
    let issue: Vec<&str> = ["cert", "issue", name]
        .into_iter()
        .chain(issue.split(' '))
        .collect();
    for _ in 0..2 {
        let ran = lab.run(&issue);
        ran.expect_code(0);
        assert_eq!(ran.json()["state"], "issued", "{ran}");
        assert_eq!(orders(lab, name), ["weak abandoned", "main issued"]);
    }
    is_free(lab, name);
}

/// It would bring a key of the kind that nobody wants any more.
fn what_is_wished_since_goes_before_what_is_kept(lab: &Lab, wire: &Wire) {
    let name = planted(lab, "wished");
    wire.forget();
    wire.strike("/authZ/", ALWAYS, trouble());
    renew(lab, &name).expect_code(6);
    lab.run(&["cert", "set", &name, "--key-type", "p384"])
        .expect_code(0);
    is_free(lab, &name);
    assert_eq!(orders(lab, &name), ["weak abandoned"]);
    renew(lab, &name).expect_code(6);
    lab.run(&["cert", "place", &name, "--on", "web2"]).expect_code(0);
    assert_eq!(orders(lab, &name), ["weak abandoned", "weak abandoned"]);
    wire.forget();
    renew(lab, &name).expect_code(0);
    is_at(lab, &name, 2);
}

/// Its authority has proved that the name leads here, and it is another account's by now.
fn what_another_account_has_proven_since_is_not_issued(lab: &Lab, wire: &Wire) {
    lab.run(&["account", "create", "beta"]).expect_code(0);
    for (place, at_rest) in [("/finalize-order/", "proven2"), ("/authZ/", "proven1")] {
        let name = planted(lab, at_rest);
        wire.forget();
        wire.strike(place, ALWAYS, trouble());
        begin(lab, &name).expect_code(6);
        lab.ask(&format!(
            "INSERT INTO hostctl.domains (name, account_id, scope, method, token, path, expires_at, verified_at)
            SELECT '{name}', id, 'host', 'txt', repeat('ab', 16), repeat('ab', 8), now() + interval '7 days', now()
            FROM hostctl.accounts WHERE name = 'beta' RETURNING name"
        ));
        wire.forget();
        lab.run(&["op", "recover"]).expect_code(0);
        let asked = (wire.count("/chalZ/"), wire.count("/finalize-order/"));
        assert_eq!(asked, (0, 0), "{name}");
        is_free(lab, &name);
        assert_eq!(orders(lab, &name), ["weak failed"]);
        lab.ask("DELETE FROM hostctl.domains RETURNING name");
    }
}

#[test]
fn what_is_kept_stands_in_nobodys_way_for_longer_than_it_may_come_to_something() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let (section, wire) = pebble.apart(&lab, "weak");
    lab.configure(&section);
    lab.run(&["ca", "register", "weak", "--agree-tos"]).expect_code(0);
    for story in [
        the_next_authority_is_asked,
        who_deletes_it_may,
        what_may_be_issued_is_waited_for,
        what_the_authority_forgot_is_given_up,
        a_person_gives_it_up,
        who_stays_away_is_waited_for_an_hour,
        a_first_one_comes_from_the_next_authority,
        a_key_of_a_request_holds_for_all_authorities,
        what_is_wished_since_goes_before_what_is_kept,
        what_another_account_has_proven_since_is_not_issued,
    ] {
        story(&lab, &wire);
    }
}
