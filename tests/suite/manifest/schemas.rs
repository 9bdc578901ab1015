//! The right to make schemas is as it was asked for, whatever somebody grants or revokes behind our back.

use crate::database_ops::tenant::superuser;
use crate::manifest::drift::is_mended;
use crate::manifest::{different, furnished, sql, statuses};
use crate::support::Lab;

const DATABASE: &str = "database shop on main";
const GRANT: &str = "GRANT CREATE ON DATABASE shop TO shop";
const REVOKE: &str = "REVOKE CREATE ON DATABASE shop FROM shop";

/// What the tenant may do with its database, and what the inventory says of schemas.
fn rights(lab: &Lab) -> [String; 2] {
    let may = "SELECT string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type) FROM pg_database d, aclexplode(d.datacl) a
        WHERE d.datname = 'shop' AND a.grantee = 'shop'::regrole";
    let said =
        "SELECT coalesce(may_create::text, 'nothing') FROM hostctl.hosting_accounts WHERE name = 'shop'";
    [lab.ask(may).concat(), lab.ask(said).concat()]
}

/// The operation that succeeded last.
fn newest(lab: &Lab) -> String {
    lab.ask("SELECT id::text FROM hostctl.operations WHERE state = 'succeeded' ORDER BY id DESC LIMIT 1")
        .concat()
}

#[track_caller]
fn runs(lab: &Lab, words: &str) {
    lab.run(&words.split(' ').collect::<Vec<_>>()).expect_code(0);
}

#[track_caller]
fn comes_back_unchanged(lab: &Lab) {
    let before = lab.world();
    let exported = lab.run(&["site", "export", "shop.test"]);
    let applied = lab
        .call(&["site", "apply", "-", "-o", "ndjson", "--prune"])
        .stdin(exported.stdout.clone())
        .run();
    assert_eq!(
        statuses(applied.expect_code(0)),
        [("shop.test".to_owned(), "unchanged".to_owned())]
    );
    before.expect_same(&lab.world(), "after export and apply");
}

#[test]
fn what_was_not_asked_for_is_taken_back_and_what_was_is_given_again() {
    let (lab, file) = furnished();
    assert_eq!(rights(&lab), ["CONNECT TEMPORARY", "false"]);
    is_mended(&lab, &file, || sql(&lab, "postgres", GRANT), DATABASE);
    let before = lab.world();
    // What fails halfway has asked for nothing.
    for point in ["0:after_commit", "1:before_commit"] {
        let crash = format!("fail:{point}:do");
        let failed = lab
            .call(&["db", "set", "shop", "--schemas", "on"])
            .crash(&crash)
            .run();
        assert_ne!(failed.code, Some(0), "{failed}");
        lab.run(&["op", "recover"]).expect_code(0);
        before.expect_same(&lab.world(), &crash);
    }
    runs(&lab, "db set shop --schemas on");
    assert_eq!(rights(&lab), ["CONNECT CREATE TEMPORARY", "true"]);
    assert_eq!(different(&lab, &file), Vec::<String>::new());
    comes_back_unchanged(&lab);
    is_mended(&lab, &file, || sql(&lab, "postgres", REVOKE), DATABASE);
    comes_back_unchanged(&lab);
    runs(&lab, "db set shop --schemas off");
    assert_eq!(rights(&lab), ["CONNECT TEMPORARY", "false"]);
    before.expect_same(&lab.world(), "asked for, and no more");
    // Also of a database that is suspended, which gets nothing else by it.
    runs(&lab, "site suspend shop.test");
    is_mended(&lab, &file, || sql(&lab, "postgres", GRANT), DATABASE);
    assert_eq!(rights(&lab), ["TEMPORARY", "false"]);
    runs(&lab, "db set shop --schemas on");
    is_mended(&lab, &file, || sql(&lab, "postgres", REVOKE), DATABASE);
    assert_eq!(rights(&lab), ["CREATE TEMPORARY", "true"]);
    runs(&lab, "site resume shop.test");
    assert_eq!(rights(&lab), ["CONNECT CREATE TEMPORARY", "true"]);
    assert_eq!(different(&lab, &file), Vec::<String>::new());
}

