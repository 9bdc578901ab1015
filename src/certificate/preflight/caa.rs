//! Whether CAA records let the authority issue (RFC 8659): the nearest set up the tree decides.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::try_join_all;

use crate::certificate::acme::Client;
use crate::certificate::authorities::Authorities;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::model::escape::excerpt;
use crate::model::{DomainName, Identifier, RecordType};

/// One look.
const LOOK: Duration = Duration::from_secs(10);

/// Refuses names for which another authority is named. One that does not say what it is called is not looked at.
///
/// # Errors
/// `denied`, reason `caa`. Where nothing can be asked the authority is left to judge.
pub(super) async fn check(world: &Authorities, client: &Client, identifiers: &[Identifier]) -> Result<()> {
    let identities = &client.directory.meta.caa_identities;
    if identities.is_empty() {
        return Ok(());
    }
    let domains: BTreeSet<&DomainName> = identifiers.iter().filter_map(Identifier::domain).collect();
    let found = try_join_all(
        domains
            .iter()
            .map(|domain| async move { Ok::<_, Error>((*domain, records(world, domain).await?)) }),
    );
    let found = found.await?;
    for identifier in identifiers {
        let of = found
            .iter()
            .find(|(domain, _)| Some(*domain) == identifier.domain());
        let Some((_, Some((owner, records)))) = of else {
            continue;
        };
        let is_wildcard = matches!(identifier, Identifier::Wildcard(_));
        if !allows(records, identities, is_wildcard) {
            let message = format!(
                "{identifier}: the CAA records of {owner} do not name {}",
                identities.join(" or ")
            );
            return Err(Error::new(Kind::Denied, "caa", message).hint(format!(
                "hostctl dns lookup {owner} CAA, and add 0 issue \"{}\"",
                identities[0]
            )));
        }
    }
    Ok(())
}

/// The nearest set, and whose it is.
async fn records(world: &Authorities, domain: &DomainName) -> Result<Option<(String, Vec<String>)>> {
    let mut name = domain.as_str();
    loop {
        let answer = world
            .providers
            .resolver()
            .query(name, RecordType::Caa, Deadline::after(LOOK))
            .await;
        match answer {
            Ok(answer) => {
                let values: Vec<String> = answer.values(RecordType::Caa).map(str::to_owned).collect();
                if !values.is_empty() {
                    return Ok(Some((name.to_owned(), values)));
                }
            }
            Err(error) => tracing::info!(name, error = error.message(), "CAA records cannot be looked for"),
        }
        match name.split_once('.') {
            Some((_, parent)) => name = parent,
            None => return Ok(None),
        }
    }
}

/// Whether a set lets one of `identities` issue (RFC 8659 §4.2, §4.3).
fn allows(records: &[String], identities: &[String], is_wildcard: bool) -> bool {
    let parsed: Vec<(bool, String, String)> = records.iter().filter_map(|record| parse(record)).collect();
    let has = |wanted: &str| parsed.iter().any(|(_, tag, _)| tag == wanted);
    let known = [
        "issue",
        "issuewild",
        "iodef",
        "issuemail",
        "issuevmc",
        "contactemail",
        "contactphone",
    ];
    if parsed
        .iter()
        .any(|(is_critical, tag, _)| *is_critical && !known.contains(&tag.as_str()))
    {
        return false;
    }
    let tag = if is_wildcard && has("issuewild") {
        "issuewild"
    } else {
        "issue"
    };
    if !has(tag) {
        return true;
    }
    parsed.iter().any(|(_, found, value)| {
        found == tag && identities.iter().any(|name| name.eq_ignore_ascii_case(value))
    })
}

/// Whether it is critical, its tag, and the domain in its value.
fn parse(record: &str) -> Option<(bool, String, String)> {
    let mut words = record.splitn(3, ' ');
    let flags: u8 = words.next()?.parse().ok()?;
    let tag = words.next()?.to_ascii_lowercase();
    let value = words.next()?.trim().trim_matches('"');
    let domain = value.split(';').next().unwrap_or_default().trim();
    Some((flags & 128 != 0, tag, excerpt(domain)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_set_decides() {
        let ours = vec!["ca.test".to_owned()];
        let allows = |records: &[&str], is_wildcard| {
            let records: Vec<String> = records.iter().map(|text| (*text).to_owned()).collect();
            allows(&records, &ours, is_wildcard)
        };
        assert!(allows(&["0 issue \"ca.test\""], false));
        assert!(allows(
            &[
                "0 issue \"CA.test; validationmethods=dns-01\"",
                "0 issue \"other.test\""
            ],
            false
        ));
        assert!(!allows(&["0 issue \"other.test\""], false) && !allows(&["0 issue \";\""], false));
        assert!(
            allows(&["0 iodef \"mailto:a@b.test\""], false),
            "nothing is said about issuing"
        );
        assert!(!allows(
            &["0 issue \"ca.test\"", "0 issuewild \"other.test\""],
            true
        ));
        assert!(allows(
            &["0 issue \"ca.test\"", "0 issuewild \"other.test\""],
            false
        ));
        assert!(
            allows(&["0 issue \"ca.test\""], true),
            "a wildcard falls back to issue"
        );
        assert!(
            !allows(&["0 issue \"ca.test\"", "128 unheard \"x\""], false),
            "critical and not known"
        );
    }
}
