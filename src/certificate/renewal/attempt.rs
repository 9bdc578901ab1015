//! One attempt at one authority: looked at before, planned as every order is.

use std::time::Duration;

use jiff::Timestamp;

use super::Claimed;
use crate::certificate::acme::Client;
use crate::certificate::authorities::Authorities;
use crate::certificate::ca::{self, Asked};
use crate::certificate::ledger;
use crate::certificate::order::{self, Occasion};
use crate::certificate::preflight::{self, Intent};
use crate::env::crash::{self, Phase, Point};
use crate::error::{Error, Result};
use crate::journal::PlannedStep;

/// Where a test may stop the process between lease and order: beyond the steps of any order.
const PLANNED: u32 = 100;

/// Looks whether an order has a chance, and plans it.
///
/// # Errors
/// As [`preflight::check`] and [`order::prepare`].
pub async fn plan(
    world: &Authorities,
    item: &Claimed,
    ca: &str,
    timeout: Duration,
) -> Result<Vec<PlannedStep>> {
    let wanted = &item.wanted;
    let identifiers = order::identifiers(wanted)?;
    // Whoever wants to be left alone is not asked for its directory either.
    ca::check_pause(&**world.session().await?, ca, Asked::Order(&wanted.identifiers)).await?;
    let offers = match of(item, ca) {
        Some(_) => Some(world.client(ca).await?),
        None => None,
    };
    let replaces = replaces(item, ca, offers.as_deref());
    let intent = Intent {
        identifiers: &identifiers,
        challenge: order::challenge(wanted)?,
        profile: wanted.profile.as_deref(),
        webroot: wanted.webroot.as_deref().map(std::path::Path::new),
        account: wanted.account,
        replaces: replaces.is_some(),
    };
    if item.is_placed_here {
        preflight::check_host(&world.config.certificate, item.deploy_hook.as_deref())?;
    }
    preflight::check(world, ca, &intent).await?;
    let occasion = Occasion {
        ca,
        before: item.generation,
        replaces,
        fence: Some(item.fence),
        timeout,
    };
    let steps = order::prepare(world, wanted, occasion).await?;
    crash::point(PLANNED, Point::BeforeIntent, Phase::Do)?;
    Ok(steps)
}

/// What is replaced, if this authority issued it.
fn of<'a>(item: &'a Claimed, ca: &str) -> Option<&'a String> {
    let (issuer, id) = item.replaces.as_ref()?;
    (issuer == ca).then_some(id)
}

/// What is replaced, if this authority issued it and wants to hear of it, by what it offers.
fn replaces(item: &Claimed, ca: &str, offers: Option<&Client>) -> Option<String> {
    let is_asked = offers.is_some_and(|client| client.directory.renewal_info.is_some());
    of(item, ca).filter(|_| is_asked).cloned()
}

/// When the first of these authorities may be asked, by what we have asked of them; nothing where that is now.
///
/// # Errors
/// Those of the control database.
pub async fn not_before(world: &Authorities, item: &Claimed, cas: &[&str]) -> Result<Option<Timestamp>> {
    let mut first = None;
    for ca in cas {
        let offers = world.connected(ca).await;
        let request = ledger::Request {
            ca,
            limits: &world.pick(Some(ca))?.1.limits,
            order: None,
            identifiers: &item.wanted.identifiers,
            replaces: replaces(item, ca, offers.as_deref()).is_some(),
        };
        let Some(at) = ledger::not_before(&**world.session().await?, &request).await? else {
            return Ok(None);
        };
        first = Some(first.map_or(at, |first: Timestamp| first.min(at)));
    }
    Ok(first)
}

/// Whether a failure is the authority's own, so that another one may do better: it is away, it wants to be asked less, it
/// does not want us, or not this. So is that for which an order of it is kept.
#[must_use]
pub fn is_its_own(error: &Error) -> bool {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref());
    let error = cause
        .filter(|_| error.reason() == "left_to_recovery")
        .unwrap_or(error);
    matches!(
        error.reason(),
        "throttled"
            | "rate_limited"
            | "ca_unreachable"
            | "ca_failed"
            | "refused_by_ca"
            | "bad_certificate"
            | "caa"
            | "no_account"
            | "no_profile"
            | "no_such_challenge"
            | "other_directory"
            | "configuration"
    )
}

/// What every authority said, in the order in which they were asked.
#[must_use]
pub fn told(errors: &[(String, Error)]) -> String {
    let one = |(ca, error): &(String, Error)| {
        let message = error.message();
        let is_named = message.starts_with(&format!("{ca}:")) || errors.len() < 2;
        match is_named {
            true => message.to_owned(),
            false => format!("{ca}: {message}"),
        }
    };
    errors.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The last error, in the words of all.
#[must_use]
pub fn whole(mut errors: Vec<(String, Error)>) -> Error {
    let words = told(&errors);
    let Some((_, last)) = errors.pop() else {
        return Error::invalid("a certificate without an authority");
    };
    if errors.is_empty() {
        return last;
    }
    let error = Error::new(last.kind(), last.reason(), words);
    let error = match last.operation_id() {
        Some(id) => error.operation(id),
        None => error,
    };
    match last.hint_text() {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn every_authority_is_told_of() {
        let error = |message: &str| Error::new(Kind::Unavailable, "ca_failed", message);
        let one = [("main".to_owned(), error("nobody there"))];
        assert_eq!(told(&one), "nobody there");
        let two = [
            ("main".to_owned(), error("main: status 500")),
            ("other".to_owned(), error("there is no account at other")),
        ];
        assert_eq!(
            told(&two),
            "main: status 500; other: there is no account at other"
        );
    }
}
