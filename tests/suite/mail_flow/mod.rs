//! Mail that flows: a real Postfix, Dovecot and OpenDKIM, with the configuration that the program prints.

mod dovecot;
mod servers;
mod undo;
mod verbs;

use serde_json::{Value, json};
use servers::Flow;

const INFO: &str = "correct horse battery";
const SALES: &str = "staple another horse";

/// A domain in a zone of ours, with two boxes.
fn shop() -> Flow {
    let flow = Flow::new();
    flow.lab
        .run(&["dns", "zone", "create", "shop.example"])
        .expect_code(0);
    flow.lab
        .run(&["mail", "domain", "create", "shop.example"])
        .expect_code(0);
    flow.make_box("info@shop.example", INFO, &[]);
    flow.make_box("sales@shop.example", SALES, &[]);
    flow
}

fn code(answer: &Value) -> (String, i64) {
    let step = answer["step"].as_str().unwrap_or_default().to_owned();
    (step, answer["code"].as_i64().unwrap_or_default())
}

#[track_caller]
fn expect(answer: &Value, step: &str, wanted: i64) {
    assert_eq!(code(answer), (step.to_owned(), wanted), "{answer}");
}

#[test]
fn mail_goes_by_alias_and_catch_all_to_the_boxes_it_is_meant_for() {
    let flow = shop();
    expect(&flow.send("info@shop.example", "straight"), "data", 250);
    flow.await_message("info@shop.example", INFO, "straight");
    expect(&flow.send("nobody@shop.example", "lost"), "rcpt", 550);
    expect(&flow.send("info@elsewhere.example", "relay"), "rcpt", 554);

    let run = |words: &[&str]| flow.lab.run(words).expect_code(0).clone();
    run(&[
        "mail",
        "alias",
        "create",
        "team@shop.example",
        "info@shop.example",
        "sales@shop.example",
    ]);
    expect(&flow.send("team@shop.example", "to both"), "data", 250);
    flow.await_message("info@shop.example", INFO, "to both");
    flow.await_message("sales@shop.example", SALES, "to both");

    run(&["mail", "alias", "create", "@shop.example", "sales@shop.example"]);
    expect(&flow.send("whoever@shop.example", "to anybody"), "data", 250);
    flow.await_message("sales@shop.example", SALES, "to anybody");
    expect(&flow.send("info@shop.example", "not swallowed"), "data", 250);
    flow.await_message("info@shop.example", INFO, "not swallowed");
    let sales = flow.read("sales@shop.example", SALES).to_string();
    assert!(!sales.contains("not swallowed"), "{sales}");
}

#[test]
fn what_is_suspended_is_put_off_and_a_full_box_is_refused() {
    let mut flow = shop();
    flow.write_keys();
    flow.start_opendkim();
    let run = |words: &[&str]| flow.lab.run(words).expect_code(0).clone();
    let logs_in = || flow.read("info@shop.example", INFO)["logged_in"].clone();
    assert_eq!(logs_in(), true);
    run(&[
        "mail",
        "alias",
        "create",
        "team@shop.example",
        "info@shop.example",
    ]);
    for noun in [["box", "info@shop.example"], ["domain", "shop.example"]] {
        run(&["mail", noun[0], "suspend", noun[1]]);
        flow.forget_log_in("info@shop.example");
        assert_eq!(logs_in(), false, "{noun:?}");
        expect(&flow.send("info@shop.example", "while suspended"), "rcpt", 450);
        expect(
            &submit(&flow, "info@shop.example", "info@shop.example", "x"),
            "auth",
            535,
        );
        if noun[0] == "box" {
            // Found out only behind the alias: it waits in the queue.
            expect(&flow.send("team@shop.example", "behind an alias"), "data", 250);
        }
        run(&["mail", noun[0], "resume", noun[1]]);
        assert_eq!(logs_in(), true, "{noun:?}");
    }
    flow.await_message("info@shop.example", INFO, "behind an alias");

    let set_quota = |quota: &str| {
        run(&["mail", "box", "set", "info@shop.example", "--quota", quota]);
        flow.forget_log_in("info@shop.example");
    };
    set_quota("20K");
    let filler = "filler ".repeat(1_200);
    expect(&flow.send("info@shop.example", &wrapped(&filler)), "data", 250);
    flow.await_message("info@shop.example", INFO, "filler");
    expect(&flow.send("info@shop.example", &wrapped(&filler)), "rcpt", 552);
    set_quota("unlimited");
    expect(&flow.send("info@shop.example", &wrapped(&filler)), "data", 250);
}

