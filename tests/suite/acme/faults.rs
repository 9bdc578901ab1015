//! An authority that is in trouble, or says no.

use crate::support::Lab;
use crate::support::acme::{PLAIN, Pebble, ZONE, texts};
use crate::support::wire::Fault;

#[test]
fn what_goes_wrong_on_the_way_costs_no_second_certificate() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let wire = &pebble.wire;
    let issue = |name: &str| lab.run(&["cert", "issue", name, "--challenge", "dns-01"]);

    // The answer to the one request that can be sent only once.
    wire.strike("/finalize-order/", 1, Fault::LoseAnswer);
    issue("lost.shop.example").expect_code(0);
    assert_eq!((wire.count("/order-plz"), wire.count("/finalize-order/")), (1, 1));

    // A machine in between that has a bad minute, and a wait that is short enough.
    wire.forget();
    wire.strike("/order-plz", 1, Fault::Page(503, "retry-after: 1"));
    wire.strike("/finalize-order/", 1, Fault::Page(502, ""));
    wire.strike("/authZ/", 1, Fault::LoseAnswer);
    wire.strike("/certZ/", 1, Fault::Page(504, ""));
    wire.strike("/chalZ/", 1, Fault::LoseRequest);
    issue("page.shop.example").expect_code(0);
    assert_eq!((wire.count("/order-plz"), wire.count("/finalize-order/")), (1, 1));

    // An order whose answer is lost is made again; the lost one ends by itself.
    wire.forget();
    wire.strike("/order-plz", 1, Fault::LoseAnswer);
    issue("again.shop.example").expect_code(0);
    assert_eq!((wire.count("/order-plz"), wire.count("/finalize-order/")), (2, 1));

    // A wait that is too long is told, remembered, and obeyed: nobody asks before it is over.
    wire.forget();
    let before = lab.world();
    wire.strike(
        "/order-plz",
        1,
        Fault::Problem(429, "retry-after: 3600", "rateLimited"),
    );
    let ran = issue("many.shop.example");
    ran.expect_code(6);
    assert!(
        ran.stderr.contains("rateLimited") && ran.stderr.contains("3600 s"),
        "{ran}"
    );
    before.expect_same(&lab.world(), "after a refusal for a while");
    let ran = issue("more.shop.example");
    ran.expect_code(6);
    assert!(ran.stderr.contains("wants to be left alone until"), "{ran}");
    assert_eq!(wire.count("/order-plz"), 0, "nobody asked");
    let listed = lab.run(&["ca", "limits", "-o", "json"]).json();
    assert!(
        listed
            .as_array()
            .expect("rows")
            .iter()
            .any(|row| row["kind"] == "pause"),
        "{listed}"
    );
    lab.ask("DELETE FROM hostctl.ca_pauses RETURNING ca");

    // A refusal for good leaves nothing, in the zone neither.
    wire.strike("/finalize-order/", 1, Fault::Problem(400, "", "badCSR"));
    let ran = issue("bad.shop.example");
    ran.expect_code(8);
    assert!(
        ran.stderr.contains("badCSR") && ran.stderr.contains("rolled back"),
        "{ran}"
    );
    before.expect_same(&lab.world(), "after a refusal for good");
    assert!(texts(&lab, "_acme-challenge.bad.shop.example").is_empty());
    let said = lab.ask("SELECT error FROM hostctl.certificate_orders WHERE state = 'failed'");
    assert!(said.len() == 1 && said[0].contains("badCSR"), "{said:?}");
}

#[test]
fn a_name_that_cannot_be_proved_is_told_in_the_words_of_the_authority() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let before = lab.world();
    // Nobody answers on the port of TLS: that is found before anything is spent.
    let deaf = ["cert", "issue", "deaf.shop.example", "--challenge", "tls-alpn-01"];
    let elsewhere = "127.0.0.1:1024";
    let ran = lab
        .call(&deaf)
        .variable("HOSTCTL_CERTIFICATE__TLS_LISTEN", elsewhere)
        .run();
    ran.expect_code(6);
    assert!(ran.stderr.contains("127.0.0.1 does not answer on port"), "{ran}");
    assert_eq!(pebble.wire.count("/order-plz"), 0);
    lab.run(&[
        "cert",
        "delete",
        "deaf.shop.example",
        "--with-places",
        "--purge",
        "--yes",
    ])
    .expect_code(0);
    // Somebody answers us on that port, and nobody the authority.
    let ran = lab
        .call(&deaf)
        .variable("HOSTCTL_CERTIFICATE__TLS_LISTEN", elsewhere)
        .variable("HOSTCTL_DOMAIN__TLS_PORT", "1024")
        .run();
    ran.expect_code(8);
    assert!(
        ran.stderr.contains("deaf.shop.example") && ran.stderr.contains("rolled back"),
        "{ran}"
    );
    before.expect_same(&lab.world(), "after a name that was not proved");
    let limits = lab.run(&["ca", "limits", "-o", "json"]).json();
    let failed = |row: &serde_json::Value| row["kind"] == "failures" && row["subject"] == "deaf.shop.example";
    assert!(limits.as_array().expect("rows").iter().any(failed), "{limits}");

    // A zone that nobody here keeps.
    let ran = lab.run(&["cert", "issue", "else.example", "--challenge", "dns-01"]);
    ran.expect_code(4);
    assert!(ran.stderr.contains("no zone of ours"), "{ran}");
    for words in [
        &["cert", "issue", "*.shop.example", "--challenge", "http-01"][..],
        &["cert", "issue", "127.0.0.1", "--challenge", "dns-01"],
        &["cert", "issue", "a.shop.example", "--profile", "shortlived"],
        &["cert", "issue", "a.shop.example", "--ca", "other"],
        &["cert", "issue", "a.shop.example", "--on", "e\x1b[2Jvil host"],
    ] {
        let ran = lab.run(words);
        assert!(matches!(ran.code, Some(2 | 7)), "{ran}");
    }
    assert_eq!(pebble.wire.count("/order-plz"), 1);
    before.expect_same(&lab.world(), "after what cannot be");
    assert!(texts(&lab, &format!("_acme-challenge.{ZONE}")).is_empty());
}
