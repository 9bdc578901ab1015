//! Answers about zones and records.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::inventory;
use super::live::LiveZone;
use super::observe::Observed;
use super::provider::Providers;
use super::rrset::RrSet;
use crate::error::{Error, Result};
use crate::model::{RecordData, RecordType};

/// One zone of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZoneSummary {
    /// Without the final dot.
    pub name: String,
    /// The name of its owner.
    pub account: String,
    /// The name of its provider.
    pub provider: String,
    /// As the provider has it; absent where it has no such zone, or does not answer.
    pub serial: Option<u32>,
    /// `active` or `suspended`; `missing` where the provider answers and has no such zone.
    pub state: String,
}

/// One zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZoneDetail {
    /// What a list shows.
    #[serde(flatten)]
    pub summary: ZoneSummary,
    /// The name servers in it, absolute.
    pub nameservers: Vec<String>,
    /// Whether it is signed.
    pub dnssec: bool,
    /// How many records it holds.
    pub records: usize,
    /// How many of them hostctl did not make.
    pub foreign: usize,
}

/// One set of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordSummary {
    /// The full name without the final dot.
    pub name: String,
    /// `A`, `TXT`.
    pub r#type: String,
    /// Seconds.
    pub ttl: u32,
    /// As a person would give them.
    pub values: Vec<String>,
    /// Those of them that hostctl did not make.
    pub foreign: Vec<String>,
    /// Those of them that the provider keeps without serving them.
    pub switched_off: Vec<String>,
}

impl RecordSummary {
    /// For people: what is not served says so beside its value.
    #[must_use]
    pub fn marked(mut self) -> Self {
        let off = &self.switched_off;
        for value in self.values.iter_mut().chain(&mut self.foreign) {
            if off.contains(value) {
                value.push_str(" (off)");
            }
        }
        self
    }
}

/// Our zones by name, of one account if given. A provider that does not answer leaves serials out and is named in the second
/// part.
///
/// # Errors
/// Those of the control database.
pub async fn list_zones(
    client: &impl GenericClient,
    providers: &Providers,
    account: Option<Uuid>,
) -> Result<(Vec<ZoneSummary>, Vec<Error>)> {
    let rows = inventory::zones(client, account).await?;
    let mut serials: BTreeMap<String, Option<BTreeMap<String, u32>>> = BTreeMap::new();
    let mut silent = Vec::new();
    for (row, _) in &rows {
        if serials.contains_key(&row.provider) {
            continue;
        }
        let answer = match providers.client(&row.provider) {
            Ok(provider) => provider.serials().await,
            Err(error) => Err(error),
        };
        let known = answer
            .map_err(|error| silent.push(error.context(format!("[dns.{}]", row.provider))))
            .ok();
        serials.insert(row.provider.clone(), known);
    }
    let zones = rows.into_iter().map(|(row, account)| {
        let known = serials.get(&row.provider).and_then(Option::as_ref);
        let serial = known.and_then(|zones| zones.get(row.name.as_str()).copied());
        let is_missing = known.is_some() && serial.is_none();
        ZoneSummary {
            name: row.name.to_string(),
            account,
            provider: row.provider,
            serial,
            state: if is_missing {
                "missing".to_owned()
            } else {
                row.state
            },
        }
    });
    Ok((zones.collect(), silent))
}

/// One of our zones.
///
/// # Errors
/// `not_found` where it is not in the inventory.
pub async fn show_zone(client: &impl GenericClient, observed: &Observed) -> Result<ZoneDetail> {
    let row = observed.row.as_ref().ok_or_else(|| not_ours(observed))?;
    let account = inventory::account_name(client, row.account).await?;
    let sets: &[RrSet] = observed.live.as_ref().map_or(&[], |live| &live.sets);
    Ok(ZoneDetail {
        summary: ZoneSummary {
            name: row.name.to_string(),
            account,
            provider: row.provider.clone(),
            serial: observed.live.as_ref().map(|live| live.serial),
            state: observed
                .live
                .as_ref()
                .map_or("missing", |_| &row.state)
                .to_owned(),
        },
        nameservers: observed.nameservers(),
        dnssec: observed.live.as_ref().is_some_and(|live| live.dnssec),
        records: sets.iter().map(|set| set.members.len()).sum(),
        foreign: observed.foreign_count(),
    })
}

/// The names of zones at a provider that are not in the inventory.
///
/// # Errors
/// `unavailable` or `denied`.
pub async fn list_foreign(
    client: &impl GenericClient,
    providers: &Providers,
    provider: &str,
) -> Result<Vec<String>> {
    let ours = inventory::zones(client, None).await?;
    let ours: BTreeSet<&str> = ours.iter().map(|(row, _)| row.name.as_str()).collect();
    let all = providers.client(provider)?.serials().await?;
    Ok(all
        .into_keys()
        .filter(|name| !ours.contains(name.as_str()))
        .collect())
}

/// Every set of a zone, by name and type.
///
/// # Errors
/// `not_found` where the provider has no such zone, or it is neither ours nor bound to its provider.
pub fn list_records(observed: &Observed) -> Result<Vec<RecordSummary>> {
    let live = readable(observed)?;
    let mut sets: Vec<&RrSet> = live.sets.iter().collect();
    sets.sort_by_key(|set| set.key());
    Ok(sets.into_iter().map(|set| summary(observed, set)).collect())
}

/// The live zone, where we may show it.
///
/// # Errors
/// As [`list_records`].
pub fn readable(observed: &Observed) -> Result<&LiveZone> {
    if observed.row.is_none() && !observed.target.is_bound {
        return Err(not_ours(observed));
    }
    observed.live.as_ref().ok_or_else(|| observed.missing())
}

fn not_ours(observed: &Observed) -> Error {
    match observed.live {
        Some(_) => observed.missing().hint("hostctl dns zone list --foreign"),
        None => observed.missing(),
    }
}

fn summary(observed: &Observed, set: &RrSet) -> RecordSummary {
    let is_foreign = |data| set.rtype != RecordType::Soa && !observed.owns(&set.name, data);
    let mut data = set.data();
    data.sort();
    RecordSummary {
        name: set.name.to_string(),
        r#type: set.rtype.to_string(),
        ttl: set.ttl,
        foreign: data
            .iter()
            .filter(|data| is_foreign(data))
            .map(RecordData::value)
            .collect(),
        values: data.iter().map(RecordData::value).collect(),
        switched_off: data
            .iter()
            .filter(|data| !set.serves(data))
            .map(RecordData::value)
            .collect(),
    }
}