/// In lines as mail has them.
fn wrapped(text: &str) -> String {
    let bytes = text.as_bytes().chunks(70);
    let lines: Vec<String> = bytes
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    format!("long\r\n\r\n{}", lines.join("\r\n"))
}

/// `info` hands in a message for `sales`.
fn submit(flow: &Flow, envelope: &str, header: &str, subject: &str) -> Value {
    flow.client(&json!({
        "do": "send", "port": flow.submission, "user": "info@shop.example", "password": INFO, "from": envelope,
        "to": "sales@shop.example",
        "message": format!("From: <{header}>\r\nTo: sales@shop.example\r\nSubject: {subject}\r\n\
            Date: Sat, 21 Nov 2026 06:00:00 +0000\r\nMessage-ID: <{subject}@shop.example>\r\n\r\nhello\r\n"),
    }))
}

/// What an independent program thinks of the signatures, by the keys that the name server answers with.
fn signatures(flow: &Flow, message: &str) -> Vec<Value> {
    let dns = flow.lab.sandbox().addresses(hostctl::sandbox::Name::Powerdns);
    let port = dns.expect("PowerDNS")[0].port();
    let verified = flow.client(&json!({ "do": "verify", "message": message, "dns": port }));
    verified["signatures"].as_array().expect("a list").clone()
}

/// Submits a message and gives its signatures once it has come.
fn signed(flow: &Flow, subject: &str) -> Vec<Value> {
    let answer = submit(flow, "info@shop.example", "info@shop.example", subject);
    expect(&answer, "data", 250);
    let message = flow.await_message("sales@shop.example", SALES, subject);
    signatures(flow, &message)
}

#[test]
fn what_a_user_sends_is_signed_and_nobody_sends_as_another() {
    let mut flow = shop();
    let run = |flow: &Flow, words: &[&str]| flow.lab.run(words).expect_code(0).json();
    let rotate = ["mail", "dkim", "rotate", "shop.example", "-o", "json"];
    flow.lab
        .run(&["mail", "domain", "create", "other.example"])
        .expect_code(0);
    flow.make_box("boss@other.example", "some other password", &[]);
    let first = run(&flow, &rotate);
    assert_eq!(first["state"], "active");
    assert_eq!(flow.write_keys()["keys"], 2);
    flow.start_opendkim();

    let found = signed(&flow, "first");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (&found[0]["valid"], &found[0]["selector"]),
        (&json!(true), &first["selector"])
    );

    // Neither on the envelope nor, with a signature, in the letter.
    let spoofed = submit(&flow, "boss@other.example", "boss@other.example", "spoofed");
    assert_eq!(code(&spoofed).1, 553, "{spoofed}");
    let sales = submit(&flow, "sales@shop.example", "sales@shop.example", "colleague");
    assert_eq!(code(&sales).1, 553, "{sales}");
    expect(
        &submit(&flow, "info@shop.example", "boss@other.example", "forged"),
        "data",
        250,
    );
    let forged = flow.await_message("sales@shop.example", SALES, "forged");
    assert_eq!(signatures(&flow, &forged), Vec::<Value>::new());
    flow.lab
        .run(&[
            "mail",
            "alias",
            "create",
            "news@shop.example",
            "info@shop.example",
        ])
        .expect_code(0);
    expect(
        &submit(&flow, "news@shop.example", "news@shop.example", "as-alias"),
        "data",
        250,
    );

    // Exchanged: the new key signs, what the old one signed is still good.
    let old = flow.await_message("sales@shop.example", SALES, "first");
    let second = run(&flow, &rotate);
    assert_ne!(second["selector"], first["selector"]);
    assert_eq!(
        flow.write_keys(),
        json!({
            "directory": flow.keys(), "keys": 2, "state": "changed"
        })
    );
    assert_eq!(flow.write_keys()["state"], "unchanged");
    flow.restart_opendkim();
    let found = signed(&flow, "second");
    assert!(
        found.iter().all(|signature| signature["valid"] == true),
        "{found:?}"
    );
    assert_eq!(found[0]["selector"], second["selector"]);
    assert_eq!(signatures(&flow, &old)[0]["valid"], true);

    let [first, second] = [first, second].map(|key| key["selector"].as_str().expect("a selector").to_owned());
    old_key_leaves(&flow, &first, &second, &old);
}

