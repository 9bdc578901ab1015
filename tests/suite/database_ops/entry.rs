//! Who may enter a database: nobody before it is served, and nobody afterwards.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

use crate::database_ops::archives::{backup, file, restore};
use crate::database_ops::suspend::enter_slowly;
use crate::database_ops::tenant::{PASSWORD, create, does, lab_with_shop, leftovers, login, superuser};
use crate::support::Lab;

/// Who may enter `shop`.
const ENTRANTS: &str = "SELECT pg_get_userbyid(a.grantee)::text FROM pg_database d, aclexplode(d.datacl) a
    WHERE datname = 'shop' AND a.privilege_type = 'CONNECT' AND a.grantee <> d.datdba ORDER BY 1";
const TRASH: &str = "SELECT datname::text FROM pg_database WHERE datname LIKE 'hc\\_%'";

/// Why `role` is not let into `database`.
#[track_caller]
fn refused(lab: &Lab, role: &str, database: &str) -> SqlState {
    let Err(refused) = login(lab, role, PASSWORD, database) else {
        let rights = format!("SELECT datacl::text FROM pg_database WHERE datname = '{database}'");
        panic!("{role} is let into {database}: {:?}", lab.ask(&rights));
    };
    refused.code().expect("an answer of the server").clone()
}

/// `shop` and `other` inside `database`, let in as an earlier version left it.
fn inside(lab: &Lab, database: &str) -> [Client; 2] {
    let grant = format!("GRANT CONNECT ON DATABASE {database} TO shop, other");
    superuser(lab, "postgres", &grant);
    ["shop", "other"].map(|role| login(lab, role, PASSWORD, database).expect("a login"))
}

#[track_caller]
fn are_out(lab: &Lab, clients: &[Client]) {
    for client in clients {
        assert!(
            lab.wait(client.simple_query("SELECT 1")).is_err(),
            "it is in still"
        );
    }
}

fn newest(lab: &Lab, kind: &str) -> String {
    let ids = lab.ask(&format!(
        "SELECT id::text FROM hostctl.operations WHERE kind = '{kind}' ORDER BY started_at DESC, id DESC LIMIT 1"
    ));
    ids.concat()
}

#[test]
fn nobody_enters_a_database_that_is_being_made() {
    let lab = lab_with_shop();
    let path = file(&lab, "shop.dump");
    backup(&lab, &path);
    let number = lab.ask("SELECT number::text FROM hostctl.operation_steps WHERE kind = 'database.create'");
    let made = format!("die:{}:mid_effect:do", number.concat());
    for (words, crash) in [
        (&["db", "create", "more"][..], made.as_str()),
        (&["db", "restore", "shop", &path, "--yes"], "die:0:mid_effect:do"),
    ] {
        let before = lab.world();
        assert!(lab.call(words).crash(crash).run().was_killed(), "{words:?}");
        // The server goes on with it.
        let staging = (0..500).find_map(|_| {
            let found = lab.ask(TRASH).pop();
            if found.is_none() {
                std::thread::sleep(Duration::from_millis(10));
            }
            found
        });
        let staging = staging.expect("a database that was being made");
        let why = refused(&lab, "shop", &staging);
        assert_eq!(why, SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE, "{words:?}");
        lab.run(&["op", "recover"]).expect_code(0);
        assert_eq!(leftovers(&lab), Vec::<String>::new(), "{words:?}");
        before.expect_same(&lab.world(), "what was never made");
    }
    // Done by halves it is not taken for whole: who goes on with it ends it.
    let resumed = lab.call(&["db", "create", "more"]).crash(&made).run();
    assert!(resumed.was_killed(), "{resumed}");
    lab.run(&["op", "recover", "--resume"]).expect_code(0);
    assert_eq!(refused(&lab, "shop", "more"), SqlState::INSUFFICIENT_PRIVILEGE);
    lab.run(&["db", "delete", "more", "--purge", "--yes"])
        .expect_code(0);
}

