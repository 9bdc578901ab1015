//! The lock of an operation: a dead predecessor's statement is waited for, a stopped one's session is ended.

use std::time::Duration;

use hostctl::database::Clusters;
use hostctl::journal::{Found, Marker};
use hostctl::sandbox::{Name, Sandbox};
use tokio_postgres::{Client, Config, NoTls};
use uuid::Uuid;

use crate::database::world::{World, apply, marker, probe, undo};
use crate::support::proxy::{Fault, Proxy, Way};

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

/// A session that has the lock of the operation, as a predecessor has it.
async fn holder(sandbox: &Sandbox, operation: Uuid, port: u16) -> Client {
    let bytes = operation.into_bytes();
    let key = i32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]);
    let control = sandbox.control().expect("configuration");
    let mut config = Config::new();
    config.host("127.0.0.1").port(port).dbname("postgres");
    config.user(control.get_user().expect("a role"));
    config.password(control.get_password().expect("a password"));
    config.application_name(format!("hostctl {} 1", marker(operation, 0).short()));
    let (client, connection) = config.connect(NoTls).await.expect("connection");
    tokio::spawn(connection);
    let lock = format!("SELECT pg_advisory_lock(1752134517, {key})");
    client.batch_execute(&lock).await.expect("lock");
    client
}

#[tokio::test]
async fn a_session_that_waits_for_the_rest_of_a_question_is_ended() {
    let world = World::new().await;
    let (operation, plan) = world.planned(&world.request("shop").await).await;
    let step = &plan.steps[0];
    apply(step, &world.clusters, marker(operation, 0))
        .await
        .expect("roles");
    drop(world.clusters);
    let server = world.sandbox.addresses(Name::Postgres).expect("PostgreSQL")[0];
    let clean = Proxy::start(server, None).await;
    let client = holder(&world.sandbox, operation, clean.port).await;
    client.query_typed("SELECT 1", &[]).await.expect("an answer");
    drop(client);
    // The last message, which says that the question is whole, never comes.
    let (sent, _) = clean.traffic();
    let wire = Proxy::start(server, Some((Way::Request, sent - 3, Fault::Swallow))).await;
    let client = holder(&world.sandbox, operation, wire.port).await;
    let asking = tokio::spawn(async move { client.query_typed("SELECT 1", &[]).await.map(drop) });
    while !wire.has_struck() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let successor = Clusters::new(&world.config);
    let later = Marker {
        epoch: 2,
        ..marker(operation, 0)
    };
    let found = tokio::time::timeout(Duration::from_secs(10), probe(step, &successor, later)).await;
    assert!(matches!(found.expect("in time").expect("probe"), Found::Ours(_)));
    asking.await.expect("it ends").expect_err("its session was ended");
    world.sandbox.down().await.expect("down");
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
    let port = world.sandbox.addresses(Name::Postgres).expect("PostgreSQL")[0].port();
    let client = holder(&world.sandbox, operation, port).await;
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