fn shown(flow: &Flow) -> Vec<Value> {
    let shown = flow
        .lab
        .run(&["mail", "dkim", "show", "shop.example", "-o", "json"]);
    shown.expect_code(0).json().as_array().expect("keys").clone()
}

/// Of the message `old`, which it has signed, nobody can tell any more.
fn old_key_leaves(flow: &Flow, first: &str, second: &str, old: &str) {
    // A week later the old one leaves DNS, by tick.
    flow.execute("UPDATE hostctl.email_dkim_keys SET retire_at = hostctl.now() WHERE state = 'retired'");
    flow.lab.run(&["tick"]).expect_code(0);
    assert_eq!(signatures(flow, old)[0]["valid"], false);
    let states: Vec<Value> = shown(flow).iter().map(|key| key["state"].clone()).collect();
    assert_eq!(states, ["active"]);
    let checked = flow.lab.run(&["keyring", "check", "-o", "json"]);
    assert!(
        checked
            .expect_code(0)
            .json()
            .as_array()
            .is_some_and(|rows| rows.iter().all(|row| row["secrets"] == row["opened"]))
    );

    // Mail signed with it is under way: an exchange is followed by another one, not undone. A key that has left DNS comes back.
    let undo = |kind: &str| {
        let newest = format!(
            "SELECT id::text FROM hostctl.operations WHERE kind = '{kind}' ORDER BY started_at DESC LIMIT 1"
        );
        let id = flow.lab.ask(&newest).concat();
        flow.lab.run(&["op", "undo", &id, "--yes"])
    };
    let refused = undo("mail.dkim.rotate");
    assert!(
        refused.expect_code(4).stderr.contains("forward only"),
        "{refused}"
    );
    undo("mail.dkim.retire").expect_code(0);
    assert_eq!(signatures(flow, old)[0]["valid"], true);

    // It stays, until a person says otherwise, and that is told.
    flow.execute("UPDATE hostctl.schedule SET next_at = hostctl.now()");
    flow.lab.run(&["tick"]).expect_code(0);
    assert_eq!(signatures(flow, old)[0]["valid"], true);
    let kept = shown(flow).into_iter().find(|key| key["selector"] == first);
    let kept = kept.expect("the key");
    assert_eq!(
        (&kept["state"], &kept["retire_at"]),
        (&json!("kept"), &Value::Null)
    );
    let retire = |selector: &str| {
        flow.lab
            .run(&["mail", "dkim", "retire", "shop.example", selector, "--yes"])
    };
    let signs = retire(second);
    assert!(signs.expect_code(4).stderr.contains("signs"), "{signs}");
    retire(first).expect_code(0);
    assert_eq!(signatures(flow, old)[0]["valid"], false);
    retire(first).expect_code(3);
    // An undoing is undone as well.
    undo("mail.dkim.retire").expect_code(0);
    undo("op.undo").expect_code(0);
    assert_eq!(signatures(flow, old)[0]["valid"], false);
}
