//! A primary that is reached by DNSUPDATE alone: BIND, Knot, and whatever else speaks RFC 2136 with TSIG.
//!
//! A zone is read whole, by a signed transfer: what single questions answer is not what a zone holds (wildcards, what lies
//! below a delegation). Zones are made where the server turns the members of a catalog zone into zones (Knot); BIND makes
//! secondaries of them, so without `catalog` there are only the zones that the server has.

mod catalog;

use std::collections::BTreeMap;
use std::time::Duration;

use self::catalog::Catalog;
use super::update::{self, Server};
use super::{Backup, Capabilities, MarkedZone, NewZone, SetChange, ZoneChange, no_mark};
use crate::config::Rfc2136;
use crate::dns::live::LiveZone;
use crate::dns::rrset::{Member, RrSet};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Marker};
use crate::model::{RecordData, RecordType, ZoneName};

/// How long a server may take to serve a new member of its catalog, or to forget one.
const SERVED_WITHIN: Duration = Duration::from_secs(10);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// A client of one server.
#[derive(Clone, Debug)]
pub struct Primary {
    server: Server,
    catalog: Option<Catalog>,
    bound: Vec<ZoneName>,
}

impl Primary {
    /// Reads the key; opens no connection.
    ///
    /// # Errors
    /// `usage` where the key or a name will not do.
    pub(super) fn new(provider: &str, settings: &Rfc2136, bound: &[String]) -> Result<Self> {
        let zone = |key: &str, text: &String| {
            let context = format!("[dns.{provider}] {key}");
            let parsed = ZoneName::parse(text);
            parsed
                .map(|given| given.value)
                .map_err(|error| Error::configuration(error.message()).context(context))
        };
        Ok(Primary {
            server: Server::new(provider, &settings.update)?,
            catalog: settings
                .catalog
                .as_ref()
                .map(|name| zone("catalog", name).map(Catalog::new))
                .transpose()?,
            bound: bound
                .iter()
                .map(|name| zone("zones", name))
                .collect::<Result<_>>()?,
        })
    }

    pub(super) fn capabilities(&self) -> Capabilities {
        Capabilities {
            zones: self.catalog.is_some(),
            ..update::CAPABILITIES
        }
    }

    /// Whether it answers in our key; there is no version to ask for.
    pub(super) async fn version(&self) -> Result<String> {
        let catalog = self.catalog.as_ref().map(Catalog::zone);
        for zone in catalog.into_iter().chain(&self.bound) {
            if self.server.transfer(zone.as_str()).await?.is_none() {
                let message = format!("zone {zone} is not served there");
                return Err(Error::new(Kind::NotFound, "not_found", message));
            }
        }
        self.server.check(".").await?;
        let zones = match catalog {
            Some(catalog) => format!("zones by catalog {catalog}"),
            None => "records in existing zones only".to_owned(),
        };
        Ok(format!("DNSUPDATE, compare-and-swap; {zones}"))
    }

    pub(super) async fn zone(&self, zone: &ZoneName) -> Result<Option<LiveZone>> {
        let Some(records) = self.server.transfer(zone.as_str()).await? else {
            return Ok(None);
        };
        let mut live = update::zone(zone, &records);
        if let Some(catalog) = &self.catalog {
            live.account = catalog.mark(&self.server, zone).await?.unwrap_or_default();
            // The mark in the zone comes with its first records.
            live.is_unfinished = Marker::parse(&live.account).is_some() && live.mark.is_none();
        }
        Ok(Some(live))
    }

    pub(super) async fn serials(&self) -> Result<BTreeMap<String, u32>> {
        let mut zones = self.bound.clone();
        if let Some(catalog) = &self.catalog {
            zones.extend(catalog.members(&self.server).await?);
        }
        let mut serials = BTreeMap::new();
        for zone in zones {
            let soa = self.server.ask(zone.as_str(), RecordType::Soa).await?;
            let serial = soa.first().and_then(|soa| soa.split(' ').nth(2)?.parse().ok());
            serials.extend(serial.map(|serial| (zone.to_string(), serial)));
        }
        Ok(serials)
    }

    pub(super) async fn marks(&self) -> Result<Vec<MarkedZone>> {
        let mut zones = self.bound.clone();
        if let Some(catalog) = &self.catalog {
            zones.extend(catalog.members(&self.server).await?);
        }
        zones.sort();
        zones.dedup();
        let mut marked = Vec::with_capacity(zones.len());
        for zone in zones {
            if self.server.ask(zone.as_str(), RecordType::Soa).await?.is_empty() {
                continue;
            }
            let account = match &self.catalog {
                Some(catalog) => catalog.mark(&self.server, &zone).await?.unwrap_or_default(),
                None => String::new(),
            };
            marked.push(MarkedZone {
                change: update::mark_of(&self.server, zone.as_str()).await?,
                name: zone.to_string(),
                account,
            });
        }
        Ok(marked)
    }