#[test]
fn nobody_enters_what_lies_in_the_trash_and_whoever_is_in_goes() {
    let lab = lab_with_shop();
    create(&lab, "other", &[]);
    superuser(&lab, "postgres", "GRANT CONNECT ON DATABASE shop TO other");
    let path = file(&lab, "shop.dump");
    backup(&lab, &path);
    let trash = || lab.ask(TRASH).concat();
    let is_shut = || {
        for role in ["shop", "other"] {
            assert_eq!(
                refused(&lab, role, &trash()),
                SqlState::INSUFFICIENT_PRIVILEGE,
                "{role}"
            );
        }
    };
    let is_served = || {
        for role in ["shop", "other"] {
            login(&lab, role, PASSWORD, "shop").expect("a login");
        }
        assert_eq!(lab.ask(ENTRANTS), ["other", "shop"]);
    };

    // A restore, and its undoing, each with both of them inside what goes and what comes.
    let (served, unseen) = (inside(&lab, "shop"), enter_slowly(&lab));
    restore(&lab, &path, &[]).expect_code(0);
    assert!(lab.wait(unseen).expect("joined").is_err(), "it came in late");
    are_out(&lab, &served);
    is_shut();
    is_served();
    let (served, kept) = (inside(&lab, "shop"), inside(&lab, &trash()));
    lab.run(&["op", "undo", &newest(&lab, "db.restore"), "--yes"])
        .expect_code(0);
    are_out(&lab, &served);
    are_out(&lab, &kept);
    is_shut();
    is_served();
    let kept = inside(&lab, &trash());
    lab.run(&["op", "trash", "purge", &newest(&lab, "op.undo"), "--yes"])
        .expect_code(0);
    are_out(&lab, &kept);

    // A deletion, and its undoing.
    let before = lab.world();
    let (served, unseen) = (inside(&lab, "shop"), enter_slowly(&lab));
    lab.run(&["db", "delete", "shop", "--yes"]).expect_code(0);
    assert!(lab.wait(unseen).expect("joined").is_err(), "it came in late");
    are_out(&lab, &served);
    assert_eq!(refused(&lab, "other", &trash()), SqlState::INSUFFICIENT_PRIVILEGE);
    lab.run(&["op", "undo", &newest(&lab, "db.delete"), "--yes"])
        .expect_code(0);
    is_served();
    before.expect_same(&lab.world(), "a deletion that was undone");

    // The end, with both of them inside all of it.
    restore(&lab, &path, &[]).expect_code(0);
    let (served, kept) = (inside(&lab, "shop"), inside(&lab, &trash()));
    lab.run(&["db", "delete", "shop", "--purge", "--yes"])
        .expect_code(0);
    are_out(&lab, &served);
    are_out(&lab, &kept);
    assert_eq!(trash(), "");
    does(
        &lab,
        &login(&lab, "other", PASSWORD, "other").expect("a login"),
        "SELECT 1",
    );
}

/// Who may enter `shop`, from whom each has it, and who may let in others.
const CHAIN: &str = "SELECT concat_ws(' ', a.grantee::regrole, 'by', a.grantor::regrole, a.is_grantable)
    FROM pg_database d, aclexplode(d.datacl) a
    WHERE datname = 'shop' AND a.privilege_type = 'CONNECT' AND a.grantee <> d.datdba ORDER BY 1";

