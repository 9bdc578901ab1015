//! What DNS does to the world, one type per kind of step, undo below do. Their resource is always the zone (`zone:NAME`):
//! the claim on it keeps our own operations apart.

mod published;
mod records_change;
mod records_record;
mod seen;
mod zone_adopt;
mod zone_create;
mod zone_delete;
mod zone_forget;
mod zone_record;

pub use published::Published;
pub(in crate::dns) use records_change::changes;
pub use records_change::{RecordsChange, SetImages};
pub use records_record::{OfZone, RecordsRecord};
pub use seen::Seen;
pub use zone_adopt::ZoneAdopt;
pub use zone_create::ZoneCreate;
pub(in crate::dns) use zone_delete::BACKUP;
pub use zone_delete::ZoneDelete;
pub use zone_forget::ZoneForget;
pub use zone_record::ZoneRecord;

use uuid::Uuid;

use super::inventory::RecordRow;
use crate::error::{Error, Kind};
use crate::journal::Failure;
use crate::model::escape::excerpt;
use crate::model::{RecordData, RecordName, ZoneName};

/// The claim on a zone and everything in it.
#[must_use]
pub fn resource(zone: &ZoneName) -> String {
    format!("zone:{zone}")
}

/// A row that is about to be written; marker and time are filled in then.
pub(super) fn new_row(zone: &ZoneName, account: Uuid, name: &RecordName, data: &RecordData) -> RecordRow {
    RecordRow {
        zone: zone.clone(),
        name: name.clone(),
        data: data.clone(),
        account,
        marker: String::new(),
        created_at: String::new(),
    }
}

/// An error from before anything was sent.
fn before_effect(error: Error) -> Failure {
    match error.kind() {
        Kind::Unavailable | Kind::Busy => Failure::not_now(error),
        _ => Failure::refused(error),
    }
}

/// The world is not as the plan saw it.
fn changed(zone: &ZoneName, what: &str) -> Error {
    Error::new(Kind::Conflict, "changed", format!("zone {zone}: {what}"))
        .hint(format!("hostctl dns record list {zone}"))
}

/// Somebody else's zone.
fn foreign(zone: &ZoneName, account: &str) -> Error {
    let message = format!("zone {zone} is not ours: {}", account_words(account));
    Error::new(Kind::Conflict, "foreign", message)
}

/// The account field of a zone, for people.
fn account_words(account: &str) -> String {
    match account {
        "" => "its account field is empty".to_owned(),
        other => format!("its account field says \"{}\"", excerpt(other)),
    }
}
