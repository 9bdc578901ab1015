//! A wire that breaks and a server that goes away: the same promise, and exit codes that tell the truth.

#![expect(clippy::print_stdout, reason = "how many places were tried belongs to the proof")]

#[path = "support/mod.rs"]
mod support;

use hostctl::env::child::{Process, Signal, send};
use hostctl::sandbox::Name;
use support::proxy::{Fault, Proxy, Way};
use support::{Lab, Ran, World};

const CREATE: [&str; 5] = ["db", "create", "shop", "-o", "json"];

/// `db create` through a wire that breaks; also what crossed it, and whether it broke.
fn create(lab: &Lab, plan: Option<(Way, u64, Fault)>, more: &[&str]) -> (Ran, (u64, u64), bool) {
    let server = lab.sandbox().addresses(Name::Postgres).expect("PostgreSQL")[0];
    let words: Vec<&str> = CREATE.iter().chain(more).copied().collect();
    lab.wait(async {
        let proxy = Proxy::start(server, plan).await;
        let ran = lab.call(&words).through(proxy.port).start().await;
        (ran, proxy.traffic(), proxy.has_struck())
    })
}

/// All or nothing, by what the exit code says; recovery mends only what was announced.
fn judge(lab: &Lab, before: &World, ran: &Ran, words: &str) {
    match ran.code {
        Some(0) => {
            assert_eq!(
                lab.run(&["op", "list", "--open", "-o", "json"]).json(),
                serde_json::json!([]),
                "{words}"
            );
            lab.run(&["db", "delete", "shop", "--purge", "--yes"])
                .expect_code(0);
        }
        Some(8) => {}
        Some(9) => {
            assert!(ran.stderr.contains("left_to_recovery"), "{words}: {ran}");
            lab.run(&["op", "recover"]).expect_code(0);
        }
        _ => panic!("{words}: {ran}"),
    }
    before.expect_same(&lab.world(), &format!("{words}: {ran}"));
}

fn sweep(lab: &Lab, way: Way, fault: Fault, samples: u64, more: &[&str]) {
    let before = lab.world();
    let (clean, (requests, replies), _) = create(lab, None, &[]);
    clean.expect_code(0);
    lab.run(&["db", "delete", "shop", "--purge", "--yes"])
        .expect_code(0);
    let total = if way == Way::Request { requests } else { replies };
    let mut codes = std::collections::BTreeMap::new();
    for sample in 0..samples {
        let after = total * (2 * sample + 1) / (2 * samples);
        let (ran, _, has_struck) = create(lab, Some((way, after, fault)), more);
        let words = format!("{fault:?} after {after} of {total} bytes of {way:?}");
        assert!(has_struck || ran.code == Some(0), "{words}: {ran}");
        judge(lab, &before, &ran, &words);
        *codes.entry(ran.code).or_insert(0) += 1;
    }
    println!("{fault:?} {way:?}: {samples} places, exit codes {codes:?}");
}

#[test]
fn a_wire_cut_while_asking_is_all_or_nothing() {
    sweep(&Lab::new(), Way::Request, Fault::Cut, 30, &[]);
}

#[test]
fn a_wire_cut_while_answering_is_all_or_nothing() {
    sweep(&Lab::new(), Way::Reply, Fault::Cut, 30, &[]);
}

#[test]
fn requests_that_never_arrive_are_all_or_nothing() {
    sweep(&Lab::new(), Way::Request, Fault::Swallow, 3, &["--timeout", "2s"]);
}

#[test]
fn replies_that_never_arrive_are_all_or_nothing() {
    sweep(&Lab::new(), Way::Reply, Fault::Swallow, 3, &["--timeout", "2s"]);
}

#[test]
fn a_server_that_stays_away_leaves_the_operation_to_recovery() {
    let lab = Lab::new();
    sweep(&lab, Way::Reply, Fault::Down, 2, &[]);
}

#[test]
fn a_server_that_starts_anew_in_the_middle_is_all_or_nothing() {
    let lab = Lab::new();
    let before = lab.world();
    for step in 0..5 {
        for point in ["after_intent", "effect_done"] {
            let crash = format!("stop:{step}:{point}:do");
            let sleeper = lab.call(&CREATE).crash(&crash).start();
            let restart = async {
                let holder = holder(&lab).await;
                lab.sandbox().restart(Name::Postgres).await.expect("PostgreSQL");
                send(holder, Signal::Continue).expect("it goes on");
            };
            let (ran, ()) = lab.wait(async { tokio::join!(sleeper, restart) });
            judge(&lab, &before, &ran, &crash);
        }
    }
}

/// The holder of the one open operation, once it is stopped.
async fn holder(lab: &Lab) -> Process {
    loop {
        let sql = "SELECT holder->>'pid' FROM hostctl.operations WHERE state = 'running'";
        if let Some(pid) = lab
            .answers(sql)
            .await
            .first()
            .and_then(|pid| pid.parse::<u32>().ok())
        {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            if stat.contains(") T ") {
                return Process::of(pid).expect("a process");
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}
