//! `kill -9` anywhere on the way: the same order is gone on with, one certificate comes of it, and nothing of ours stays in
//! the zone.

use std::time::Duration;

use hostctl::env::child::{self, Signal, Spec};

use crate::support::Lab;
use crate::support::acme::{PLAIN, Pebble, ZONE, texts};

/// The steps of `cert issue` on one host.
const STEPS: [&str; 7] = ["create", "place", "open", "order", "validate", "finalize", "keep"];
const POINTS: [&str; 6] = [
    "before_intent",
    "after_intent",
    "mid_effect",
    "effect_done",
    "before_commit",
    "after_commit",
];

#[test]
fn whoever_dies_on_the_way_leaves_one_certificate_and_no_trace() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    for (step, words) in STEPS.iter().enumerate() {
        for (number, point) in POINTS.iter().enumerate() {
            // The first steps are rows: one of them stands for all.
            if step < 3 && number != 2 {
                continue;
            }
            let name = format!("{words}-{}.shop.example", point.replace('_', "-"));
            pebble.wire.forget();
            let died = lab
                .call(&["cert", "issue", &name, "--challenge", "dns-01"])
                .crash(&format!("die:{step}:{point}:do"))
                .run();
            assert!(died.was_killed(), "{died}");
            let recovered = lab.run(&["op", "recover"]);
            recovered.expect_code(0);
            let (orders, requests) = (
                pebble.wire.count("/order-plz"),
                pebble.wire.count("/finalize-order/"),
            );
            // What was said to a process that died before it wrote it down was said to nobody.
            let expected = if (*words, *point) == ("order", "mid_effect") {
                2
            } else {
                1
            };
            assert_eq!((orders, requests), (expected, 1), "{words} {point}: {recovered}");
            let kept = lab.ask(&format!(
                "SELECT c.state || ' ' || c.generation FROM hostctl.certificates c WHERE c.name = '{name}'"
            ));
            assert_eq!(kept, ["issued 1"], "{words} {point}: {recovered}");
            let left = texts(&lab, &format!("_acme-challenge.{name}"));
            assert!(left.is_empty(), "{words} {point}: {left:?}");
        }
    }
    let left = lab.ask("SELECT resource FROM hostctl.claims UNION ALL SELECT name FROM hostctl.operation_secrets WHERE NOT is_kept");
    assert!(left.is_empty(), "{left:?}");
    a_dead_order_of_an_authority_that_is_away_keeps_no_zone(&lab, &pebble);
}

/// Whoever dies while it writes a zone leaves the claim on it, and the value. Neither waits for the authority.
fn a_dead_order_of_an_authority_that_is_away_keeps_no_zone(lab: &Lab, pebble: &Pebble) {
    let names = ["away.shop.example", "besides.shop.example"];
    let value = |name: &str| texts(lab, &format!("_acme-challenge.{name}")).len();
    for name in names {
        let issue = ["cert", "issue", name, "--challenge", "dns-01"];
        let died = lab.call(&issue).crash("die:4:mid_effect:do").run();
        assert!(died.was_killed() && value(name) == 1, "{died}");
    }
    lab.ask(
        "INSERT INTO hostctl.ca_pauses (ca, scope, until, reason)
        VALUES ('main', 'requests', hostctl.now() + interval '1 day', 'as the test wants')",
    );
    let claims = "SELECT resource FROM hostctl.claims WHERE resource LIKE 'zone:%'";
    let meet = |name: &str, words: &[&str]| {
        lab.ask(&format!(
            "INSERT INTO hostctl.claims (resource, operation_id)
            SELECT 'zone:shop.example', id FROM hostctl.operations WHERE target = '{name}' AND state = 'running'"
        ));
        assert_eq!(lab.ask(claims), ["zone:shop.example"]);
        let ran = lab.run(words);
        ran.expect_code(0);
        assert_eq!((lab.ask(claims), value(name)), (Vec::new(), 0), "{ran}");
    };
    // A customer meets the one before recovery does, and the other one after it.
    let add = [
        "dns",
        "record",
        "add",
        "shop.example",
        "customer",
        "A",
        "127.0.0.1",
    ];
    meet(names[0], &add);
    meet(names[1], &["op", "recover"]);
    lab.ask("DELETE FROM hostctl.ca_pauses");
    pebble.wire.forget();
    lab.run(&["op", "recover"]).expect_code(0);
    let issued = lab.ask(
        "SELECT name FROM hostctl.certificates WHERE state = 'issued' AND name ~ '^(away|besides)' ORDER BY 1",
    );
    assert_eq!(issued, names);
    assert_eq!(pebble.wire.count("/order-plz"), 0, "the same orders");
}

#[test]
fn whoever_is_asked_to_stop_leaves_nothing_and_whoever_has_no_time_leaves_it_to_tick() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let before = lab.world();
    // A resolver that never shows the value: it waits, and is asked to stop.
    let slow = ["cert", "issue", "slow.shop.example", "--challenge", "dns-01"];
    let silent = lab.wait(async { tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("bound") });
    let server = format!("[\"{}\"]", silent.local_addr().expect("an address"));
    let spec = Spec::new(env!("CARGO_BIN_EXE_hostctl"))
        .arguments(slow)
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
        .variable("HOSTCTL_DNS__MAIN__QUERY_SERVERS", &server);
    let process =
        child::spawn_server(&spec, &lab.path("slow.log"), child::Lifetime::WithParent).expect("started");
    let challenge = "_acme-challenge.slow.shop.example";
    let begin = hostctl::clock::instant();
    while texts(&lab, challenge).is_empty() {
        assert!(
            begin.elapsed() < Duration::from_secs(20),
            "{}",
            std::fs::read_to_string(lab.path("slow.log")).expect("a log")
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    lab.wait(child::stop(process, Signal::Terminate, Duration::from_secs(20)))
        .expect("stopped");
    assert!(texts(&lab, challenge).is_empty());
    before.expect_same(&lab.world(), "after SIGTERM");

    // No time: the order is kept, and gone on with.
    pebble.wire.forget();
    let ran = lab
        .call(&[&slow[..], &["--timeout", "3s"]].concat())
        .variable("HOSTCTL_DNS__MAIN__QUERY_SERVERS", &server)
        .run();
    ran.expect_code(6);
    assert!(ran.stderr.contains("`tick` goes on with it"), "{ran}");
    // Its value would come back with the zone, and stay.
    let ran = lab.run(&["dns", "zone", "delete", ZONE, "--yes"]);
    ran.expect_code(6);
    assert!(ran.stderr.contains("slow.shop.example is proving names"), "{ran}");
    lab.run(&["tick"]).expect_code(0);
    assert_eq!(
        lab.ask("SELECT state FROM hostctl.certificates WHERE name = 'slow.shop.example'"),
        ["issued"]
    );
    assert_eq!(
        (
            pebble.wire.count("/order-plz"),
            pebble.wire.count("/finalize-order/")
        ),
        (1, 1)
    );
    assert!(texts(&lab, challenge).is_empty());
}
