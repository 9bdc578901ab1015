//! The second half of the story: what was found is adopted or removed, and only what is named.

use std::collections::BTreeSet;

use hostctl::sandbox::Sandbox;

use super::standby::Standby;
use super::{Before, expected, items, marks, run, zone_accounts};
use crate::support::Lab;

/// Adopts and removes, one by one and all, and looks what came of it.
pub fn settles(lab: &Lab, standby: &Standby, edge: &Sandbox, before: &Before, open: &str) {
    let settle = |line: &str| {
        items(&run(
            lab,
            standby,
            &format!("op reconcile {line} --account acme -o json --yes"),
        ))
    };
    let unasked = run(
        lab,
        standby,
        "op reconcile --adopt database:edge/lost --account acme",
    );
    unasked.expect_code(2);
    let first = settle(
        "--adopt database:edge/lost --adopt zone:main/lost.test --remove database:edge/gone --remove zone:main/gone.test",
    );
    for line in [
        "database:edge/lost unknown adopted",
        "zone:main/lost.test unknown adopted",
        "database:edge/gone unknown removed",
        "zone:main/gone.test unknown removed",
        "database:edge/bait suspect left",
    ] {
        assert!(first.contains(line), "{line}: {first:?}");
    }
    // By use: hostctl works again, and on what was adopted as on anything else.
    run(lab, standby, "db passwd lost --cluster edge").expect_code(0);
    run(lab, standby, "dns record add lost.test www A 192.0.2.1").expect_code(0);
    let list = run(lab, standby, "db list -o json").json();
    let names: Vec<&str> = list
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["name"].as_str())
        .collect();
    assert_eq!(names, ["kept", "lost", "till"], "{list}");
    let zones = lab.wait(zone_accounts(lab));
    let names: Vec<&str> = zones.iter().filter_map(|zone| zone.split(' ').next()).collect();
    assert_eq!(names, ["lost.test", "sentinel.example"], "{zones:?}");

    // What is certainly ours may be meant by one word; what may be forged, and what is not there, has to be named.
    let second = settle("--adopt all");
    let Before {
        hidden,
        staging,
        owner,
    } = before;
    assert_eq!(
        second,
        expected([
            format!("operation:{open} earlier adopted"),
            format!("database:edge/{hidden} unknown adopted"),
            format!("database:edge/{staging} unknown left"),
            "database:edge/bait suspect left".to_owned(),
            "role:edge/half unknown left".to_owned(),
            format!("role:edge/{owner} unknown left"),
            "role:edge/till changed adopted".to_owned(),
            "zone:main/kept.test missing left".to_owned(),
        ])
    );
    let ended =
        lab.wait(standby.ask("SELECT target || ' ' || state FROM hostctl.operations WHERE target = 'open'"));
    assert_eq!(ended, ["open succeeded"]);
    let third = settle("--remove all");
    assert_eq!(
        third.iter().filter(|item| item.ends_with(" removed")).count(),
        3,
        "{third:?}"
    );
    let refused = run(
        lab,
        standby,
        "op reconcile --adopt database:edge/bait --account acme --yes",
    );
    refused.expect_code(4);
    let bait = async || {
        let marks = marks(edge).await;
        marks.into_iter().any(|[_, name, _]| name == "bait")
    };
    assert!(lab.wait(bait()), "what was not named lost its mark");
    settle("--remove database:edge/bait --remove zone:main/kept.test");
    assert!(!lab.wait(bait()), "the forged mark is still there");
    assert!(settle("--adopt all").is_empty());
    the_world_is_as_expected(lab, standby, edge);
}

fn the_world_is_as_expected(lab: &Lab, standby: &Standby, edge: &Sandbox) {
    // What was removed lies in the trash like anything else that is deleted.
    let purged = run(lab, standby, "op trash list -o json").json();
    let purged = purged.as_array().expect("rows").iter();
    let operations: BTreeSet<&str> = purged.filter_map(|row| row["operation"].as_str()).collect();
    assert_eq!(operations.len(), 1, "{operations:?}");
    for operation in operations {
        run(lab, standby, &format!("op trash purge {operation} --yes")).expect_code(0);
    }
    let marks = lab.wait(marks(edge));
    let plain: Vec<&String> = marks
        .iter()
        .map(|[_, name, _]| name)
        .filter(|name| !name.starts_with("hc_"))
        .collect();
    assert_eq!(
        plain,
        ["kept", "lost", "open", "till", "kept", "lost", "open", "till"]
    );
    assert_eq!(named(&marks, "hc_own_").len(), 4, "{marks:?}");
    assert_eq!(named(&marks, "hc_").len(), 4, "{marks:?}");
    let clean = run(lab, standby, "op reconcile --dry-run -o json");
    assert!(items(&clean).is_empty(), "{clean}");
    let kept = lab.wait(async {
        let client = edge.superuser("postgres").await.expect("a session");
        let sql = "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'kept'";
        client
            .query_one(sql, &[])
            .await
            .expect("a role")
            .get::<_, bool>(0)
    });
    assert!(kept, "what was brought back is still shut");
    let foreign = lab.wait(async {
        let client = edge.superuser("postgres").await.expect("a session");
        let sql = "SELECT count(*) FROM pg_database WHERE datname = 'bait'";
        client
            .query_one(sql, &[])
            .await
            .expect("a count")
            .get::<_, i64>(0)
    });
    assert_eq!(foreign, 1, "somebody else's database is gone");
}

fn named(marks: &[[String; 3]], begin: &str) -> Vec<String> {
    let names = marks.iter().map(|[_, name, _]| name.clone());
    names.filter(|name| name.starts_with(begin)).collect()
}
