//! An account goes with everything it owns, and comes back.

use serde_json::json;

use crate::accounts::{json_call, newest, refused, undo};
use crate::support::Lab;

/// An account with something of each kind, two databases among them, and a record in a zone that is not its own.
fn fill(lab: &Lab) {
    for line in [
        "package create small --databases 2",
        "account create acme --package small",
        "site create shop.example --account acme --db shop --mail info --dns",
        "db create second --account acme",
        "mail domain create other.example --account acme",
        "mail alias create sales@other.example info@shop.example",
        "dns zone create third.example --account acme",
    ] {
        json_call(lab, line).expect_code(0);
    }
}

#[test]
fn an_account_goes_with_everything_it_owns() {
    let lab = Lab::with_dns();
    let before = lab.world();
    fill(&lab);
    let full = lab.world();
    let plan = json_call(&lab, "account delete acme --purge -n");
    let plan = plan.expect_code(0).json();
    let actions: Vec<&str> = plan
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| step["undo"].as_str().expect("word"))
        .collect();
    let pivot = actions
        .iter()
        .position(|undo| *undo == "forward_only")
        .expect("a pivot");
    assert!(
        actions[pivot..].iter().all(|undo| *undo == "forward_only"),
        "{actions:?}"
    );
    full.expect_same(&lab.world(), "after looking");
    let failed = lab
        .call(&["account", "delete", "acme", "--purge", "--yes"])
        .crash(&format!("fail:{pivot}:before_intent:do"))
        .run();
    failed.expect_code(8);
    full.expect_same(&lab.world(), "after a failure before the pivot");
    lab.call(&["account", "delete", "acme", "--purge", "--yes"])
        .crash(&format!("die:{pivot}:effect_done:do"))
        .run();
    lab.run(&["op", "recover"]).expect_code(0);
    json_call(&lab, "package delete small --yes").expect_code(0);
    before.expect_same(&lab.world(), "after recovery past the pivot");
}

#[test]
fn a_deleted_account_comes_back_with_everything_it_owned() {
    let lab = Lab::with_dns();
    let empty = lab.world();
    fill(&lab);
    let full = lab.world();
    json_call(&lab, "account delete acme --yes").expect_code(0);
    let owned = [
        "db list",
        "mail domain list",
        "mail alias list",
        "dns zone list",
        "site list",
    ];
    for line in owned {
        assert_eq!(json_call(&lab, line).expect_code(0).json(), json!([]), "{line}");
    }
    let accounts = json_call(&lab, "account list");
    assert!(!accounts.expect_code(0).stdout.contains("acme"), "{accounts}");
    let hidden = "SELECT count(*)::text FROM pg_database WHERE datname ~ '^hc_trash_'";
    assert_eq!(lab.ask(hidden), ["2"]);
    undo(&lab, "account.delete");
    full.expect_same(&lab.world(), "the account is back");
    undo(&lab, "op.undo");
    undo(&lab, "op.undo");
    full.expect_same(&lab.world(), "and once more");

    json_call(&lab, "account delete acme --yes").expect_code(0);
    let purge = format!("op trash purge {} --yes", newest(&lab, "account.delete"));
    json_call(&lab, &purge).expect_code(0);
    json_call(&lab, "package delete small --yes").expect_code(0);
    empty.expect_same(&lab.world(), "what was purged is gone");
}

#[test]
fn a_name_or_a_package_that_is_gone_keeps_an_account_from_coming_back() {
    let lab = Lab::new();
    for line in [
        "package create small --databases 2",
        "account create acme --package small",
        "account delete acme --yes",
        "account create acme",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    let line = format!("op undo {} --yes", newest(&lab, "account.delete"));
    let before = lab.world();
    let taken = json_call(&lab, &line);
    assert_eq!(refused(&taken, 4), "changed", "{taken}");
    assert!(taken.stderr.contains("account acme exists already"), "{taken}");
    before.expect_same(&lab.world(), "a refused undo");

    json_call(&lab, "account delete acme --purge --yes").expect_code(0);
    json_call(&lab, "package delete small --yes").expect_code(0);
    let unpackaged = json_call(&lab, &line);
    assert_eq!(refused(&unpackaged, 4), "changed", "{unpackaged}");
    assert!(unpackaged.stderr.contains("package small"), "{unpackaged}");
    json_call(&lab, "package create small").expect_code(0);
    json_call(&lab, &line).expect_code(0);
    let shown = json_call(&lab, "account show acme");
    assert_eq!(shown.expect_code(0).json()["package"], json!("small"), "{shown}");
}