    /// The mark beside the member, if there is one of ours.
    pub(super) async fn set_account(&self, zone: &ZoneName, account: &str) -> Result<(), Failure> {
        let Some(catalog) = &self.catalog else {
            return Err(Failure::refused(no_mark(zone)));
        };
        let before = catalog.mark(&self.server, zone).await.map_err(Failure::not_now)?;
        let before = before.ok_or_else(|| Failure::refused(no_mark(zone)))?;
        let update = catalog.remark(zone, &before, account).map_err(Failure::refused)?;
        self.server.update(update).await
    }

    pub(super) async fn has_zone(&self, name: &str) -> Result<bool> {
        self.server.serves(name).await
    }

    /// Those of the catalog: an update server names no others.
    pub(super) async fn zones_below(&self, zone: &ZoneName) -> Result<Vec<String>> {
        let Some(catalog) = &self.catalog else {
            return Ok(Vec::new());
        };
        let members = catalog.members(&self.server).await?.into_iter();
        Ok(members
            .filter(|member| member.domain().is_subdomain_of(zone.domain()))
            .map(|member| member.to_string())
            .collect())
    }

    pub(super) async fn delegates(&self, parent: &str, zone: &ZoneName) -> Result<bool> {
        self.server.delegates(parent, zone.as_str()).await
    }

    pub(super) async fn change(&self, change: &ZoneChange<'_>) -> Result<(), Failure> {
        update::change(&self.server, change).await
    }

    /// Two messages: a member for the catalog, and, once the server serves it, its records. One that was begun is finished.
    pub(super) async fn create(&self, new: &NewZone<'_>) -> Result<LiveZone, Failure> {
        let catalog = self.catalog().map_err(Failure::refused)?;
        let marker = Marker::parse(new.account)
            .ok_or_else(|| Failure::refused(Error::internal("a zone without a marker")))?;
        if let Some(live) = self.zone(new.zone).await.map_err(Failure::not_now)? {
            if !live.was_made_by(marker) {
                return Err(Failure::refused(exists(new.zone)));
            }
        } else {
            let added = self
                .server
                .update(
                    catalog
                        .addition(new.zone, new.account)
                        .map_err(Failure::refused)?,
                )
                .await;
            added.map_err(|failure| taken(failure, new.zone))?;
        }
        let seed = self.served(new.zone).await.map_err(Failure::unknown)?;
        if seed.is_unfinished {
            self.furnish(new, &seed, marker).await.map_err(begun)?;
        }
        let live = self.zone(new.zone).await.map_err(Failure::unknown)?;
        live.filter(|live| live.holds_exactly(new.sets)).ok_or_else(|| {
            let message = format!("zone {}: the server did not take all of its records", new.zone);
            Failure::unknown(Error::new(Kind::Conflict, "refused", message))
        })
    }

    /// The new member as its template made it.
    async fn served(&self, zone: &ZoneName) -> Result<LiveZone> {
        let deadline = Deadline::after(SERVED_WITHIN);
        loop {
            // SERVFAIL until it is loaded.
            let found = match self.zone(zone).await {
                Err(error) if error.kind() != Kind::Unavailable => return Err(error),
                found => found,
            };
            match found {
                Ok(Some(live)) => return Ok(live),
                _ if deadline.remaining() > PAUSE => tokio::time::sleep(PAUSE).await,
                Ok(None) => return Err(self.not_served(zone)),
                Err(error) => {
                    return Err(error.hint(
                        "the catalog's template needs a zone file to begin with: see README, DNS by update",
                    ));
                }
            }
        }
    }

    /// The records of a new zone in the place of its template's.
    async fn furnish(&self, new: &NewZone<'_>, seed: &LiveZone, marker: Marker) -> Result<(), Failure> {
        let soa = soa_after(new, seed).map_err(Failure::refused)?;
        let is_soa = |set: &&RrSet| set.rtype == RecordType::Soa;
        let (old, wanted) = (seed.sets.iter(), new.sets.iter());
        let old: Vec<&RrSet> = old.filter(|set| !is_soa(set)).collect();
        let mut sets: Vec<SetChange<'_>> = wanted
            .filter(|set| !is_soa(set))
            .map(|set| SetChange {
                name: &set.name,
                rtype: set.rtype,
                before: seed.set(&set.name, set.rtype),
                after: Some(set),
            })
            .collect();
        for set in old {
            if !sets.iter().any(|change| (change.name, change.rtype) == set.key()) {
                sets.push(SetChange {
                    name: &set.name,
                    rtype: set.rtype,
                    before: Some(set),
                    after: None,
                });
            }
        }
        let change = ZoneChange {
            live: seed,
            sets: &sets,
            marker,
        };
        let mut update = update::prepared(&change).map_err(Failure::refused)?;
        for member in &soa.members {
            update
                .put(&soa.name, soa.ttl, &member.data)
                .map_err(Failure::refused)?;
        }
        self.server.update(update).await
    }

