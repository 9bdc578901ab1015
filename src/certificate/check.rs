//! Looking at a port as a client would: what it shows, whether a client takes it, and for how long. Needs no control
//! database.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::certificate::probe::Target;
use crate::certificate::x509::Chain;
use crate::clock;
use crate::env::deadline::Deadline;
use crate::env::handshake;
use crate::error::Result;

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// How good it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A client takes it, and has time.
    Ok,
    /// A client takes it, but not for long.
    Warning,
    /// A client refuses it, or will in a moment.
    Critical,
}

/// What a port shows.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// The port.
    pub target: String,
    /// By which name it was asked.
    pub name: String,
    /// `ok`, `warning` or `critical`.
    pub state: Verdict,
    /// Whole days until it expires; negative where it has.
    pub days_left: i64,
    /// Why it is not ok.
    pub why: Option<String>,
    /// Until when it is valid.
    pub not_after: Timestamp,
    /// From when.
    pub not_before: Timestamp,
    /// Who issued it.
    pub issuer: String,
    /// The names in it, with blanks between.
    pub identifiers: String,
    /// Its serial number.
    pub serial: String,
    /// SHA-256 of it.
    pub fingerprint: String,
    /// How many certificates the server sent.
    pub chain_length: usize,
}

/// With how little time left it is worth a warning, and with how little it is critical.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Worth a warning.
    pub warning: Duration,
    /// Critical.
    pub critical: Duration,
}

/// Looks.
///
/// # Errors
/// `unavailable` where nobody answers or what is shown is no certificate; `usage` without roots.
pub async fn check(
    target: &Target,
    name: &str,
    ca_file: Option<&Path>,
    limits: Limits,
    deadline: Deadline,
) -> Result<Checked> {
    let certificates = handshake::served(&target.question(name), deadline).await?;
    let now = clock::now();
    let refusal = handshake::verdict(&certificates, name, ca_file, now)?;
    let chain_length = certificates.len();
    let leaf = Chain::from_der(&certificates[..chain_length.min(1)])?
        .leaf()
        .clone();
    let (state, why) = judge(refusal, leaf.not_after, now, limits);
    Ok(Checked {
        target: target.to_string(),
        name: name.to_owned(),
        state,
        days_left: (leaf.not_after.as_second() - now.as_second()).div_euclid(DAY),
        why,
        not_after: leaf.not_after,
        not_before: leaf.not_before,
        issuer: leaf.issuer,
        identifiers: leaf.identifiers.join(" "),
        serial: leaf.serial,
        fingerprint: leaf.fingerprint,
        chain_length,
    })
}

fn judge(
    refusal: Option<String>,
    not_after: Timestamp,
    now: Timestamp,
    limits: Limits,
) -> (Verdict, Option<String>) {
    if let Some(refusal) = refusal {
        return (Verdict::Critical, Some(format!("a client refuses it: {refusal}")));
    }
    let left = u64::try_from(not_after.as_second() - now.as_second()).unwrap_or_default();
    let left = Duration::from_secs(left);
    let days = left.as_secs() / DAY.unsigned_abs();
    match (left <= limits.critical, left <= limits.warning) {
        (true, _) => (Verdict::Critical, Some(format!("it expires in {days} days"))),
        (false, true) => (Verdict::Warning, Some(format!("it expires in {days} days"))),
        (false, false) => (Verdict::Ok, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_refuses_is_critical_however_long_it_lasts() {
        let now = Timestamp::from_second(1_800_000_000).expect("a time");
        let limits = Limits {
            warning: Duration::from_secs(20 * 86_400),
            critical: Duration::from_secs(7 * 86_400),
        };
        let state = |refusal: Option<&str>, days: i64| {
            let not_after = Timestamp::from_second(1_800_000_000 + days * DAY).expect("a time");
            judge(refusal.map(ToOwned::to_owned), not_after, now, limits).0
        };
        assert_eq!(state(Some("unknown issuer"), 90), Verdict::Critical);
        assert_eq!(state(None, 21), Verdict::Ok);
        assert_eq!(state(None, 20), Verdict::Warning);
        assert_eq!(state(None, 8), Verdict::Warning);
        assert_eq!(state(None, 7), Verdict::Critical);
        assert_eq!(state(None, -1), Verdict::Critical);
    }
}
