//! Several at once: processes that want the same thing, and one that wakes up after another took over its work.

use crate::support::{Lab, Ran};
use futures_util::future::join_all;
use hostctl::env::child::{Process, Signal, send};
use hostctl::env::crash::{Phase, Point};

fn at_once(lab: &Lab, lines: &[Vec<&str>]) -> Vec<Ran> {
    lab.wait(join_all(lines.iter().map(|line| lab.call(line).start())))
}

#[test]
fn of_many_who_create_the_same_database_one_wins() {
    let lab = Lab::new();
    let empty = lab.world();
    for crowd in [2, 8, 32] {
        let ran = at_once(&lab, &vec![vec!["db", "create", "shop", "-o", "json"]; crowd]);
        expect_one_winner(&lab, &ran);
        lab.run(&["db", "delete", "shop", "--purge", "--yes"])
            .expect_code(0);
        empty.expect_same(&lab.world(), "after the crowd");
    }
}

#[test]
fn many_who_create_different_databases_all_succeed() {
    let lab = Lab::new();
    let empty = lab.world();
    let names: Vec<String> = (0..12).map(|number| format!("shop{number}")).collect();
    let create: Vec<Vec<&str>> = names.iter().map(|name| vec!["db", "create", name]).collect();
    for ran in at_once(&lab, &create) {
        ran.expect_code(0);
    }
    let delete: Vec<Vec<&str>> = names
        .iter()
        .map(|name| vec!["db", "delete", name, "--purge", "--yes"])
        .collect();
    for ran in at_once(&lab, &delete) {
        ran.expect_code(0);
    }
    empty.expect_same(&lab.world(), "after all of them");
}

#[test]
fn what_another_operation_is_making_is_busy_and_its_holder_is_named() {
    let lab = Lab::with_dns();
    let create = "site create shop.test --db shop --mail info --dns";
    let words: Vec<&str> = create.split(' ').collect();
    let plan = lab
        .call(&[words.as_slice(), &["-n", "-o", "json"]].concat())
        .run();
    let last = plan.json().as_array().expect("steps").len() - 1;
    // Stopped where the roles are there, where the database is, and where everything is.
    for step in [0, 3, last] {
        let crash = format!("stop:{step}:effect_done:do");
        let sleeper = lab.call(&words).crash(&crash).start();
        let others = async {
            let (id, process) = stopped_holder(&lab).await;
            for line in [
                "db create shop",
                "db passwd shop",
                "db delete shop --purge --yes",
                "site create other.test --db shop",
                "site create shop.test --db other",
                "dns zone create shop.test",
            ] {
                let words: Vec<&str> = line.split(' ').chain(["-o", "json"]).collect();
                let ran = lab.call(&words).start().await;
                ran.expect_code(6);
                let said: serde_json::Value = serde_json::from_str(&ran.stderr).expect("an error");
                assert_eq!(said["error"]["operation"], id, "{crash}: {ran}");
            }
            send(process, Signal::Continue).expect("it wakes up");
        };
        let (ran, ()) = lab.wait(async { tokio::join!(sleeper, others) });
        ran.expect_code(0);
        lab.run(&["site", "delete", "shop.test", "--purge", "--yes"])
            .expect_code(0);
    }
}