#[test]
fn whoever_lets_others_in_keeps_no_trash_open() {
    let lab = lab_with_shop();
    create(&lab, "other", &[]);
    superuser(
        &lab,
        "postgres",
        &format!(
            "CREATE ROLE operators LOGIN PASSWORD '{PASSWORD}'; CREATE ROLE watchers LOGIN PASSWORD '{PASSWORD}'"
        ),
    );
    let path = file(&lab, "shop.dump");
    backup(&lab, &path);
    let undo = |kind: &str| lab.run(&["op", "undo", &newest(&lab, kind), "--yes"]);
    for grants in [
        // A role that we and the tenant are in.
        "GRANT operators TO hostctl, shop; GRANT CONNECT ON DATABASE shop TO operators WITH GRANT OPTION;
         SET ROLE operators; GRANT CONNECT ON DATABASE shop TO other, PUBLIC; GRANT CONNECT ON DATABASE shop TO watchers",
        // One that nobody is in, and the tenant itself.
        "REVOKE operators FROM hostctl, shop; GRANT CONNECT ON DATABASE shop TO operators WITH GRANT OPTION;
         SET ROLE operators; GRANT CONNECT ON DATABASE shop TO shop, other WITH GRANT OPTION;
         SET ROLE shop; GRANT CONNECT ON DATABASE shop TO PUBLIC; SET ROLE other; GRANT CONNECT ON DATABASE shop TO watchers",
        // We.
        "GRANT CONNECT ON DATABASE shop TO hostctl, other WITH GRANT OPTION;
         SET ROLE hostctl; GRANT CONNECT ON DATABASE shop TO operators, PUBLIC; SET ROLE other; GRANT CONNECT ON DATABASE shop TO watchers",
    ] {
        superuser(&lab, "postgres", grants);
        let (before, chain) = (lab.world(), lab.ask(CHAIN));
        let roles = ["shop", "other", "operators", "watchers"];
        let inside = || roles.map(|role| login(&lab, role, PASSWORD, "shop").expect("a login"));
        let is_shut = |database: &str| {
            for role in roles {
                let why = refused(&lab, role, database);
                assert_eq!(why, SqlState::INSUFFICIENT_PRIVILEGE, "{role}: {grants}");
            }
        };
        inside();
        restore(&lab, &path, &[]).expect_code(0);
        is_shut(&lab.ask(TRASH).concat());
        inside();
        assert_eq!(lab.ask(CHAIN), chain, "{grants}");
        undo("db.restore").expect_code(0);
        is_shut(&lab.ask(TRASH).concat());
        inside();
        lab.run(&["op", "trash", "purge", &newest(&lab, "op.undo"), "--yes"])
            .expect_code(0);
        before.expect_same(&lab.world(), grants);
        lab.run(&["db", "delete", "shop", "--yes"]).expect_code(0);
        for role in &roles[1..] {
            assert_eq!(refused(&lab, role, &lab.ask(TRASH).concat()), SqlState::INSUFFICIENT_PRIVILEGE, "{role}: {grants}");
        }
        undo("db.delete").expect_code(0);
        before.expect_same(&lab.world(), grants);
        let client = lab.wait(lab.sandbox().superuser("postgres")).expect("superuser");
        does(&lab, &client, "DO $$ DECLARE owner text := (SELECT datdba::regrole::text FROM pg_database WHERE datname = 'shop');
            BEGIN EXECUTE format('SET LOCAL ROLE %s', owner);
                REVOKE ALL ON DATABASE shop FROM PUBLIC, operators, other, watchers, shop, hostctl CASCADE;
                GRANT CONNECT, TEMPORARY ON DATABASE shop TO shop; END $$");
    }
}

/// Several of `other` who come into `shop` again and again, one of them always on the way.
fn coming(lab: &Lab) -> Vec<JoinHandle<()>> {
    let one = |number: u64| {
        let mut config = lab.sandbox().control().expect("configuration");
        config.user("other").password(PASSWORD).dbname("shop");
        // Let in, and not to be seen for a while.
        config.options("-c post_auth_delay=1");
        lab.spawn(async move {
            tokio::time::sleep(Duration::from_millis(250 * number)).await;
            loop {
                if let Ok((client, connection)) = config.connect(NoTls).await {
                    tokio::spawn(connection);
                    client.batch_execute("SELECT 1").await.ok();
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
    };
    (0..4).map(one).collect()
}

#[test]
fn whoever_comes_again_and_again_stops_no_restore_and_no_deletion() {
    let lab = lab_with_shop();
    create(&lab, "other", &[]);
    superuser(&lab, "postgres", "GRANT CONNECT ON DATABASE shop TO other");
    let path = file(&lab, "shop.dump");
    backup(&lab, &path);
    let coming = coming(&lab);
    restore(&lab, &path, &[]).expect_code(0);
    lab.run(&["op", "undo", &newest(&lab, "db.restore"), "--yes"])
        .expect_code(0);
    lab.run(&["db", "delete", "shop", "--yes"]).expect_code(0);
    lab.run(&["op", "undo", &newest(&lab, "db.delete"), "--yes"])
        .expect_code(0);
    for task in coming {
        assert!(!task.is_finished(), "it came no more");
        task.abort();
    }
    login(&lab, "other", PASSWORD, "shop").expect("a login");
}
