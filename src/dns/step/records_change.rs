//! `dns.records.change`: whole sets in one request.
//!
//! Records carry no marker. Whether the change is there is told by comparing each set with the images before and after,
//! under our own claim on the zone; what equals neither was written by somebody else.
//!
//! Where changes go by update, sets and mark are compared by the server, and nothing happens if they are not as they were
//! read; undoing, and giving up, renew the mark even where there is nothing to give back, so that what was sent and has not
//! arrived yet comes to nothing. The API of `PowerDNS` cannot compare, so another writer in the instant between our
//! reading and our writing shows only in the serial, which is then not the one we read plus one. What that writer added to
//! the same set is lost then; the change is taken back and the conflict reported.

mod images;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use self::images::SetImages;
pub(in crate::dns) use self::images::changes;
use self::images::{Standing, words};
use super::{before_effect, changed, resource};
use crate::dns::live::LiveZone;
use crate::dns::provider::{Client, Location, Providers, SetName, ZoneChange, update};
use crate::dns::rrset::RrSet;
use crate::error::{Error, Kind, Result};
use crate::journal::{Certainty, Failure, Found, Marker, OutsideStep, Secrets};
use crate::model::record::{RecordSet, conflicts};
use crate::model::{RecordType, ZoneName};

/// Changes records of a zone.
#[derive(Debug, Serialize, Deserialize)]
pub struct RecordsChange {
    /// Where.
    pub location: Location,
    /// The zone.
    pub zone: ZoneName,
    /// The mark of whoever made it, where that was us: another zone of its name bears another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<String>,
    /// The serial with which it was looked at, where every change of the zone moves it: while it stands, all of the zone is as it
    /// was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<u32>,
    /// Every set that changes; no two of the same name and type.
    pub sets: Vec<SetImages>,
}

/// What is wrong with a zone that bears another mark.
const REPLACED: &str = "another one is in its place";

/// So many sets are looked at one by one.
const FEW: usize = 4;

impl OutsideStep for RecordsChange {
    const KIND: &'static str = "dns.records.change";
    const VERSION: i32 = 1;
    type World = Providers;

    fn resource(&self) -> String {
        resource(&self.zone)
    }

    fn substrate(&self) -> String {
        self.location.substrate.clone()
    }

    async fn apply(&self, world: &Providers, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let client = world.client_at(&self.location).map_err(before_effect)?;
        let live = self.look(&client).await.map_err(before_effect)?;
        let live = live.ok_or_else(|| Failure::refused(self.gone()))?;
        self.check_zone(&live)?;
        if self.all(&live, Standing::After) {
            return Ok(self.output(&live));
        }
        if !self.all(&live, Standing::Before) {
            let is_other = |images: &&SetImages| images.standing(&live) != Standing::Before;
            let others = words(self.sets.iter().filter(is_other));
            let what = format!("{others} changed since the plan was made");
            return Err(Failure::refused(changed(&self.zone, &what)));
        }
        let change = ZoneChange {
            live: &live,
            sets: &changes(&self.sets),
            marker,
        };
        match client.change(&change).await {
            Ok(()) => self.verify(&client, &live, marker).await,
            Err(failure)
                if failure.certainty == Certainty::Unknown && client.capabilities().compare_and_swap =>
            {
                self.resolve(&client, marker, failure).await
            }
            Err(failure) => Err(failure),
        }
    }

    async fn undo(&self, world: &Providers, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let client = world.client_at(&self.location).map_err(before_effect)?;
        let live = client.zone(&self.zone).await.map_err(before_effect)?;
        let live = live.ok_or_else(|| Failure::refused(self.gone()))?;
        self.check_zone(&live)?;
        let back = self.back(&live);
        self.check_room(&live, &back)?;
        self.restore(&client, &live, &back, marker).await?;
        // Of an addition nothing stays where nothing of it is there, whatever else is.
        let is_kept = |images: &&SetImages| match images.standing(&live) {
            Standing::Before | Standing::After | Standing::Joined => false,
            Standing::Mixed => true,
            Standing::Other => !images.is_addition(),
        };
        match words(self.sets.iter().filter(is_kept)) {
            kept if kept.is_empty() => Ok(()),
            kept => {
                let what = format!("{kept} changed since we wrote it, and stays");
                Err(Failure::refused(changed(&self.zone, &what)))
            }
        }
    }

    async fn probe(&self, world: &Providers, _: Marker, _: &Secrets) -> Result<Found> {
        let Some(live) = world.client_at(&self.location)?.zone(&self.zone).await? else {
            return Ok(Found::Changed("the zone is gone".to_owned()));
        };
        if !self.is_in(&live) {
            return Ok(Found::Foreign(format!("zone {}: {REPLACED}", self.zone)));
        }
        if self.all(&live, Standing::After) {
            return Ok(Found::Ours(self.output(&live)));
        }
        let standings: Vec<Standing> = self.sets.iter().map(|images| images.standing(&live)).collect();
        Ok(match standings.as_slice() {
            all if all.iter().all(|standing| *standing == Standing::Before) => Found::Absent,
            all if all
                .iter()
                .any(|standing| matches!(standing, Standing::After | Standing::Joined | Standing::Mixed)) =>
            {
                Found::Changed(format!("{} is not as it was written", self.others(&live)))
            }
            _ => Found::Foreign(format!("{} was written by somebody else", self.others(&live))),
        })
    }
}

