//! DNSUPDATE (RFC 2136) over TCP, every message signed with TSIG (RFC 8945), the answers too.
//!
//! [`server`] holds the conversation, [`key`] the key, [`answer`] what a refusal means; [`message`] builds one update,
//! [`rdata`], [`service`] and [`words`] carry data to the wire and back, [`image`] makes a zone of a transfer, [`mark`] knows our record
//! in the zone; [`parts`] is what a new zone comes in.
//!
//! A change is one message: its prerequisites are the sets as they were read and our mark as it was read, so that whoever
//! wrote in between makes all of it fail. Each change replaces the mark, so that of two writers of ours who read the same
//! only one goes through, however late the other's message arrives. There is one attempt; a lost answer is resolved by
//! reading, never by sending again (over UDP an answer to a repeated message lies: a prerequisite fails because the change
//! was made).

mod answer;
mod image;
mod key;
mod mark;
mod message;
mod parts;
mod rdata;
mod server;
mod service;
mod words;

pub(super) use image::{is_of_keys, zone};
pub(super) use mark::split as split_mark;
pub use mark::{name as mark_name, read as read_mark};
pub(super) use message::Update;
pub(super) use parts::{fits, in_parts};
#[cfg(test)]
pub(in crate::dns) use rdata::of_wire;
pub(in crate::dns) use rdata::{of_generic_text, of_text};
pub(super) use server::{Server, Transfer};

use uuid::Uuid;

use super::{SetChange, ZoneChange};
use crate::dns::live::LiveZone;
use crate::error::{Error, Kind};
use crate::journal::{Failure, Marker};
use crate::model::{RecordData, RecordType, ZoneName};

/// What one update can do.
pub(super) const CAPABILITIES: super::Capabilities = super::Capabilities {
    zones: false,
    records: true,
    atomic_change: true,
    compare_and_swap: true,
};

/// Changes whole sets in one message, if they and the mark are still as they were read.
pub(super) async fn change(server: &Server, change: &ZoneChange<'_>) -> Result<(), Failure> {
    let update = prepared(change).map_err(Failure::refused)?;
    server.update(update).await
}

/// The mark of the latest change in a zone, where there is one of ours.
pub(super) async fn mark_of(server: &Server, zone: &str) -> Result<Option<Marker>, Error> {
    let name = mark::name(&ZoneName::parse(zone)?.value)?;
    let texts = server.ask(name.as_str(), RecordType::Txt).await?;
    let mut values = texts
        .iter()
        .filter_map(|text| RecordData::from_presentation(RecordType::Txt, text).ok());
    Ok(values.find_map(|data| Marker::parse(&data.value())))
}

/// Whether a change can be said in one message, as far as that can be told before it is sent.
///
/// # Errors
/// `conflict`: `refused` where it is too large or a set cannot be compared, `foreign` where something of others stands in the
/// place of our mark.
pub fn check(live: &LiveZone, sets: &[SetChange<'_>]) -> Result<(), Error> {
    let marker = Marker {
        operation: Uuid::nil(),
        step: 0,
        epoch: 0,
    };
    let name = mark::name(&live.zone)?;
    // A server leaves a mark beside an alias out, and says that all is well.
    if live
        .sets
        .iter()
        .any(|set| set.name == name && set.rtype == RecordType::Cname)
    {
        let message = format!("{name} is ours to write, and is an alias there");
        return Err(Error::new(Kind::Conflict, "foreign", message)
            .hint("remove it: hostctl keeps its mark of the last change there"));
    }
    match prepared(&ZoneChange { live, sets, marker })?.fits() {
        true => Ok(()),
        false => Err(too_large()),
    }
}

/// It does not fit.
fn too_large() -> Error {
    let message = "the change does not fit into one message of 65535 bytes";
    Error::new(Kind::Conflict, "refused", message).hint("make it in parts")
}

/// The message of a change, its mark in the place of the one before.
///
/// # Errors
/// `conflict`, `busy`.
pub(super) fn prepared(change: &ZoneChange<'_>) -> Result<Update, Error> {
    let mut update = begun(change)?;
    update.replace(&mark::set(&change.live.zone, change.marker)?)?;
    Ok(update)
}

/// The message of a change, without its mark.
fn begun(change: &ZoneChange<'_>) -> Result<Update, Error> {
    let zone = &change.live.zone;
    let mut update = Update::new(zone)?;
    check_fence(change)?;
    update.requires(&mark::name(zone)?, RecordType::Txt, change.live.mark.as_ref())?;
    update.change(change.sets)?;
    Ok(update)
}

/// Whoever took the operation over has left its own mark.
fn check_fence(change: &ZoneChange<'_>) -> Result<(), Error> {
    let Some(found) = &change.live.mark else {
        return Ok(());
    };
    let values: Vec<String> = found.members.iter().map(|member| member.data.value()).collect();
    let Some(marker) = mark::read(found) else {
        let message = format!(
            "{} TXT is ours to write, and holds something else: {}",
            found.name,
            crate::model::escape::excerpt(&values.join(", "))
        );
        return Err(Error::new(Kind::Conflict, "foreign", message)
            .hint("remove it: hostctl keeps its mark of the last change there"));
    };
    let is_later =
        |other: Marker| other.operation == change.marker.operation && other.epoch > change.marker.epoch;
    match is_later(marker) {
        true => Err(Error::new(
            Kind::Busy,
            "fenced",
            format!(
                "zone {}: another process has taken the operation over",
                change.live.zone
            ),
        )),
        false => Ok(()),
    }
}
