//! One client, whatever the provider speaks. Writes fail with a [`Failure`], which says whether they may have happened.

use std::collections::BTreeMap;

use serde_json::Value;

use super::backup::Backup;
use super::{Capabilities, powerdns, rfc2136};
use crate::dns::live::LiveZone;
use crate::dns::rrset::RrSet;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Marker};
use crate::model::{RecordName, RecordType, ZoneName};

/// A zone that is to be made, all of it at once.
#[derive(Debug)]
pub struct NewZone<'a> {
    /// Its name.
    pub zone: &'a ZoneName,
    /// The marker, at most 40 bytes.
    pub account: &'a str,
    /// The provider's word for how it is replicated.
    pub kind: &'a str,
    /// How changes move its serial.
    pub soa_edit_api: &'a str,
    /// Its records, SOA and NS included.
    pub sets: &'a [RrSet],
    /// Sets that only the provider can read, as it gave them.
    pub unread: &'a [Value],
}

/// A change of several sets, all or nothing.
#[derive(Debug)]
pub struct ZoneChange<'a> {
    /// The zone as it was read.
    pub live: &'a LiveZone,
    /// What becomes of which set. None: only the mark is renewed, where the provider keeps one.
    pub sets: &'a [SetChange<'a>],
    /// Who changes it.
    pub marker: Marker,
}

/// One set as it was read and as it shall be; absent: it is not there, it shall not be.
#[derive(Clone, Copy, Debug)]
pub struct SetChange<'a> {
    /// Its name.
    pub name: &'a RecordName,
    /// Its type.
    pub rtype: RecordType,
    /// All of it, as it was read.
    pub before: Option<&'a RrSet>,
    /// All of it, as it shall be.
    pub after: Option<&'a RrSet>,
}

/// What tells a set from the others of its zone.
pub type SetName<'a> = (&'a RecordName, RecordType);

/// A zone that a provider has, and the marks on it.
#[derive(Clone, Debug)]
pub struct MarkedZone {
    /// Its name, without final dot.
    pub name: String,
    /// Its account field, or what stands for it: the mark of whoever made it, if it is ours.
    pub account: String,
    /// The mark of the latest change, where changes leave one.
    pub change: Option<Marker>,
}

/// A client of one provider. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Client {
    /// The HTTP API of PowerDNS.
    PowerDns(powerdns::Api),
    /// DNSUPDATE alone.
    Rfc2136(rfc2136::Primary),
}