impl RecordsChange {
    /// Whether this is the zone that was looked at.
    fn is_in(&self, live: &LiveZone) -> bool {
        let Some(made_by) = &self.made_by else { return true };
        Marker::parse(made_by).is_some_and(|marker| marker.same_operation(&live.account))
    }

    fn check_zone(&self, live: &LiveZone) -> Result<(), Failure> {
        match self.is_in(live) {
            true => Ok(()),
            false => Err(Failure::refused(changed(&self.zone, REPLACED))),
        }
    }

    /// Before our write. The whole zone is read only where a glance does not show that it is as it was planned for.
    async fn look(&self, client: &Client) -> Result<Option<LiveZone>> {
        if let Some((planned, mut names)) = self.serial.zip(self.few_sets()) {
            let mark = update::mark_name(&self.zone)?;
            if client.capabilities().compare_and_swap {
                names.push((&mark, RecordType::Txt));
            }
            // What a wildcard gives is no mark.
            let is_marked = |live: &LiveZone| {
                let mark = live.mark.as_ref();
                mark.is_none_or(|mark| update::read_mark(mark).is_some())
            };
            let is_planned = |live: &LiveZone| {
                live.serial == planned && is_marked(live) && self.all(live, Standing::Before)
            };
            let live = client.glance(&self.zone, &names).await?;
            if live.as_ref().is_some_and(is_planned) {
                return Ok(live);
            }
        }
        client.zone(&self.zone).await
    }

    /// After our write: is it there, and was it the only one? The whole zone is read only where a glance does not show that.
    async fn verify(&self, client: &Client, before: &LiveZone, marker: Marker) -> Result<Value, Failure> {
        let is_alone = |live: &LiveZone| live.is_next_to(before.serial).unwrap_or(true);
        let compares = client.capabilities().compare_and_swap;
        let is_done = |live: &LiveZone| match compares {
            true => self.is_there(live),
            false => self.all(live, Standing::After) && is_alone(live),
        };
        let live = self.seen(client, is_done).await?;
        if is_done(&live) {
            return Ok(self.output(&live));
        }
        let back = self.back(&live);
        self.restore(client, &live, &back, marker).await?;
        let (read, found) = (before.serial, live.serial);
        let what = match is_alone(&live) {
            false => format!("somebody else wrote at the same time (serial {read} became {found})"),
            true => "the server did not take all of the change (RFC 2136 §3.4.2)".to_owned(),
        };
        let is_lost =
            |images: &&SetImages| images.standing(&live) == Standing::Other && !images.is_addition();
        let what = match words(self.sets.iter().filter(is_lost)) {
            lost if lost.is_empty() => what,
            lost => format!("{what}, and {lost} is as they wrote it"),
        };
        let stay = self
            .sets
            .iter()
            .filter(|images| images.standing(&live) == Standing::Mixed);
        match words(stay) {
            stay if stay.is_empty() => {
                let what = format!("{what}; our change was taken back");
                Err(Failure::refused(changed(&self.zone, &what)))
            }
            // Looking again finds it, and a person has to decide.
            stay => {
                let what = format!("{what}; {stay} holds what we wrote and what they wrote, and stays");
                Err(Failure::unknown(changed(&self.zone, &what)))
            }
        }
    }

    /// The zone after a write: as far as a glance shows it where that is enough, else whole.
    async fn seen(
        &self,
        client: &Client,
        is_enough: impl Fn(&LiveZone) -> bool,
    ) -> Result<LiveZone, Failure> {
        if let Some(names) = self.few_sets() {
            let live = client
                .glance(&self.zone, &names)
                .await
                .map_err(Failure::unknown)?;
            if let Some(live) = live.filter(is_enough) {
                return Ok(live);
            }
        }
        let live = client.zone(&self.zone).await.map_err(Failure::unknown)?;
        live.ok_or_else(|| Failure::refused(self.gone()))
    }

