//! One update: what must be there, what goes, what comes (RFC 2136 §2.4, §2.5). The server looks at all of the first before
//! it does any of the others.

use hickory_proto::op::{Message, MessageType, OpCode, Query};
use hickory_proto::rr::{DNSClass, Name, Record, RecordType as WireType};

use super::rdata;
use crate::clock;
use crate::dns::provider::{SetChange, names};
use crate::dns::rrset::RrSet;
use crate::error::{Error, Kind, Result};
use crate::model::{RecordData, RecordName, RecordType, ZoneName};

/// The bit of the header that says that something was left out (RFC 1035 §4.1.1), in its third byte.
const TRUNCATED: u8 = 0x02;
/// What a signature takes at most: two names, and the digest (RFC 8945 §4.2).
const SIGNATURE: usize = 640;

/// Whether something was left out of a message, because it did not fit.
pub(super) fn is_truncated(bytes: &[u8]) -> bool {
    bytes.get(2).is_none_or(|flags| flags & TRUNCATED != 0)
}

/// A message that is being written.
#[derive(Debug)]
pub(in crate::dns::provider) struct Update {
    zone: ZoneName,
    message: Message,
}

impl Update {
    pub fn new(zone: &ZoneName) -> Result<Self> {
        let id = u16::from_le_bytes(clock::random()?);
        let mut message = Message::new(id, MessageType::Query, OpCode::Update);
        message.add_query(Query::query(wire_name(&zone.domain().absolute())?, WireType::SOA));
        Ok(Update {
            zone: zone.clone(),
            message,
        })
    }

    pub fn zone(&self) -> &ZoneName {
        &self.zone
    }

    pub(super) fn into_message(self) -> Message {
        self.message
    }

    /// Bytes of its records, before names are shortened.
    pub(super) fn size(&self) -> usize {
        let records = self.message.answers.iter().chain(&self.message.authorities);
        // Type, class, TTL and length (RFC 1035 §3.2.1); the root has a byte that no dot stands for.
        let size = |record: &Record| record.name.len() + 1 + 10 + rdata::length(&record.data);
        records.map(size).sum()
    }

    /// Whether it goes into one message with the signature.
    pub(super) fn fits(&self) -> bool {
        let bytes = self.message.to_vec().unwrap_or_default();
        !is_truncated(&bytes) && u16::try_from(bytes.len() + SIGNATURE).is_ok()
    }

