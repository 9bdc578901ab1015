//! What a person sees of operations, and of whose.

use hostctl::env::child::{Signal, send};
use hostctl::env::hangup;
use serde_json::{Value, json};

use crate::races::stopped_holder;
use crate::support::Lab;

/// The one operation that made a database.
fn made(lab: &Lab) -> String {
    let listed = lab.run(&["op", "list", "-o", "json"]);
    let listed = listed.expect_code(0).json();
    let mut operations = listed.as_array().expect("a list").iter();
    let made = operations.find(|operation| operation["kind"] == "db.create");
    made.expect("it is listed")["id"]
        .as_str()
        .expect("an identifier")
        .to_owned()
}

#[test]
fn one_who_acts_for_an_account_sees_and_ends_only_its_operations() {
    let lab = Lab::new();
    lab.run(&["account", "create", "acme"]).expect_code(0);
    lab.run(&["--account", "main", "db", "create", "shop"])
        .expect_code(0);
    let id = made(&lab);
    let before = lab.world();
    for verb in [
        &["show"][..],
        &["watch"],
        &["undo", "--yes"],
        &["recover"],
        &["retry"],
        &["abandon", "--yes"],
        &["accept", "--step", "1", "--yes"],
    ] {
        let call = [
            &["--account", "acme", "op", verb[0], id.as_str(), "-o", "json"],
            &verb[1..],
        ]
        .concat();
        let ran = lab.run(&call);
        let said: Value = serde_json::from_str(&ran.expect_code(3).stderr).expect("an error");
        assert_eq!(said["error"]["message"], json!(format!("no operation {id}")));
    }
    before.expect_same(&lab.world(), "what another account asked");
    lab.run(&["--account", "main", "op", "undo", &id, "--yes"])
        .expect_code(0);
}

#[test]
fn the_steps_of_an_operation_stand_in_one_table_and_its_id_in_each_line_of_the_log() {
    let lab = Lab::new();
    let ran = lab.run(&["-vv", "db", "create", "shop"]);
    let log: Vec<&str> = ran
        .expect_code(0)
        .stderr
        .lines()
        .filter(|line| line.contains(" step="))
        .collect();
    let id = made(&lab);
    assert!(!log.is_empty(), "{ran}");
    for line in log {
        assert!(line.contains(&id) && !line.contains("step=0"), "{line}");
    }
    let shown = lab.run(&["op", "show", &id]);
    let kinds = shown.expect_code(0).stdout.matches("database.roles").count();
    assert_eq!(kinds, 1, "{shown}");
    let steps = lab.run(&["op", "show", &id, "-o", "json"]);
    assert_eq!(steps.expect_code(0).json()["steps"][0]["kind"], "database.roles");
}

#[test]
fn the_end_of_the_terminal_takes_everything_back() {
    let lab = Lab::new();
    let before = lab.world();
    let sleeper = lab
        .call(&["db", "create", "shop"])
        .crash("stop:1:after_intent:do")
        .start();
    let hang_up = async {
        let (_, process) = stopped_holder(&lab).await;
        send(process, Signal::Hangup).expect("its terminal is gone");
        send(process, Signal::Continue).expect("it wakes up");
    };
    let (ran, ()) = lab.wait(async { tokio::join!(sleeper, hang_up) });
    if hangup::is_ignored() {
        // We were started by `nohup` or its like, and so was it: nothing happens to it.
        ran.expect_code(0);
        lab.run(&["db", "delete", "shop", "--purge", "--yes"])
            .expect_code(0);
    } else {
        ran.expect_code(130);
    }
    before.expect_same(&lab.world(), "after the hangup");
}
