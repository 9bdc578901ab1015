//! From a zone that bears a mark which nobody accounts for to the steps that make it ours again, or take it away.

use std::time::Duration;

use serde_json::Value;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::guard::Protected;
use super::live::LiveZone;
use super::markers::{Marked, Thing};
use super::observe::{Observed, observe};
use super::provider::Providers;
use super::step::{BACKUP, ZoneAdopt, ZoneDelete, ZoneForget, ZoneRecord};
use super::zone::{change, count, owned, plan_delete};
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, Marker, PlannedStep, Reversal};
use crate::trash::{self, Fate};

/// Plans that the zone and every value in it is ours again; one that no row knows becomes `account`'s.
///
/// # Errors
/// `conflict`: `not_adoptable`, or `changed` where it bears another mark by now; those of asking.
pub async fn plan_adopt_marked(
    client: &impl GenericClient,
    providers: &Providers,
    marked: &Marked,
    account: Uuid,
) -> Result<Vec<PlannedStep>> {
    if marked.thing != Thing::Whole {
        return Err(marked.sighting.refused("adopted"));
    }
    let (observed, live) = look(client, providers, marked).await?;
    let zone = &observed.zone;
    let account = observed.row.as_ref().map_or(account, |row| row.account);
    let mut steps = Vec::new();
    let mut records = owned(zone, account, &live.sets);
    match &observed.row {
        // The zone was made anew: none of the values that were in the old one is known to be in it.
        Some(row) => {
            let own = observed.owned_rows().into_iter();
            let forget = ZoneForget {
                row: row.clone(),
                records: own.filter(|record| record.account == account).collect(),
            };
            let described = change("forget", "inventory of zone", zone, Some(row.state.clone()), None);
            steps.push(PlannedStep::in_control(&forget, described)?);
            let is_others = |row: &super::RecordRow| row.account != account;
            records.retain(|row| !observed.owned_row(&row.name, &row.data).is_some_and(is_others));
        }
        None => records.retain(|row| !observed.owns(&row.name, &row.data)),
    }
    let location = observed.target.location.clone();
    let record = ZoneRecord {
        zone: zone.clone(),
        account,
        provider: location.provider.clone(),
        records,
    };
    let adopt = ZoneAdopt {
        location,
        zone: zone.clone(),
        account_before: live.account.clone(),
    };
    let recorded = change(
        "record",
        "inventory of zone",
        zone,
        None,
        Some("active".to_owned()),
    );
    let before = format!("{}, unknown to the journal", count(&live.sets));
    let after = "ours, records unchanged".to_owned();
    let adopted = change("adopt", "zone", zone, Some(before), Some(after));
    steps.push(PlannedStep::in_control(&record, recorded)?);
    steps.push(PlannedStep::outside(&adopt, adopted)?);
    Ok(steps)
}

/// Plans that the zone goes: into the trash for `retention` where its provider hands out its keys, else for good. Of a row
/// whose zone is not there the row goes.
///
/// # Errors
/// As [`plan_adopt_marked`], with `not_removable`; `denied`, reason `protected`.
pub async fn plan_remove_marked(
    client: &impl GenericClient,
    providers: &Providers,
    protected: &Protected,
    marked: &Marked,
    retention: Duration,
) -> Result<Vec<PlannedStep>> {
    match marked.thing {
        Thing::Change => Err(marked.sighting.refused("removed")),
        Thing::Missing => {
            let observed = observe(client, providers, &marked.zone, Some(&marked.provider)).await?;
            if observed.live.is_some() {
                return Err(changed(marked));
            }
            plan_delete(&observed, protected, None, Fate::Purged)
        }
        Thing::Whole => {
            let (observed, live) = look(client, providers, marked).await?;
            protected.check(&observed.zone)?;
            if observed.row.is_some() {
                let message = format!("{} is in the inventory", marked.sighting.item);
                let error = Error::new(Kind::Conflict, "not_removable", message);
                return Err(error.hint(format!(
                    "adopt it, then hostctl dns zone delete {}",
                    observed.zone
                )));
            }
            let fate = Fate::Kept(retention);
            let backup = observed.backup(providers, fate).await?;
            let delete = ZoneDelete {
                location: observed.target.location.clone(),
                image: live.clone(),
                has_backup: backup.is_some(),
            };
            let zone = &observed.zone;
            let described = change("delete", "zone", zone, Some(count(&live.sets)), None);
            let Some(backup) = backup else {
                let described = Change {
                    undo: Reversal::ForwardOnly,
                    ..described
                };
                return Ok(vec![PlannedStep::outside(&delete, described)?.pivot()]);
            };
            let delete = PlannedStep::outside(&delete, described)?
                .secret(BACKUP, backup.to_secret()?)
                .keep_secrets();
            let keep = trash::keep("zone", zone.as_str(), None, Value::Null, retention)?;
            Ok(vec![delete, keep])
        }
    }
}

/// The zone as it stands, if it still bears the mark.
async fn look(
    client: &impl GenericClient,
    providers: &Providers,
    marked: &Marked,
) -> Result<(Observed, LiveZone)> {
    let mut observed = observe(client, providers, &marked.zone, Some(&marked.provider)).await?;
    let bears_it = |live: &LiveZone| {
        Marker::parse(&live.account).is_some_and(|found| Some(found) == marked.sighting.marker)
    };
    let is_there = observed.target.location.provider == marked.provider;
    match observed.live.take().filter(|live| is_there && bears_it(live)) {
        Some(live) => {
            observed.live = Some(live.clone());
            Ok((observed, live))
        }
        None => Err(changed(marked)),
    }
}

fn changed(marked: &Marked) -> Error {
    let message = format!("{} is not as it was seen", marked.sighting.item);
    Error::new(Kind::Conflict, "changed", message).hint("hostctl op reconcile --dry-run")
}
