//! A server that starts anew while an operation stands still in the middle.

use std::time::Duration;

use hostctl::env::child::{Process, Signal, send};
use hostctl::sandbox::Name;

use crate::faults::{DATABASE, SITE, Verb, Worlds, judge};
use crate::support::Lab;

#[test]
fn postgresql_anew_in_the_middle_of_a_database_is_all_or_nothing() {
    let lab = Lab::new();
    let expected = Worlds::of(&lab, DATABASE, || lab.run(DATABASE.words));
    for step in 0..5 {
        for point in ["after_intent", "effect_done"] {
            restart(
                &lab,
                &expected,
                DATABASE,
                Name::Postgres,
                &format!("stop:{step}:{point}:do"),
            );
        }
    }
}

#[test]
fn any_server_anew_in_the_middle_of_a_site_is_all_or_nothing() {
    let lab = Lab::with_dns();
    let expected = Worlds::of(&lab, SITE, || lab.run(SITE.words));
    let steps = steps(&lab, SITE);
    for step in 0..steps {
        for server in [Name::Postgres, Name::Powerdns] {
            let point = if step % 2 == 0 {
                "after_intent"
            } else {
                "effect_done"
            };
            restart(&lab, &expected, SITE, server, &format!("stop:{step}:{point}:do"));
        }
    }
}

/// How many steps the verb has.
fn steps(lab: &Lab, verb: Verb) -> usize {
    let words: Vec<&str> = verb.words.iter().chain(&["--dry-run"]).copied().collect();
    let plan = lab.run(&words);
    plan.expect_code(0).json().as_array().expect("steps").len()
}

fn restart(lab: &Lab, expected: &Worlds, verb: Verb, server: Name, crash: &str) {
    let sleeper = lab.call(verb.words).crash(crash).start();
    let restart = async {
        let holder = tokio::time::timeout(Duration::from_secs(30), holder(lab));
        let holder = holder.await.unwrap_or_else(|_| panic!("{crash} was not met"));
        lab.sandbox().restart(server).await.expect("it starts");
        send(holder, Signal::Continue).expect("it goes on");
    };
    let (ran, ()) = lab.wait(async { tokio::join!(sleeper, restart) });
    let words = format!("{server:?} anew at {crash}");
    judge(lab, verb, expected, &ran, || lab.run(&["op", "recover"]), &words);
}

/// The holder of the one open operation, once it is stopped.
async fn holder(lab: &Lab) -> Process {
    loop {
        let sql = "SELECT holder->>'pid' FROM hostctl.operations WHERE state = 'running'";
        let answers = lab.answers(sql).await;
        if let Some(pid) = answers.first().and_then(|pid| pid.parse::<u32>().ok()) {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            if stat.contains(") T ") {
                return Process::of(pid).expect("a process");
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
