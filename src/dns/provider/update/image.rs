//! A zone out of a transfer.

use std::collections::BTreeMap;

use hickory_proto::rr::Record;
use serde_json::json;

use super::{mark, rdata};
use crate::dns::live::LiveZone;
use crate::dns::provider::names;
use crate::dns::rrset::{Member, RrSet};
use crate::model::{RecordData, RecordName, RecordType, ZoneName};

/// Signatures and proofs (RFC 4034, RFC 5155), and BIND's notes about signing: the server makes them anew after each change.
const SIGNING: [u16; 5] = [46, 47, 50, 51, 65534];
const RRSIG: u16 = 46;
const DNSKEY: u16 = 48;
/// The keys of a zone, and what it tells its parent of them (RFC 7344): whoever signs keeps them.
const KEYS: [u16; 3] = [DNSKEY, 59, 60];

/// Whether a set is the server's where it signs the zone.
pub(in crate::dns::provider) fn is_of_keys(name: &RecordName, rtype: RecordType, zone: &ZoneName) -> bool {
    KEYS.contains(&rtype.number()) && name.is_apex(zone.domain())
}

/// The zone that these records make.
pub(in crate::dns::provider) fn zone(zone: &ZoneName, records: &[Record]) -> LiveZone {
    let mut sets: BTreeMap<(RecordName, RecordType), RrSet> = BTreeMap::new();
    let mut live = LiveZone {
        zone: zone.clone(),
        account: String::new(),
        kind: "rfc2136".to_owned(),
        soa_edit_api: String::new(),
        dnssec: false,
        serial: 0,
        served_serial: 0,
        sets: Vec::new(),
        unread: Vec::new(),
        mark: None,
        is_unfinished: false,
    };
    for record in records {
        let number = u16::from(record.record_type());
        live.dnssec |= number == DNSKEY || SIGNING[..4].contains(&number);
        if SIGNING.contains(&number) {
            continue;
        }
        match read(record) {
            Some((name, data)) => {
                let set = sets.entry((name.clone(), data.rtype())).or_insert_with(|| RrSet {
                    name,
                    rtype: data.rtype(),
                    ttl: record.ttl,
                    members: Vec::new(),
                    comments: Vec::new(),
                });
                if !set.holds(&data) {
                    set.members.push(Member {
                        data,
                        disabled: false,
                    });
                }
            }
            None => live
                .unread
                .push(json!({ "name": names::text(&record.name), "type": number })),
        }
    }
    let is_signed = |record: &Record| u16::from(record.record_type()) == RRSIG;
    if records.iter().any(is_signed) {
        sets.retain(|(name, rtype), _| !is_of_keys(name, *rtype, zone));
    }
    live.sets = sets.into_values().collect();
    live.mark = mark::split(zone, &mut live.sets);
    live.serial = serial(&live).unwrap_or_default();
    live.served_serial = live.serial;
    live
}

fn read(record: &Record) -> Option<(RecordName, RecordData)> {
    let name = RecordName::from_presentation(&names::text(&record.name)).ok()?;
    let (rtype, text) = rdata::decode(&record.data)?;
    Some((name, RecordData::from_presentation(rtype, &text).ok()?))
}

fn serial(live: &LiveZone) -> Option<u32> {
    let soa = live.sets.iter().find(|set| set.rtype == RecordType::Soa)?;
    let text = soa.members.first()?.data.value();
    text.split_ascii_whitespace().nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use hickory_proto::rr::rdata::{A, NULL, SOA, TXT};
    use hickory_proto::rr::{Name, RData, RecordType as WireType};

    use super::*;

    fn record(name: &str, data: RData) -> Record {
        Record::from_rdata(Name::from_ascii(name).expect(name), 300, data)
    }

    #[test]
    fn records_become_sets_and_signing_is_the_servers_business() {
        let name = |text: &str| Name::from_ascii(text).expect(text);
        let soa = SOA::new(
            name("ns1.example.test."),
            name("hostmaster.example.test."),
            7,
            1,
            2,
            3,
            4,
        );
        let signature = RData::Unknown {
            code: WireType::Unknown(65534),
            rdata: NULL::with(vec![1, 2, 3]),
        };
        let records = [
            record("example.test.", RData::SOA(soa)),
            record("WWW.example.test.", RData::A(A::new(192, 0, 2, 1))),
            record("www.example.test.", RData::A(A::new(192, 0, 2, 2))),
            record("example.test.", signature),
            record(
                "_hostctl.example.test.",
                RData::TXT(TXT::new(vec![
                    "hostctl:7zzzzzzzzzzzzzzzzzzzzzzzzz:0.1".to_owned(),
                ])),
            ),
        ];
        let live = zone(&ZoneName::parse("example.test").expect("zone").value, &records);
        let sets: Vec<_> = live
            .sets
            .iter()
            .map(|set| (set.name.as_str(), set.rtype, set.members.len()))
            .collect();
        assert_eq!(
            sets,
            [
                ("example.test", RecordType::Soa, 1),
                ("www.example.test", RecordType::A, 2)
            ]
        );
        assert_eq!((live.serial, live.dnssec, live.unread.len()), (7, false, 0));
        assert!(live.mark.as_ref().and_then(mark::read).is_some());
    }
}
