//! The lock of an operation: a dead predecessor's statement is waited for, a stopped one's session is ended.

use std::time::Duration;

use hostctl::database::Clusters;
use hostctl::journal::{Found, Marker};
use hostctl::sandbox::Name;

use crate::database::world::{World, apply, marker, probe, undo};

#[tokio::test]
async fn a_later_epoch_ends_the_session_of_an_earlier_one_and_not_the_other_way_round() {
    let mut world = World::new().await;
    let before = world.dump().await;
    let (operation, plan) = world.planned(&world.request("shop").await).await;
    world.apply(&plan, operation, 0).await.expect("the first holder");

    let successor = Clusters::new(&world.config);
    let later = Marker {
        epoch: 2,
        ..marker(operation, 0)
    };
    undo(&plan.steps[0], &successor, later)
        .await
        .expect("taken back by the second");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let failure = world
        .apply(&plan, operation, 1)
        .await
        .expect_err("its session is gone");
    assert_eq!(failure.error.reason(), "connection_lost");
    let failure = world
        .apply(&plan, operation, 1)
        .await
        .expect_err("a later epoch is at work");
    assert_eq!(failure.error.reason(), "fenced");
    assert_eq!(
        probe(&plan.steps[0], &successor, later)
            .await
            .expect("undisturbed"),
        Found::Absent
    );
    assert_eq!(world.dump().await, before);
    world.down().await;
}

#[tokio::test]
async fn a_dead_clients_statement_is_waited_for_before_probing() {
    let world = World::new().await;
    let (operation, plan) = world.planned(&world.request("shop").await).await;
    let step = &plan.steps[0];
    apply(step, &world.clusters, marker(operation, 0))
        .await
        .expect("roles");
    drop(world.clusters);
    // What a killed client leaves: a session that has the lock and is in the middle of a statement.
    let bytes = operation.into_bytes();
    let key = i32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]);
    let name = format!("hostctl {} 1", marker(operation, 0).short());
    let mut config = world.sandbox.control().expect("configuration");
    let (client, connection) = config
        .dbname("postgres")
        .application_name(&name)
        .connect(tokio_postgres::NoTls)
        .await
        .expect("connection");
    tokio::spawn(connection);
    let lock = format!("SELECT pg_advisory_lock(1752134517, {key})");
    client.batch_execute(&lock).await.expect("lock");
    let working = tokio::spawn(async move {
        client
            .batch_execute("SELECT pg_sleep(0.7)")
            .await
            .expect("not ended by anybody");
        client
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let successor = Clusters::new(&world.config);
    let later = Marker {
        epoch: 2,
        ..marker(operation, 0)
    };
    let found = probe(step, &successor, later).await.expect("probe");
    assert!(working.is_finished(), "the probe came too early");
    assert!(matches!(found, Found::Ours(_)));
    world.sandbox.down().await.expect("down");
}

#[tokio::test]
async fn a_server_that_was_restarted_is_entered_again() {
    let mut world = World::new().await;
    let before = world.dump().await;
    let (operation, plan) = world.planned(&world.request("shop").await).await;
    world.apply(&plan, operation, 0).await.expect("roles");
    world.apply(&plan, operation, 1).await.expect("create");
    world.sandbox.restart(Name::Postgres).await.expect("restart");
    let failure = world.apply(&plan, operation, 2).await.expect_err("cut off");
    assert!(failure.is_passing, "{}", failure.error);
    for number in (0..3).rev() {
        world.undo(&plan, operation, number).await.expect("undone");
    }
    let soon = hostctl::env::deadline::Deadline::after(Duration::from_secs(20));
    world.session = hostctl::control::Session::open(&world.config, soon)
        .await
        .expect("session");
    assert_eq!(world.dump().await, before);
    world.down().await;
}