impl Client {
    /// What it can do.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        match self {
            Client::PowerDns(api) => api.capabilities(),
            Client::Rfc2136(primary) => primary.capabilities(),
        }
    }

    /// Product and version of what answers.
    ///
    /// # Errors
    /// `unavailable` or `denied`.
    pub async fn version(&self) -> Result<String> {
        match self {
            Client::PowerDns(api) => api.version().await,
            Client::Rfc2136(primary) => primary.version().await,
        }
    }

    /// Reads a zone; nothing where there is none.
    ///
    /// # Errors
    /// `unavailable` or `denied`.
    pub async fn zone(&self, zone: &ZoneName) -> Result<Option<LiveZone>> {
        match self {
            Client::PowerDns(api) => api.zone(zone).await,
            Client::Rfc2136(primary) => primary.zone(zone).await,
        }
    }

    /// Reads what a zone serves as these sets, and its serial; nothing where there is no such zone. Other sets in the answer mean
    /// nothing, nor that they are not there. Of these, values that are switched off may be missing, and a set may be what a
    /// wildcard gives.
    ///
    /// # Errors
    /// `unavailable` or `denied`.
    pub async fn glance(&self, zone: &ZoneName, sets: &[SetName<'_>]) -> Result<Option<LiveZone>> {
        match self {
            Client::PowerDns(api) => api.glance(zone, sets).await,
            Client::Rfc2136(primary) => primary.glance(zone, sets).await,
        }
    }

    /// The serial of every zone, by name without final dot.
    ///
    /// # Errors
    /// `unavailable` or `denied`.
    pub async fn serials(&self) -> Result<BTreeMap<String, u32>> {
        match self {
            Client::PowerDns(api) => api.serials().await,
            Client::Rfc2136(primary) => primary.serials().await,
        }
    }

    /// Every zone with the marks on it, by name.
    ///
    /// # Errors
    /// `unavailable` or `denied`.
    pub async fn marks(&self) -> Result<Vec<MarkedZone>> {
        match self {
            Client::PowerDns(api) => api.marks().await,
            Client::Rfc2136(primary) => primary.marks().await,
        }
    }

    /// Whether it has a zone of this name, without the final dot.
    ///
    /// # Errors
    /// `unavailable` or `denied`.
    pub async fn has_zone(&self, name: &str) -> Result<bool> {
        match self {
            Client::PowerDns(api) => api.has_zone(name).await,
            Client::Rfc2136(primary) => primary.has_zone(name).await,
        }
    }

    /// The names of zones within `zone`, without final dots; those that the provider can name.
    ///
    /// # Errors
    /// `unavailable` or `denied`.
    pub async fn zones_below(&self, zone: &ZoneName) -> Result<Vec<String>> {
        match self {
            Client::PowerDns(api) => api.zones_below(zone).await,
            Client::Rfc2136(primary) => primary.zones_below(zone).await,
        }
    }

    /// Whether the zone `parent`, which is there, has NS records for `zone` or for a name between the two.
    ///
    /// # Errors
    /// `unavailable` or `denied`.
    pub async fn delegates(&self, parent: &str, zone: &ZoneName) -> Result<bool> {
        match self {
            Client::PowerDns(api) => api.delegates(parent, zone).await,
            Client::Rfc2136(primary) => primary.delegates(parent, zone).await,
        }
    }

    /// Makes a zone in one request.
    ///
    /// # Errors
    /// `conflict`, reason `exists`, where there is one.
    pub async fn create(&self, zone: &NewZone<'_>) -> Result<LiveZone, Failure> {
        match self {
            Client::PowerDns(api) => api.create(zone).await,
            Client::Rfc2136(primary) => primary.create(zone).await,
        }
    }

    /// Changes whole sets in one request, all or nothing; where the provider can compare and swap, only if the sets and the
    /// mark are as they were read.
    ///
    /// # Errors
    /// `not_found` where there is no such zone; `conflict`, reason `refused`, where the server does not take a record, and
    /// `changed` where somebody else wrote in between.
    pub async fn change(&self, change: &ZoneChange<'_>) -> Result<(), Failure> {
        match self {
            Client::PowerDns(api) => api.change(change).await,
            Client::Rfc2136(primary) => primary.change(change).await,
        }
    }

    /// Writes the account field of a zone, or the mark that stands for it, and nothing else.
    ///
    /// # Errors
    /// `not_found` where there is no such zone; `usage`, reason `no_mark`, where the provider has no such field and we did
    /// not make the zone.
    pub async fn set_account(&self, zone: &ZoneName, account: &str) -> Result<(), Failure> {
        match self {
            Client::PowerDns(api) => api.set_account(zone, account).await,
            Client::Rfc2136(primary) => primary.set_account(zone, account).await,
        }
    }

    /// Keys and settings of a zone that is there; nothing where the provider does not hand them out.
    ///
    /// # Errors
    /// `unavailable` or `denied`.
    pub async fn backup(&self, zone: &ZoneName) -> Result<Option<Backup>> {
        match self {
            Client::PowerDns(api) => api.backup(zone).await.map(Some),
            Client::Rfc2136(primary) => primary.backup(zone).await,
        }
    }

    /// Gives a zone that was made again its keys and settings.
    ///
    /// # Errors
    /// As for every write.
    pub async fn restore(&self, zone: &ZoneName, backup: &Backup) -> Result<(), Failure> {
        match self {
            Client::PowerDns(api) => api.restore(zone, backup).await,
            // It has no keys and no settings: what was made again is all there was.
            Client::Rfc2136(_) => Ok(()),
        }
    }

    /// Deletes a zone; one that is not there is deleted.
    ///
    /// # Errors
    /// As for every write.
    pub async fn delete(&self, zone: &ZoneName) -> Result<(), Failure> {
        match self {
            Client::PowerDns(api) => api.delete(zone).await,
            Client::Rfc2136(primary) => primary.delete(zone).await,
        }
    }
}

/// What a zone of such a provider bears comes with its making alone.
pub(in crate::dns) fn no_mark(zone: &ZoneName) -> Error {
    let message = format!("zone {zone} is at a provider that keeps no mark on zones: it cannot be adopted");
    Error::new(Kind::Usage, "no_mark", message).hint(format!(
        "hostctl dns record add {zone} … --adopt takes single records"
    ))
}
