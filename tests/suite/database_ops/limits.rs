//! `db set`: each limit as the server keeps it, extensions, schemas, and a quota that is told and not enforced.

use serde_json::json;
use tokio_postgres::error::SqlState;

use crate::database_ops::tenant::{ask, does, enter, lab_with_shop, superuser};
use crate::support::Lab;

const STATE: &str = "SELECT concat_ws(' ', rolconnlimit, datconnlimit, (SELECT setconfig::text FROM pg_db_role_setting
        WHERE setrole = r.oid AND setdatabase = 0)) FROM pg_roles r, pg_database WHERE rolname = 'shop' AND datname = 'shop'";

fn set(lab: &Lab, options: &[&str]) -> crate::support::Ran {
    lab.run(&[&["db", "set", "shop", "-o", "json"], options].concat())
}

#[test]
fn limits_are_set_kept_and_lifted() {
    let lab = lab_with_shop();
    set(&lab, &["--connections", "4", "--statement-timeout", "90s"]).expect_code(0);
    assert_eq!(lab.ask(STATE), ["4 9 {statement_timeout=90000ms}"]);
    set(&lab, &["--idle-in-transaction-timeout", "5m"]).expect_code(0);
    let all = ["4 9 {statement_timeout=90000ms,idle_in_transaction_session_timeout=300000ms}"];
    assert_eq!(lab.ask(STATE), all);
    let again = set(&lab, &["--connections", "4"]);
    assert_eq!(again.expect_code(0).json()["operation"], json!(null));
    set(&lab, &["--unlimited", "--connections", "9"]).expect_code(0);
    assert_eq!(
        lab.ask(STATE),
        ["9 14 {statement_timeout=0,idle_in_transaction_session_timeout=0}"]
    );

    let before = lab.world();
    for options in [
        &[][..],
        &["--connections", "-2"],
        &["--connections", "99999999999"],
        &["--connections", "ten"],
        &["--connections", "0"],
        &["--statement-timeout", "0"],
        &["--statement-timeout=-1"],
        &["--statement-timeout", "1e99"],
        &["--statement-timeout", "5 parsecs"],
        &["--quota", "123"],
        &["--quota", "0B"],
        &["--schemas", "maybe"],
    ] {
        set(&lab, options).expect_code(2);
    }
    before.expect_same(&lab.world(), "refused limits");
}

#[test]
fn extensions_come_from_the_list_and_stay_where_they_are_used() {
    let lab = lab_with_shop();
    let allowed = |options: &[&str], crash: &str| {
        let words = [&["db", "set", "shop", "-o", "json"], options].concat();
        lab.call(&words)
            .variable("HOSTCTL_CLUSTER__MAIN__EXTENSIONS", "citext,hstore")
            .crash(crash)
            .run()
    };
    for name in ["plpythonu", "adminpack", "dblink", "citext"] {
        let ran = set(&lab, &["--extension", name]);
        ran.expect_code(7);
        assert!(ran.stderr.contains("\"extension\""), "{ran}");
    }
    let tenant = enter(&lab);
    let installed = || {
        ask(
            &lab,
            &tenant,
            "SELECT extnamespace::regnamespace || '.' || extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1",
        )
    };
    let both = [
        "--extension",
        "citext",
        "--extension",
        "hstore",
        "--extension",
        "citext",
    ];
    // The step itself goes through and is taken back.
    allowed(
        &[&both[..], &["--quota", "1G"]].concat(),
        "fail:1:before_intent:do",
    )
    .expect_code(8);
    assert_eq!(installed(), Vec::<String>::new());
    allowed(&both, "").expect_code(0);
    assert_eq!(installed(), ["public.citext", "public.hstore"]);
    does(&lab, &tenant, "CREATE TABLE item (name citext)");
    let unchanged = allowed(&both, "");
    assert_eq!(unchanged.expect_code(0).json()["operation"], json!(null));
    does(&lab, &tenant, "DROP TABLE item");
}

#[test]
fn schemas_are_allowed_with_a_word_about_what_comes_with_them() {
    let lab = lab_with_shop();
    let tenant = enter(&lab);
    let refused = lab.wait(tenant.batch_execute("CREATE SCHEMA mine"));
    assert_eq!(
        refused.expect_err("no").code(),
        Some(&SqlState::INSUFFICIENT_PRIVILEGE)
    );
    let on = set(&lab, &["--schemas", "on"]);
    on.expect_code(0);
    assert!(on.stderr.contains("every extension that it trusts"), "{on}");
    does(&lab, &tenant, "CREATE SCHEMA mine; CREATE EXTENSION hstore");
    set(&lab, &["--schemas", "off"]).expect_code(0);
    let refused = lab.wait(tenant.batch_execute("CREATE SCHEMA more"));
    assert_eq!(
        refused.expect_err("no").code(),
        Some(&SqlState::INSUFFICIENT_PRIVILEGE)
    );
}

#[test]
fn a_quota_is_reported() {
    let lab = lab_with_shop();
    let names = |options: &[&str]| {
        let ran = lab.run(&[&["db", "list", "-o", "json"], options].concat());
        let rows = ran.expect_code(0).json();
        let rows = rows.as_array().expect("rows").clone();
        rows.iter()
            .map(|row| format!("{} {}", row["name"], row["quota_bytes"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&[]), ["\"shop\" null"]);
    set(&lab, &["--quota", "10G"]).expect_code(0);
    assert_eq!(names(&["--over-quota"]), Vec::<String>::new());
    set(&lab, &["--quota", "1M"]).expect_code(0);
    assert_eq!(names(&["--over-quota"]), ["\"shop\" 1048576"]);
    does(&lab, &enter(&lab), "CREATE TABLE nothing_is_enforced (id int)");
    let shown = lab.run(&["db", "show", "shop", "-o", "json"]);
    assert_eq!(shown.expect_code(0).json()["quota_bytes"], 1_048_576);
    set(&lab, &["--quota", "unlimited"]).expect_code(0);
    assert_eq!(names(&[]), ["\"shop\" null"]);
    superuser(&lab, "postgres", "SELECT 1");
}
