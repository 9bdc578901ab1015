//! Whoever makes a sandbox can be interrupted and killed at any moment.

use std::fs;
use std::path::Path;
use std::time::Duration;

use hostctl::clock;
use hostctl::env::child::{self, Process, Signal, Spec, Stopped};
use hostctl::error::Kind;
use hostctl::sandbox::{self, Lifetime, Name, Options, Parts, Sandbox, ServerState};

use crate::sandbox::place::{Place, control, processes_of};

#[tokio::test]
async fn an_up_that_is_broken_off_at_any_moment_is_ended_by_down() {
    for step in 0..8 {
        let place = Place::new();
        let up = Sandbox::up(place.options(Parts {
            dns: true,
            mail: false,
        }));
        tokio::time::timeout(Duration::from_millis(step * 200), up)
            .await
            .ok();
        if let Err(error) = sandbox::down(&place.path()).await {
            assert_eq!(error.kind(), Kind::NotFound, "{error}");
        }
        place.assert_untouched();
    }
}

/// Not a test of its own: what the two below start and kill. It makes a sandbox in its working directory.
#[tokio::test]
#[ignore = "started by other tests"]
async fn victim() {
    let directory = std::env::current_dir().expect("directory").join("box");
    let lifetime = if Path::new("detached").exists() {
        Lifetime::Detached
    } else {
        Lifetime::WithParent
    };
    let options = Options {
        parts: Parts {
            dns: true,
            mail: false,
        },
        lifetime,
        ..Options::new(directory)
    };
    let _sandbox = Sandbox::up(options).await.expect("up");
    tokio::time::sleep(Duration::from_secs(60)).await;
}

fn start_victim(place: &Place) -> Process {
    let program = std::env::current_exe().expect("own program");
    let spec = Spec::new(program)
        .arguments(["sandbox::crash::victim", "--exact", "--ignored", "--nocapture"])
        .directory(place.outer.path());
    child::spawn_server(
        &spec,
        &place.outer.path().join("victim.log"),
        Lifetime::WithParent,
    )
    .expect("victim")
}

#[tokio::test]
async fn servers_bound_to_a_process_die_with_it_also_by_kill() {
    let place = Place::new();
    let victim = start_victim(&place);
    let deadline = clock::deadline(Duration::from_secs(30));
    let sandbox = loop {
        match Sandbox::open(&place.path()).await {
            Ok(sandbox) => break sandbox,
            Err(error) => assert!(clock::instant() < deadline, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let running: Vec<Process> = [Name::Postgres, Name::Powerdns]
        .into_iter()
        .filter_map(|name| sandbox.process(name))
        .collect();
    assert_eq!(running.iter().filter(|process| process.is_alive()).count(), 2);
    assert!(child::send(victim, Signal::Kill).expect("send"));
    let deadline = clock::deadline(Duration::from_secs(5));
    // A process that is ending gives up its arguments and its directory before it is a zombie: asked by its number, too.
    while running.iter().any(|process| process.is_alive()) || !processes_of(&place.path()).is_empty() {
        assert!(clock::instant() < deadline, "{:?}", processes_of(&place.path()));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(
        sandbox
            .status()
            .iter()
            .all(|status| status.state == ServerState::Stopped)
    );
    sandbox.down().await.expect("down");
    place.assert_untouched();
}

#[tokio::test]
async fn an_up_killed_at_any_moment_is_cleaned_up_by_the_next_command() {
    let steps: u64 = 12;
    for step in 0..steps {
        let place = Place::new();
        fs::write(place.outer.path().join("detached"), "").expect("write");
        let victim = start_victim(&place);
        tokio::time::sleep(Duration::from_millis(step * 100)).await;
        // Only the process itself: what it has started stays, as after a kill from outside.
        child::send(victim, Signal::Kill).expect("send");
        while victim.is_alive() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        if step % 2 == 0 {
            if let Err(error) = sandbox::down(&place.path()).await {
                assert_eq!(error.kind(), Kind::NotFound, "{error}");
            }
        } else {
            match Sandbox::up(place.options(Parts::NONE)).await {
                Err(error) => assert_eq!(error.reason(), "exists", "{error}"),
                Ok(sandbox) => drop(control(&sandbox).await),
            }
            sandbox::down(&place.path()).await.expect("down");
        }
        if place.path().exists() {
            fs::remove_dir(place.path()).expect("killed before it was claimed: empty");
        }
        place.assert_untouched();
        let ended = child::stop(victim, Signal::Kill, Duration::from_secs(1))
            .await
            .expect("bury");
        assert_eq!(ended, Stopped::AlreadyDead);
    }
}
