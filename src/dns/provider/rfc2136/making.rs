//! Making a zone: a member of the catalog, and then its records in the place of those that the catalog's template gave it.
//!
//! The records come in as many messages as they need, because nobody relies on the zone yet; the mark comes with the last,
//! and a zone without one is unfinished.

use super::{PAUSE, Primary, SERVED_WITHIN};
use crate::dns::live::LiveZone;
use crate::dns::provider::update::{self, Transfer};
use crate::dns::provider::{NewZone, SetChange, ZoneChange};
use crate::dns::rrset::{Member, RrSet};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Marker};
use crate::model::{RecordData, RecordType, ZoneName};

impl Primary {
    /// A member for the catalog, and, once the server serves it, its records. One that was begun is finished.
    pub(in crate::dns::provider) async fn create(&self, new: &NewZone<'_>) -> Result<LiveZone, Failure> {
        let catalog = self.catalog().map_err(Failure::refused)?;
        let marker = Marker::parse(new.account)
            .ok_or_else(|| Failure::refused(Error::internal("a zone without a marker")))?;
        let mark = catalog.mark(&self.server, new.zone).await;
        let mark = mark.map_err(Failure::not_now)?.as_deref().and_then(Marker::parse);
        if mark.is_none_or(|mark| (mark.operation, mark.step) != (marker.operation, marker.step)) {
            if self.zone(new.zone).await.map_err(Failure::not_now)?.is_some() {
                return Err(Failure::refused(exists(new.zone)));
            }
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
            let found = match self.server.transfer(zone.as_str()).await {
                Err(error) if error.kind() != Kind::Unavailable => return Err(error),
                found => found,
            };
            match found {
                Ok(Transfer::Whole(records)) => return self.image(zone, &records).await,
                _ if deadline.remaining() > PAUSE => tokio::time::sleep(PAUSE).await,
                Ok(Transfer::Absent | Transfer::Unsigned(_)) => return Err(self.not_served(zone)),
                Err(error) => {
                    return Err(error.hint(
                        "the catalog's template needs a zone file to begin with: see README, DNS by update",
                    ));
                }
            }
        }
    }

    /// The records of a new zone in the place of its template's: what is not there yet, as an earlier attempt may have come
    /// part of the way.
    async fn furnish(&self, new: &NewZone<'_>, seed: &LiveZone, marker: Marker) -> Result<(), Failure> {
        let soa = soa_after(new, seed).map_err(Failure::refused)?;
        let is_soa = |set: &&RrSet| set.rtype == RecordType::Soa;
        let is_wanted = |old: &RrSet| new.sets.iter().any(|set| set.key() == old.key());
        // An alias stands in the way of what replaces it: removals first.
        let old = seed.sets.iter().filter(|set| !is_soa(set) && !is_wanted(set));
        let mut sets: Vec<SetChange<'_>> = old.map(|set| change(Some(set), None, set)).collect();
        for set in new.sets.iter().filter(|set| !is_soa(set)) {
            let before = seed.set(&set.name, set.rtype);
            if before != Some(set) {
                sets.push(change(before, Some(set), set));
            }
        }
        let change = ZoneChange {
            live: seed,
            sets: &sets,
            marker,
        };
        for update in update::in_parts(&change, &soa).map_err(Failure::refused)? {
            self.server.update(update).await?;
        }
        Ok(())
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

fn change<'a>(before: Option<&'a RrSet>, after: Option<&'a RrSet>, either: &'a RrSet) -> SetChange<'a> {
    SetChange {
        name: &either.name,
        rtype: either.rtype,
        before,
        after,
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