    /// What the sets are called, where a glance costs less than the zone and shows them whole.
    fn few_sets(&self) -> Option<Vec<SetName<'_>>> {
        let is_shown = |images: &SetImages| {
            let mut members = images
                .before
                .iter()
                .chain(&images.after)
                .flat_map(|set| &set.members);
            !members.any(|member| member.disabled)
        };
        let is_glance = self.sets.len() <= FEW && self.sets.iter().all(is_shown);
        is_glance.then(|| {
            self.sets
                .iter()
                .map(|images| (&images.name, images.rtype))
                .collect()
        })
    }

    /// An answer was lost. Reading tells what came of the message, and a new mark that nothing will come of it any more.
    async fn resolve(&self, client: &Client, marker: Marker, failure: Failure) -> Result<Value, Failure> {
        let Ok(Some(live)) = client.zone(&self.zone).await else {
            return Err(failure);
        };
        if self.is_there(&live) {
            return Ok(self.output(&live));
        }
        if !self.all(&live, Standing::Before) {
            return Err(failure);
        }
        let fence = ZoneChange {
            live: &live,
            sets: &[],
            marker,
        };
        match client.change(&fence).await {
            Ok(()) => Err(Failure::not_now(failure.error)),
            Err(_) => Err(failure),
        }
    }

    /// What has to become of the sets that hold what we wrote: the image before, or theirs without ours.
    fn back(&self, live: &LiveZone) -> Vec<SetImages> {
        let sets = self.sets.iter().filter_map(|images| {
            let found = live.set(&images.name, images.rtype);
            let to = match images.standing(live) {
                Standing::After => images.before.clone(),
                Standing::Joined => found.and_then(|found| images.without_addition(found)),
                Standing::Before | Standing::Mixed | Standing::Other => return None,
            };
            Some(SetImages {
                name: images.name.clone(),
                rtype: images.rtype,
                before: found.cloned(),
                after: to,
            })
        });
        sets.collect()
    }

    /// Whether what is given back may stand beside what others have put there since: a server leaves out what may not, and says
    /// that all is well (RFC 2136 §3.4.2.2).
    fn check_room(&self, live: &LiveZone, back: &[SetImages]) -> Result<(), Failure> {
        let data = |set: Option<&RrSet>| set.map(RrSet::data).unwrap_or_default();
        let existing: Vec<RecordSet> = live
            .sets
            .iter()
            .map(|set| (set.name.clone(), set.rtype, data(Some(set))))
            .collect();
        for images in back.iter().filter(|images| images.after.is_some()) {
            let change = (images.name.clone(), images.rtype, data(images.after.as_ref()));
            let rest: Vec<RecordSet> = back
                .iter()
                .filter(|other| other.name == images.name && other.rtype != images.rtype)
                .map(|other| (other.name.clone(), other.rtype, data(other.after.as_ref())))
                .chain([change])
                .collect();
            conflicts(self.zone.domain(), &existing, &rest).map_err(|error| {
                let what = format!(
                    "{} {} cannot come back: {}",
                    images.name,
                    images.rtype,
                    error.message()
                );
                Failure::refused(changed(&self.zone, &what))
            })?;
        }
        Ok(())
    }

    /// Writes `back`, and reads it back.
    async fn restore(
        &self,
        client: &Client,
        live: &LiveZone,
        back: &[SetImages],
        marker: Marker,
    ) -> Result<(), Failure> {
        let is_marked = live.mark.as_ref().and_then(update::read_mark) == Some(marker);
        if back.is_empty() && (is_marked || !client.capabilities().compare_and_swap) {
            return Ok(());
        }
        let sets = &changes(back);
        let restored = client.change(&ZoneChange { live, sets, marker }).await;
        // Somebody else was faster: what is there now has to be looked at again.
        restored.map_err(|failure| match failure.error.reason() {
            "changed" => Failure::not_now(failure.error),
            _ => failure,
        })?;
        if back.is_empty() {
            return Ok(());
        }
        let is_back = |images: &SetImages, live: &LiveZone| {
            live.set(&images.name, images.rtype) == images.after.as_ref()
        };
        let compares = client.capabilities().compare_and_swap;
        let is_alone = |found: &LiveZone| compares || found.is_next_to(live.serial).unwrap_or(true);
        let is_enough =
            |found: &LiveZone| is_alone(found) && back.iter().all(|images| is_back(images, found));
        let found = self.seen(client, is_enough).await?;
        let what = match words(back.iter().filter(|images| !is_back(images, &found))) {
            rest if !rest.is_empty() => {
                format!("{rest} did not become what it was: somebody else wrote at the same time")
            }
            _ if !is_alone(&found) => {
                let (read, found) = (live.serial, found.serial);
                format!("somebody else wrote while it was given back (serial {read} became {found})")
            }
            _ => return Ok(()),
        };
        Err(Failure::unknown(changed(&self.zone, &what)))
    }

    /// Whether all that we wrote is there; others may have changed the rest.
    fn is_there(&self, live: &LiveZone) -> bool {
        let mut standings = self.sets.iter().map(|images| images.standing(live));
        standings.all(|standing| matches!(standing, Standing::After | Standing::Joined))
    }

    fn all(&self, live: &LiveZone, standing: Standing) -> bool {
        self.sets.iter().all(|images| images.standing(live) == standing)
    }

    /// The sets that equal neither image, for people.
    fn others(&self, live: &LiveZone) -> String {
        let is_others = |images: &&SetImages| {
            matches!(
                images.standing(live),
                Standing::Other | Standing::Joined | Standing::Mixed
            )
        };
        words(self.sets.iter().filter(is_others))
    }

    fn gone(&self) -> Error {
        Error::new(Kind::NotFound, "not_found", format!("zone {} is gone", self.zone))
    }

    fn output(&self, live: &LiveZone) -> Value {
        json!({ "zone": self.zone, "serial": live.serial })
    }
}
