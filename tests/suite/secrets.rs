//! A secret is planted and looked for everywhere: processes, logs, journal, audit trail, messages.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::support::{Lab, Ran};

const PLANTED: &str = "Grünkohl-4711-planted-secret";
/// No secret: planted where it is to be found.
const OTHER: &str = "something-to-be-found";

/// Looks at every process again and again; returns where the secret was seen.
async fn watch_processes() -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    loop {
        for entry in std::fs::read_dir("/proc").expect("/proc").flatten() {
            let Some(pid) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<u32>().ok())
            else {
                continue;
            };
            // This process holds the secret itself, in its memory only.
            for file in ["cmdline", "environ"] {
                let content = std::fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
                if content
                    .windows(PLANTED.len())
                    .any(|part| part == PLANTED.as_bytes())
                {
                    seen.insert(format!("{file} of {}", String::from_utf8_lossy(&content)));
                }
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        LOOKS.fetch_add(1, Ordering::Relaxed);
        if IS_OVER.load(Ordering::Relaxed) {
            return seen;
        }
    }
}

static LOOKS: AtomicU32 = AtomicU32::new(0);
static IS_OVER: AtomicBool = AtomicBool::new(false);

#[test]
fn a_planted_password_is_found_nowhere() {
    let lab = Lab::talkative();
    let deeds = async {
        let lines: [(&[&str], Option<&str>); 6] = [
            (&["db", "create", "shop", "--password-stdin", "-vv"], None),
            (
                &["db", "passwd", "shop", "--password-stdin", "-vv", "-o", "json"],
                None,
            ),
            // The name is taken: an error.
            (&["db", "create", "shop", "--password-stdin", "-vv"], None),
            (
                &["db", "create", "store", "--password-stdin", "-vv"],
                Some("fail:3:before_intent:do"),
            ),
            (
                &["db", "create", "store", "--password-stdin", "-vv"],
                Some("die:1:effect_done:do"),
            ),
            (
                &["db", "passwd", "shop", "--password-stdin", "--dry-run", "-vv"],
                None,
            ),
        ];
        let mut ran: Vec<Ran> = Vec::new();
        for (words, crash) in lines {
            let call = lab.call(words).stdin(format!("{PLANTED}\n"));
            let call = if let Some(crash) = crash {
                call.crash(crash)
            } else {
                call
            };
            ran.push(call.start().await);
        }
        IS_OVER.store(true, Ordering::Relaxed);
        ran
    };
    let (ran, seen) = lab.wait(async { tokio::join!(deeds, watch_processes()) });
    let codes: Vec<_> = ran.iter().map(|ran| ran.code).collect();
    assert_eq!(
        codes,
        [Some(0), Some(0), Some(4), Some(8), None, Some(0)],
        "{}",
        ran[0]
    );
    for ran in &ran {
        assert!(
            !ran.stdout.contains(PLANTED) && !ran.stderr.contains(PLANTED),
            "{ran}"
        );
    }
    assert!(seen.is_empty(), "{seen:?}");
    assert!(
        LOOKS.load(Ordering::Relaxed) > 10,
        "too few looks to mean anything"
    );
    // While the killed operation is open, its secret is sealed; afterwards it is gone.
    assert_eq!(lab.leftover_secrets(PLANTED), Vec::<String>::new());
    assert_eq!(
        lab.ask("SELECT count(*)::text FROM hostctl.operation_secrets WHERE sealed <> ''"),
        ["1"]
    );
    lab.run(&["op", "recover"]).expect_code(0);
    assert_eq!(lab.leftover_secrets(PLANTED), Vec::<String>::new());
    assert_eq!(
        lab.ask("SELECT count(*)::text FROM hostctl.operation_secrets"),
        ["0"]
    );
}

#[test]
fn the_search_finds_what_is_there() {
    let lab = Lab::talkative();
    lab.ask(&format!("SELECT '{OTHER}'"));
    assert_eq!(lab.leftover_secrets(OTHER).len(), 1, "the log of PostgreSQL");
    lab.run(&["account", "create", "acme", "--reason", OTHER])
        .expect_code(0);
    assert!(
        lab.leftover_secrets(OTHER)
            .iter()
            .any(|place| place.contains("audit_logs"))
    );
}
