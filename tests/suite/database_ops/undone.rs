//! Restores that are undone: what they had brought is kept.

use crate::database_ops::archives::{backup, file, restore};
use crate::database_ops::tenant::{does, enter, lab_with_shop};

#[test]
fn a_restore_is_undone_and_what_it_replaced_is_purged() {
    let lab = lab_with_shop();
    does(&lab, &enter(&lab), "CREATE TABLE item (id int)");
    let path = file(&lab, "shop.dump");
    backup(&lab, &path);
    // An archive stays where it is, and its row comes back.
    let before = lab.world();
    let undo = |kind: &str| {
        let newest = format!(
            "SELECT id::text FROM hostctl.operations WHERE kind = '{kind}' ORDER BY started_at DESC LIMIT 1"
        );
        let undone = lab.run(&["op", "undo", &lab.ask(&newest).concat(), "--yes"]);
        assert!(lab.path("shop.dump").exists(), "{}", undone.expect_code(0));
        lab.run(&["db", "backups", "shop", "-o", "json"])
            .json()
            .as_array()
            .map(Vec::len)
    };
    assert_eq!(undo("db.backup"), Some(0));
    assert_eq!(undo("op.undo"), Some(1));
    let difference = before.difference_in_kind(&lab.world());
    assert_eq!(difference, Vec::<String>::new());
    does(&lab, &enter(&lab), "CREATE TABLE later (id int)");
    let before = lab.world();
    let operation = restore(&lab, &path, &[]).expect_code(0).json()["operation"].clone();
    let operation = operation.as_str().expect("operation");
    let refused = lab.wait(enter(&lab).simple_query("SELECT FROM later"));
    assert!(refused.is_err(), "it is as in the archive");
    does(&lab, &enter(&lab), "CREATE TABLE written_since (id int)");
    let restored = lab.world();
    // Not what lies below another one.
    let second = restore(&lab, &path, &[]).expect_code(0).json()["operation"].clone();
    let refused = lab.run(&["op", "undo", operation, "--yes"]);
    refused.expect_code(4);
    let second = second.as_str().expect("operation");
    assert!(
        refused.stderr.contains(&format!("hostctl op undo {second}")),
        "{refused}"
    );
    lab.run(&["op", "undo", second, "--yes"]).expect_code(0);
    let kept = lab.run(&["op", "trash", "list", "-o", "json"]).json();
    let mut kept = kept
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["operation"].as_str());
    let brought = kept.find(|kept| *kept != operation);
    lab.run(&[
        "op",
        "trash",
        "purge",
        brought.expect("what it had brought"),
        "--yes",
    ])
    .expect_code(0);
    lab.run(&["op", "undo", operation, "--yes"]).expect_code(0);
    does(&lab, &enter(&lab), "SELECT FROM later");
    // What was written since is kept, and comes back when that is undone in turn.
    let trash = || {
        let listed = lab.run(&["op", "trash", "list", "-o", "json"]);
        let listed = listed.expect_code(0).json();
        let rows = listed.as_array().expect("rows").clone();
        rows.iter()
            .map(|row| row["operation"].as_str().expect("operation").to_owned())
            .collect::<Vec<_>>()
    };
    let [undoing] = &trash()[..] else {
        panic!("one thing is kept: {:?}", trash());
    };
    assert_ne!(undoing, operation);
    lab.run(&["op", "undo", undoing, "--yes"]).expect_code(0);
    does(&lab, &enter(&lab), "SELECT FROM written_since");
    restored.expect_same(&lab.world(), "an undo that was undone");
    let back = lab.ask(
        "SELECT id::text FROM hostctl.operations WHERE kind = 'op.undo' ORDER BY started_at DESC LIMIT 1",
    );
    lab.run(&["op", "undo", &back[0], "--yes"]).expect_code(0);
    does(&lab, &enter(&lab), "SELECT FROM later");
    lab.run(&["op", "trash", "purge", &trash()[0], "--yes"])
        .expect_code(0);
    before.expect_same(
        &lab.world(),
        "a restore that was undone, and the end of what it had brought",
    );

    restore(&lab, &path, &[]).expect_code(0);
    let listed = lab
        .run(&["op", "trash", "list", "-o", "json"])
        .expect_code(0)
        .json();
    assert_eq!(listed[0]["kind"], "replaced database");
    let operation = listed[0]["operation"].as_str().expect("operation").to_owned();
    lab.run(&["op", "trash", "purge", &operation, "--yes"])
        .expect_code(0);
    let kept = lab.ask("SELECT datname::text FROM pg_database WHERE datname LIKE 'hc\\_trash%'");
    assert_eq!(kept, Vec::<String>::new());
    enter(&lab);
}

#[test]
fn an_undo_that_somebody_stands_in_the_way_of_leaves_the_login_open() {
    let lab = lab_with_shop();
    let path = file(&lab, "shop.dump");
    backup(&lab, &path);
    let restored = restore(&lab, &path, &[]).expect_code(0).json()["operation"].clone();
    let undo = ["op", "undo", restored.as_str().expect("operation"), "--yes"];
    let before = lab.world();
    let operator = lab.wait(lab.sandbox().superuser("shop")).expect("a session");
    lab.run(&undo).expect_code(6);
    does(&lab, &enter(&lab), "SELECT 1");
    drop(operator);
    before.expect_same(&lab.world(), "an undo that was refused");
    lab.run(&undo).expect_code(0);
    does(&lab, &enter(&lab), "SELECT 1");
}
