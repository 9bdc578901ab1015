//! Something in the world that bears a mark of ours which the inventory cannot account for, or a row of the inventory whose
//! thing is not there: what the rooms' `markers()` find. Of whose making a mark is, only the journal tells.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::incarnation::Known;
use super::{Marker, State};
use crate::error::{Error, Kind};

/// Why something was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Its mark is of an operation that the journal does not know.
    Unknown,
    /// The journal knows the operation of its mark, and the inventory does not have the thing.
    Stray,
    /// The inventory has it, and an operation that the journal does not know changed it last.
    Changed,
    /// An operation that was open in an earlier life of the control database.
    Earlier,
    /// The inventory has it, and it is not there.
    Missing,
    /// Its mark may be forged or copied: whoever owns the thing can write it.
    Suspect,
}

impl Finding {
    /// The word in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Finding::Unknown => "unknown",
            Finding::Stray => "stray",
            Finding::Changed => "changed",
            Finding::Earlier => "earlier",
            Finding::Missing => "missing",
            Finding::Suspect => "suspect",
        }
    }
}

/// One thing.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// What it is called for `--adopt` and `--remove`: `database:main/shop`.
    pub item: String,
    /// In words: `database shop with its roles`.
    pub what: String,
    /// Where: `cluster main`.
    pub place: String,
    /// Its mark; none on what is missing.
    pub marker: Option<Marker>,
    /// The key that the operation of the mark would have claimed, where the name does not prove it by itself.
    pub resource: Option<String>,
    /// Why it is listed.
    pub finding: Finding,
    /// What adopting it does, where that is possible.
    pub adopting: Option<&'static str>,
    /// What removing it does, where that is possible.
    pub removing: Option<&'static str>,
    /// What keeps it from being adopted or removed, or makes it suspect.
    pub note: Option<String>,
}

impl Sighting {
    /// When the operation of its mark began, which its identifier tells (UUID version 7, RFC 9562 §5.7).
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        let (seconds, nanoseconds) = self.marker?.operation.get_timestamp()?.to_unix();
        Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanoseconds).ok()?).ok()
    }

    /// It cannot be `adopted` or `removed`.
    #[must_use]
    pub fn refused(&self, how: &str) -> Error {
        let why = self
            .note
            .as_ref()
            .map(|note| format!(": {note}"))
            .unwrap_or_default();
        let message = format!("{} cannot be {how}{why}", self.item);
        let reason = if how == "adopted" {
            "not_adoptable"
        } else {
            "not_removable"
        };
        Error::new(Kind::Conflict, reason, message).hint("hostctl op reconcile --dry-run")
    }

    /// Compares with what the journal knows. Nothing where the mark is of an operation that is at work, or explains it.
    #[must_use]
    pub fn judged(mut self, journal: &BTreeMap<Uuid, Known>) -> Option<Self> {
        let Some(marker) = self.marker else {
            return Some(self);
        };
        let known = journal.get(&marker.operation);
        let is_foreseen = known.is_none_or(|known| marker.epoch <= known.epoch);
        match (self.finding, known) {
            (Finding::Unknown | Finding::Changed | Finding::Suspect, Some(known)) if is_at_work(known) => {
                None
            }
            (Finding::Changed, Some(_)) if is_foreseen => None,
            (Finding::Unknown, Some(known)) => {
                let is_elsewhere = |resource: &String| !known.resources.contains(resource);
                self.finding = if self.resource.as_ref().is_some_and(is_elsewhere) {
                    self.note = Some("its mark is that of an operation on something else".to_owned());
                    Finding::Suspect
                } else {
                    Finding::Stray
                };
                Some(self)
            }
            _ => Some(self),
        }
    }
}

/// What is half made belongs to whoever makes it. What an earlier life left open is listed by itself.
fn is_at_work(known: &Known) -> bool {
    match known.state {
        State::Running | State::Unwinding | State::Stuck => true,
        State::Succeeded | State::RolledBack | State::Abandoned => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(finding: Finding, epoch: i64) -> Sighting {
        Sighting {
            item: "database:main/shop".to_owned(),
            what: "database shop".to_owned(),
            place: "cluster main".to_owned(),
            marker: Some(Marker {
                operation: Uuid::max(),
                step: 0,
                epoch,
            }),
            resource: Some("database:main/shop".to_owned()),
            finding,
            adopting: None,
            removing: None,
            note: None,
        }
    }

    fn journal(state: State, resource: &str) -> BTreeMap<Uuid, Known> {
        let known = Known {
            state,
            is_of_this_life: true,
            epoch: 1,
            resources: vec![resource.to_owned()],
        };
        BTreeMap::from([(Uuid::max(), known)])
    }

    fn judged(finding: Finding, epoch: i64, journal: &BTreeMap<Uuid, Known>) -> Option<Finding> {
        sighting(finding, epoch)
            .judged(journal)
            .map(|found| found.finding)
    }

    #[test]
    fn the_journal_tells_lost_from_copied_from_half_made() {
        let none = BTreeMap::new();
        let own = journal(State::Succeeded, "database:main/shop");
        let other = journal(State::Succeeded, "database:main/till");
        let at_work = journal(State::Running, "database:main/shop");
        assert_eq!(judged(Finding::Unknown, 1, &none), Some(Finding::Unknown));
        assert_eq!(judged(Finding::Unknown, 1, &own), Some(Finding::Stray));
        assert_eq!(judged(Finding::Unknown, 1, &other), Some(Finding::Suspect));
        assert_eq!(judged(Finding::Unknown, 1, &at_work), None);
        assert_eq!(judged(Finding::Suspect, 1, &own), Some(Finding::Suspect));
    }

    #[test]
    fn a_change_by_a_known_operation_in_an_unknown_epoch_is_no_known_change() {
        let known = journal(State::Succeeded, "database:main/shop");
        assert_eq!(judged(Finding::Changed, 1, &known), None);
        assert_eq!(judged(Finding::Changed, 2, &known), Some(Finding::Changed));
        assert_eq!(
            judged(Finding::Changed, 1, &BTreeMap::new()),
            Some(Finding::Changed)
        );
    }

    #[test]
    fn a_mark_tells_since_when() {
        let mut found = sighting(Finding::Unknown, 1);
        assert_eq!(found.since(), None, "no time in it");
        let operation = crate::clock::new_id().expect("entropy");
        found.marker = Some(Marker {
            operation,
            step: 0,
            epoch: 1,
        });
        assert!(found.since().is_some_and(|since| since <= crate::clock::now()));
    }
}
