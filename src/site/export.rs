//! A site as it stands, as a manifest that would leave it so.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::look::Look;
use super::records::MailKey;
use super::zone_changes;
use crate::config::Config;
use crate::dns::{Observed, RrSet};
use crate::error::{Error, Kind, Result};
use crate::hook;
use crate::mail::domain;
use crate::manifest::{self, Dns, Limits, Mail, MailAlias, MailBox, RecordGroup};
use crate::model::{DomainName, RecordName, RecordType, Span, Ttl};

/// The manifest of what `look` saw.
///
/// # Errors
/// `internal` where a row holds what is no value.
pub fn export(look: &Look, config: &Config) -> Result<manifest::Site> {
    let row = look.site.as_ref();
    let row = row.ok_or_else(|| Error::new(Kind::NotFound, "not_found", "no such site"))?;
    let mut site = manifest::Site {
        domain: row.domain.parse()?,
        account: Some(look.owner.name.parse()?),
        steps: look.own.iter().map(|one| one.row.name.clone()).collect(),
        database: None,
        mail: None,
        dns: None,
    };
    if let Some(found) = &look.database {
        let limits = found.standing.limits();
        // What a suspended one gets back.
        let connections = match found.existing.database.suspended_connections {
            Some(kept) => u32::try_from(kept).ok(),
            None => limits.connections,
        };
        let span = |time: std::time::Duration| format!("{}ms", time.as_millis()).parse::<Span>();
        site.database = Some(manifest::Database {
            name: found.existing.subject.name.clone(),
            cluster: Some(found.existing.subject.cluster.clone()),
            extensions: found.extensions.clone().unwrap_or_default(),
            limits: Limits {
                connections,
                statement_timeout: limits.statement_timeout.map(span).transpose()?,
                idle_in_transaction_timeout: limits.idle_in_transaction_timeout.map(span).transpose()?,
            },
            password_file: None,
        });
    }
    if let Some(image) = &look.mail {
        site.mail = Some(Mail {
            allow_role: has_role(image),
            aliases: image
                .aliases
                .iter()
                .map(|one| MailAlias {
                    source: one.source.clone(),
                    destinations: one.destinations.clone(),
                })
                .collect(),
            boxes: image
                .boxes
                .iter()
                .map(|one| MailBox {
                    name: one.address.local().clone(),
                    quota: one.quota,
                    password_file: None,
                })
                .collect(),
        });
    }
    if let Some(observed) = look.zone.as_ref().filter(|zone| zone.live.is_some()) {
        let key = look.mail.as_ref().map(|image| MailKey(image.dkim.as_ref()));
        site.dns = Some(dns(&site, observed, key, &look.own, config)?);
    }
    Ok(site)
}

/// What the manifest of `look` says otherwise than it stands: a manifest asks for no TTL as short as others can set.
#[must_use]
pub fn raised(look: &Look) -> Vec<String> {
    let observed = look.zone.iter();
    let sets = observed.flat_map(|zone| shown(zone).map(move |set| (zone, set)));
    let is_raised = |(zone, set): &(&Observed, &RrSet)| {
        let mut data = set.members.iter().map(|member| &member.data);
        ttl(set).seconds() != set.ttl && data.any(|data| zone.owns(&set.name, data))
    };
    let words = |(_, set): (&Observed, &RrSet)| {
        let (name, rtype, there, here) = (&set.name, set.rtype, set.ttl, ttl(set));
        format!(
            "{name} {rtype} has TTL {there} at its provider, and {here} here: a manifest asks for no less"
        )
    };
    sets.filter(is_raised).map(words).collect()
}

fn has_role(image: &domain::Image) -> bool {
    let sources = image.aliases.iter().filter_map(|one| one.source.address());
    image.boxes.iter().any(|one| one.address.is_role())
        || sources.into_iter().any(|address| address.is_role())
}

/// With the defaults left out where they are all there, else record by record.
fn dns(
    site: &manifest::Site,
    observed: &Observed,
    key: Option<MailKey<'_>>,
    own: &[hook::Standing],
    config: &Config,
) -> Result<Dns> {
    let all = owned(observed);
    let provider = Some(observed.target.location.provider.clone());
    let addresses = addresses(&site.domain, &all);
    // Own steps are not told of other addresses by being exported.
    let is_told =
        |one: &hook::Standing| one.row.facts.addresses.iter().copied().collect::<BTreeSet<_>>() == addresses;
    let mut short = Dns {
        provider: provider.clone(),
        addresses: Some(addresses.iter().copied().collect()),
        defaults: true,
        records: Vec::new(),
    };
    if own.iter().all(is_told)
        && let Ok(defaults) = zone_changes::wanted(site, &short, key, config)
    {
        short.records = all
            .iter()
            .filter(|group| !defaults.iter().any(|other| same(other, group)))
            .cloned()
            .collect();
        if equal(&zone_changes::wanted(site, &short, key, config)?, &all) {
            return Ok(short);
        }
    }
    Ok(Dns {
        provider,
        addresses: None,
        defaults: false,
        records: all,
    })
}

/// The sets of the zone as far as they are ours, without its own name servers where these are those of the inventory.
fn owned(observed: &Observed) -> Vec<RecordGroup> {
    let mut groups = Vec::new();
    for set in shown(observed) {
        let data = set.data().into_iter();
        let values: Vec<_> = data.filter(|data| observed.owns(&set.name, data)).collect();
        if !values.is_empty() {
            groups.push(RecordGroup {
                name: set.name.clone(),
                rtype: set.rtype,
                ttl: ttl(set),
                values,
            });
        }
    }
    groups.sort_by(|one, other| (&one.name, one.rtype).cmp(&(&other.name, other.rtype)));
    groups
}

/// The TTL of a set as far as a manifest can say it.
fn ttl(set: &RrSet) -> Ttl {
    let seconds = Ttl::observed(set.ttl).seconds();
    Ttl::observed(seconds.max(Ttl::MINIMUM))
}

fn shown(observed: &Observed) -> impl Iterator<Item = &RrSet> {
    let zone = observed.zone.domain();
    let sets = observed.live.iter().flat_map(|live| &live.sets);
    sets.filter(move |set| {
        set.rtype != RecordType::Soa && !(set.rtype == RecordType::Ns && set.name.is_apex(zone))
    })
}

/// What both `@` and `www` point to.
fn addresses(domain: &DomainName, groups: &[RecordGroup]) -> BTreeSet<IpAddr> {
    let of = |name: &str| -> BTreeSet<IpAddr> {
        let name = RecordName::parse(name, domain).map(|given| given.value);
        let groups = groups
            .iter()
            .filter(|group| name.as_ref().is_ok_and(|name| group.name == *name));
        let groups = groups.filter(|group| matches!(group.rtype, RecordType::A | RecordType::Aaaa));
        groups
            .flat_map(|group| &group.values)
            .filter_map(|data| data.value().parse().ok())
            .collect()
    };
    let apex = of("@");
    if apex == of("www") { apex } else { BTreeSet::new() }
}

fn same(one: &RecordGroup, other: &RecordGroup) -> bool {
    let sorted = |group: &RecordGroup| group.values.iter().cloned().collect::<BTreeSet<_>>();
    (&one.name, one.rtype, one.ttl) == (&other.name, other.rtype, other.ttl) && sorted(one) == sorted(other)
}

fn equal(some: &[RecordGroup], others: &[RecordGroup]) -> bool {
    some.len() == others.len() && some.iter().all(|one| others.iter().any(|other| same(one, other)))
}