    /// Nothing stands beside the records of a zone, except the keys of a signed one, which no update hands out.
    pub(super) async fn backup(&self, zone: &ZoneName) -> Result<Option<Backup>> {
        let live = self.zone(zone).await?;
        let is_whole = live.is_some_and(|live| !live.dnssec && live.unread.is_empty());
        Ok((self.catalog.is_some() && is_whole).then(Backup::default))
    }

    /// Takes the member out of the catalog, and waits until the server has forgotten the zone.
    pub(super) async fn delete(&self, zone: &ZoneName) -> Result<(), Failure> {
        let catalog = self.catalog().map_err(Failure::refused)?;
        let Some(mark) = catalog.mark(&self.server, zone).await.map_err(Failure::not_now)? else {
            return match self.zone(zone).await.map_err(Failure::not_now)? {
                None => Ok(()),
                Some(_) => Err(Failure::refused(Error::new(
                    Kind::Conflict,
                    "foreign",
                    format!(
                        "zone {zone} is no member of catalog {} that we made",
                        catalog.zone()
                    ),
                ))),
            };
        };
        let removal = catalog.removal(zone, &mark).map_err(Failure::refused)?;
        self.server.update(removal).await?;
        let deadline = Deadline::after(SERVED_WITHIN);
        while !matches!(self.server.transfer(zone.as_str()).await, Ok(None)) {
            if deadline.is_spent() {
                let message = format!("zone {zone} is out of the catalog and still served");
                return Err(Failure::unknown(Error::unavailable(message)));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    fn catalog(&self) -> Result<&Catalog> {
        let none = || Error::new(Kind::Usage, "no_zones", "this provider makes no zones");
        self.catalog.as_ref().ok_or_else(none)
    }

    fn not_served(&self, zone: &ZoneName) -> Error {
        let catalog = self.catalog.as_ref().map(|catalog| catalog.zone().to_string());
        let message = format!(
            "zone {zone} is a member of catalog {} and not served within {} s",
            catalog.unwrap_or_default(),
            SERVED_WITHIN.as_secs()
        );
        Error::unavailable(message)
            .hint("Knot: catalog-role: interpret; BIND makes secondaries of members, no zones")
    }
}

/// Our SOA with a serial that the server takes for newer (RFC 2136 §3.4.2.2).
fn soa_after(new: &NewZone<'_>, seed: &LiveZone) -> Result<RrSet> {
    let none = || Error::internal("a new zone without SOA");
    let soa = new
        .sets
        .iter()
        .find(|set| set.rtype == RecordType::Soa)
        .ok_or_else(none)?;
    let text = soa.members.first().ok_or_else(none)?.data.presentation();
    let mut words: Vec<&str> = text.split(' ').collect();
    let word = words.get_mut(2).ok_or_else(none)?;
    // A zone that is made again goes on where it was, if that is ahead (RFC 1982 §3.2).
    let own: u32 = word.parse().map_err(|_| none())?;
    let is_ahead = own != seed.serial && own.wrapping_sub(seed.serial) < 1 << 31;
    let serial = if is_ahead {
        own
    } else {
        seed.serial.wrapping_add(1)
    }
    .to_string();
    *word = &serial;
    let data = RecordData::from_presentation(RecordType::Soa, &words.join(" "))?;
    Ok(RrSet {
        members: vec![Member {
            data,
            disabled: false,
        }],
        ..soa.clone()
    })
}

fn exists(zone: &ZoneName) -> Error {
    Error::new(
        Kind::Conflict,
        "exists",
        format!("zone {zone} exists at the provider already"),
    )
}

/// The member is there already.
fn taken(failure: Failure, zone: &ZoneName) -> Failure {
    match failure.error.reason() {
        "changed" => Failure {
            error: exists(zone),
            ..failure
        },
        _ => failure,
    }
}

/// The member is in the catalog: whatever fails from here on leaves something.
fn begun(failure: Failure) -> Failure {
    Failure::unknown(failure.error)
}
