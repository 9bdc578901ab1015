//! A residue that nobody will mend is taken as it is, step by step.

use serde_json::Value;

use crate::support::Lab;

#[test]
fn a_stuck_step_is_accepted_as_it_is_and_its_name_is_free() {
    let lab = Lab::new();
    let create = lab
        .call(&["db", "create", "shop"])
        .crash("die:4:before_commit:do")
        .run();
    assert!(create.was_killed(), "{create}");
    lab.wait(async {
        let client = lab.sandbox().superuser("postgres").await.expect("a session");
        let mine = "COMMENT ON ROLE shop IS 'mine now'";
        client.batch_execute(mine).await.expect("a comment");
    });
    lab.run(&["op", "recover"]).expect_code(9);
    let id = lab
        .ask("SELECT id::text FROM hostctl.operations WHERE state = 'stuck'")
        .remove(0);
    let show = || lab.run(&["op", "show", &id, "-o", "json"]).json();
    let stuck: Vec<String> = show()["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .filter(|step| step["state"] == "undo_stuck")
        .map(|step| step["step"].to_string())
        .collect();
    assert!(!stuck.is_empty(), "{}", show());
    let accept = |step: &str, last: &str| lab.run(&["op", "accept", &id, "--step", step, "-o", "json", last]);
    accept("5", "--yes").expect_code(4);
    accept("9", "--yes").expect_code(3);
    accept(&stuck[0], "--no-input").expect_code(2);
    let before = show();
    accept(&stuck[0], "--dry-run").expect_code(0);
    assert_eq!(show(), before);

    let claims = "SELECT resource FROM hostctl.claims";
    for (number, step) in stuck.iter().enumerate() {
        assert_eq!(lab.ask(claims), ["database:main/shop"]);
        let accepted = accept(step, "--yes").expect_code(0).json();
        let is_last = number + 1 == stuck.len();
        assert_eq!(
            accepted["state"],
            if is_last { "abandoned" } else { "stuck" },
            "{accepted}"
        );
    }
    assert!(lab.ask(claims).is_empty(), "a claim without an open operation");
    accept(&stuck[0], "--yes").expect_code(4);
    lab.run(&["op", "recover"]).expect_code(0);
    let rows = lab
        .run(&["audit", "query", "--action", "op.accept", "-o", "json"])
        .json();
    let rows: Vec<&Value> = rows.as_array().expect("rows").iter().collect();
    assert_eq!(rows.len(), stuck.len(), "{rows:?}");
    assert!(rows[0].to_string().contains("database:main/shop"), "{}", rows[0]);
    let kept = lab.ask("SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = 'shop'");
    assert_eq!(kept, ["mine now"], "what was accepted is as it was");
}
