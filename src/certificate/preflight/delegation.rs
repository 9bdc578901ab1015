//! Whether the world asks our name servers about a zone: what is put there is of no use as long as others are asked.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::certificate::authorities::Authorities;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::lookup::Answer;
use crate::model::escape::excerpt;
use crate::model::{RecordType, ZoneName};

/// One look.
const LOOK: Duration = Duration::from_secs(10);

/// Compares the name servers that a resolver finds for each zone with those that are named in it at its provider.
///
/// # Errors
/// `busy`, reason `pending`, with the name servers that have to be set at the registrar. Where nobody can say, the authority
/// is left to judge.
pub(super) async fn check(world: &Authorities, zones: &BTreeMap<ZoneName, Vec<String>>) -> Result<()> {
    for (zone, nameservers) in zones {
        let ours = plain(nameservers.iter().map(String::as_str));
        let resolver = world.providers.resolver();
        let asked = resolver.query(zone.as_str(), RecordType::Ns, Deadline::after(LOOK));
        let answer = match asked.await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::info!(%zone, error = error.message(), "the delegation cannot be looked for");
                continue;
            }
        };
        if let Some(why) = wrong(&answer, &ours) {
            let message = format!("nothing was ordered: zone {zone} {why}");
            let set = ours.into_iter().collect::<Vec<_>>().join(", ");
            return Err(Error::new(Kind::Busy, "pending", message)
                .hint(format!("set these name servers at its registrar: {set}")));
        }
    }
    Ok(())
}

/// What is wrong, as far as the answer tells.
fn wrong(answer: &Answer, ours: &BTreeSet<String>) -> Option<String> {
    if ours.is_empty() {
        return None;
    }
    if answer.rcode == "NXDOMAIN" {
        return Some("is not delegated: the world does not know it".to_owned());
    }
    if !answer.is_ok() {
        return None;
    }
    let theirs = plain(answer.values(RecordType::Ns));
    if theirs.is_empty() {
        return Some("is not delegated: the world knows no name servers of it".to_owned());
    }
    theirs.is_disjoint(ours).then(|| {
        let theirs: Vec<String> = theirs.iter().map(|name| excerpt(name)).collect();
        format!(
            "is delegated to {}, which are not its name servers here",
            theirs.join(", ")
        )
    })
}

fn plain<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    names
        .map(|name| name.trim_end_matches('.').to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookup::AnswerRecord;

    fn answer(rcode: &str, servers: &[&str]) -> Answer {
        let record = |value: &&str| AnswerRecord {
            name: "shop.example".to_owned(),
            ttl: 60,
            r#type: "NS".to_owned(),
            value: (*value).to_owned(),
        };
        Answer {
            server: ([127, 0, 0, 1], 53).into(),
            rcode: rcode.to_owned(),
            authoritative: false,
            records: servers.iter().map(record).collect(),
        }
    }

    #[test]
    fn a_zone_waits_until_one_of_its_servers_is_asked() {
        let ours = plain(["NS1.here.example.", "ns2.here.example"].into_iter());
        let wrong = |rcode: &str, servers: &[&str]| wrong(&answer(rcode, servers), &ours);
        assert_eq!(wrong("NOERROR", &["ns1.here.example.", "ns.other.example"]), None);
        assert!(wrong("NXDOMAIN", &[]).is_some_and(|why| why.contains("not delegated")));
        assert!(wrong("NOERROR", &[]).is_some_and(|why| why.contains("no name servers")));
        let parked = wrong("NOERROR", &["ns1.parking.example."]);
        assert!(parked.is_some_and(|why| why.contains("ns1.parking.example")));
        // A lame delegation and a resolver in trouble look alike.
        assert_eq!(wrong("SERVFAIL", &[]), None);
        assert_eq!(super::wrong(&answer("NXDOMAIN", &[]), &BTreeSet::new()), None);
    }
}
