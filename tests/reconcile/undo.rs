//! What a reconciliation did is an operation like any other, and can be undone.

use std::collections::BTreeSet;

use crate::items;
use crate::support::Lab;
use crate::support::nameserver::Make;

/// As after the restore of an old copy of the control database: nothing of what was done since is in it.
const FORGET: &[&str] = &[
    "DELETE FROM hostctl.hosting_accounts",
    "DELETE FROM hostctl.dns_records",
    "DELETE FROM hostctl.dns_zones",
    "DELETE FROM hostctl.domain_owners",
    "DELETE FROM hostctl.operation_secrets",
    "DELETE FROM hostctl.operation_steps",
    "DELETE FROM hostctl.operations",
];

fn reconcile(lab: &Lab, line: &str) -> BTreeSet<String> {
    let words = format!("op reconcile {line} --yes -o json");
    items(&lab.run(&words.split(' ').collect::<Vec<_>>()))
}

#[test]
fn an_adoption_is_undone_and_a_removal_too() {
    let lab = Lab::with_nameserver(Make::Knot, "");
    lab.run(&["db", "create", "shop"]).expect_code(0);
    lab.run(&["dns", "zone", "create", "shop.test"]).expect_code(0);
    for sql in FORGET {
        lab.ask(sql);
    }
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
