//! Two operators who do the same to the same operation: one does it, the other is told so.

use serde_json::Value;

use hostctl::env::child::{Signal, send};

use crate::races::stopped_holder;
use crate::support::{Lab, Ran};

/// Runs a line twice at once.
fn both(lab: &Lab, line: &[&str]) -> [Ran; 2] {
    lab.wait(async {
        let (first, second) = tokio::join!(lab.call(line).start(), lab.call(line).start());
        [first, second]
    })
}

/// The word that says why.
#[track_caller]
fn reason(ran: &Ran) -> String {
    let last = ran.stderr.lines().last().unwrap_or_default();
    let said: Value = serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {ran}"));
    said["error"]["reason"].as_str().expect("a reason").to_owned()
}

/// Both exit codes, and why the one that is not 0 is not.
#[track_caller]
fn endings(ran: &[Ran; 2]) -> (i32, i32, String) {
    let code = |ran: &Ran| ran.code.unwrap_or_else(|| panic!("killed: {ran}"));
    let (first, second) = (code(&ran[0]), code(&ran[1]));
    match ran.iter().find(|ran| ran.code != Some(0)) {
        Some(loser) => (first.min(second), first.max(second), reason(loser)),
        None => (0, 0, String::new()),
    }
}

/// The only operation of a kind that is not undone.
fn operation(lab: &Lab, kind: &str) -> String {
    let sql = format!(
        "SELECT id::text FROM hostctl.operations WHERE kind = '{kind}' AND undone_by IS NULL ORDER BY started_at DESC LIMIT 1"
    );
    lab.ask(&sql).concat()
}

/// A `db create` that died before its last step.
fn half_made(lab: &Lab) -> String {
    let died = lab
        .call(&["db", "create", "shop"])
        .crash("die:4:before_intent:do")
        .run();
    assert!(died.was_killed(), "{died}");
    operation(lab, "db.create")
}

#[test]
fn who_plans_to_undo_what_another_one_undoes_leaves_that_one_alone() {
    let lab = Lab::new();
    lab.run(&["db", "create", "shop"]).expect_code(0);
    let before = lab.world();
    lab.run(&["db", "delete", "shop", "--yes"]).expect_code(0);
    let id = operation(&lab, "db.delete");
    let undo = ["op", "undo", id.as_str(), "--yes", "-o", "json"];
    let dry = ["op", "undo", id.as_str(), "--dry-run", "-o", "json"];
    // Stopped with a session in the cluster that holds the lock of the deletion, and does nothing.
    let first = lab.call(&undo).crash("stop:3:effect_done:do").start();
    let others = async {
        let (undoing, process) = stopped_holder(&lab).await;
        for line in [&undo[..], &dry[..]] {
            let late = lab.call(line).start().await;
            let said: Value = serde_json::from_str(&late.expect_code(6).stderr).expect("an error");
            assert_eq!(said["error"]["reason"], "held", "{late}");
            assert_eq!(said["error"]["operation"], undoing, "{late}");
        }
        send(process, Signal::Continue).expect("it wakes up");
    };
    let (first, ()) = lab.wait(async { tokio::join!(first, others) });
    first.expect_code(0);
    before.expect_same(&lab.world(), "after the undoing");
}

#[test]
fn of_two_who_undo_the_same_deletion_one_does_and_the_other_is_told() {
    let lab = Lab::new();
    lab.run(&["db", "create", "shop"]).expect_code(0);
    let before = lab.world();
    for _ in 0..12 {
        lab.run(&["db", "delete", "shop", "--yes"]).expect_code(0);
        let id = operation(&lab, "db.delete");
        let ran = both(&lab, &["op", "undo", &id, "--yes", "-o", "json"]);
        let (best, worst, why) = endings(&ran);
        let is_told = matches!((worst, why.as_str()), (6, "held") | (4, "undone"));
        assert!(best == 0 && is_told, "{}\n{}", ran[0], ran[1]);
        before.expect_same(&lab.world(), "undone once");
    }
}

#[test]
fn of_two_who_recover_or_retry_the_same_operation_one_does_and_the_other_is_told() {
    let lab = Lab::new();
    let before = lab.world();
    for _ in 0..6 {
        let id = half_made(&lab);
        let ran = both(&lab, &["op", "recover", &id, "-o", "json"]);
        let (best, worst, why) = endings(&ran);
        let is_told = matches!((worst, why.as_str()), (0, "") | (6, "held"));
        assert!(best == 0 && is_told, "{}\n{}", ran[0], ran[1]);
        let seen = |ran: &&Ran| ran.code == Some(0);
        for ran in ran.iter().filter(seen) {
            assert_eq!(ran.json()["state"], "rolled_back", "{ran}");
        }
        before.expect_same(&lab.world(), "recovered once");
    }
    for _ in 0..4 {
        let id = half_made(&lab);
        let mark = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'shop'";
        let mark = lab.ask(mark).concat();
        by_hand(&lab, "nightly backup");
        lab.run(&["op", "recover", &id]).expect_code(9);
        by_hand(&lab, &mark);
        let ran = both(&lab, &["op", "retry", &id, "-o", "json"]);
        let (best, worst, why) = endings(&ran);
        let is_told = matches!((worst, why.as_str()), (4, "not_stuck") | (6, "held"));
        assert!(best == 0 && is_told, "{}\n{}", ran[0], ran[1]);
        before.expect_same(&lab.world(), "retried once");
    }
}

#[test]
fn of_two_who_restore_the_same_database_one_does_and_the_other_is_told() {
    let lab = Lab::new();
    lab.run(&["db", "create", "shop"]).expect_code(0);
    let archive = lab.path("shop.dump").display().to_string();
    lab.run(&["db", "backup", "shop", "--to", &archive])
        .expect_code(0);
    for _ in 0..4 {
        let ran = both(&lab, &["db", "restore", "shop", &archive, "--yes", "-o", "json"]);
        let (best, worst, why) = endings(&ran);
        let is_told = matches!((worst, why.as_str()), (0, "") | (6, "held"));
        assert!(best == 0 && is_told, "{}\n{}", ran[0], ran[1]);
    }
}

fn by_hand(lab: &Lab, comment: &str) {
    lab.wait(async {
        let client = lab.sandbox().superuser("postgres").await.expect("a session");
        let comment = format!("COMMENT ON DATABASE shop IS '{comment}'");
        client.batch_execute(&comment).await.expect("a comment");
    });
}
