//! A catalog zone (RFC 9432): a zone whose records name other zones, which the server then serves.
//!
//! A member is a PTR at a label of its own; ours is a digest of the zone's name, so that two who make the same zone meet at
//! the same record. Our marker stands beside it as a property of our own (§4.5), in the same message.

use ring::digest::{SHA256, digest};

use crate::dns::provider::update::{Server, Transfer, Update};
use crate::dns::rrset::{Member, RrSet};
use crate::error::Result;
use crate::journal::Marker;
use crate::model::{RecordData, RecordName, RecordType, ZoneName};

/// Catalogs are read by servers, which keep nothing (RFC 9432 §4.1).
const TTL: u32 = 0;

/// The catalog of one server.
#[derive(Clone, Debug)]
pub(super) struct Catalog {
    zone: ZoneName,
}

impl Catalog {
    pub fn new(zone: ZoneName) -> Self {
        Catalog { zone }
    }

    pub fn zone(&self) -> &ZoneName {
        &self.zone
    }

    /// The marker beside the member `zone`; nothing where we have none there.
    pub async fn mark(&self, server: &Server, zone: &ZoneName) -> Result<Option<String>> {
        let name = self.property_name(zone)?;
        let texts = server.ask(name.as_str(), RecordType::Txt).await?;
        let values = texts
            .iter()
            .filter_map(|text| RecordData::from_presentation(RecordType::Txt, text).ok())
            .map(|data| data.value());
        Ok(values.into_iter().find(|value| Marker::parse(value).is_some()))
    }

    /// Every member, whoever put it there; signed by the server.
    pub async fn members(&self, server: &Server) -> Result<Vec<ZoneName>> {
        let records = match server.transfer(self.zone.as_str()).await? {
            Transfer::Whole(records) => records,
            Transfer::Absent => return Err(super::unserved(&self.zone)),
            Transfer::Unsigned(error) => return Err(error),
        };
        let below = format!(".zones.{}", self.zone);
        let live = crate::dns::provider::update::zone(&self.zone, &records);
        let pointers = live.sets.iter().filter(|set| {
            let label = set.name.as_str().strip_suffix(&below);
            set.rtype == RecordType::Ptr && label.is_some_and(|label| !label.contains('.'))
        });
        let values = pointers.flat_map(|set| set.members.iter().map(|member| member.data.value()));
        Ok(values
            .filter_map(|value| ZoneName::parse(&value).ok())
            .map(|given| given.value)
            .collect())
    }

    /// The message that adds a member, unless it is there.
    pub fn addition(&self, zone: &ZoneName, marker: &str) -> Result<Update> {
        let (pointer, property) = (self.pointer(zone)?, self.property(zone, marker)?);
        let mut update = Update::new(&self.zone)?;
        for set in [&pointer, &property] {
            update.requires(&set.name, set.rtype, None)?;
            update.put(&set.name, set.ttl, &set.members[0].data)?;
        }
        Ok(update)
    }

    /// The message that removes a member, if it is still the one with this marker.
    pub fn removal(&self, zone: &ZoneName, marker: &str) -> Result<Update> {
        let (pointer, property) = (self.pointer(zone)?, self.property(zone, marker)?);
        let mut update = Update::new(&self.zone)?;
        for set in [&pointer, &property] {
            update.requires(&set.name, set.rtype, Some(set))?;
            update.delete_set(&set.name, set.rtype)?;
        }
        Ok(update)
    }

    /// The message that gives a member another marker, if it is still the one with this one.
    pub fn remark(&self, zone: &ZoneName, before: &str, after: &str) -> Result<Update> {
        let (old, new) = (self.property(zone, before)?, self.property(zone, after)?);
        let mut update = Update::new(&self.zone)?;
        update.requires(&old.name, old.rtype, Some(&old))?;
        update.delete_set(&old.name, old.rtype)?;
        update.put(&new.name, new.ttl, &new.members[0].data)?;
        Ok(update)
    }

    fn pointer(&self, zone: &ZoneName) -> Result<RrSet> {
        let name = self.name(&format!("{}.zones", label(zone)))?;
        let data = RecordData::from_presentation(RecordType::Ptr, &zone.domain().absolute())?;
        Ok(single(name, data))
    }

    fn property(&self, zone: &ZoneName, marker: &str) -> Result<RrSet> {
        let data = RecordData::parse(RecordType::Txt, marker, self.zone.domain())?.value;
        Ok(single(self.property_name(zone)?, data))
    }

    fn property_name(&self, zone: &ZoneName) -> Result<RecordName> {
        self.name(&format!("hostctl.ext.{}.zones", label(zone)))
    }

    fn name(&self, relative: &str) -> Result<RecordName> {
        RecordName::parse(relative, self.zone.domain()).map(|given| given.value)
    }
}

fn single(name: RecordName, data: RecordData) -> RrSet {
    RrSet {
        name,
        rtype: data.rtype(),
        ttl: TTL,
        members: vec![Member {
            data,
            disabled: false,
        }],
        comments: Vec::new(),
    }
}

fn label(zone: &ZoneName) -> String {
    let digest = digest(&SHA256, zone.as_str().as_bytes());
    // Half of it is enough to tell zones apart, and a label has 63 bytes.
    let half = digest.as_ref().first_chunk().copied().unwrap_or_default();
    format!("{:032x}", u128::from_be_bytes(half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_one_place_in_a_catalog() {
        let zone = |name: &str| ZoneName::parse(name).expect(name).value;
        let catalog = Catalog::new(zone("catalog.example.net"));
        let pointer = catalog.pointer(&zone("Example.test")).expect("pointer");
        assert_eq!(
            pointer.name,
            catalog.pointer(&zone("example.test")).expect("pointer").name
        );
        assert_ne!(
            pointer.name,
            catalog.pointer(&zone("www.example.test")).expect("pointer").name
        );
        assert!(pointer.name.as_str().ends_with(".zones.catalog.example.net"));
        assert_eq!(pointer.members[0].data.value(), "example.test.");
    }
}
