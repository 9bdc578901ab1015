//! Every step twice, every undo twice, and the world as it was.

use hostctl::clock;
use hostctl::database::plan_delete;
use hostctl::journal::{Certainty, Found};
use hostctl::trash::Fate;

use crate::database::world::{PASSWORD, World};

#[tokio::test]
async fn a_create_that_is_taken_back_after_any_step_leaves_nothing() {
    let mut world = World::new().await;
    let before = world.dump().await;
    let mut request = world.request("shop").await;
    request.extensions = vec!["citext".to_owned()];
    request.connections = Some(5);
    for last in 0..5 {
        let (operation, plan) = world.planned(&request).await;
        for number in 0..=last {
            assert!(
                matches!(
                    world.probe(&plan, operation, number).await,
                    None | Some(Found::Absent)
                ),
                "{number}"
            );
            let first = world.apply(&plan, operation, number).await.expect("applied");
            let second = world
                .apply(&plan, operation, number)
                .await
                .expect("applied again");
            assert_eq!(first, second);
            if let Some(found) = world.probe(&plan, operation, number).await {
                assert_eq!(found, Found::Ours(first), "{number}");
            }
        }
        // Somebody is in: an undo must not wait for people to leave.
        let tenant = if last >= 3 {
            Some(world.login("shop", PASSWORD, "shop").await.expect("login"))
        } else {
            None
        };
        for number in (0..=last).rev() {
            for _ in 0..2 {
                world
                    .undo(&plan, operation, number)
                    .await
                    .unwrap_or_else(|failure| panic!("{number}: {}", failure.error));
                assert!(
                    matches!(
                        world.probe(&plan, operation, number).await,
                        None | Some(Found::Absent)
                    ),
                    "{number}"
                );
            }
        }
        for number in 0..=last {
            assert!(
                matches!(
                    world.probe(&plan, operation, number).await,
                    None | Some(Found::Absent)
                ),
                "{number}"
            );
        }
        assert_eq!(world.dump().await, before, "after step {last}");
        drop(tenant);
    }
    world.down().await;
}

#[tokio::test]
async fn what_cannot_be_taken_back_is_served_as_it_was() {
    let mut world = World::new().await;
    let request = world.request("shop").await;
    let (operation, plan) = world.planned(&request).await;
    for number in 0..=3 {
        world.apply(&plan, operation, number).await.expect("applied");
    }
    let staging = format!(
        "hc_stage_{}",
        crate::database::world::marker(operation, 0).short()
    );
    let superuser = world.sandbox.superuser("postgres").await.expect("superuser");
    let does = async |sql: &str| superuser.batch_execute(sql).await.expect("SQL");
    does(&format!("CREATE DATABASE {staging}")).await;
    let refused = world
        .undo(&plan, operation, 3)
        .await
        .expect_err("the name is taken");
    assert!(!refused.is_passing, "{}", refused.error);
    assert!(matches!(
        world.probe(&plan, operation, 3).await,
        Some(Found::Ours(_))
    ));
    world.login("shop", PASSWORD, "shop").await.expect("login");
    does(&format!("DROP DATABASE {staging}")).await;
    // Shut by one that died, it is opened by whoever goes on.
    does("ALTER ROLE shop NOLOGIN").await;
    assert!(matches!(
        world.probe(&plan, operation, 3).await,
        Some(Found::Changed(_))
    ));
    world.apply(&plan, operation, 3).await.expect("applied again");
    world.login("shop", PASSWORD, "shop").await.expect("login");
    // What the tenant has handed on keeps nothing.
    does("GRANT CONNECT ON DATABASE shop TO shop WITH GRANT OPTION").await;
    does("SET ROLE shop; GRANT CONNECT ON DATABASE shop TO sentinel, PUBLIC; RESET ROLE").await;
    world.undo(&plan, operation, 3).await.expect("undone");
    let entered = world.login("shop", PASSWORD, &staging).await;
    assert!(entered.is_err(), "the tenant is in what is taken back");
    world.down().await;
}

#[tokio::test]
async fn preparing_is_taken_back_inside_the_database_too() {
    let mut world = World::new().await;
    let mut request = world.request("shop").await;
    request.extensions = vec!["citext".to_owned()];
    let (operation, plan) = world.planned(&request).await;
    world.apply(&plan, operation, 0).await.expect("roles");
    world.apply(&plan, operation, 1).await.expect("create");
    let staging = format!(
        "hc_stage_{}",
        crate::database::world::marker(operation, 0).short()
    );
    let look =
        "SELECT (SELECT row(nspowner::regrole, nspacl)::text FROM pg_namespace WHERE nspname = 'public')
        || (SELECT string_agg(extname, ',' ORDER BY extname) FROM pg_extension)";
    let superuser = world.sandbox.superuser(&staging).await.expect("superuser");
    let before: String = superuser.query_one(look, &[]).await.expect("look").get(0);
    world.apply(&plan, operation, 2).await.expect("prepare");
    let prepared: String = superuser.query_one(look, &[]).await.expect("look").get(0);
    assert!(
        prepared.contains("(shop,") && prepared.contains("citext"),
        "{prepared}"
    );
    world.undo(&plan, operation, 2).await.expect("undo");
    let after: String = superuser.query_one(look, &[]).await.expect("look").get(0);
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    assert_eq!(sorted(&after), sorted(&before), "{after} is not {before}");
    world.down().await;
}

