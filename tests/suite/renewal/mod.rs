//! Renewing: when, by whom, and what is remembered.

mod crashes;
mod failures;
mod hosts;
mod kept;
mod patience;
mod story;

use std::path::PathBuf;

use crate::support::{Call, Lab};

/// Certificates as they stand after a first issuance, without one: due since a minute. Each is to lie on `host`.
pub fn plant(lab: &Lab, names: &[String], challenge: &str, cas: &str, host: &str) {
    let listed = names
        .iter()
        .map(|name| format!("'{name}'"))
        .collect::<Vec<_>>()
        .join(",");
    lab.ask(&format!(
        "WITH made AS (INSERT INTO hostctl.certificates (name, account_id, identifiers, cas, challenge, key_type, state, generation,
                next_at, next_reason)
            SELECT n, (SELECT id FROM hostctl.accounts WHERE name = 'main'), ARRAY[n], '{cas}', '{challenge}', 'p256', 'issued', 1,
                hostctl.now() - interval '1 minute', 'planted' FROM unnest(ARRAY[{listed}]) n RETURNING name),
        generations AS (INSERT INTO hostctl.certificate_generations (certificate, number, serial, fingerprint, identifiers,
                issuer, not_before, not_after, chain, created_at)
            SELECT name, 1, '01', repeat('0', 64), ARRAY[name], 'CN=before', hostctl.now() - interval '60 days',
                hostctl.now() + interval '30 days', '', hostctl.now() - interval '60 days' FROM made),
        places AS (INSERT INTO hostctl.certificate_places (certificate, host, generation)
            SELECT name, '{host}', 1 FROM made)
        SELECT count(*)::text FROM made"
    ));
}

/// Makes all of them due.
pub fn due(lab: &Lab) {
    lab.ask("UPDATE hostctl.certificates SET next_at = hostctl.now() - interval '1 second'");
}

/// `name generation state failures` of every certificate.
pub fn stands(lab: &Lab) -> Vec<String> {
    lab.ask("SELECT concat_ws(' ', name, generation, state, failures) FROM hostctl.certificates ORDER BY 1")
}

/// Where the certificates of a host lie.
pub fn directory(lab: &Lab, host: &str) -> PathBuf {
    lab.path(&format!("certificates-of-{host}"))
}

/// The program as it runs on a host.
pub fn on<'a>(lab: &'a Lab, host: &str, arguments: &[&str]) -> Call<'a> {
    let directory = directory(lab, host).display().to_string();
    lab.call(arguments)
        .variable("HOSTCTL_HOST__NAME", host)
        .variable("HOSTCTL_CERTIFICATE__DIRECTORY", &directory)
}
