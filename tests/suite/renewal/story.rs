//! What an operator sees of it.

use std::fs;
use std::path::PathBuf;

use super::{due, stands};
use crate::support::Lab;
use crate::support::acme::{PLAIN, Pebble};

#[test]
fn what_is_due_is_renewed_and_nothing_is_said_where_nothing_is() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    for (name, challenge) in [
        ("a.shop.example", "dns-01"),
        ("b.shop.example", "http-01"),
        ("c.shop.example", "http-01"),
        ("d.shop.example", "tls-alpn-01"),
        ("e.shop.example", "tls-alpn-01"),
    ] {
        lab.run(&["cert", "issue", name, "--challenge", challenge])
            .expect_code(0);
    }
    pebble.wire.forget();
    let silent = lab.run(&["cert", "renew"]);
    silent.expect_code(0);
    assert_eq!(
        (silent.stdout.as_str(), silent.stderr.as_str()),
        ("", ""),
        "{silent}"
    );
    assert_eq!(pebble.wire.count("/order-plz"), 0);

    // All of them at once: two answer on one port, and two on another.
    due(&lab);
    let planned = lab.run(&["cert", "renew", "--dry-run", "-o", "json"]);
    planned.expect_code(0);
    assert_eq!(planned.json().as_array().expect("rows").len(), 5, "{planned}");
    assert_eq!(pebble.wire.count("/order-plz"), 0);
    let ran = lab.run(&["cert", "renew"]);
    ran.expect_code(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""), "{ran}");
    assert_eq!(
        stands(&lab),
        ["a", "b", "c", "d", "e"].map(|name| format!("{name}.shop.example 2 issued 0"))
    );
    for name in ["a.shop.example", "b.shop.example", "e.shop.example"] {
        assert_eq!(current(&pebble, name), PathBuf::from("2"), "{name}");
    }
    assert_eq!(pebble.wire.count("/order-plz"), 5);
    lab.run(&["cert", "renew"]).expect_code(0);
    assert_eq!(pebble.wire.count("/order-plz"), 5);
    let left = lab.ask(
        "SELECT name FROM hostctl.certificates WHERE leased_by IS NOT NULL OR leased_until > hostctl.now()",
    );
    assert!(left.is_empty(), "{left:?}");

    // By name: not before it is time, unless it has to be.
    let early = lab.run(&["cert", "renew", "a.shop.example", "-o", "json"]);
    early.expect_code(0);
    assert_eq!(early.json()[0]["state"], "not due", "{early}");
    let forced = lab.run(&["cert", "renew", "a.shop.example", "--force", "-o", "json"]);
    forced.expect_code(0);
    let row = &forced.json()[0];
    assert_eq!(
        (&row["state"], &row["ca"]),
        (&"renewed".into(), &"main".into()),
        "{forced}"
    );
    assert_eq!(current(&pebble, "a.shop.example"), PathBuf::from("3"));
    lab.run(&["cert", "renew", "none.shop.example"]).expect_code(3);
    lab.run(&["cert", "renew", "--force"]).expect_code(2);

    // By cron.
    due(&lab);
    let ran = lab.run(&["tick"]);
    ran.expect_code(0);
    assert_eq!(ran.stdout, "", "{ran}");
    assert_eq!(stands(&lab)[0], "a.shop.example 4 issued 0");
    a_hook_that_hangs(&lab, &pebble);
    a_name_that_leads_elsewhere(&lab, &pebble);
    one_name_in_several_certificates(&lab);
}

/// Where a certificate leads on this host.
fn current(pebble: &Pebble, name: &str) -> PathBuf {
    fs::read_link(pebble.certificates().join(name).join("current")).expect("it lies on this host")
}

