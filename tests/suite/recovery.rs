//! What a person sees of recovery: what it would do, what it could not do, and what mends that.

use serde_json::Value;

use crate::support::Lab;

/// Runs a statement past the program.
fn by_hand(lab: &Lab, statement: &str) {
    lab.wait(async {
        let client = lab.sandbox().superuser("postgres").await.expect("a session");
        client.batch_execute(statement).await.expect(statement);
    });
}

#[test]
fn what_recovery_would_do_is_shown_and_what_it_cannot_do_comes_with_what_mends_it() {
    let lab = Lab::new();
    let before = lab.world();
    let create = lab
        .call(&["db", "create", "shop"])
        .crash("die:4:before_intent:do")
        .run();
    assert!(create.was_killed(), "{create}");
    let half = lab.world();
    let open = lab.run(&["op", "list", "--open", "-o", "json"]).json();
    let id = open[0]["id"].as_str().expect("an operation");

    let all = lab.run(&["op", "recover", "-n", "-o", "json"]);
    let one = lab.run(&["op", "recover", id, "-n", "-o", "json"]);
    let fenced = lab.run(&["op", "recover", id, "--fence", "-n", "-o", "json"]);
    for ran in [&all, &one, &fenced] {
        ran.expect_code(0);
        assert_eq!(ran.json(), all.json(), "{ran}");
    }
    let rows = all.json();
    let seen: Vec<String> = rows
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| format!("{} {} {}", row["step"], row["action"], row["before"]))
        .collect();
    assert_eq!(
        seen,
        [
            r#"4 "undo" "login""#,
            // What is inside goes with the database.
            r#"3 "undo" "nothing there""#,
            r#"2 "undo" "unpublished""#,
            r#"1 "undo" "no login""#,
        ]
    );
    half.expect_same(&lab.world(), "after looking");

    by_hand(&lab, "COMMENT ON DATABASE shop IS 'nightly backup'");
    // What has a lock of the same number in another database is nobody's holder.
    let stranger = lab.wait(lab.sandbox().superuser("postgres")).expect("a session");
    let key = lab.ask(&format!(
        "SELECT lock_key::text FROM hostctl.operations WHERE id = '{id}'"
    ));
    let lock = format!("SELECT pg_advisory_lock(1752134516, {})", key[0]);
    lab.wait(stranger.batch_execute(&lock)).expect("a lock");
    let recovery = lab.run(&["op", "recover", id, "--fence", "--yes"]);
    recovery.expect_code(9);
    lab.wait(stranger.simple_query("SELECT 1"))
        .expect("it is in still");
    assert!(
        recovery
            .stderr
            .contains("database shop on main has lost its mark")
            && !recovery.stderr.contains("own something")
            && recovery.stderr.matches("database:main/shop").count() == 1,
        "{recovery}"
    );
    // Whoever wants the name is told who holds it.
    lab.run(&["db", "create", "shop"]).expect_code(6);
    let show = lab.run(&["op", "show", id]);
    assert!(
        show.stderr.contains("note: to mend it: ALTER DATABASE")
            && show.stderr.contains(&format!("hostctl op retry {id}")),
        "{show}"
    );
    let show = lab.run(&["op", "show", id, "-o", "json"]).json();
    let steps = show["steps"].as_array().expect("steps");
    let left = |step: &&Value| step["state"] == "undo_stuck";
    for step in steps.iter().filter(left) {
        assert!(step["error"].is_string() && step["mend"].is_string(), "{step}");
    }
    let newest = steps.iter().rev().find(left).expect("a residue");
    by_hand(&lab, newest["mend"].as_str().expect("a statement"));
    lab.run(&["op", "retry", id]).expect_code(0);
    before.expect_same(&lab.world(), "mended and tried again");
    what_cannot_be_looked_at_is_given_up(&lab, id);
}

/// `id` was rolled back on a cluster that is no more.
fn what_cannot_be_looked_at_is_given_up(lab: &Lab, id: &str) {
    let is_due_since = |ago: &str| {
        lab.ask(&format!(
            "UPDATE hostctl.operations SET sweep_until = hostctl.now() - interval '{ago}'
                WHERE id = '{id}' AND state = 'rolled_back' RETURNING id::text"
        ))
    };
    // Nobody listens there.
    let recover = || lab.call(&["op", "recover"]).cluster_through(1).run();
    assert_eq!(is_due_since("20 hours"), [id]);
    for _ in 0..2 {
        recover().expect_code(9);
    }
    assert_eq!(is_due_since("2 days"), [id]);
    let last = recover();
    last.expect_code(9);
    assert!(last.stderr.contains("looked for the last time"), "{last}");
    recover().expect_code(0);
    let told = lab.ask(&format!(
        "SELECT outcome || ' ' || (details->>'sweep') FROM hostctl.audit_logs
            WHERE request_id = '{id}' AND details->>'sweep' IS NOT NULL"
    ));
    assert_eq!(told, ["failure given up"]);
}
