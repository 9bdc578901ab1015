//! What helps where a domain is not verified.

use crate::domain::{Challenge, Finding, State};

/// What is wrong, as a whole sentence without the name.
pub(super) fn explanation(finding: &Finding) -> String {
    match finding.retry_seconds {
        Some(seconds) if finding.state.may_pass() => {
            format!("{} (absence may be remembered for {seconds} s)", finding.found)
        }
        _ => finding.found.clone(),
    }
}

/// What to do about it.
pub(super) fn hint(challenge: &Challenge, state: State) -> String {
    let name = &challenge.name;
    let again = format!("hostctl domain verify {name} --poll 2m");
    let show = format!("hostctl domain show {name} --scope {}", challenge.scope);
    match state {
        State::Verified => again,
        State::Absent | State::Foreign => format!("publish what {show} says, then: {again}"),
        State::Partial | State::Unspread => format!("wait until all servers have it: {again}"),
        State::Expired => format!(
            "a new check takes a new token: hostctl domain add {name} --scope {} --method {}",
            challenge.scope,
            challenge.method.word()
        ),
        State::Alias => format!("publish the record in place of the alias, as {show} says, then: {again}"),
        State::Bogus => format!("have the signatures or the DS of the zone mended, then: {again}"),
        State::Lame => format!("have the delegation point to servers that know the zone, then: {again}"),
        State::Unanswered => format!("have the servers mended or taken out of the delegation, then: {again}"),
        State::Refused => format!("let the page be on a public address of the host itself, then: {again}"),
        State::Taken => format!("hostctl domain show {name}"),
    }
}
