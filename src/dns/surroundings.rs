//! The zones around one that is to be made. A server answers from the zone that fits a name best: a new zone hides what the
//! zone around it holds below its name, and what it holds itself is hidden by zones within it.

use tokio_postgres::GenericClient;

use super::inventory;
use super::provider::{Client, Providers, Target};
use super::rrset::RrSet;
use crate::error::{Error, Kind, Result};
use crate::model::escape::escape;
use crate::model::{RecordType, ZoneName};

/// Zones of others at the provider of a zone that is not there, as the provider names them, without the final dot.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The nearest zone around it, unless that delegates it to whoever makes it.
    pub above: Option<String>,
    /// Those within it, by name.
    pub below: Vec<String>,
}

/// Looks around. What is in the inventory or bound by the configuration is nobody else's.
///
/// # Errors
/// `unavailable` or `denied`; those of the control database.
pub(super) async fn look(
    client: &impl GenericClient,
    providers: &Providers,
    target: &Target,
    zone: &ZoneName,
) -> Result<Surroundings> {
    let provider = providers.client(&target.location.provider)?;
    let (above, below) = tokio::try_join!(nearest(&provider, zone), provider.zones_below(zone))?;
    if above.is_none() && below.is_empty() {
        return Ok(Surroundings::default());
    }
    let names: Vec<&str> = above.iter().chain(&below).map(String::as_str).collect();
    let ours = inventory::known(client, &names).await?;
    let is_foreign = |name: &String| !ours.contains(name) && !providers.binds_name(name);
    let above = match above.filter(is_foreign) {
        Some(parent) if provider.delegates(&parent, zone).await? => None,
        above => above,
    };
    Ok(Surroundings {
        above,
        below: below.into_iter().filter(is_foreign).collect(),
    })
}

/// The zone at the provider that answers for `zone` as long as there is none of that name.
async fn nearest(provider: &Client, zone: &ZoneName) -> Result<Option<String>> {
    for parent in parents(zone.as_str()) {
        if provider.has_zone(parent).await? {
            return Ok(Some(parent.to_owned()));
        }
    }
    Ok(None)
}

/// `a.b.c` → `b.c`, `c`.
fn parents(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('.').map(|(dot, _)| &name[dot + 1..])
}

/// Whether `name` is `zone` or below it.
pub(super) fn lies_in(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

impl Surroundings {
    /// Refuses a zone that would hide names of others.
    ///
    /// # Errors
    /// `conflict`, reason `foreign`.
    pub fn check_above(&self, zone: &ZoneName, provider: &str) -> Result<()> {
        let Some(parent) = self.above.as_deref().map(escape) else {
            return Ok(());
        };
        let message = format!(
            "zone {zone} would hide names of zone {parent} at {provider}, which was not made by hostctl"
        );
        let delegate = format!("NS records {zone} in zone {parent} first");
        // A top-level domain cannot be ours.
        let hint = match parent.contains('.') {
            true => format!("hostctl dns zone create {parent} --adopt, or {delegate}"),
            false => delegate,
        };
        Err(Error::new(Kind::Conflict, "foreign", message).hint(hint))
    }

    /// Refuses records that zones of others would hide. What the new zone delegates by NS is meant to be elsewhere.
    ///
    /// # Errors
    /// `conflict`, reason `foreign`.
    pub fn check_below(&self, zone: &ZoneName, provider: &str, sets: &[RrSet]) -> Result<()> {
        let delegates = |child: &String| {
            sets.iter()
                .any(|set| set.rtype == RecordType::Ns && set.name.as_str() == child)
        };
        for child in self.below.iter().filter(|child| !delegates(child)) {
            let Some(set) = sets.iter().find(|set| lies_in(set.name.as_str(), child)) else {
                continue;
            };
            let child = escape(child);
            let message = format!(
                "zone {zone}: {} {} would be hidden by zone {child} at {provider}, which was not made by hostctl",
                set.name, set.rtype
            );
            return Err(Error::new(Kind::Conflict, "foreign", message).hint(format!(
                "leave out what lies in {child}, or take it as ours: hostctl dns zone create {child} --adopt"
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::live::tests::set;

    fn zone(name: &str) -> ZoneName {
        ZoneName::parse(name).expect(name).value
    }

    #[test]
    fn the_nearest_parent_comes_first() {
        let found: Vec<&str> = parents("a.b.example.test").collect();
        assert_eq!(found, ["b.example.test", "example.test", "test"]);
    }

    #[test]
    fn a_zone_within_another_hides_its_names() {
        for (parent, hint) in [
            ("example.test", "hostctl dns zone create example.test --adopt"),
            ("test", "NS records shop.example.test in zone test first"),
        ] {
            let around = Surroundings {
                above: Some(parent.to_owned()),
                below: Vec::new(),
            };
            let error = around
                .check_above(&zone("shop.example.test"), "main")
                .expect_err(parent);
            assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "foreign"));
            assert!(error.hint_text().is_some_and(|said| said.starts_with(hint)));
        }
    }

    #[test]
    fn records_within_a_zone_of_others_are_refused_unless_they_delegate_it() {
        let around = Surroundings {
            above: None,
            below: vec!["shop.example.test".to_owned()],
        };
        let check = |sets: &[RrSet]| around.check_below(&zone("example.test"), "main", sets);
        let beside = set("workshop", 3600, RecordType::A, &["192.0.2.1"]);
        let within = set("www.shop", 3600, RecordType::A, &["192.0.2.1"]);
        let servers = set("shop", 3600, RecordType::Ns, &["ns1.example.net."]);
        check(std::slice::from_ref(&beside)).expect("beside it");
        for name in ["shop", "www.shop"] {
            let hidden = set(name, 3600, RecordType::A, &["192.0.2.1"]);
            let error = check(&[beside.clone(), hidden]).expect_err(name);
            assert_eq!(error.reason(), "foreign");
        }
        check(&[servers, within]).expect("delegated, with glue");
    }
}