#[test]
fn who_comes_too_late_leaves_no_password_in_a_file() {
    let lab = Lab::new();
    let file = |name: &str| lab.path(name).display().to_string();
    let (first, second) = (file("first"), file("second"));
    let create = [
        "db",
        "create",
        "twin",
        "--lock-wait",
        "30s",
        "-o",
        "json",
        "--secret-out",
    ];
    let winner = lab
        .call(&[&create[..], &[first.as_str()]].concat())
        .crash("stop:0:before_intent:do")
        .start();
    let rest = async {
        let (_, process) = stopped_holder(&lab).await;
        let late = lab.call(&[&create[..], &[second.as_str()]].concat()).start();
        let wake = async {
            while !lab.path("second").exists() {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
            send(process, Signal::Continue).expect("it wakes up");
        };
        tokio::join!(late, wake).0
    };
    let (won, late) = lab.wait(async { tokio::join!(winner, rest) });
    won.expect_code(0);
    assert!(late.expect_code(4).stderr.contains("\"exists\""), "{late}");
    assert!(lab.path("first").exists(), "{won}");
    assert!(!lab.path("second").exists(), "a password of nothing: {late}");
}

/// Exactly one has succeeded, and the others were told that it exists or is being made.
#[track_caller]
fn expect_one_winner(lab: &Lab, ran: &[Ran]) {
    let winners = ran.iter().filter(|ran| ran.code == Some(0)).count();
    let told_why = ran.iter().filter(|ran| matches!(ran.code, Some(4 | 6))).count();
    let other: Vec<String> = ran
        .iter()
        .filter(|ran| !matches!(ran.code, Some(0 | 4 | 6)))
        .map(ToString::to_string)
        .collect();
    assert_eq!((winners, told_why), (1, ran.len() - 1), "{}", other.join("\n"));
    let open = lab.run(&["op", "list", "--open", "-o", "json"]);
    assert_eq!(open.json(), serde_json::json!([]));
}

#[test]
fn of_many_who_create_the_same_site_one_wins() {
    let lab = Lab::with_dns();
    let empty = lab.world();
    let create = [
        "site",
        "create",
        "shop.test",
        "--db",
        "shop",
        "--mail",
        "info",
        "--dns",
    ];
    let delete = ["site", "delete", "shop.test", "--purge", "--yes"];
    lab.run(&create).expect_code(0);
    let whole = lab.world();
    lab.run(&delete).expect_code(0);
    for crowd in [2, 8, 32] {
        let ran = at_once(&lab, &vec![create.to_vec(); crowd]);
        expect_one_winner(&lab, &ran);
        let mut difference = whole.difference_in_kind(&lab.world());
        // Each has a key of its own.
        difference.retain(|line| !line.contains("_domainkey"));
        assert_eq!(difference, Vec::<String>::new());
        lab.run(&delete).expect_code(0);
        empty.expect_same(&lab.world(), "after the crowd");
    }
}

#[test]
fn many_who_create_different_sites_all_succeed() {
    let lab = Lab::with_dns();
    let empty = lab.world();
    // Of the largest crowd each wants a database alone.
    for (crowd, more) in [(2, " --mail info --dns"), (12, " --mail info --dns"), (32, "")] {
        let line = |number: usize| format!("site create shop{number}.test --db shop{number}{more}");
        let create: Vec<String> = (0..crowd).map(line).collect();
        let create: Vec<Vec<&str>> = create.iter().map(|line| line.split(' ').collect()).collect();
        for ran in at_once(&lab, &create) {
            ran.expect_code(0);
        }
        let sites = lab.run(&["site", "list", "-o", "json"]).json();
        assert_eq!(sites.as_array().map(Vec::len), Some(crowd));
        let delete = create
            .iter()
            .map(|line| vec!["site", "delete", line[2], "--purge", "--yes"]);
        for ran in at_once(&lab, &delete.collect::<Vec<_>>()) {
            ran.expect_code(0);
        }
        empty.expect_same(&lab.world(), "after all of them");
    }
}

#[test]
fn many_who_delete_the_same_database_delete_it_once() {
    let lab = Lab::new();
    let empty = lab.world();
    lab.run(&["db", "create", "shop"]).expect_code(0);
    let ran = at_once(&lab, &vec![vec!["db", "delete", "shop", "--purge", "--yes"]; 8]);
    assert_eq!(ran.iter().filter(|ran| ran.code == Some(0)).count(), 1);
    for ran in &ran {
        assert!(matches!(ran.code, Some(0 | 3 | 4 | 6)), "{ran}");
    }
    empty.expect_same(&lab.world(), "after all of them");
}

/// The process that the journal names as holder of the one open operation, once it is stopped.
pub async fn stopped_holder(lab: &Lab) -> (String, Process) {
    loop {
        let sql = "SELECT id || ' ' || (holder->>'pid') FROM hostctl.operations WHERE state IN ('running', 'unwinding')";
        if let Some(found) = lab.answers(sql).await.first() {
            let (id, pid) = found.split_once(' ').expect("two words");
            let pid: u32 = pid.parse().expect("a number");
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            if stat.contains(") T ") {
                return (id.to_owned(), Process::of(pid).expect("a process"));
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[test]
fn a_process_that_wakes_up_after_a_takeover_changes_nothing() {
    let lab = Lab::new();
    let before = lab.world();
    let mut cells = 0;
    for step in 0..5 {
        for point in [
            Point::AfterIntent,
            Point::MidEffect,
            Point::EffectDone,
            Point::BeforeCommit,
        ] {
            let crash = format!("stop:{step}:{}:{}", point.word(), Phase::Do.word());
            let sleeper = lab
                .call(&["db", "create", "shop", "-o", "json"])
                .crash(&crash)
                .start();
            let takeover = async {
                let limit = std::time::Duration::from_secs(5);
                let Ok((id, process)) = tokio::time::timeout(limit, stopped_holder(&lab)).await else {
                    return false;
                };
                let held = lab.call(&["op", "recover", &id]).start().await;
                held.expect_code(6);
                lab.call(&["op", "recover", &id, "--fence", "--yes"])
                    .start()
                    .await
                    .expect_code(0);
                send(process, Signal::Continue).expect("it wakes up")
            };
            let (ran, was_stopped) = lab.wait(async { tokio::join!(sleeper, takeover) });
            if !was_stopped {
                assert_eq!(point, Point::MidEffect, "{crash} was not met: {ran}");
                lab.run(&["db", "delete", "shop", "--purge", "--yes"])
                    .expect_code(0);
                continue;
            }
            cells += 1;
            ran.expect_code(6);
            assert!(ran.stderr.contains(r#""reason":"fenced""#), "{ran}");
            lab.run(&["op", "recover"]).expect_code(0);
            before.expect_same(&lab.world(), &crash);
        }
    }
    println!("{cells} takeovers");
}