#[tokio::test]
async fn a_delete_that_is_taken_back_brings_everything_back() {
    let mut world = World::new().await;
    let request = world.request("shop").await;
    world.make(&request).await;
    let before = world.dump().await;
    let plan = plan_delete(&world.existing("shop").await.expect("existing"), Fate::Purged).expect("plan");
    for last in 0..2 {
        let operation = clock::new_id().expect("entropy");
        let tenant = world.login("shop", PASSWORD, "shop").await.expect("login");
        for number in 0..=last {
            world.apply(&plan, operation, number).await.expect("applied");
            world
                .apply(&plan, operation, number)
                .await
                .expect("applied again");
            assert!(
                matches!(
                    world.probe(&plan, operation, number).await,
                    None | Some(Found::Ours(_))
                ),
                "{number}"
            );
        }
        assert!(world.login("shop", PASSWORD, "shop").await.is_err(), "hidden");
        assert!(
            tenant.simple_query("SELECT 1").await.is_err(),
            "the session was ended"
        );
        for number in (0..=last).rev() {
            world.undo(&plan, operation, number).await.expect("undone");
            world.undo(&plan, operation, number).await.expect("undone again");
            assert!(
                matches!(
                    world.probe(&plan, operation, number).await,
                    None | Some(Found::Absent)
                ),
                "{number}"
            );
        }
        assert_eq!(world.dump().await, before, "after step {last}");
    }
    world
        .login("shop", PASSWORD, "shop")
        .await
        .expect("with its old password");
    world.down().await;
}

#[tokio::test]
async fn what_is_dropped_cannot_be_taken_back_and_says_so() {
    let mut world = World::new().await;
    let request = world.request("shop").await;
    world.make(&request).await;
    let plan = plan_delete(&world.existing("shop").await.expect("existing"), Fate::Purged).expect("plan");
    assert!(plan.steps[2].is_pivot);
    let operation = clock::new_id().expect("entropy");
    for number in 0..2 {
        world.apply(&plan, operation, number).await.expect("applied");
    }
    for number in 2..4 {
        assert_eq!(world.probe(&plan, operation, number).await, Some(Found::Absent));
        world
            .undo(&plan, operation, number)
            .await
            .expect("nothing was done");
        world.apply(&plan, operation, number).await.expect("applied");
        world
            .apply(&plan, operation, number)
            .await
            .expect("applied again");
        assert!(matches!(
            world.probe(&plan, operation, number).await,
            Some(Found::Ours(_))
        ));
        let failure = world.undo(&plan, operation, number).await.expect_err("for good");
        assert_eq!(
            (failure.is_passing, failure.error.reason()),
            (false, "forward_only")
        );
    }
    world.down().await;
}

#[tokio::test]
async fn a_half_dropped_database_is_dropped_again() {
    let mut world = World::new().await;
    let before = world.dump().await;
    let request = world.request("shop").await;
    let (operation, plan) = world.planned(&request).await;
    world.apply(&plan, operation, 0).await.expect("roles");
    world.apply(&plan, operation, 1).await.expect("create");
    let superuser = world.sandbox.superuser("postgres").await.expect("superuser");
    let interrupted = "UPDATE pg_database SET datconnlimit = -2 WHERE datname LIKE 'hc\\_stage\\_%'";
    superuser
        .batch_execute(interrupted)
        .await
        .expect("as after an interrupted DROP");
    assert!(matches!(
        world.probe(&plan, operation, 1).await,
        Some(Found::Changed(_))
    ));
    assert_eq!(world.probe(&plan, operation, 2).await, Some(Found::Absent));
    for number in (0..3).rev() {
        world.undo(&plan, operation, number).await.expect("undone");
    }
    assert_eq!(world.dump().await, before);
    world.down().await;
}

#[tokio::test]
async fn a_stranger_who_does_not_leave_makes_hiding_and_dropping_fail_for_now() {
    let mut world = World::new().await;
    let before = world.dump().await;
    let request = world.request("shop").await;
    let (operation, plan) = world.planned(&request).await;
    for number in 0..plan.steps.len() {
        world.apply(&plan, operation, number).await.expect("applied");
    }
    let made = world.dump().await;
    // A superuser's session is not ours to end.
    let stranger = world.sandbox.superuser("shop").await.expect("superuser");
    let delete = plan_delete(&world.existing("shop").await.expect("existing"), Fate::Purged).expect("plan");
    let other = clock::new_id().expect("entropy");
    let failure = world.apply(&delete, other, 0).await.expect_err("in use");
    assert_eq!(
        (failure.certainty, failure.error.reason()),
        (Certainty::Unknown, "in_use"),
        "{}",
        failure.error
    );
    assert!(
        matches!(world.probe(&delete, other, 0).await, Some(Found::Changed(_))),
        "no login any more"
    );
    world.undo(&delete, other, 0).await.expect("undone");
    assert_eq!(world.dump().await, made);
    drop(stranger);

    world.undo(&plan, operation, 4).await.expect("undone");
    world.undo(&plan, operation, 3).await.expect("undone");
    let staging = format!(
        "hc_stage_{}",
        crate::database::world::marker(operation, 0).short()
    );
    let stranger = world.sandbox.superuser(&staging).await.expect("superuser");
    let failure = world.undo(&plan, operation, 1).await.expect_err("in use");
    assert!(
        failure.is_passing && failure.error.reason() == "in_use",
        "{}",
        failure.error
    );
    drop(stranger);
    for number in (0..3).rev() {
        world.undo(&plan, operation, number).await.expect("undone");
    }
    assert_eq!(world.dump().await, before);
    world.down().await;
}
