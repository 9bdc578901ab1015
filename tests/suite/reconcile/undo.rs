//! What a reconciliation did is an operation like any other, and can be undone.

use std::collections::BTreeSet;

use super::items;
use crate::support::Lab;
use crate::support::nameserver::Make;

/// As after the restore of an old copy of the control database: nothing of what was done since is in it.
const FORGET: &[&str] = &[
    "DELETE FROM hostctl.hosting_accounts",
    "DELETE FROM hostctl.dns_records",
    "DELETE FROM hostctl.dns_zones",
    "DELETE FROM hostctl.domain_owners",
    "DELETE FROM hostctl.claims",
    "DELETE FROM hostctl.operation_secrets",
    "DELETE FROM hostctl.operation_steps",
    "DELETE FROM hostctl.operations",
];

fn reconcile(lab: &Lab, line: &str) -> BTreeSet<String> {
    let words = format!("op reconcile {line} --yes -o json");
    items(&lab.run(&words.split(' ').collect::<Vec<_>>()))
}

/// A database and a zone of which the journal knows nothing any more.
fn forgetful() -> Lab {
    let lab = Lab::with_nameserver(Make::Knot, "");
    lab.run(&["db", "create", "shop"]).expect_code(0);
    lab.run(&["dns", "zone", "create", "shop.test"]).expect_code(0);
    for sql in FORGET {
        lab.ask(sql);
    }
    lab
}

#[test]
fn a_reconciliation_that_dies_is_all_or_nothing_and_another_one_goes_on() {
    let lab = forgetful();
    lab.ask("UPDATE hostctl.incarnations SET incarnation = 'the one before'");
    let lost = lab.world();
    for choice in ["--adopt", "--remove"] {
        for (step, point) in (0..5).zip(
            ["after_intent", "effect_done", "after_commit"]
                .into_iter()
                .cycle(),
        ) {
            let words = ["op", "reconcile", choice, "all", "--yes"];
            let ran = lab.call(&words).crash(&format!("die:{step}:{point}:do")).run();
            assert!(ran.was_killed(), "{choice} {step} {point}: {ran}");
            // All of it is taken back, and so the life is not registered.
            lab.run(&["op", "recover"]).expect_code(4);
            lost.expect_same(&lab.world(), &format!("{choice} {step} {point}"));
        }
    }
    let half = lab.call(&["op", "reconcile", "--adopt", "all", "--yes"]);
    assert!(half.crash("die:2:effect_done:do").run().was_killed());
    assert_eq!(reconcile(&lab, "--adopt all").len(), 3);
    lab.run(&["op", "recover"]).expect_code(0);
    lab.run(&["db", "show", "shop"]).expect_code(0);
}

#[test]
fn what_is_left_over_is_dropped_for_good_however_often_that_dies() {
    let lab = Lab::new();
    let clean = lab.world();
    let mut step = 0;
    loop {
        let half = lab
            .call(&["db", "create", "half"])
            .crash("die:2:before_intent:do")
            .run();
        assert!(half.was_killed(), "{half}");
        for sql in FORGET {
            lab.ask(sql);
        }
        let remove = lab.call(&["op", "reconcile", "--remove", "all", "--yes"]);
        let ran = remove.crash(&format!("die:{step}:effect_done:do")).run();
        if !ran.was_killed() {
            ran.expect_code(0);
            break;
        }
        // Past the first one there is no way back.
        lab.run(&["op", "recover"]).expect_code(0);
        clean.expect_same(&lab.world(), &format!("died at step {step}"));
        step += 1;
    }
    assert_eq!(step, 3, "a database and two roles");
    clean.expect_same(&lab.world(), "what was left over is gone");
}

#[test]
fn an_adoption_is_undone_and_a_removal_too() {
    let lab = forgetful();
    let lost = lab.world();
    let all = [
        "database:main/shop unknown",
        "zone:edge/shop.test unknown",
        "change:edge/shop.test changed",
    ];
    let listed = |actions: [&str; 3]| -> BTreeSet<String> {
        let rows = all.iter().zip(actions);
        rows.map(|(item, action)| format!("{item} {action}")).collect()
    };
    let adopted = reconcile(&lab, "--adopt all");
    assert_eq!(adopted, listed(["adopted", "adopted", "left"]));
    lab.run(&["db", "show", "shop"]).expect_code(0);
    lab.run(&["dns", "zone", "show", "shop.test"]).expect_code(0);
    let undone = |number: &str| {
        let sql = format!(
            "SELECT id::text FROM hostctl.operations WHERE kind = 'op.reconcile' ORDER BY started_at OFFSET {number} LIMIT 1"
        );
        let id = lab.ask(&sql).remove(0);
        lab.run(&["op", "undo", &id, "--yes"])
    };
    undone("0").expect_code(0);
    lost.expect_same(&lab.world(), "an adoption that was undone");

    let removed = reconcile(&lab, "--remove all");
    assert_eq!(removed, listed(["removed", "removed", "left"]));
    let names = lab.ask("SELECT datname::text FROM pg_database WHERE datname = 'shop'");
    assert!(names.is_empty(), "it is still there");
    assert!(
        lab.wait(lab.edge().dig(&["+short", "shop.test", "SOA"]))
            .is_empty()
    );
    undone("1").expect_code(0);
    lost.expect_same(&lab.world(), "a removal that was undone");
}
