//! Whoever dies, or sleeps through its lease, on the way.

use std::time::Duration;

use hostctl::env::child::{self, Lifetime, Process, Signal, Spec};

use super::{due, plant, stands};
use crate::support::Lab;
use crate::support::acme::{PLAIN, Pebble, texts};

/// The steps of a renewal, and the points of each that differ.
const STEPS: [(&str, &[&str]); 5] = [
    ("open", &["before_intent", "mid_effect", "after_commit"]),
    ("order", &["before_intent", "mid_effect", "before_commit"]),
    ("validate", &["after_intent", "mid_effect", "effect_done"]),
    ("finalize", &["before_intent", "mid_effect", "before_commit"]),
    ("keep", &["mid_effect", "after_commit"]),
];

#[test]
fn whoever_dies_on_the_way_leaves_one_order_that_recovery_goes_on_with() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    for (step, (words, points)) in STEPS.iter().enumerate() {
        for point in *points {
            let name = format!("{words}-{}.shop.example", point.replace('_', "-"));
            plant(&lab, std::slice::from_ref(&name), "dns-01", "{main}", "web1");
            pebble.wire.forget();
            let died = lab
                .call(&["cert", "renew"])
                .crash(&format!("die:{step}:{point}:do"))
                .run();
            assert!(died.was_killed(), "{words} {point}: {died}");
            let ran = lab.run(&["op", "recover"]);
            ran.expect_code(0);
            let counts = (
                pebble.wire.count("/order-plz"),
                pebble.wire.count("/finalize-order/"),
            );
            // What was said to a process that died before it wrote it down was said to nobody.
            let orders = if (*words, *point) == ("order", "mid_effect") {
                2
            } else {
                1
            };
            assert_eq!(counts, (orders, 1), "{words} {point}: {ran}");
            let line = format!("{name} 2 issued 0");
            assert!(
                stands(&lab).contains(&line),
                "{words} {point}: {:?}",
                stands(&lab)
            );
            assert!(
                texts(&lab, &format!("_acme-challenge.{name}")).is_empty(),
                "{words} {point}"
            );
        }
    }
    // Who has no time left does not begin anew either: the order is kept, and gone on with.
    let silent = lab.wait(async { tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("bound") });
    let server = format!("[\"{}\"]", silent.local_addr().expect("an address"));
    let name = "slow.shop.example".to_owned();
    plant(&lab, std::slice::from_ref(&name), "dns-01", "{main}", "web1");
    whoever_is_asked_to_stop_says_so(&lab, &server, &name);
    pebble.wire.forget();
    let ran = lab
        .call(&["cert", "renew", "--timeout", "3s"])
        .variable("HOSTCTL_DNS__MAIN__QUERY_SERVERS", &server)
        .run();
    ran.expect_code(10);
    assert!(ran.stderr.contains("`tick` goes on with it"), "{ran}");
    lab.run(&["cert", "renew"]).expect_code(0);
    assert_eq!(pebble.wire.count("/finalize-order/"), 0);
    lab.run(&["tick"]).expect_code(0);
    assert!(
        stands(&lab).contains(&format!("{name} 2 issued 0")),
        "{:?}",
        stands(&lab)
    );
    assert_eq!(pebble.wire.count("/order-plz"), 1);

    let left = lab.ask(
        "SELECT resource FROM hostctl.claims UNION ALL
            SELECT name FROM hostctl.certificates WHERE leased_until > hostctl.now() OR next_at < hostctl.now()",
    );
    assert!(left.is_empty(), "{left:?}");
}

fn whoever_is_asked_to_stop_says_so(lab: &Lab, server: &str, name: &str) {
    let spec = Spec::new(env!("CARGO_BIN_EXE_hostctl"))
        .arguments(["cert", "renew"])
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
        .variable("HOSTCTL_DNS__MAIN__QUERY_SERVERS", server);
    let log = lab.path("stopped.log");
    let process = child::spawn_server(&spec, &log, Lifetime::WithParent).expect("started");
    let begin = hostctl::clock::instant();
    while texts(lab, &format!("_acme-challenge.{name}")).is_empty() {
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        assert!(begin.elapsed() < Duration::from_secs(20), "{}", said());
        lab.wait(async { tokio::time::sleep(Duration::from_millis(20)).await });
    }
    lab.wait(child::stop(process, Signal::Terminate, Duration::from_secs(20)))
        .expect("stopped");
    let again = format!(
        "UPDATE hostctl.certificates SET next_at = hostctl.now() WHERE name = '{name}'
        RETURNING concat_ws(' ', failures, next_reason, last_error)"
    );
    assert_eq!(lab.ask(&again), ["0 it was interrupted"]);
}

fn is_stopped(process: Process) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.pid)).unwrap_or_default();
    stat.rsplit(')')
        .next()
        .is_some_and(|rest| rest.trim().starts_with('T'))
}

#[test]
fn whoever_sleeps_through_its_lease_orders_nothing_and_writes_nothing() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let name = "late.shop.example".to_owned();
    plant(&lab, std::slice::from_ref(&name), "dns-01", "{main}", "web1");
    let spec = Spec::new(env!("CARGO_BIN_EXE_hostctl"))
        .arguments(["cert", "renew", "-o", "json"])
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
        .variable("HOSTCTL_CRASH", "stop:100:before_intent:do");
    let log = lab.path("late.log");
    let late = child::spawn_server(&spec, &log, Lifetime::WithParent).expect("started");
    let said = || std::fs::read_to_string(&log).unwrap_or_default();
    let begin = hostctl::clock::instant();
    while !is_stopped(late) {
        assert!(begin.elapsed() < Duration::from_secs(20), "{}", said());
        // The authority's wire lives in the lab: it must not stand still.
        lab.wait(async { tokio::time::sleep(Duration::from_millis(10)).await });
    }
    // As long as its lease holds nobody else renews it.
    lab.run(&["cert", "renew"]).expect_code(0);
    assert_eq!(stands(&lab), ["late.shop.example 1 issued 0"]);
    lab.ask("UPDATE hostctl.certificates SET leased_until = hostctl.now() - interval '1 second'");
    lab.run(&["cert", "renew"]).expect_code(0);
    assert_eq!(stands(&lab), ["late.shop.example 2 issued 0"]);
    let after = "SELECT to_jsonb(c)::text FROM hostctl.certificates c";
    let before = lab.ask(after);
    child::send(late, Signal::Continue).expect("woken");
    let begin = hostctl::clock::instant();
    while late.is_alive() {
        assert!(begin.elapsed() < Duration::from_secs(20), "{}", said());
        lab.wait(async { tokio::time::sleep(Duration::from_millis(10)).await });
    }
    assert!(said().contains("busy"), "{}", said());
    assert_eq!(lab.ask(after), before, "{}", said());
    assert_eq!(pebble.wire.count("/order-plz"), 1);
    due(&lab);
    lab.run(&["cert", "renew"]).expect_code(0);
    assert_eq!(stands(&lab), ["late.shop.example 3 issued 0"]);
}
