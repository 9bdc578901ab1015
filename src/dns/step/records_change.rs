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

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{before_effect, changed, resource};
use crate::dns::live::LiveZone;
use crate::dns::provider::{Client, Location, Providers, SetChange, SetName, ZoneChange, update};
use crate::dns::rrset::RrSet;
use crate::error::{Error, Kind, Result};
use crate::journal::{Certainty, Failure, Found, Marker, OutsideStep, Secrets};
use crate::model::{RecordName, RecordType, ZoneName};

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

/// One set before and after.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetImages {
    /// Its name.
    pub name: RecordName,
    /// Its type.
    #[serde(rename = "type")]
    pub rtype: RecordType,
    /// As it was; absent where there was none.
    pub before: Option<RrSet>,
    /// As it shall be; absent where there shall be none.
    pub after: Option<RrSet>,
}

/// What is wrong with a zone that bears another mark.
const REPLACED: &str = "another one is in its place";

/// So many sets are looked at one by one.
const FEW: usize = 4;

/// How a set stands to its images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Before,
    After,
    /// Not as we wrote it, but what we added is in it.
    Mixed,
    Other,
}

/// From which image to which.
#[derive(Clone, Copy)]
enum Way {
    Forth,
    Back,
}

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
            let error = changed(
                &self.zone,
                &format!("{} changed since the plan was made", self.others(&live)),
            );
            return Err(Failure::refused(error));
        }
        let change = ZoneChange {
            live: &live,
            sets: &self.changes(Way::Forth, |_| true),
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
        self.restore(&client, &live, marker).await?;
        let others = self.others(&live);
        if others.is_empty() {
            return Ok(());
        }
        Err(Failure::refused(changed(
            &self.zone,
            &format!("{others} changed since we wrote it, and stays"),
        )))
    }

    async fn probe(&self, world: &Providers, _: Marker, _: &Secrets) -> Result<Found> {
        let Some(live) = world.client_at(&self.location)?.zone(&self.zone).await? else {
            return Ok(Found::Changed("the zone is gone".to_owned()));
        };
        if !self.is_in(&live) {
            return Ok(Found::Foreign(format!("zone {}: {REPLACED}", self.zone)));
        }
        let standings: Vec<Standing> = self.sets.iter().map(|images| images.standing(&live)).collect();
        Ok(match standings.as_slice() {
            all if all.iter().all(|standing| *standing == Standing::After) => Found::Ours(self.output(&live)),
            all if all.iter().all(|standing| *standing == Standing::Before) => Found::Absent,
            all if all
                .iter()
                .any(|standing| matches!(standing, Standing::After | Standing::Mixed)) =>
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
            let live = client.glance(&self.zone, &names).await?;
            if live
                .as_ref()
                .is_some_and(|live| live.serial == planned && self.all(live, Standing::Before))
            {
                return Ok(live);
            }
        }
        client.zone(&self.zone).await
    }

    /// After our write: is it there, and was it the only one? The whole zone is read only where a glance does not show that.
    async fn verify(&self, client: &Client, before: &LiveZone, marker: Marker) -> Result<Value, Failure> {
        let is_alone =
            |live: &LiveZone| !live.counts_changes() || live.serial == before.serial.wrapping_add(1);
        let is_done = |live: &LiveZone| {
            self.all(live, Standing::After) && (is_alone(live) || client.capabilities().compare_and_swap)
        };
        if let Some(names) = self.few_sets() {
            let live = client
                .glance(&self.zone, &names)
                .await
                .map_err(Failure::unknown)?;
            if let Some(live) = live.filter(is_done) {
                return Ok(self.output(&live));
            }
        }
        let live = client.zone(&self.zone).await.map_err(Failure::unknown)?;
        let live = live.ok_or_else(|| Failure::refused(self.gone()))?;
        if is_done(&live) {
            return Ok(self.output(&live));
        }
        let is_alone = is_alone(&live);
        self.restore(client, &live, marker).await?;
        let (read, found) = (before.serial, live.serial);
        let what = match is_alone {
            false => format!(
                "somebody else wrote at the same time (serial {read} became {found}); our change was taken back"
            ),
            true => "the server did not take all of the change (RFC 2136 §3.4.2), and it was taken back"
                .to_owned(),
        };
        Err(Failure::refused(changed(&self.zone, &what)))
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
        if self.all(&live, Standing::After) {
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

    /// Gives back the image before of every set that is as we wrote it; leaves all others alone.
    async fn restore(&self, client: &Client, live: &LiveZone, marker: Marker) -> Result<(), Failure> {
        let is_ours = |images: &SetImages| images.standing(live) == Standing::After;
        let sets = self.changes(Way::Back, is_ours);
        let is_marked = live.mark.as_ref().and_then(update::read_mark) == Some(marker);
        if sets.is_empty() && (is_marked || !client.capabilities().compare_and_swap) {
            return Ok(());
        }
        let sets = &sets;
        let restored = client.change(&ZoneChange { live, sets, marker }).await;
        // Somebody else was faster: what is there now has to be looked at again.
        restored.map_err(|failure| match failure.error.reason() {
            "changed" => Failure::not_now(failure.error),
            _ => failure,
        })
    }

    fn changes(&self, way: Way, is_meant: impl Fn(&SetImages) -> bool) -> Vec<SetChange<'_>> {
        let meant = self.sets.iter().filter(|images| is_meant(images));
        meant
            .map(|images| {
                let (before, after) = match way {
                    Way::Forth => (&images.before, &images.after),
                    Way::Back => (&images.after, &images.before),
                };
                SetChange {
                    name: &images.name,
                    rtype: images.rtype,
                    before: before.as_ref(),
                    after: after.as_ref(),
                }
            })
            .collect()
    }

    fn all(&self, live: &LiveZone, standing: Standing) -> bool {
        self.sets.iter().all(|images| images.standing(live) == standing)
    }

    /// The sets that equal neither image, for people.
    fn others(&self, live: &LiveZone) -> String {
        let others = self
            .sets
            .iter()
            .filter(|images| matches!(images.standing(live), Standing::Other | Standing::Mixed));
        let names: Vec<String> = others
            .map(|images| format!("{} {}", images.name, images.rtype))
            .collect();
        names.join(", ")
    }

    fn gone(&self) -> Error {
        Error::new(Kind::NotFound, "not_found", format!("zone {} is gone", self.zone))
    }

    fn output(&self, live: &LiveZone) -> Value {
        json!({ "zone": self.zone, "serial": live.serial })
    }
}

impl SetImages {
    fn standing(&self, live: &LiveZone) -> Standing {
        let found = live.set(&self.name, self.rtype);
        if found == self.after.as_ref() {
            Standing::After
        } else if found == self.before.as_ref() {
            Standing::Before
        } else if found.is_some_and(|found| self.has_addition(found)) {
            Standing::Mixed
        } else {
            Standing::Other
        }
    }

    /// Whether something that only we added is in the set.
    fn has_addition(&self, found: &RrSet) -> bool {
        let added = self
            .after
            .iter()
            .flat_map(|set| &set.members)
            .map(|member| &member.data);
        let mut added = added.filter(|data| !self.before.as_ref().is_some_and(|before| before.holds(data)));
        added.any(|data| found.holds(data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::live::tests::{set, zone};

    fn images(before: &[&str], after: &[&str]) -> SetImages {
        let image = |values: &[&str]| (!values.is_empty()).then(|| set("www", 300, RecordType::A, values));
        let name = set("www", 300, RecordType::A, &[]).name;
        SetImages {
            name,
            rtype: RecordType::A,
            before: image(before),
            after: image(after),
        }
    }

    fn standing(images: &SetImages, found: &[&str]) -> Standing {
        let sets = if found.is_empty() {
            Vec::new()
        } else {
            vec![set("www", 300, RecordType::A, found)]
        };
        images.standing(&zone("", sets))
    }

    #[test]
    fn a_set_is_told_by_its_images() {
        let (old, new, theirs) = ("192.0.2.1", "192.0.2.2", "192.0.2.3");
        let add = images(&[old], &[old, new]);
        assert_eq!(standing(&add, &[old]), Standing::Before);
        assert_eq!(standing(&add, &[new, old]), Standing::After);
        assert_eq!(standing(&add, &[old, new, theirs]), Standing::Mixed);
        assert_eq!(standing(&add, &[old, theirs]), Standing::Other);
        assert_eq!(standing(&add, &[]), Standing::Other);
        let remove = images(&[old], &[]);
        assert_eq!(standing(&remove, &[]), Standing::After);
        assert_eq!(standing(&remove, &[theirs]), Standing::Other);
    }
}
