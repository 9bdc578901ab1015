//! Suspending: the tenant is out, everybody else is in, and all of it comes back.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinHandle;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

use crate::database_ops::tenant::{
    PASSWORD, ask, create, does, enter, lab_with_shop, leftovers, login, refusal, superuser,
};
use crate::support::Lab;

const DOOR: &str = "SELECT concat_ws(' ', rolcanlogin, rolconnlimit, datacl::text, datconnlimit)
    FROM pg_roles, pg_database WHERE rolname = 'shop' AND datname = 'shop'";

/// Enters `shop` as its tenant, and is let in already, but not seen by anybody for a while.
pub(super) fn enter_slowly(lab: &Lab) -> JoinHandle<Result<(), tokio_postgres::Error>> {
    let mut config = lab.sandbox().control().expect("configuration");
    config.user("shop").password(PASSWORD).dbname("shop");
    config.options("-c post_auth_delay=20");
    let [entering] = lab.wait(async {
        let entering = tokio::spawn(async move {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(connection);
            client.batch_execute("SELECT 1").await
        });
        tokio::time::sleep(Duration::from_millis(500)).await;
        [entering]
    });
    entering
}

#[test]
fn a_suspended_tenant_is_refused_and_comes_back_with_its_password() {
    let lab = lab_with_shop();
    create(&lab, "other", &[]);
    // Somebody else's role that may enter the database, and the tenant's limit.
    superuser(
        &lab,
        "shop",
        "CREATE ROLE watcher LOGIN PASSWORD 'a long password'; GRANT CONNECT ON DATABASE shop TO watcher",
    );
    lab.run(&["db", "set", "shop", "--connections", "7"])
        .expect_code(0);
    let before = lab.ask(DOOR);
    let tenant = enter(&lab);
    does(
        &lab,
        &tenant,
        "CREATE TABLE item (id int); INSERT INTO item VALUES (1)",
    );
    let watcher = login(&lab, "watcher", "a long password", "shop").expect("watcher");

    let unseen = enter_slowly(&lab);

    let ran = lab.run(&["db", "suspend", "shop", "-o", "json"]);
    assert_eq!(ran.expect_code(0).json()["state"], "suspended");
    assert!(lab.wait(unseen).expect("joined").is_err(), "it came in late");
    assert_eq!(refusal(&lab), Some(SqlState::INVALID_AUTHORIZATION_SPECIFICATION));
    assert!(
        lab.wait(tenant.simple_query("SELECT 1")).is_err(),
        "its session was ended"
    );
    ask(&lab, &watcher, "SELECT 'still here'");
    login(&lab, "watcher", "a long password", "shop").expect("others come in");
    login(&lab, "other", PASSWORD, "other").expect("other tenants come in");
    assert_eq!(leftovers(&lab), Vec::<String>::new());
    let row = lab.run(&["db", "show", "shop", "-o", "json"]);
    assert_eq!(row.expect_code(0).json()["state"], "suspended");

    let again = lab.run(&["db", "suspend", "shop", "-o", "json"]);
    assert_eq!(again.expect_code(0).json()["operation"], json!(null));
    let suspended = lab.world();
    let set = ["db", "set", "shop", "--connections", "3", "-o", "json"];
    let id = lab.run(&set).expect_code(0).json()["operation"].clone();
    assert_eq!(refusal(&lab), Some(SqlState::INVALID_AUTHORIZATION_SPECIFICATION));
    lab.run(&["op", "undo", id.as_str().expect("operation"), "--yes"])
        .expect_code(0);
    suspended.expect_same(&lab.world(), "a limit that was undone");
    lab.run(&set).expect_code(0);
    let limit = "SELECT rolconnlimit::text FROM pg_roles WHERE rolname = 'shop'";
    lab.run(&["db", "resume", "shop"]).expect_code(0);
    assert_eq!(lab.ask(limit), ["3"]);
    lab.run(&["db", "suspend", "shop"]).expect_code(0);
    lab.run(&["db", "set", "shop", "--connections", "7"])
        .expect_code(0);

    lab.run(&["db", "resume", "shop"]).expect_code(0);
    assert_eq!(ask(&lab, &enter(&lab), "SELECT id::text FROM item"), ["1"]);
    assert_eq!(lab.ask(DOOR), before);
    let again = lab.run(&["db", "resume", "shop", "-o", "json"]);
    assert_eq!(again.expect_code(0).json()["operation"], json!(null));
}

#[test]
fn a_database_that_everybody_may_enter_is_not_said_to_be_suspended() {
    let lab = lab_with_shop();
    superuser(&lab, "shop", "GRANT CONNECT ON DATABASE shop TO PUBLIC");
    let before = lab.world();
    let ran = lab.run(&["db", "suspend", "shop", "-o", "json"]);
    ran.expect_code(4);
    assert!(ran.stderr.contains("still_open"), "{ran}");
    before.expect_same(&lab.world(), "a suspension that failed");
    enter(&lab);
}

#[test]
fn a_suspended_database_is_dumped_deleted_and_its_delete_taken_back() {
    let lab = lab_with_shop();
    lab.run(&["db", "suspend", "shop"]).expect_code(0);
    let archive = lab.path("shop.dump").display().to_string();
    lab.run(&["db", "backup", "shop", "--to", &archive])
        .expect_code(0);
    let before = lab.world();
    let ran = lab
        .call(&["db", "delete", "shop", "--purge", "--yes"])
        .crash("fail:2:before_intent:do")
        .run();
    ran.expect_code(8);
    before.expect_same(&lab.world(), "a delete that was taken back");
    lab.run(&["db", "restore", "shop", &archive, "--yes"])
        .expect_code(0);
    assert_eq!(refusal(&lab), Some(SqlState::INVALID_AUTHORIZATION_SPECIFICATION));
    lab.run(&["db", "resume", "shop"]).expect_code(0);
    enter(&lab);
}

#[test]
fn what_somebody_else_changed_is_left_alone() {
    let lab = lab_with_shop();
    // Between the plan and the effect: the role is given another limit, or the database loses its mark.
    for (change, mend) in [
        ("ALTER DATABASE shop OWNER TO postgres", ""),
        ("COMMENT ON DATABASE shop IS 'mine'", ""),
    ] {
        superuser(&lab, "postgres", change);
        let before = lab.world();
        for verb in ["suspend", "resume", "backup"] {
            lab.run(&["db", verb, "shop"]).expect_code(4);
        }
        lab.run(&["db", "set", "shop", "--connections", "3"])
            .expect_code(4);
        before.expect_same(&lab.world(), change);
        superuser(&lab, "postgres", mend);
    }
}
