//! `--dry-run` beside an operation of somebody else on the same thing.

use hostctl::env::child::{Signal, send};
use serde_json::{Value, json};

use crate::races::stopped_holder;
use crate::support::{Lab, Ran};

fn rows(ran: &Ran) -> Vec<Value> {
    ran.json().as_array().expect("rows").clone()
}

/// The row of an operation that is ended first.
fn ended(id: &str, what: &str) -> Value {
    json!({ "step": 0, "action": "recover", "resource": what, "before": "running", "after": "ended",
        "undo": "forward_only", "operation": id })
}

#[test]
fn a_plan_beside_what_a_dead_process_left_names_it() {
    let lab = Lab::new();
    let plan = |line: &str| {
        let words: Vec<&str> = line.split(' ').chain(["--dry-run", "-o", "json"]).collect();
        lab.run(&words)
    };
    let undisturbed = rows(plan("db create shop").expect_code(0));
    assert!(undisturbed.iter().all(|row| row["operation"].is_null()));
    let died = |line: &str, crash: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let died = lab.call(&words).crash(crash).run();
        assert!(died.was_killed(), "{died}");
        lab.ask("SELECT id::text FROM hostctl.operations WHERE state = 'running'")
            .concat()
    };

    // What is half made keeps anything from being planned: the verb itself would end it first, and go on.
    let id = died("db create shop", "die:4:before_intent:do");
    let half = lab.world();
    let ran = plan("db create shop");
    assert_eq!(rows(ran.expect_code(0)), [ended(&id, "db create shop")], "{ran}");
    let hint = format!("hostctl op recover {id} --dry-run");
    assert!(
        ran.stderr.contains("nothing can be planned before that") && ran.stderr.contains(&hint),
        "{ran}"
    );
    half.expect_same(&lab.world(), "after looking");
    lab.run(&["db", "create", "shop"]).expect_code(0);

    // A plan that can be made is of what is there now.
    let set = "db set shop --connections 7";
    let expected = rows(plan("db set shop --connections 9").expect_code(0));
    let id = died(set, "die:0:before_intent:do");
    let ran = plan("db set shop --connections 9");
    let seen = rows(ran.expect_code(0));
    assert_eq!(seen[0], ended(&id, "db set shop"), "{ran}");
    assert_eq!(seen[1..], expected, "{ran}");
    assert!(
        ran.stderr.contains(&format!(
            "db set shop ({id}) was left half done and is ended first"
        )) && ran.stderr.contains("planned for what is there now"),
        "{ran}"
    );
    let table = lab.run(&["db", "set", "shop", "--connections", "9", "--dry-run"]);
    assert!(
        table.expect_code(0).stdout.contains("recover"),
        "a row for people, too: {table}"
    );
    lab.run(&["op", "recover"]).expect_code(0);
    assert_eq!(
        rows(&plan("db set shop --connections 9")),
        expected,
        "when it is ended"
    );
}

#[test]
fn a_plan_beside_one_who_is_at_work_ends_as_the_verb_would() {
    let lab = Lab::new();
    let sleeper = lab
        .call(&["db", "create", "shop"])
        .crash("stop:1:after_intent:do")
        .start();
    let look = async {
        let (id, process) = stopped_holder(&lab).await;
        let verb = ["db", "create", "shop", "-o", "json"];
        for line in [&verb[..], &[&verb[..], &["--dry-run"]].concat()] {
            let ran = lab.call(line).start().await;
            let said: Value = serde_json::from_str(&ran.expect_code(6).stderr).expect("an error");
            assert_eq!(said["error"]["reason"], "held", "{ran}");
            assert_eq!(said["error"]["operation"], id, "{ran}");
        }
        send(process, Signal::Continue).expect("it wakes up");
    };
    let (ran, ()) = lab.wait(async { tokio::join!(sleeper, look) });
    ran.expect_code(0);
}
