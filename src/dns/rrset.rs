//! All records of one name and type, as a provider holds them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::model::{RecordData, RecordName, RecordType, Ttl};

/// A record that somebody wants to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord {
    /// Its name, inside the zone.
    pub name: RecordName,
    /// How long others may keep it.
    pub ttl: Ttl,
    /// Its type and data.
    pub data: RecordData,
}

/// One record of a set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// Its data.
    pub data: RecordData,
    /// Whether the provider keeps it without serving it.
    #[serde(default)]
    pub disabled: bool,
}

/// All records of one name and type. They share one TTL (RFC 2181 §5.2).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RrSet {
    /// Their name.
    pub name: RecordName,
    /// Their type.
    #[serde(rename = "type")]
    pub rtype: RecordType,
    /// Seconds.
    pub ttl: u32,
    /// The records; never empty.
    pub members: Vec<Member>,
    /// What people wrote beside it at the provider, as it came; given back when the set is restored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Value>,
}

impl RrSet {
    /// What tells it from the others of its zone.
    #[must_use]
    pub fn key(&self) -> (&RecordName, RecordType) {
        (&self.name, self.rtype)
    }

    /// Whether it holds this data.
    #[must_use]
    pub fn holds(&self, data: &RecordData) -> bool {
        self.members.iter().any(|member| member.data == *data)
    }

    /// Whether it holds this data and serves it.
    #[must_use]
    pub fn serves(&self, data: &RecordData) -> bool {
        let mut served = self.members.iter().filter(|member| !member.disabled);
        served.any(|member| member.data == *data)
    }

    /// What of it is served; nothing where all of it is switched off.
    #[must_use]
    pub fn served(&self) -> Option<RrSet> {
        let mut served = self.clone();
        served.members.retain(|member| !member.disabled);
        (!served.members.is_empty()).then_some(served)
    }

    /// The data alone.
    #[must_use]
    pub fn data(&self) -> Vec<RecordData> {
        self.members.iter().map(|member| member.data.clone()).collect()
    }
}

/// Two sets are equal if they serve the same: order and comments do not count.
impl PartialEq for RrSet {
    fn eq(&self, other: &Self) -> bool {
        let sorted = |set: &RrSet| {
            let mut members = set.members.clone();
            members.sort();
            members
        };
        self.key() == other.key() && self.ttl == other.ttl && sorted(self) == sorted(other)
    }
}

impl Eq for RrSet {}

/// Puts records together into sets. What is given twice is taken once.
///
/// # Errors
/// `invalid` where two records of one set have different TTLs.
pub fn sets_of(records: &[NewRecord]) -> Result<Vec<RrSet>> {
    let mut sets: BTreeMap<(RecordName, RecordType), RrSet> = BTreeMap::new();
    for record in records {
        let (rtype, ttl) = (record.data.rtype(), record.ttl.seconds());
        let set = sets.entry((record.name.clone(), rtype)).or_insert_with(|| RrSet {
            name: record.name.clone(),
            rtype,
            ttl,
            members: Vec::new(),
            comments: Vec::new(),
        });
        if set.ttl != ttl {
            let (name, other) = (&record.name, set.ttl);
            let message = format!("{name} {rtype}: TTL {other} and {ttl}; a set has one (RFC 2181 §5.2)");
            return Err(Error::invalid(message));
        }
        if !set.holds(&record.data) {
            set.members.push(Member {
                data: record.data.clone(),
                disabled: false,
            });
        }
    }
    Ok(sets.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DomainName;

    fn record(name: &str, ttl: u64, rtype: RecordType, value: &str) -> NewRecord {
        let zone: DomainName = "example.test".parse().expect("zone");
        NewRecord {
            name: RecordName::parse(name, &zone).expect(name).value,
            ttl: Ttl::from_seconds(ttl).expect("ttl"),
            data: RecordData::parse(rtype, value, &zone).expect(value).value,
        }
    }

    #[test]
    fn records_of_one_name_and_type_are_one_set() {
        let records = [
            record("www", 300, RecordType::A, "192.0.2.1"),
            record("@", 300, RecordType::A, "192.0.2.1"),
            record("www.example.test.", 300, RecordType::A, "192.0.2.2"),
            record("www", 300, RecordType::A, "192.0.2.2"),
        ];
        let sets = sets_of(&records).expect("sets");
        let sizes: Vec<_> = sets
            .iter()
            .map(|set| (set.name.as_str(), set.members.len()))
            .collect();
        assert_eq!(sizes, [("example.test", 1), ("www.example.test", 2)]);
    }

    #[test]
    fn a_set_has_one_ttl() {
        let records = [
            record("www", 300, RecordType::A, "192.0.2.1"),
            record("www", 600, RecordType::A, "192.0.2.2"),
        ];
        assert_eq!(
            sets_of(&records).expect_err("two").message(),
            "www.example.test A: TTL 300 and 600; a set has one (RFC 2181 §5.2)"
        );
    }

    #[test]
    fn the_order_of_members_means_nothing() {
        let one = record("www", 300, RecordType::A, "192.0.2.1");
        let two = record("www", 300, RecordType::A, "192.0.2.2");
        let forth = sets_of(&[one.clone(), two.clone()]).expect("sets");
        assert_eq!(forth, sets_of(&[two, one.clone()]).expect("sets"));
        assert_ne!(forth, sets_of(&[one]).expect("sets"));
    }
}
