//! Our record in every zone that is changed by update: the marker of the last change. It compares for the next one.

use crate::dns::rrset::{Member, RrSet};
use crate::error::Result;
use crate::journal::Marker;
use crate::model::{RecordData, RecordName, RecordType, ZoneName};

/// The label below the zone.
const LABEL: &str = "_hostctl";
/// Nobody but us looks at it.
const TTL: u32 = 60;

/// Its name in `zone`.
///
/// # Errors
/// `invalid` where the zone's name is so long that nothing fits below it.
pub fn name(zone: &ZoneName) -> Result<RecordName> {
    RecordName::parse(LABEL, zone.domain()).map(|given| given.value)
}

/// The record that `marker` leaves.
pub(super) fn set(zone: &ZoneName, marker: Marker) -> Result<RrSet> {
    let data = RecordData::parse(RecordType::Txt, &marker.to_string(), zone.domain())?.value;
    Ok(RrSet {
        name: name(zone)?,
        rtype: RecordType::Txt,
        ttl: TTL,
        members: vec![Member {
            data,
            disabled: false,
        }],
        comments: Vec::new(),
    })
}

/// The marker in this record; nothing where it is not as we write it.
#[must_use]
pub fn read(set: &RrSet) -> Option<Marker> {
    match set.members.as_slice() {
        [only] => Marker::parse(&only.data.value()),
        _ => None,
    }
}

/// Takes the mark out of the sets of a zone: it is no record of anybody's.
pub fn split(zone: &ZoneName, sets: &mut Vec<RrSet>) -> Option<RrSet> {
    let name = name(zone).ok()?;
    let place = sets
        .iter()
        .position(|set| set.rtype == RecordType::Txt && set.name == name)?;
    Some(sets.remove(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::live::tests::set as some_set;

    #[test]
    fn the_mark_is_read_as_it_was_written_and_is_no_record() {
        let zone = ZoneName::parse("example.test").expect("zone").value;
        let marker = Marker {
            operation: uuid::Uuid::max(),
            step: 1,
            epoch: 7,
        };
        let mark = set(&zone, marker).expect("mark");
        assert_eq!(read(&mark), Some(marker));
        let www = some_set("www", 300, RecordType::A, &["192.0.2.1"]);
        let mut sets = vec![www.clone(), mark.clone()];
        assert_eq!(split(&zone, &mut sets), Some(mark));
        assert_eq!((sets, split(&zone, &mut Vec::new())), (vec![www], None));
        let text = some_set("_hostctl", 60, RecordType::Txt, &["somebody"]);
        assert_eq!(read(&text), None);
    }
}
