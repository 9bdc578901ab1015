//! What would go wrong, found before an authority is asked: it costs nothing here, and there a place below its limits.

mod caa;
mod delegation;
mod host;
mod reach;

use std::collections::BTreeMap;

use uuid::Uuid;

use super::acme::Client;
use super::authorities::Authorities;
use super::ca::Asked;
use super::challenge::{Challenge, dns, webroot};
use super::ledger;
use crate::error::{Error, Kind, Result};
use crate::model::Identifier;

pub use host::check as check_host;

/// How many names one certificate may have.
const NAMES: usize = 100;

/// What is going to be ordered.
#[derive(Debug)]
pub struct Intent<'a> {
    /// What it is for.
    pub identifiers: &'a [Identifier],
    /// How that is proved.
    pub challenge: Challenge,
    /// The authority's profile.
    pub profile: Option<&'a str>,
    /// Where a web server serves our files, for http-01.
    pub webroot: Option<&'a std::path::Path>,
    /// Whose certificate it is.
    pub account: Uuid,
    /// Whether the order says which certificate it replaces.
    pub replaces: bool,
}

/// Whether the names can be proved that way at all; asks nobody.
///
/// # Errors
/// `invalid`.
pub fn check_names(identifiers: &[Identifier], challenge: Challenge) -> Result<()> {
    if identifiers.is_empty() || identifiers.len() > NAMES {
        let message = format!(
            "a certificate has 1 to {NAMES} names ({} given)",
            identifiers.len()
        );
        return Err(Error::invalid(message));
    }
    for identifier in identifiers {
        match (identifier, challenge) {
            (Identifier::Wildcard(_), Challenge::Http01 | Challenge::TlsAlpn01) => {
                let message = format!("{identifier} can be proved by DNS alone");
                return Err(Error::invalid(message).hint("--challenge dns-01"));
            }
            (Identifier::Address(_), Challenge::Dns01) => {
                let message = format!("{identifier} is an address and cannot be proved by DNS");
                return Err(Error::invalid(message).hint("--challenge http-01"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Looks whether an order has a chance.
///
/// # Errors
/// `unavailable`, reason `webroot`, where files cannot be put there; `denied`: `no_account`, `caa`, `no_profile`; `busy`: `throttled`, `rate_limited`, and `pending` where a
/// name does not lead to us yet; `conflict`, reason `no_zone`; those of looking.
pub async fn check(world: &Authorities, ca: &str, intent: &Intent<'_>) -> Result<()> {
    if let (Challenge::Http01, Some(root)) = (intent.challenge, intent.webroot) {
        webroot::check(root)?;
    }
    check_ledger(world, ca, intent).await?;
    let account = world.account_at(ca).await?;
    check_profile(&account.client, intent.profile)?;
    caa::check(world, &account.client, intent.identifiers).await?;
    match intent.challenge {
        Challenge::Dns01 => {
            let mut zones = BTreeMap::new();
            for domain in intent.identifiers.iter().filter_map(Identifier::domain) {
                let place = dns::locate(world, domain, intent.account).await?;
                zones.insert(place.zone, place.nameservers);
            }
            delegation::check(world, &zones).await
        }
        Challenge::Http01 => reach::check(world, intent.identifiers, intent.webroot).await,
        Challenge::TlsAlpn01 => reach::check_tls(world, intent.identifiers).await,
    }
}

/// Whether the authority may be asked now: by its own word, and by what we have asked of it.
async fn check_ledger(world: &Authorities, ca: &str, intent: &Intent<'_>) -> Result<()> {
    let names: Vec<String> = intent.identifiers.iter().map(ToString::to_string).collect();
    let request = ledger::Request {
        ca,
        limits: &world.pick(Some(ca))?.1.limits,
        order: None,
        identifiers: &names,
        replaces: intent.replaces,
    };
    let session = world.session().await?;
    super::ca::check_pause(&**session, ca, Asked::Order(&names)).await?;
    ledger::look(&**session, &request).await?.check(ca)
}

fn check_profile(client: &Client, profile: Option<&str>) -> Result<()> {
    let offered = &client.directory.meta.profiles;
    let Some(profile) = profile.filter(|profile| !offered.contains_key(*profile)) else {
        return Ok(());
    };
    let message = format!("{} has no profile {profile}", client.name);
    let error = Error::new(Kind::Denied, "no_profile", message);
    if offered.is_empty() {
        return Err(error.hint("it offers none"));
    }
    let names: Vec<&str> = offered.keys().map(String::as_str).collect();
    Err(error.hint(format!("it offers {}", names.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_proved_that_way_is_refused() {
        let check = |text: &str, challenge| check_names(&[text.parse().expect(text)], challenge).is_ok();
        assert!(check("shop.example", Challenge::Http01) && check("*.shop.example", Challenge::Dns01));
        assert!(
            !check("*.shop.example", Challenge::Http01) && !check("*.shop.example", Challenge::TlsAlpn01)
        );
        assert!(check("192.0.2.1", Challenge::TlsAlpn01) && !check("192.0.2.1", Challenge::Dns01));
        let many: Vec<Identifier> = (0..101)
            .map(|number| format!("n{number}.example.test").parse().expect("a name"))
            .collect();
        assert!(check_names(&many, Challenge::Dns01).is_err());
        assert!(check_names(&many[..100], Challenge::Dns01).is_ok());
        assert!(check_names(&[], Challenge::Dns01).is_err());
    }
}
