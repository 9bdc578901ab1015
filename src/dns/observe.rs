//! What is there before anything is planned: the inventory's rows and the zone at its provider.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::inventory::{self, RecordRow, ZoneRow};
use super::live::LiveZone;
use super::provider::{Backup, Providers, Target};
use super::surroundings::{self, Surroundings};
use crate::error::{Error, Kind, Result};
use crate::journal::Marker;
use crate::model::{RecordData, RecordName, RecordType, ZoneName};
use crate::trash::Fate;

/// A zone as it stands in both places.
#[derive(Clone, Debug)]
pub struct Observed {
    /// Its name.
    pub zone: ZoneName,
    /// Where it is or would be.
    pub target: Target,
    /// Its row.
    pub row: Option<ZoneRow>,
    /// The zone at the provider.
    pub live: Option<LiveZone>,
    /// The values in it that are ours, by name.
    pub owned: BTreeMap<RecordName, Vec<RecordRow>>,
    /// What would be around it; looked at only where it is in neither place.
    pub around: Surroundings,
}

/// Reads both. The provider is that of the row, else that of the configuration, `flag` being the one that was named.
///
/// # Errors
/// `usage`, `unavailable` or `denied`.
pub async fn observe(
    client: &impl GenericClient,
    providers: &Providers,
    zone: &ZoneName,
    flag: Option<&str>,
) -> Result<Observed> {
    read(client, providers, zone, flag, None).await
}

/// As [`observe`], for a change of one name: of the values that are ours only those of that name are read.
///
/// # Errors
/// As [`observe`].
pub async fn observe_name(
    client: &impl GenericClient,
    providers: &Providers,
    zone: &ZoneName,
    name: &RecordName,
) -> Result<Observed> {
    read(client, providers, zone, None, Some(name)).await
}

async fn read(
    client: &impl GenericClient,
    providers: &Providers,
    zone: &ZoneName,
    flag: Option<&str>,
    name: Option<&RecordName>,
) -> Result<Observed> {
    let row = inventory::zone(client, zone).await?;
    let mut target = providers.target(zone, row.as_ref().map_or(flag, |row| Some(&row.provider)))?;
    if let Some(row) = row
        .as_ref()
        .filter(|row| row.provider != target.location.provider)
    {
        // Bound to another provider since it was made: it stays where it is.
        target.location = providers.location(&row.provider)?;
    }
    let live = providers.client(&target.location.provider)?.zone(zone).await?;
    let around = match (&row, &live) {
        (None, None) => surroundings::look(client, providers, &target, zone).await?,
        _ => Surroundings::default(),
    };
    let mut owned: BTreeMap<RecordName, Vec<RecordRow>> = BTreeMap::new();
    for row in inventory::records(client, zone, name).await? {
        owned.entry(row.name.clone()).or_default().push(row);
    }
    Ok(Observed {
        zone: zone.clone(),
        target,
        row,
        live,
        owned,
        around,
    })
}

/// Whether the zone has a row, or is bound to a provider in the configuration: hostctl may look into it.
///
/// # Errors
/// Those of the control database.
pub async fn is_known(client: &impl GenericClient, providers: &Providers, zone: &ZoneName) -> Result<bool> {
    Ok(providers.binds(zone) || inventory::zone(client, zone).await?.is_some())
}

impl Observed {
    /// Whether the zone at the provider is ours: a row, and a marker of the operation that wrote the row.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        let (Some(row), Some(live)) = (&self.row, &self.live) else {
            return false;
        };
        Marker::parse(&row.marker).is_some_and(|marker| marker.same_operation(&live.account))
    }

    /// The serial, where every change of the zone moves it: of updates it is always so, of an API by its setting.
    pub(super) fn telling_serial(&self) -> Option<u32> {
        let live = self.live.as_ref()?;
        (live.counts_changes() || !self.target.marks_zones).then_some(live.serial)
    }

    /// What the zone could not be made again without, where it is to be kept and its provider hands it out.
    ///
    /// # Errors
    /// `unavailable` or `denied`.
    pub async fn backup(&self, providers: &Providers, fate: Fate) -> Result<Option<Backup>> {
        match (fate, &self.live) {
            (Fate::Purged, _) | (_, None) => Ok(None),
            (Fate::Kept(_), Some(_)) => {
                let client = providers.client(&self.target.location.provider)?;
                client.backup(&self.zone).await
            }
        }
    }

    /// Whether this value is ours.
    #[must_use]
    pub fn owns(&self, name: &RecordName, data: &RecordData) -> bool {
        self.owned_row(name, data).is_some()
    }

    pub(super) fn owned_row(&self, name: &RecordName, data: &RecordData) -> Option<&RecordRow> {
        self.owned.get(name)?.iter().find(|row| row.data == *data)
    }

    pub(super) fn owned_rows(&self) -> Vec<RecordRow> {
        self.owned.values().flatten().cloned().collect()
    }

    /// The name servers in the live zone, absolute.
    #[must_use]
    pub fn nameservers(&self) -> Vec<String> {
        let sets = self.live.iter().flat_map(|live| &live.sets);
        let apex = sets.filter(|set| set.rtype == RecordType::Ns && set.name.is_apex(self.zone.domain()));
        apex.flat_map(|set| set.members.iter().map(|member| member.data.value()))
            .collect()
    }

    /// How many values of the live zone, SOA apart, are not ours.
    #[must_use]
    pub fn foreign_count(&self) -> usize {
        let Some(live) = &self.live else { return 0 };
        let sets = live.sets.iter().filter(|set| set.rtype != RecordType::Soa);
        let values = sets.flat_map(|set| set.members.iter().map(move |member| (&set.name, &member.data)));
        values.filter(|(name, data)| !self.owns(name, data)).count() + live.unread.len()
    }

    /// As `account` sees it: in a zone that is nobody's the values of other accounts are others', not ours.
    #[must_use]
    pub fn seen_by(&self, account: Uuid) -> Cow<'_, Self> {
        if self.row.is_some() {
            return Cow::Borrowed(self);
        }
        let mut seen = self.clone();
        for rows in seen.owned.values_mut() {
            rows.retain(|row| row.account == account);
        }
        Cow::Owned(seen)
    }

    /// Refuses a zone of another account, where one account is meant: it is not there for that one.
    ///
    /// # Errors
    /// `not_found`.
    pub fn check_account(&self, account: Uuid) -> Result<()> {
        match &self.row {
            Some(row) if row.account != account => Err(self.missing()),
            _ => Ok(()),
        }
    }

    pub(super) fn missing(&self) -> Error {
        Error::new(Kind::NotFound, "not_found", format!("no zone {}", self.zone))
            .hint("hostctl dns zone list")
    }

    pub(super) fn foreign(&self) -> Error {
        let (zone, provider) = (&self.zone, &self.target.location.provider);
        let message = format!("zone {zone} at {provider} was not made by hostctl");
        Error::new(Kind::Conflict, "foreign", message).hint("hostctl dns zone list --foreign")
    }
}
