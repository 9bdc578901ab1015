//! A secret is planted and looked for everywhere: processes, logs, journal, audit trail, messages.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::acme::{BINDING, Manner, PLAIN, Pebble};
use crate::support::{Lab, Ran};

const PLANTED: &str = "Grünkohl-4711-planted-secret";
/// No secret: planted where it is to be found.
const OTHER: &str = "something-to-be-found";

/// Looks at every process again and again, until `is_over`; returns where one of the secrets was seen.
async fn watch_processes(secrets: &[&str], is_over: &AtomicBool) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut looks = 0;
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
                let holds = |secret: &&str| {
                    content
                        .windows(secret.len())
                        .any(|part| part == secret.as_bytes())
                };
                if secrets.iter().any(holds) {
                    seen.insert(format!("{file} of {}", String::from_utf8_lossy(&content)));
                }
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        looks += 1;
        if is_over.load(Ordering::Relaxed) {
            assert!(looks > 10, "too few looks to mean anything");
            return seen;
        }
    }
}

#[test]
fn a_planted_password_is_found_nowhere() {
    let lab = Lab::talkative();
    let is_over = AtomicBool::new(false);
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
        is_over.store(true, Ordering::Relaxed);
        ran
    };
    let (ran, seen) = lab.wait(async { tokio::join!(deeds, watch_processes(&[PLANTED], &is_over)) });
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

/// The key of an account's binding, and a key that is kept from one certificate to the next.
#[test]
fn keys_of_certificates_are_found_nowhere() {
    let lab = Lab::talkative_with_dns();
    let manner = Manner {
        wants_binding: true,
        ..PLAIN
    };
    let pebble = Pebble::start(&lab, manner);
    let binding = lab.private_file("eab.key", BINDING.1);
    let run = |line: String| lab.call(&line.split(' ').collect::<Vec<_>>()).start();
    let register = format!(
        "ca register main --agree-tos --eab-kid {} --eab-key-file {binding} -vv",
        BINDING.0
    );
    lab.wait(run(register)).expect_code(0);
    lab.wait(run(
        "cert issue key.shop.example --challenge dns-01 --reuse-key -vv".to_owned(),
    ))
    .expect_code(0);
    let pem = std::fs::read_to_string(pebble.certificates().join("key.shop.example/current/privkey.pem"))
        .expect("a key");
    let secret = pem.lines().nth(1).expect("a line of a key");
    let out = lab.path("key.p12").display().to_string();
    let password = lab.private_file("p12.password", PLANTED);
    let is_over = AtomicBool::new(false);
    let deeds = async {
        let hook = r#"cert set key.shop.example --deploy-hook ["/bin/sleep","0.1"]"#;
        let ran = [
            run(hook.to_owned()).await,
            run("cert renew key.shop.example --force -vv".to_owned()).await,
            run("cert status -vv".to_owned()).await,
            run(format!(
                "cert export key.shop.example --pkcs12 {out} --password-file {password} -vv"
            ))
            .await,
            run("ca rollover main -vv".to_owned()).await,
            run("cert revoke key.shop.example --yes -vv".to_owned()).await,
        ];
        is_over.store(true, Ordering::Relaxed);
        ran
    };
    let secrets = [BINDING.1, secret, PLANTED];
    let (ran, seen) = lab.wait(async { tokio::join!(deeds, watch_processes(&secrets, &is_over)) });
    for ran in &ran {
        ran.expect_code(0);
        let told = |secret: &&str| ran.stdout.contains(secret) || ran.stderr.contains(secret);
        assert!(!secrets.iter().any(told), "{ran}");
    }
    assert!(seen.is_empty(), "{seen:?}");
    for secret in secrets {
        assert_eq!(lab.leftover_secrets(secret), Vec::<String>::new());
    }
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