/// What was served is served, and the authority is not asked again for it.
fn a_hook_that_hangs(lab: &Lab, pebble: &Pebble) {
    let name = "a.shop.example";
    let hook = |command: &str| lab.run(&["cert", "set", name, "--deploy-hook", command]);
    hook(r#"["/bin/sleep", "60"]"#).expect_code(0);
    lab.ask(&format!(
        "UPDATE hostctl.certificates SET next_at = hostctl.now() WHERE name = '{name}'"
    ));
    let before = current(pebble, name);
    let ran = lab
        .call(&["cert", "renew"])
        .variable("HOSTCTL_CERTIFICATE__HOOK_TIMEOUT", "1s")
        .run();
    ran.expect_code(10);
    assert!(ran.stderr.contains(name), "{ran}");
    assert_eq!(current(pebble, name), before);
    assert_eq!(stands(lab)[0], "a.shop.example 5 issued 0");
    let orders = pebble.wire.count("/order-plz");
    lab.run(&["cert", "renew"]).expect_code(0);
    hook("none").expect_code(0);
    lab.run(&["cert", "deploy", name]).expect_code(0);
    assert_eq!(current(pebble, name), PathBuf::from("5"));
    assert_eq!(pebble.wire.count("/order-plz"), orders);
    a_hook_of_its_own(lab, pebble);
}

/// It is looked at before anything is ordered, and the one of the host is not.
fn a_hook_of_its_own(lab: &Lab, pebble: &Pebble) {
    let name = "a.shop.example";
    let program = lab.path("own-hook");
    fs::copy("/bin/true", &program).expect("a program");
    let set = |hook: &str| {
        lab.run(&["cert", "set", name, "--deploy-hook", hook])
            .expect_code(0);
    };
    set(&format!("[\"{}\"]", program.display()));
    fs::remove_file(&program).expect("a program");
    let renew = || {
        lab.ask(&format!(
            "UPDATE hostctl.certificates SET next_at = hostctl.now() WHERE name = '{name}'"
        ));
        lab.call(&["cert", "renew"])
            .variable("HOSTCTL_CERTIFICATE__DEPLOY_HOOK", "[\"/nonexistent\"]")
            .run()
    };
    let orders = pebble.wire.count("/order-plz");
    let ran = renew();
    ran.expect_code(10);
    assert!(ran.stderr.contains("own-hook"), "{ran}");
    assert_eq!(pebble.wire.count("/order-plz"), orders, "nothing is ordered");
    set(r#"["/bin/true"]"#);
    renew().expect_code(0);
    assert_eq!(current(pebble, name), PathBuf::from("6"));
    set("none");
}

/// It is tried here as well, and costs nothing until it leads here.
fn a_name_that_leads_elsewhere(lab: &Lab, pebble: &Pebble) {
    let record = |verb: &str, value: &str| {
        lab.run(&[
            "dns",
            "record",
            verb,
            "shop.example",
            "parked",
            "A",
            value,
            "--yes",
        ])
        .expect_code(0);
    };
    let orders = pebble.wire.count("/order-plz");
    record("add", "127.0.0.9");
    lab.run(&["cert", "issue", "parked.shop.example", "--challenge", "http-01"])
        .expect_code(6);
    // It has a hook of its own by now: that of the host is not looked at.
    lab.run(&[
        "cert",
        "set",
        "parked.shop.example",
        "--deploy-hook",
        r#"["/bin/true"]"#,
    ])
    .expect_code(0);
    lab.call(&["cert", "issue", "parked.shop.example", "--challenge", "http-01"])
        .variable("HOSTCTL_CERTIFICATE__DEPLOY_HOOK", "[\"/nonexistent\"]")
        .run()
        .expect_code(6);
    let parked = ["cert", "renew", "parked.shop.example", "-o", "json"];
    // Who names it is told.
    for force in [&[][..], &["--force"]] {
        let ran = lab.run(&[&parked[..], force].concat());
        ran.expect_code(6);
        assert_eq!(ran.json()[0]["state"], "pending", "{ran}");
        assert!(ran.stderr.contains("parked.shop.example"), "{ran}");
    }
    assert_eq!(pebble.wire.count("/order-plz"), orders);
    record("set", "127.0.0.1");
    let ran = lab.run(&parked);
    ran.expect_code(0);
    assert_eq!(ran.json()[0]["state"], "renewed", "{ran}");
    assert_eq!(current(pebble, "parked.shop.example"), PathBuf::from("1"));
    record("set", "127.0.0.9");
    what_cannot_be_renewed_is_no_good_run(lab);
    record("set", "127.0.0.1");
}

/// As long as there is time it waits; then it is a failure, each time, and nobody is told that all is well. Whether somebody
/// would have been told shows in the complaint that nobody listens there.
fn what_cannot_be_renewed_is_no_good_run(lab: &Lab) {
    let beating = |verb: &[&str]| {
        lab.call(verb)
            .variable("HOSTCTL_CERTIFICATE__HEARTBEAT_URL", "http://127.0.0.1:9/")
            .run()
    };
    for (days, code) in [(20, 0), (13, 10), (-1, 10)] {
        for verb in [&["cert", "renew"][..], &["tick"]] {
            lab.ask(&format!(
                "WITH due AS (UPDATE hostctl.certificates SET next_at = hostctl.now() WHERE name = 'parked.shop.example'),
                    again AS (UPDATE hostctl.schedule SET next_at = hostctl.now())
                UPDATE hostctl.certificate_generations SET not_before = hostctl.now() - interval '60 days',
                    not_after = hostctl.now() + interval '{days} days' WHERE certificate = 'parked.shop.example'"
            ));
            let ran = beating(verb);
            ran.expect_code(code);
            assert_eq!(ran.stderr.contains("heartbeat"), code == 0, "{days}: {ran}");
        }
    }
    // Nothing is due before the next attempt, and all is as bad as before.
    let ran = beating(&["cert", "renew"]);
    ran.expect_code(0);
    assert!(!ran.stderr.contains("heartbeat"), "{ran}");
    // An authority that another one has annoyed is no excuse: with time left it is waited for, else somebody is told, once.
    for (days, code) in [(20, 0), (13, 10)] {
        lab.ask(&format!(
            "WITH due AS (UPDATE hostctl.certificates SET next_at = hostctl.now(), failures = 0, last_error = NULL
                    WHERE name = 'parked.shop.example'),
                paused AS (INSERT INTO hostctl.ca_pauses VALUES ('main', 'requests', hostctl.now() + interval '1 day', 'too many')
                    ON CONFLICT DO NOTHING)
            UPDATE hostctl.certificate_generations SET not_after = hostctl.now() + interval '{days} days'
                WHERE certificate = 'parked.shop.example' RETURNING 1::text"
        ));
        let ran = beating(&["cert", "renew"]);
        ran.expect_code(code);
        assert_eq!(ran.stderr.contains("heartbeat"), code == 0, "{days}: {ran}");
        assert_eq!(
            ran.stderr.contains("left alone until"),
            code == 10,
            "{days}: {ran}"
        );
        let status = lab
            .run(&["cert", "status", "parked.shop.example", "-o", "json"])
            .json();
        let row = &status[0];
        assert_eq!(row["why"], "the authority wants to be left alone", "{row}");
        let until = lab.ask(
            "SELECT to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') FROM hostctl.ca_pauses",
        );
        assert!(
            row["next_at"].as_str().expect("a time").starts_with(&until[0]),
            "{row}"
        );
    }
    let ran = beating(&["cert", "renew"]);
    ran.expect_code(0);
    assert!(!ran.stderr.contains("heartbeat"), "{ran}");
    lab.ask("DELETE FROM hostctl.ca_pauses RETURNING ca");
}

/// By TLS one name has one answer at a time: they wait for each other, whichever of their names comes first.
fn one_name_in_several_certificates(lab: &Lab) {
    let names = [&["x", "y"][..], &["y", "x"], &["x"]];
    let certificates = ["x1", "x2", "x3"];
    for (certificate, names) in certificates.iter().zip(names) {
        let names: Vec<String> = names.iter().map(|name| format!("{name}.shop.example")).collect();
        let words = [
            "cert",
            "issue",
            "--challenge",
            "tls-alpn-01",
            "--name",
            certificate,
        ];
        let words = words.into_iter().chain(names.iter().map(String::as_str));
        lab.run(&words.collect::<Vec<_>>()).expect_code(0);
    }
    let ran = lab.run(&[&["cert", "renew", "--force", "-o", "json"], &certificates[..]].concat());
    ran.expect_code(0);
    let states: Vec<String> = ran
        .json()
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["state"].to_string())
        .collect();
    assert_eq!(states, ["\"renewed\""; 3], "{ran}");
}
