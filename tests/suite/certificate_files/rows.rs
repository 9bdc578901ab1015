//! Thousands of certificates cost no more statements than one.

use std::fs;
use std::time::Duration;

use hostctl::env::child::Spec;
use hostctl::sandbox::Name;

use crate::support::Lab;
use crate::support::call::finish;

const MANY: usize = 10_000;

/// How many statements name the certificates while the program runs, and how many lines it answers.
fn cost(lab: &Lab, arguments: &[&str]) -> (usize, usize) {
    let log = lab.sandbox().log_file(Name::Postgres);
    let count = || {
        let text = fs::read_to_string(&log).expect("a log");
        text.matches("FROM hostctl.certificate").count()
    };
    let before = count();
    // Counted there: of a long output the beginning alone is kept.
    let spec = Spec::new("/bin/bash")
        .arguments([
            "-c",
            "set -o pipefail; \"$@\" -o ndjson | wc -l",
            "bash",
            env!("CARGO_BIN_EXE_hostctl"),
        ])
        .arguments(arguments)
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
        .deadline(Duration::from_secs(60));
    let ran = lab.wait(finish(spec, arguments.join(" ")));
    let lines = ran.expect_code(0).stdout.trim().parse();
    (count() - before, lines.expect("a number"))
}

#[test]
fn ten_thousand_certificates_are_one_statement() {
    let lab = Lab::talkative();
    let verbs: [&[&str]; 4] = [
        &["cert", "list"],
        &["cert", "status"],
        &["cert", "deploy", "--pending"],
        &["cert", "renew"],
    ];
    let few = verbs.map(|verb| cost(&lab, verb).0);
    lab.ask(&format!(
        "WITH made AS (INSERT INTO hostctl.certificates (name, account_id, identifiers, cas, challenge, key_type, state, generation, next_at)
            SELECT 'c' || n || '.example', (SELECT id FROM hostctl.accounts WHERE name = 'main'), ARRAY['c' || n || '.example'],
                '{{main}}', 'http-01', 'p256', 'issued', 1, hostctl.now() + interval '40 days' FROM generate_series(1, {MANY}) n RETURNING name),
        generations AS (INSERT INTO hostctl.certificate_generations (certificate, number, serial, fingerprint, identifiers,
                issuer, not_before, not_after, chain)
            SELECT name, 1, '01', repeat('0', 64), ARRAY[name], 'CN=test', hostctl.now(), hostctl.now() + interval '60 days', '' FROM made),
        places AS (INSERT INTO hostctl.certificate_places (certificate, host, generation)
            SELECT name, 'web1', 1 FROM made)
        SELECT count(*)::text FROM made"
    ));
    let many = verbs.map(|verb| cost(&lab, verb));
    assert_eq!(many.map(|(statements, _)| statements), few);
    assert_eq!(many.map(|(_, lines)| lines), [MANY, MANY, 0, 0]);
}
