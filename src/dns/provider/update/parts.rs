//! A change in several messages, for a zone that is not finished: all or nothing is of no use there, and a message has an
//! end.

use super::message::Update;
use super::{begun, mark};
use crate::dns::provider::{SetChange, ZoneChange};
use crate::dns::rrset::RrSet;
use crate::error::Result;
use crate::model::ZoneName;

/// Bytes of records in one message, before names are shortened. What is left of 65535 is for header, zone, SOA, mark and
/// signature.
const ROOM: usize = 60_000;

/// The messages of a change, in their order. The first brings the SOA, the last the mark.
///
/// # Errors
/// `conflict`, `busy`.
pub(in crate::dns::provider) fn in_parts(change: &ZoneChange<'_>, soa: &RrSet) -> Result<Vec<Update>> {
    let zone = &change.live.zone;
    let mut parts: Vec<Vec<SetChange<'_>>> = vec![Vec::new()];
    let mut filled = 0;
    for set in change.sets {
        let size = size(zone, set)?;
        if filled + size > ROOM && filled > 0 {
            parts.push(Vec::new());
            filled = 0;
        }
        filled += size;
        parts.last_mut().into_iter().for_each(|part| part.push(*set));
    }
    let mut updates = Vec::with_capacity(parts.len());
    for part in &parts {
        let mut update = begun(&ZoneChange {
            live: change.live,
            sets: part,
            marker: change.marker,
        })?;
        if updates.is_empty() {
            for member in &soa.members {
                update.put(&soa.name, soa.ttl, &member.data)?;
            }
        }
        if updates.len() + 1 == parts.len() {
            update.replace(&mark::set(zone, change.marker)?)?;
        }
        updates.push(update);
    }
    Ok(updates)
}

/// Whether a message can bring this set.
pub(in crate::dns::provider) fn fits(zone: &ZoneName, set: &RrSet) -> bool {
    let change = SetChange {
        name: &set.name,
        rtype: set.rtype,
        before: None,
        after: Some(set),
    };
    size(zone, &change).is_ok_and(|size| size <= ROOM)
}

fn size(zone: &ZoneName, set: &SetChange<'_>) -> Result<usize> {
    let mut update = Update::new(zone)?;
    update.change(std::slice::from_ref(set))?;
    Ok(update.size())
}

#[cfg(test)]
mod tests {
    use hickory_proto::rr::RecordType as WireType;

    use super::*;
    use crate::dns::live::tests::{set, zone};
    use crate::journal::Marker;
    use crate::model::RecordType;

    #[test]
    fn what_is_too_much_for_one_message_comes_in_several_and_the_mark_last() {
        let sets: Vec<RrSet> = (0..900)
            .map(|number| {
                set(
                    &format!("h{number}"),
                    60,
                    RecordType::Txt,
                    &["t".repeat(90).as_str()],
                )
            })
            .collect();
        let all: Vec<SetChange<'_>> = sets
            .iter()
            .map(|set| SetChange {
                name: &set.name,
                rtype: set.rtype,
                before: None,
                after: Some(set),
            })
            .collect();
        let marker = Marker {
            operation: uuid::Uuid::max(),
            step: 1,
            epoch: 7,
        };
        let live = zone("", Vec::new());
        let soa = RrSet {
            members: Vec::new(),
            ..sets[0].clone()
        };
        let change = ZoneChange {
            live: &live,
            sets: &all,
            marker,
        };
        let parts = in_parts(&change, &soa).expect("parts");
        let sizes: Vec<usize> = parts.iter().map(Update::size).collect();
        assert!(
            parts.len() > 1 && sizes.iter().all(|size| *size < 64_000),
            "{sizes:?}"
        );
        let mut texts = 0;
        let count = parts.len();
        for (number, part) in parts.into_iter().enumerate() {
            let message = part.into_message();
            let is_mark =
                |record: &hickory_proto::rr::Record| record.name.to_ascii().starts_with("_hostctl.");
            assert_eq!(message.authorities.iter().any(is_mark), number + 1 == count);
            assert!(message.answers.iter().any(is_mark), "the mark is compared");
            let is_text = |record: &&hickory_proto::rr::Record| {
                u16::from(record.record_type()) == u16::from(WireType::TXT) && !is_mark(record)
            };
            texts += message.authorities.iter().filter(is_text).count();
        }
        assert_eq!(texts, 900);
    }

    #[test]
    fn a_set_that_fills_a_message_cannot_be_brought() {
        let zone = zone("", Vec::new()).zone;
        let values = |count: usize| -> Vec<String> {
            (0..count).map(|n| format!("{n} {}", "t".repeat(200))).collect()
        };
        let of = |count| {
            let values = values(count);
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            set("large", 60, RecordType::Txt, &values)
        };
        assert!(fits(&zone, &of(200)) && !fits(&zone, &of(300)));
    }
}
