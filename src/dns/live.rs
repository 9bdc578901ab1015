//! A zone as its provider holds it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::rrset::RrSet;
use crate::journal::Marker;
use crate::model::{RecordName, RecordType, ZoneName};

/// A zone as it was read, and the image from which it could be made again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveZone {
    /// Its name.
    pub zone: ZoneName,
    /// Where our marker is, if the zone is ours; hostile text otherwise.
    pub account: String,
    /// The provider's word for how it is replicated.
    pub kind: String,
    /// How a change moves the serial; empty where it does not.
    pub soa_edit_api: String,
    /// Whether it is signed.
    pub dnssec: bool,
    /// The serial as stored, which is what the next change adds to.
    pub serial: u32,
    /// The serial as the server gives it to others (SOA-EDIT moves it once more for signed zones).
    pub served_serial: u32,
    /// Its records, SOA included, as far as we can read them.
    pub sets: Vec<RrSet>,
    /// Sets of types that only the provider knows, or data that is no presentation form, as they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Value>,
    /// Our mark in a zone that is changed by update: no record of anybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<RrSet>,
    /// Whether it was begun by us and has not got its first records yet.
    #[serde(default)]
    pub is_unfinished: bool,
}

impl LiveZone {
    /// The set of this name and type.
    #[must_use]
    pub fn set(&self, name: &RecordName, rtype: RecordType) -> Option<&RrSet> {
        self.sets.iter().find(|set| set.key() == (name, rtype))
    }

    /// Takes in what was read of other names of the same zone.
    pub(in crate::dns) fn add(&mut self, read: LiveZone) {
        self.sets.extend(read.sets);
        self.unread.extend(read.unread);
        self.mark = self.mark.take().or(read.mark);
    }

    /// Whether it holds `sets` and nothing else. The SOA does not count (every change moves it), keys do: they would be
    /// lost with the zone.
    #[must_use]
    pub fn holds_exactly(&self, sets: &[RrSet]) -> bool {
        !self.dnssec && self.unread.is_empty() && by_key(&self.sets) == by_key(sets)
    }

    /// Whether it is still the zone of this image, SOA apart.
    #[must_use]
    pub fn is_still(&self, image: &LiveZone) -> bool {
        self.has_records_of(image) && self.dnssec == image.dnssec
    }

    /// Whether it is the zone of this image, as far as records and marker go.
    #[must_use]
    pub fn has_records_of(&self, image: &LiveZone) -> bool {
        let same_records = by_key(&self.sets) == by_key(&image.sets) && self.unread == image.unread;
        same_records && self.account == image.account
    }

    /// Whether the step `marker` made it, in whatever epoch.
    #[must_use]
    pub fn was_made_by(&self, marker: Marker) -> bool {
        Marker::parse(&self.account)
            .is_some_and(|found| found.operation == marker.operation && found.step == marker.step)
    }

    /// Whether every change moves the serial to the next one, so that another number betrays another writer.
    #[must_use]
    pub fn counts_changes(&self) -> bool {
        self.is_next_to(self.serial).is_some()
    }

    /// Whether its serial is the one that a single change makes of `before`; nothing where changes are not counted.
    #[must_use]
    pub fn is_next_to(&self, before: u32) -> Option<bool> {
        let is_one_more = self.serial == before.wrapping_add(1);
        match self.soa_edit_api.to_ascii_uppercase().as_str() {
            "INCREASE" | "SOA-EDIT-INCREASE" => Some(is_one_more),
            // `YYYYMMDD01` on the first change of a day, one more on each that follows.
            "DEFAULT" => Some(is_one_more || (self.serial > before && self.serial % 100 == 1)),
            _ => None,
        }
    }
}

fn by_key(sets: &[RrSet]) -> BTreeMap<(&RecordName, RecordType), &RrSet> {
    sets.iter()
        .filter(|set| set.rtype != RecordType::Soa)
        .map(|set| (set.key(), set))
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::dns::rrset::Member;
    use crate::model::{DomainName, RecordData};

    /// A set in `example.test`.
    pub fn set(name: &str, ttl: u32, rtype: RecordType, values: &[&str]) -> RrSet {
        let zone: DomainName = "example.test".parse().expect("zone");
        let data = |value: &&str| RecordData::parse(rtype, value, &zone).expect(value).value;
        RrSet {
            name: RecordName::parse(name, &zone).expect(name).value,
            rtype,
            ttl,
            members: values
                .iter()
                .map(|value| Member {
                    data: data(value),
                    disabled: false,
                })
                .collect(),
            comments: Vec::new(),
        }
    }

    /// `example.test`, made by `account`.
    pub fn zone(account: &str, sets: Vec<RrSet>) -> LiveZone {
        LiveZone {
            zone: ZoneName::parse("example.test").expect("zone").value,
            account: account.to_owned(),
            kind: "Native".to_owned(),
            soa_edit_api: "INCREASE".to_owned(),
            dnssec: false,
            serial: 2,
            served_serial: 2,
            sets,
            unread: Vec::new(),
            mark: None,
            is_unfinished: false,
        }
    }

    #[test]
    fn a_zone_is_known_by_its_step_in_any_epoch() {
        let marker = Marker {
            operation: uuid::Uuid::max(),
            step: 3,
            epoch: 1,
        };
        let later = Marker { epoch: 9, ..marker };
        let other = Marker { step: 4, ..marker };
        let found = zone(&later.to_string(), Vec::new());
        assert!(found.was_made_by(marker) && !found.was_made_by(other));
        assert!(!zone("somebody", Vec::new()).was_made_by(marker));
    }

    #[test]
    fn what_a_zone_holds_is_compared_without_its_soa() {
        let written = vec![set("@", 3600, RecordType::Ns, &["ns1.example.net."])];
        let mut found = zone("", written.clone());
        assert!(found.holds_exactly(&written));
        let image = found.clone();
        found.serial = 99;
        assert!(found.is_still(&image));
        found.dnssec = true;
        assert!(!found.holds_exactly(&written) && !found.is_still(&image));
        let more = zone(
            "",
            [written.clone(), vec![set("x", 60, RecordType::A, &["192.0.2.1"])]].concat(),
        );
        assert!(!more.holds_exactly(&written) && !more.is_still(&image));
        let mut alias = zone("", written.clone());
        alias.unread.push(serde_json::json!({ "type": "ALIAS" }));
        assert!(!alias.holds_exactly(&written));
    }

    #[test]
    fn one_change_makes_the_next_serial_of_one_that_counts() {
        let is_next = |word: &str, before: u32, serial: u32| {
            let mut live = zone("", Vec::new());
            (live.soa_edit_api, live.serial) = (word.to_owned(), serial);
            live.is_next_to(before)
        };
        for word in ["INCREASE", "increase", "SOA-EDIT-INCREASE", "DEFAULT"] {
            assert_eq!(is_next(word, 7, 8), Some(true), "{word}");
            assert_eq!(is_next(word, 7, 9), Some(false), "{word}");
            assert_eq!(is_next(word, u32::MAX, 0), Some(true), "{word}");
        }
        // The first change of a day, and one more after it.
        assert_eq!(is_next("DEFAULT", 2_026_112_107, 2_026_112_201), Some(true));
        assert_eq!(is_next("DEFAULT", 2_026_112_107, 2_026_112_202), Some(false));
        assert_eq!(is_next("INCREASE", 2_026_112_107, 2_026_112_201), Some(false));
        for word in ["", "EPOCH", "OFF", "SOA-EDIT"] {
            assert_eq!(is_next(word, 7, 8), None, "{word}");
        }
    }
}