#[test]
fn it_goes_and_comes_back_with_the_database() {
    let (lab, file) = furnished();
    let before = lab.world();
    runs(&lab, "db set shop --schemas on");
    runs(&lab, &format!("op undo {} --yes", newest(&lab)));
    before.expect_same(&lab.world(), "undone");
    is_mended(&lab, &file, || sql(&lab, "postgres", GRANT), DATABASE);
    runs(&lab, "db set shop --schemas on");
    runs(&lab, "site delete shop.test --yes");
    runs(&lab, &format!("op undo {} --yes", newest(&lab)));
    assert_eq!(rights(&lab), ["CONNECT CREATE TEMPORARY", "true"]);
    assert_eq!(different(&lab, &file), Vec::<String>::new());
    let archive = lab.path("shop.dump").display().to_string();
    runs(&lab, &format!("db backup shop --to {archive}"));
    runs(&lab, &format!("db restore shop {archive} --yes"));
    assert_eq!(rights(&lab), ["CONNECT CREATE TEMPORARY", "true"]);
    assert_eq!(different(&lab, &file), Vec::<String>::new());
    is_mended(&lab, &file, || sql(&lab, "postgres", REVOKE), DATABASE);
}

#[test]
fn a_right_of_which_nobody_has_said_anything_stays_as_it_is() {
    let (lab, file) = furnished();
    // As every database is that was there before anybody asked.
    let nothing = "UPDATE hostctl.hosting_accounts SET may_create = NULL";
    sql(&lab, "hostctl", nothing);
    for statement in [GRANT, REVOKE, GRANT] {
        sql(&lab, "postgres", statement);
        assert_eq!(different(&lab, &file), Vec::<String>::new(), "{statement}");
    }
    let before = lab.world();
    runs(&lab, "db set shop --connections 5 --schemas on");
    assert_eq!(rights(&lab), ["CONNECT CREATE TEMPORARY", "true"]);
    sql(&lab, "postgres", REVOKE);
    assert_eq!(different(&lab, &file), [DATABASE]);
    lab.run(&["site", "apply", &file, "--yes"]).expect_code(0);
    runs(&lab, &format!("op undo {} --yes", newest(&lab)));
    sql(&lab, "postgres", GRANT);
    let asked = "SELECT id::text FROM hostctl.operations WHERE kind = 'db.set' AND state = 'succeeded'";
    runs(&lab, &format!("op undo {} --yes", lab.ask(asked).concat()));
    before.expect_same(&lab.world(), "said, and taken back");
    assert_eq!(different(&lab, &file), Vec::<String>::new());
}

#[test]
fn an_adopted_database_has_it_only_when_it_is_asked_for() {
    let lab = Lab::new();
    for statement in [
        "CREATE ROLE agency; CREATE ROLE shop LOGIN",
        "CREATE DATABASE shop OWNER agency",
        "GRANT CREATE ON DATABASE shop TO shop",
        // What CREATEROLE is enough for before.
        "DO $$ BEGIN IF current_setting('server_version_num')::int >= 160000 THEN
            GRANT shop, agency TO hostctl WITH ADMIN OPTION; END IF; END $$",
    ] {
        superuser(&lab, "postgres", statement);
    }
    runs(&lab, "db create shop --adopt");
    assert_eq!(rights(&lab), ["CONNECT TEMPORARY", "false"]);
    let text = "[[site]]\ndomain = \"shop.test\"\ndatabase = { name = \"shop\" }\n";
    let file = lab.private_file("site.toml", text);
    lab.run(&["site", "apply", &file]).expect_code(0);
    is_mended(&lab, &file, || sql(&lab, "postgres", GRANT), DATABASE);
}
