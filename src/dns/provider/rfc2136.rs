//! A primary that is reached by DNSUPDATE alone: BIND, Knot, and whatever else speaks RFC 2136 with TSIG.
//!
//! A zone is read whole, by a signed transfer: what single questions answer is not what a zone holds (wildcards, what lies
//! below a delegation). Questions serve where the server compares afterwards, or where a change of ours is looked for. Zones are made where the server turns the members of a catalog zone into zones (Knot); BIND makes
//! secondaries of them, so without `catalog` there are only the zones that the server has.

mod catalog;
mod making;

use std::collections::BTreeMap;
use std::iter;
use std::time::Duration;

use futures_util::future::try_join_all;
use hickory_proto::rr::Record;

use self::catalog::Catalog;
use super::update::{self, Server, Transfer};
use super::{Backup, Capabilities, MarkedZone, SetName, ZoneChange, no_mark};
use crate::config::Rfc2136;
use crate::dns::live::LiveZone;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Marker};
use crate::model::{RecordName, RecordType, ZoneName};

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
            match self.server.transfer(zone.as_str()).await? {
                Transfer::Whole(_) => {}
                Transfer::Absent => return Err(unserved(zone)),
                Transfer::Unsigned(error) => return Err(error),
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
        match self.server.transfer(zone.as_str()).await? {
            Transfer::Whole(records) => self.image(zone, &records).await.map(Some),
            Transfer::Absent => Ok(None),
            Transfer::Unsigned(error) => self.check_absent(zone, error).await.map(|()| None),
        }
    }

    /// By questions, where the server answers all of them for the zone itself; else whole. What lies below a delegation, or what is
    /// not there, is not told by them.
    pub(super) async fn glance(&self, zone: &ZoneName, sets: &[SetName<'_>]) -> Result<Option<LiveZone>> {
        // Whether the server signs the zone is not told by them either.
        let is_of_keys = |(name, rtype): &SetName<'_>| update::is_of_keys(name, *rtype, zone);
        if sets.iter().any(is_of_keys) {
            return self.zone(zone).await;
        }
        let apex = RecordName::apex(zone.domain());
        let soa = (&apex, RecordType::Soa);
        let asked = iter::once(&soa).chain(sets);
        let asked = asked.map(|(name, rtype)| self.server.records(name, *rtype));
        match try_join_all(asked).await.map(|found| found.into_iter().collect()) {
            Ok(Some::<Vec<_>>(found)) if !found[0].is_empty() => {
                self.image(zone, &found.concat()).await.map(Some)
            }
            // What is wrong, if anything is, shows there.
            _ => self.zone(zone).await,
        }
    }

    /// Believes nobody that there is no zone, unless the catalog, which is signed, has none: `error` then. Of a bound zone the
    /// catalog says nothing: the server has it by its own configuration.
    async fn check_absent(&self, zone: &ZoneName, error: Error) -> Result<()> {
        match &self.catalog {
            Some(catalog)
                if !self.bound.contains(zone) && !catalog.members(&self.server).await?.contains(zone) =>
            {
                Ok(())
            }
            _ => Err(error),
        }
    }

    async fn image(&self, zone: &ZoneName, records: &[Record]) -> Result<LiveZone> {
        let mut live = update::zone(zone, records);
        if let Some(catalog) = &self.catalog {
            live.account = catalog.mark(&self.server, zone).await?.unwrap_or_default();
            // The mark in the zone comes with the last of its first records.
            live.is_unfinished = Marker::parse(&live.account).is_some() && live.mark.is_none();
        }
        Ok(live)
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
        match (self.server.serves(name).await?, &self.catalog) {
            (Some(serves), _) => Ok(serves),
            // Nothing is made there.
            (None, None) => Ok(false),
            (None, Some(catalog)) => {
                let members = catalog.members(&self.server).await?;
                let mut known = members.iter().chain(&self.bound);
                Ok(known.any(|zone| zone.as_str() == name))
            }
        }
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

    /// Nothing stands beside the records of a zone, except the keys of a signed one, which no update hands out. A set that
    /// no update can carry could not be made again either.
    pub(super) async fn backup(&self, zone: &ZoneName) -> Result<Option<Backup>> {
        let live = self.zone(zone).await?;
        let is_whole = live.is_some_and(|live| {
            let mut sets = live.sets.iter();
            !live.dnssec && live.unread.is_empty() && sets.all(|set| update::fits(zone, set))
        });
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
        // What the catalog holds is signed; this only waits.
        while !matches!(
            self.server.transfer(zone.as_str()).await,
            Ok(Transfer::Absent | Transfer::Unsigned(_))
        ) {
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
}

/// A zone that ought to be there.
fn unserved(zone: &ZoneName) -> Error {
    let message = format!("zone {zone} is not served there");
    Error::new(Kind::NotFound, "not_found", message)
}
