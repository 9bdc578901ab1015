//! Zones at a provider that bear a mark of ours which the inventory does not account for, and rows of the inventory whose zone
//! is not there. A zone's account field and a catalog can be written by nobody but whoever holds the provider's key.

use std::collections::BTreeMap;

use tokio_postgres::GenericClient;

use super::inventory::{self, ZoneRow};
use super::provider::{MarkedZone, Providers};
use crate::error::Result;
use crate::journal::{Finding, Marker, Sighting};
use crate::model::ZoneName;

/// One of them.
#[derive(Clone, Debug)]
pub struct Marked {
    /// For people, and for the journal to judge.
    pub sighting: Sighting,
    pub(super) zone: ZoneName,
    pub(super) provider: String,
    pub(super) thing: Thing,
}

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    /// A zone without a row, or whose row is of another operation.
    Whole,
    /// A zone that an unknown operation changed last.
    Change,
    /// A row without its zone.
    Missing,
}

/// Everything of that kind at `provider`, by name: zones, then rows.
///
/// # Errors
/// Those of the control database and of the provider.
pub async fn markers(
    client: &impl GenericClient,
    providers: &Providers,
    provider: &str,
) -> Result<Vec<Marked>> {
    let rows = inventory::zones(client, None).await?;
    let rows = rows
        .into_iter()
        .map(|(row, _)| row)
        .filter(|row| row.provider == provider);
    let mut rows: BTreeMap<String, ZoneRow> = rows.map(|row| (row.name.to_string(), row)).collect();
    let mut all = Vec::new();
    for zone in providers.client(provider)?.marks().await? {
        let row = rows.remove(&zone.name);
        all.extend(of_zone(provider, &zone, row.as_ref()));
    }
    all.extend(rows.values().map(|row| missing(provider, row)));
    Ok(all)
}

fn of_zone(provider: &str, found: &MarkedZone, row: Option<&ZoneRow>) -> Vec<Marked> {
    // What is no name of a zone for us, none of us has made.
    let Ok(zone) = ZoneName::parse(&found.name).map(|given| given.value) else {
        return Vec::new();
    };
    let made = Marker::parse(&found.account);
    let is_recorded = |made: &Marker| row.is_some_and(|row| made.same_operation(&row.marker));
    let whole = made.filter(|made| !is_recorded(made)).map(|made| {
        let sighting = Sighting {
            adopting: Some("ours again"),
            removing: Some("deletes it"),
            ..sighting(provider, &zone, Finding::Unknown, Some(made))
        };
        marked(provider, &zone, sighting, Thing::Whole)
    });
    let change = found.change.map(|change| {
        let sighting = Sighting {
            item: format!("change:{provider}/{zone}"),
            what: format!("latest change of zone {zone}"),
            note: Some(format!(
                "the next change of the zone leaves another mark; hostctl dns record list {zone} tells which values are nobody's"
            )),
            ..sighting(provider, &zone, Finding::Changed, Some(change))
        };
        marked(provider, &zone, sighting, Thing::Change)
    });
    whole.into_iter().chain(change).collect()
}

fn missing(provider: &str, row: &ZoneRow) -> Marked {
    let sighting = Sighting {
        what: format!("row of zone {}", row.name),
        removing: Some("forgets the row"),
        ..sighting(provider, &row.name, Finding::Missing, None)
    };
    marked(provider, &row.name, sighting, Thing::Missing)
}

fn sighting(provider: &str, zone: &ZoneName, finding: Finding, marker: Option<Marker>) -> Sighting {
    Sighting {
        item: format!("zone:{provider}/{zone}"),
        what: format!("zone {zone}"),
        place: format!("dns {provider}"),
        marker,
        resource: Some(format!("zone:{zone}")),
        finding,
        adopting: None,
        removing: None,
        note: None,
    }
}

fn marked(provider: &str, zone: &ZoneName, sighting: Sighting, thing: Thing) -> Marked {
    Marked {
        sighting,
        zone: zone.clone(),
        provider: provider.to_owned(),
        thing,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn mark(number: u128) -> Marker {
        Marker {
            operation: Uuid::from_u128(number),
            step: 1,
            epoch: 1,
        }
    }

    fn zone(account: &str, change: Option<Marker>) -> MarkedZone {
        MarkedZone {
            name: "example.test".to_owned(),
            account: account.to_owned(),
            change,
        }
    }

    fn row(marker: Marker) -> ZoneRow {
        ZoneRow {
            name: ZoneName::parse("example.test").expect("zone").value,
            account: Uuid::nil(),
            provider: "main".to_owned(),
            marker: marker.to_string(),
            state: "active".to_owned(),
            created_at: String::new(),
        }
    }

    fn items(found: &MarkedZone, row: Option<&ZoneRow>) -> Vec<String> {
        let all = of_zone("main", found, row);
        all.into_iter().map(|marked| marked.sighting.item).collect()
    }

    #[test]
    fn a_zone_is_accounted_for_by_a_row_of_the_same_operation_alone() {
        let ours = zone(&mark(1).to_string(), None);
        assert_eq!(items(&ours, None), ["zone:main/example.test"]);
        assert_eq!(items(&ours, Some(&row(mark(2)))), ["zone:main/example.test"]);
        assert!(items(&ours, Some(&row(mark(1)))).is_empty());
        assert!(items(&zone("somebody", None), None).is_empty(), "a foreign zone");
        let changed = zone("", Some(mark(3)));
        assert_eq!(items(&changed, Some(&row(mark(1)))), ["change:main/example.test"]);
    }
}