    /// From the images before to those after, if the sets are as before.
    ///
    /// # Errors
    /// `conflict`, reason `refused`.
    pub(super) fn change(&mut self, sets: &[SetChange<'_>]) -> Result<()> {
        for set in sets {
            self.requires(set.name, set.rtype, set.before)?;
        }
        // An alias stands in the way of what replaces it: removals first.
        for set in sets {
            self.remove(set)?;
        }
        for set in sets {
            self.add(set)?;
        }
        Ok(())
    }

    /// The set must be exactly this one, TTL apart, or must not be there.
    ///
    /// # Errors
    /// `conflict`, reason `refused`, where the set cannot be compared.
    pub fn requires(&mut self, name: &RecordName, rtype: RecordType, set: Option<&RrSet>) -> Result<()> {
        let Some(set) = set else {
            let absent = bare(name, rtype, DNSClass::NONE)?;
            self.message.add_answer(absent);
            return Ok(());
        };
        for member in &set.members {
            if member.disabled {
                let message =
                    format!("{name} {rtype} holds a record that is switched off, which no update can keep");
                return Err(Error::new(Kind::Conflict, "refused", message)
                    .hint("switch it on or remove it at the provider"));
            }
            let record = filled(name, 0, &member.data)?;
            self.message.add_answer(record);
        }
        Ok(())
    }

    /// What goes, as far as it may go before anything comes: the last NS of the zone may not (RFC 2136 §3.4.2.4).
    pub fn remove(&mut self, change: &SetChange<'_>) -> Result<()> {
        let Some(before) = change.before.filter(|_| !self.is_apex_ns(change)) else {
            return Ok(());
        };
        match change.after {
            Some(after) if after.ttl == before.ttl => self.delete_missing(before, Some(after)),
            _ => self.delete_set(&before.name, before.rtype),
        }
    }

    /// What comes; of the zone's own NS also what goes.
    pub fn add(&mut self, change: &SetChange<'_>) -> Result<()> {
        // A set takes its TTL from a record that is new in it (Knot), and this one cannot be emptied first.
        let other_ttl = |after: &&RrSet| change.before.is_some_and(|before| before.ttl != after.ttl);
        let stand_in = change
            .after
            .filter(|after| self.is_apex_ns(change) && other_ttl(after));
        let nobody = RecordData::from_presentation(RecordType::Ns, "hostctl.invalid.")?;
        if let Some(after) = stand_in {
            self.put(change.name, after.ttl, &nobody)?;
        }
        if let Some(after) = change.after {
            let known = change.before.filter(|before| before.ttl == after.ttl);
            for member in &after.members {
                if !known.is_some_and(|before| before.holds(&member.data)) {
                    self.put(&after.name, after.ttl, &member.data)?;
                }
            }
        }
        if stand_in.is_some() {
            self.delete(change.name, &nobody)?;
        }
        match change.before {
            Some(before) if self.is_apex_ns(change) => self.delete_missing(before, change.after),
            _ => Ok(()),
        }
    }

    /// Puts a set in the place of whatever is there.
    pub fn replace(&mut self, set: &RrSet) -> Result<()> {
        self.delete_set(&set.name, set.rtype)?;
        for member in &set.members {
            self.put(&set.name, set.ttl, &member.data)?;
        }
        Ok(())
    }

    pub fn put(&mut self, name: &RecordName, ttl: u32, data: &RecordData) -> Result<()> {
        let record = filled(name, ttl, data)?;
        self.message.add_authority(record);
        Ok(())
    }

    pub fn delete_set(&mut self, name: &RecordName, rtype: RecordType) -> Result<()> {
        let record = bare(name, rtype, DNSClass::ANY)?;
        self.message.add_authority(record);
        Ok(())
    }

    pub fn delete(&mut self, name: &RecordName, data: &RecordData) -> Result<()> {
        let mut record = filled(name, 0, data)?;
        record.dns_class = DNSClass::NONE;
        self.message.add_authority(record);
        Ok(())
    }

    fn delete_missing(&mut self, before: &RrSet, after: Option<&RrSet>) -> Result<()> {
        for member in &before.members {
            if !after.is_some_and(|after| after.holds(&member.data)) {
                self.delete(&before.name, &member.data)?;
            }
        }
        Ok(())
    }

    fn is_apex_ns(&self, change: &SetChange<'_>) -> bool {
        change.rtype == RecordType::Ns && change.name.is_apex(self.zone.domain())
    }
}

fn wire_name(absolute: &str) -> Result<Name> {
    names::wire(absolute).ok_or_else(|| Error::invalid(format!("{absolute}: no name of DNS")))
}

fn filled(name: &RecordName, ttl: u32, data: &RecordData) -> Result<Record> {
    Ok(Record::from_rdata(
        wire_name(&name.absolute())?,
        ttl,
        rdata::encode(data)?,
    ))
}

/// A name and a type alone.
fn bare(name: &RecordName, rtype: RecordType, class: DNSClass) -> Result<Record> {
    let mut record = Record::update0(wire_name(&name.absolute())?, 0, WireType::from(rtype.number()));
    record.dns_class = class;
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::live::tests::set;

    /// `CLASS name TYPE ttl` of each line.
    fn lines(records: &[Record]) -> Vec<String> {
        let line = |record: &Record| {
            let rtype = WireType::from(u16::from(record.record_type()));
            format!("{} {} {rtype} {}", record.dns_class, record.name, record.ttl)
        };
        records.iter().map(line).collect()
    }

    fn of(before: Option<&RrSet>, after: Option<&RrSet>) -> Message {
        let either = before.or(after).expect("one of them");
        let change = SetChange {
            name: &either.name,
            rtype: either.rtype,
            before,
            after,
        };
        let mut update = Update::new(&ZoneName::parse("example.test").expect("zone").value).expect("update");
        update
            .requires(change.name, change.rtype, before)
            .expect("compared");
        update.remove(&change).expect("removed");
        update.add(&change).expect("added");
        update.into_message()
    }

    #[test]
    fn only_what_differs_is_sent_and_all_of_the_set_is_compared() {
        let before = set("www", 300, RecordType::A, &["192.0.2.1", "192.0.2.2"]);
        let after = set("www", 300, RecordType::A, &["192.0.2.2", "192.0.2.3"]);
        let message = of(Some(&before), Some(&after));
        assert_eq!(
            lines(&message.answers),
            ["IN www.example.test. A 0", "IN www.example.test. A 0"]
        );
        assert_eq!(
            lines(&message.authorities),
            ["NONE www.example.test. A 0", "IN www.example.test. A 300"]
        );
    }

    #[test]
    fn another_ttl_replaces_the_set() {
        let before = set("www", 300, RecordType::A, &["192.0.2.1"]);
        let after = set("www", 60, RecordType::A, &["192.0.2.1"]);
        let message = of(Some(&before), Some(&after));
        assert_eq!(
            lines(&message.authorities),
            ["ANY www.example.test. A 0", "IN www.example.test. A 60"]
        );
        assert_eq!(
            lines(&of(None, Some(&after)).answers),
            ["NONE www.example.test. A 0"]
        );
    }

    #[test]
    fn the_zones_own_name_servers_come_before_the_old_ones_go() {
        let before = set("@", 300, RecordType::Ns, &["ns1.example.net."]);
        let after = set("@", 300, RecordType::Ns, &["ns2.example.net."]);
        let message = of(Some(&before), Some(&after));
        assert_eq!(
            lines(&message.authorities),
            ["IN example.test. NS 300", "NONE example.test. NS 0"]
        );
    }

    #[test]
    fn another_ttl_of_the_zones_own_name_servers_comes_with_a_stand_in() {
        let before = set("@", 60, RecordType::Ns, &["ns1.example.net."]);
        let after = set("@", 300, RecordType::Ns, &["ns1.example.net."]);
        assert_eq!(
            lines(&of(Some(&before), Some(&after)).authorities),
            [
                "IN example.test. NS 300",
                "IN example.test. NS 300",
                "NONE example.test. NS 0"
            ]
        );
    }

    #[test]
    fn a_record_that_is_switched_off_cannot_be_compared() {
        let mut before = set("www", 300, RecordType::A, &["192.0.2.1"]);
        before.members[0].disabled = true;
        let mut update = Update::new(&ZoneName::parse("example.test").expect("zone").value).expect("update");
        let error = update
            .requires(&before.name, before.rtype, Some(&before))
            .expect_err("refused");
        assert_eq!(error.reason(), "refused");
    }
}
