//! A site with its certificate: as the last thing, later, or not without it.

use std::fs;

use serde_json::json;
use tokio::net::UdpSocket;

use crate::support::acme::{PLAIN, Pebble, texts};
use crate::support::wire::Fault;
use crate::support::{Lab, Ran};

fn create(lab: &Lab, domain: &str, more: &[&str]) -> Ran {
    lab.run(&site(domain, more))
}

fn site<'a>(domain: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = [
        "site",
        "create",
        domain,
        "--dns",
        "--address",
        "127.0.0.1",
        "--cert",
        "-o",
        "json",
    ];
    [&fixed[..], more].concat()
}

/// Both names of a site.
fn names(domain: &str) -> serde_json::Value {
    json!([domain, format!("www.{domain}")])
}

fn status(lab: &Lab, name: &str) -> Vec<String> {
    lab.ask(&format!(
        "SELECT state FROM hostctl.certificates WHERE name = '{name}'"
    ))
}

/// A resolver that knows no name at all, as one does as long as nothing is delegated.
async fn ignorant() -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("bound");
    let address = socket.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut bytes = [0; 1024];
        while let Ok((length, from)) = socket.recv_from(&mut bytes).await {
            let mut answer = bytes[..length].to_vec();
            // An answer, with recursion, and no such name.
            answer[2] |= 0x80;
            answer[3] = 0x83;
            socket.send_to(&answer, from).await.ok();
        }
    });
    format!("[\"{address}\"]")
}

#[test]
fn a_site_gets_its_certificate_last_and_loses_it_with_the_rest() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let before = lab.world();

    // The plan has all of it, and nothing of it is done.
    let planned = create(&lab, "one.example", &["--db", "one", "--dry-run"]);
    let steps = planned.expect_code(0).json();
    let actions: Vec<&str> = steps
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["action"].as_str())
        .collect();
    assert_eq!(
        actions[actions.len() - 3..],
        ["prove", "issue", "keep"],
        "{planned}"
    );
    before.expect_same(&lab.world(), "after a plan");

    let ran = create(&lab, "one.example", &["--db", "one"]);
    let made = ran.expect_code(0).json();
    assert_eq!(
        made["certificate"],
        json!({ "state": "issued", "names": names("one.example") }),
        "{ran}"
    );
    let key = pebble.certificates().join("one.example/current/privkey.pem");
    assert!(key.exists());
    for name in ["one.example", "www.one.example"] {
        assert!(texts(&lab, &format!("_acme-challenge.{name}")).is_empty());
    }
    let shown = lab.run(&["site", "show", "one.example", "-o", "json"]).json();
    assert_eq!(shown["certificate"], "one.example");
    create(&lab, "one.example", &["--db", "two"]).expect_code(4);

    // It goes with the site, and comes back with it, its key included.
    let serial = lab.run(&["cert", "show", "one.example", "-o", "json"]).json()["serial"].clone();
    let ran = lab.run(&["site", "delete", "one.example", "--yes", "-o", "json"]);
    let operation = ran.expect_code(0).json()["operation"].clone();
    lab.run(&["cert", "show", "one.example"]).expect_code(3);
    lab.run(&["op", "undo", operation.as_str().expect("an operation"), "--yes"])
        .expect_code(0);
    let back = lab.run(&["cert", "show", "one.example", "-o", "json"]).json();
    assert_eq!(back["serial"], serial);
    fs::remove_file(&key).expect("gone");
    lab.run(&["cert", "deploy", "one.example"]).expect_code(0);
    assert!(key.exists());
    lab.run(&["site", "delete", "one.example", "--yes", "--purge"])
        .expect_code(0);
    before.expect_same(&lab.world(), "after the site");

    // Made without need, it is taken back as a whole.
    let made = create(&lab, "two.example", &[]).expect_code(0).json();
    let operation = made["operation"].as_str().expect("an operation");
    lab.run(&["op", "undo", operation, "--yes"]).expect_code(0);
    lab.run(&["cert", "show", "two.example"]).expect_code(3);
    lab.run(&["site", "show", "two.example"]).expect_code(3);
}

