//! Packages and their limits.

use futures_util::future::join_all;
use serde_json::json;

use crate::accounts::{json_call, newest, refused};
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
    let apply = |info: &str, sales: &str| {
        let text = format!(
            "[[site]]\ndomain = \"shop.example\"\naccount = \"acme\"\nmail.boxes = [\
             {{ name = \"info\", quota = \"{info}\" }}, {{ name = \"sales\", quota = \"{sales}\" }}]\n"
        );
        lab.call(&["site", "apply", "-", "-o", "json"]).stdin(text).run()
    };
    for quota in ["7M", "20G", "unlimited"] {
        assert_eq!(refused(&apply(quota, "4M"), 7), "limit", "{quota}");
    }
    before.expect_same(&lab.world(), "after refusals");
    // What gets less makes room for what gets more.
    apply("9M", "1M").expect_code(0);
    apply("6M", "4M").expect_code(0);
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

#[test]
fn what_was_deleted_comes_back_only_within_the_limits() {
    let lab = Lab::new();
    for line in [
        "package create small --databases 1 --boxes 2 --quota 10M",
        "account create acme --package small",
        "db create shop --account acme",
        "mail domain create shop.example --account acme",
        "mail box create info@shop.example --quota 6M",
        "mail box create sales@shop.example --quota 1M",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    // What is deleted, what takes its place, and how that goes again.
    for (delete, kind, instead, removal) in [
        (
            "db delete shop --yes",
            "db.delete",
            "db create other --account acme",
            "db delete other --purge --yes",
        ),
        (
            "mail box delete info@shop.example --yes",
            "mail.box.delete",
            "mail box create hello@shop.example --quota 1M",
            "mail box delete hello@shop.example --purge --yes",
        ),
        // Less quota is undone to more.
        (
            "mail box set info@shop.example --quota 1M",
            "mail.box.set",
            "mail box set sales@shop.example --quota 9M",
            "mail box set sales@shop.example --quota 1M",
        ),
    ] {
        let before = lab.world();
        json_call(&lab, delete).expect_code(0);
        let id = newest(&lab, kind);
        json_call(&lab, instead).expect_code(0);
        let full = lab.world();
        let ran = json_call(&lab, &format!("op undo {id} --yes"));
        assert_eq!(refused(&ran, 7), "limit", "{kind}");
        full.expect_same(&lab.world(), kind);
        json_call(&lab, removal).expect_code(0);
        json_call(&lab, &format!("op undo {id} --yes")).expect_code(0);
        let different = before.difference_in_kind(&lab.world());
        assert!(different.is_empty(), "{kind}: {}", different.join("\n"));
    }
    // A deletion that fails gives back what is more than is allowed by now.
    json_call(&lab, "package set small --databases 0 --force").expect_code(0);
    let before = lab.world();
    let failed = lab
        .call(&["db", "delete", "shop", "--yes"])
        .crash("fail:1:after_commit:do")
        .run();
    assert_ne!(failed.code, Some(0), "{failed}");
    lab.run(&["op", "recover"]).expect_code(0);
    before.expect_same(&lab.world(), "a deletion that failed");
}

/// Both look before either is back: what counts is what the transaction counts.
#[test]
fn of_two_that_come_back_at_once_one_finds_room() {
    let lab = Lab::new();
    for line in [
        "package create small --databases 1",
        "account create acme --package small",
        "db create first --account acme",
        "db delete first --yes",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    let first = newest(&lab, "db.delete");
    for line in ["db create second --account acme", "db delete second --yes"] {
        json_call(&lab, line).expect_code(0);
    }
    let before = lab.world();
    let second = newest(&lab, "db.delete");
    let undo = |id: &'_ str| {
        let words: Vec<String> = ["op", "undo", id, "--yes", "-o", "json"]
            .map(str::to_owned)
            .into();
        words
    };
    for _ in 0..3 {
        let lines = [undo(&first), undo(&second)];
        let lines: Vec<Vec<&str>> = lines
            .iter()
            .map(|line| line.iter().map(String::as_str).collect())
            .collect();
        let ran = lab.wait(join_all(lines.iter().map(|line| lab.call(line).start())));
        assert_eq!(ran.iter().filter(|ran| ran.code == Some(0)).count(), 1, "{ran:?}");
        for ran in ran.iter().filter(|ran| ran.code != Some(0)) {
            assert_eq!(refused(ran, 7), "limit", "{ran}");
        }
        let won = "SELECT id::text FROM hostctl.operations WHERE kind = 'op.undo' AND state = 'succeeded' ORDER BY id DESC LIMIT 1";
        json_call(&lab, &format!("op undo {} --yes", lab.ask(won)[0])).expect_code(0);
        before.expect_same(&lab.world(), "both in the trash again");
    }
}
