//! Packages and their limits.

use futures_util::future::join_all;
use serde_json::json;

use crate::accounts::{json_call, refused};
use crate::support::Lab;

#[test]
fn of_many_who_want_the_last_box_one_gets_it() {
    let lab = Lab::new();
    for line in [
        "package create small --boxes 1 --domains 1 --databases 1 --quota 1G",
        "account create acme --package small",
        "mail domain create shop.example --account acme",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    let before = lab.world();
    for crowd in [2, 8] {
        let names: Vec<String> = (0..crowd)
            .map(|number| format!("box{number}@shop.example"))
            .collect();
        let lines: Vec<Vec<&str>> = names
            .iter()
            .map(|name| vec!["mail", "box", "create", name, "--quota", "1M", "-o", "json"])
            .collect();
        let ran = lab.wait(join_all(lines.iter().map(|line| lab.call(line).start())));
        let winners: Vec<usize> = (0..crowd).filter(|index| ran[*index].code == Some(0)).collect();
        assert_eq!(winners.len(), 1, "{ran:?}");
        for ran in ran.iter().filter(|ran| ran.code != Some(0)) {
            assert_eq!(refused(ran, 7), "limit", "{ran}");
        }
        let winner = &names[winners[0]];
        lab.run(&["mail", "box", "delete", winner, "--purge", "--yes"])
            .expect_code(0);
        before.expect_same(&lab.world(), "after the crowd");
    }
    // The sum of the quotas, and a box that has none.
    for quota in ["2G", "unlimited"] {
        let line = format!("mail box create info@shop.example --quota {quota}");
        assert_eq!(refused(&json_call(&lab, &line), 7), "limit");
    }
    before.expect_same(&lab.world(), "after refusals");
}

#[test]
fn racing_databases_are_rolled_back_beyond_the_limit() {
    let lab = Lab::new();
    json_call(&lab, "package create small --databases 2").expect_code(0);
    json_call(&lab, "account set main --package small").expect_code(0);
    let before = lab.world();
    let names: Vec<String> = (0..6).map(|number| format!("shop{number}")).collect();
    let lines: Vec<Vec<&str>> = names
        .iter()
        .map(|name| vec!["db", "create", name, "-o", "json"])
        .collect();
    let ran = lab.wait(join_all(lines.iter().map(|line| lab.call(line).start())));
    assert_eq!(ran.iter().filter(|ran| ran.code == Some(0)).count(), 2, "{ran:?}");
    for ran in ran.iter().filter(|ran| ran.code != Some(0)) {
        assert_eq!(refused(ran, 7), "limit", "{ran}");
    }
    let site = json_call(&lab, "site create shop.example --db more");
    assert_eq!(refused(&site, 7), "limit");
    for (name, ran) in names.iter().zip(&ran) {
        if ran.code == Some(0) {
            lab.run(&["db", "delete", name, "--purge", "--yes"])
                .expect_code(0);
        }
    }
    before.expect_same(&lab.world(), "after the crowd");
}

#[test]
fn a_package_that_is_too_small_is_refused_unless_forced() {
    let lab = Lab::new();
    for line in [
        "package create none --databases 0 --domains 0",
        "package create big --databases 10 --database-size 1G",
        "account create acme --package big",
        "db create shop --account acme",
        "mail domain create shop.example --account acme",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    let before = lab.world();
    let set = json_call(&lab, "account set acme --package none");
    assert_eq!(refused(&set, 7), "limit");
    assert!(
        set.stderr
            .contains("1 database of at most 0, 1 mail domain of at most 0"),
        "{set}"
    );
    assert_eq!(
        refused(&json_call(&lab, "package set big --databases 0"), 7),
        "limit"
    );
    assert_eq!(refused(&json_call(&lab, "package delete big --yes"), 4), "in_use");
    before.expect_same(&lab.world(), "after refusals");

    let shown = json_call(&lab, "account show acme");
    let shown = shown.expect_code(0).json();
    assert_eq!(
        (&shown["databases"], &shown["databases_limit"]),
        (&json!(1), &json!(10))
    );
    assert_eq!(
        (&shown["boxes"], &shown["boxes_limit"]),
        (&json!(0), &json!(null))
    );
    assert!(
        shown["database_size_bytes"].as_i64().is_some_and(|size| size > 0),
        "{shown}"
    );
    json_call(&lab, "account set acme --package none --force").expect_code(0);
    assert_eq!(
        refused(&json_call(&lab, "db create more --account acme"), 7),
        "limit"
    );
    json_call(&lab, "account set acme --no-package").expect_code(0);
    json_call(&lab, "db create more --account acme").expect_code(0);
}

#[test]
fn aliases_and_larger_quotas_count_too() {
    let lab = Lab::new();
    for line in [
        "package create small --aliases 1 --quota 10M",
        "account create acme --package small",
        "mail domain create shop.example --account acme",
        "mail box create info@shop.example --quota 6M",
        "mail box create sales@shop.example --quota 4M",
        "mail alias create hello@shop.example info@shop.example",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    let before = lab.world();
    for line in [
        "mail alias create bye@shop.example info@shop.example",
        "mail box set info@shop.example --quota 7M",
        "mail box set info@shop.example --quota unlimited",
    ] {
        assert_eq!(refused(&json_call(&lab, line), 7), "limit", "{line}");
    }
    before.expect_same(&lab.world(), "after refusals");
    for line in [
        "mail box set info@shop.example --quota 3M",
        "mail box set sales@shop.example --quota 7M",
        "account set acme --no-package",
        "mail box set sales@shop.example --quota 20M",
        "account set acme --package small --force",
        // Less is welcome, even where it is still too much.
        "mail box set sales@shop.example --quota 19M",
        "mail box suspend sales@shop.example",
    ] {
        json_call(&lab, line).expect_code(0);
    }
}

/// Looking ahead is a courtesy: what counts is what the transaction counts.
#[test]
fn of_many_who_want_the_last_alias_one_gets_it() {
    let lab = Lab::new();
    for line in [
        "package create small --aliases 1",
        "account create acme --package small",
        "mail domain create shop.example --account acme",
        "mail box create info@shop.example --account acme",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    let names: Vec<String> = (0..6)
        .map(|number| format!("name{number}@shop.example"))
        .collect();
    let lines: Vec<Vec<&str>> = names
        .iter()
        .map(|name| vec!["mail", "alias", "create", name, "info@shop.example", "-o", "json"])
        .collect();
    let ran = lab.wait(join_all(lines.iter().map(|line| lab.call(line).start())));
    assert_eq!(ran.iter().filter(|ran| ran.code == Some(0)).count(), 1, "{ran:?}");
    for ran in ran.iter().filter(|ran| ran.code != Some(0)) {
        assert_eq!(refused(ran, 7), "limit", "{ran}");
    }
}