#[test]
fn a_name_that_the_world_does_not_know_yet_leaves_the_certificate_pending_or_nothing_at_all() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let resolver = lab.wait(ignorant());
    let undelegated = |words: &[&str]| {
        lab.call(words)
            .variable("HOSTCTL_RESOLVER__SERVERS", &resolver)
            .run()
    };
    let before = lab.world();
    let ran = undelegated(&site("late.example", &["--require-cert"]));
    ran.expect_code(8);
    assert!(
        ran.stderr.contains("not delegated") && ran.stderr.contains("rolled back"),
        "{ran}"
    );
    before.expect_same(&lab.world(), "without a certificate");

    let keyed = ["--idempotency-key", "late"];
    let ran = undelegated(&site("late.example", &keyed));
    let made = ran.expect_code(0).json();
    assert_eq!(
        made["certificate"],
        json!({ "state": "pending", "names": names("late.example") }),
        "{ran}"
    );
    assert!(
        ran.stderr.contains("not delegated") && ran.stderr.contains("ns1.sandbox.test"),
        "{ran}"
    );
    let waiting =
        lab.ask("SELECT state || ' ' || last_error FROM hostctl.certificates WHERE next_at IS NOT NULL");
    assert!(
        waiting.len() == 1 && waiting[0].starts_with("pending nothing was ordered"),
        "{waiting:?}"
    );
    assert_eq!(pebble.wire.count("/order-plz"), 0, "no authorization was spent");
    // Once it is delegated, the same request gets it, and nothing is made twice.
    let again = create(&lab, "late.example", &keyed).expect_code(0).json();
    assert_eq!(again["operation"], made["operation"]);
    assert_eq!(again["certificate"]["state"], "issued");
    assert_eq!(status(&lab, "late.example"), ["issued"]);

    // An authority in trouble is no trouble of the site.
    pebble
        .wire
        .strike("/order-plz", 1, Fault::Problem(403, "", "rejectedIdentifier"));
    let ran = create(&lab, "refused.example", &[]);
    assert_eq!(ran.expect_code(0).json()["certificate"]["state"], "pending");
    assert!(ran.stderr.contains("rejectedIdentifier"), "{ran}");
    assert_eq!(status(&lab, "refused.example"), ["pending"]);
    let row = lab
        .run(&["cert", "status", "refused.example", "-o", "json"])
        .json()[0]
        .clone();
    let words = row["last_error"].as_str().expect("words");
    assert!(words.contains("rejectedIdentifier"), "{row}");
    lab.ask("UPDATE hostctl.certificates SET next_at = hostctl.now() WHERE name = 'refused.example' RETURNING name");
    lab.run(&["tick"]).expect_code(0);
    assert_eq!(status(&lab, "refused.example"), ["issued"], "tick got it");
    lab.run(&["site", "delete", "refused.example", "--yes", "--purge"])
        .expect_code(0);

    // By HTTP, the page has to be ours: nothing of ours listens where the name leads.
    let words = [
        "site",
        "create",
        "page.example",
        "--dns",
        "--address",
        "127.0.0.2",
        "--cert",
        "--challenge",
        "http-01",
    ];
    let ran = lab.run(&words);
    ran.expect_code(0);
    assert!(ran.stderr.contains("127.0.0.2 does not answer on port"), "{ran}");
}

#[test]
fn without_its_certificate_there_is_no_site() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let before = lab.world();
    let required = ["--require-cert", "--db", "must"];
    pebble
        .wire
        .strike("/finalize-order/", 1, Fault::Problem(400, "", "badCSR"));
    // Under a name that is not asked for again: what is proved may be remembered.
    let ran = create(&lab, "refusal.example", &required);
    ran.expect_code(8);
    assert!(
        ran.stderr.contains("badCSR") && ran.stderr.contains("rolled back"),
        "{ran}"
    );
    before.expect_same(&lab.world(), "after a refusal");

    // Killed in the middle of the order: nothing, or all of it, and one certificate at most.
    let steps = create(&lab, "must.example", &[&required[..], &["--dry-run"]].concat());
    let steps = steps.expect_code(0).json().as_array().expect("rows").len();
    for (back, point, stays) in [
        (5, "mid_effect", false),
        (4, "mid_effect", false),
        (3, "mid_effect", false),
        (2, "after_intent", false),
        (2, "mid_effect", true),
        (1, "before_intent", true),
    ] {
        pebble.wire.forget();
        let died = lab
            .call(&site("must.example", &required))
            .crash(&format!("die:{}:{point}:do", steps - back))
            .run();
        assert!(died.was_killed(), "{back} {point}: {died}");
        // Whoever puts values into a zone that the operation has made does not let others at it.
        let claimed = lab.ask("SELECT resource FROM hostctl.claims WHERE resource = 'zone:must.example'");
        assert_eq!(claimed.len(), 1, "{back} {point}");
        lab.run(&["op", "recover"]).expect_code(0);
        if !stays {
            before.expect_same(&lab.world(), &format!("killed {back} before the end, {point}"));
            continue;
        }
        assert_eq!(status(&lab, "must.example"), ["issued"], "{back} {point}");
        assert_eq!(pebble.wire.count("/finalize-order/"), 1, "{back} {point}");
        lab.run(&["site", "delete", "must.example", "--yes", "--purge"])
            .expect_code(0);
        before.expect_same(&lab.world(), "after the site");
    }
    let ran = create(&lab, "must.example", &required);
    assert_eq!(
        ran.expect_code(0).json()["certificate"]["state"],
        "issued",
        "{ran}"
    );
    let orders = lab.ask("SELECT kind FROM hostctl.operations WHERE kind LIKE 'cert.%'");
    assert!(orders.is_empty(), "one operation is all there is: {orders:?}");
}
