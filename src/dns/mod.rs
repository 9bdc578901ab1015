//! Zones and records at DNS providers. Owns `dns_zones` and `dns_records`.
//!
//! [`observe`] reads the inventory and the provider, [`zone`] and [`records`] plan (pure), [`step`] does, probes and undoes,
//! [`list`] answers questions, [`masterfile`] reads and writes files. [`provider`] speaks to what is configured.
//!
//! What is ours: a zone by its row in the inventory *and* the marker of the same operation in the zone's `account` at the
//! provider; a record by its row alone, because providers keep no marker beside a record. So a step that changes records
//! tells what it wrote from what others wrote by comparing whole sets with the image before and the image after, under
//! the claim on the zone (`zone:NAME`) that every operation of ours holds while it runs.

mod answers;
mod guard;
mod inventory;
mod list;
mod live;
mod markers;
pub mod masterfile;
mod observe;
mod plan_reconcile;
pub mod provider;
pub mod records;
mod rrset;
pub mod step;
mod surroundings;
pub mod zone;

pub use answers::{late_servers, plan_published};
pub use guard::Protected;
pub use inventory::{RecordRow, ZoneRow, zones_of, zones_with_records_of};
pub use list::{
    RecordSummary, ZoneDetail, ZoneSummary, list_foreign, list_records, list_zones, readable, show_zone,
};
pub use live::LiveZone;
pub use markers::{Marked, markers};
pub use observe::{Observed, is_known, observe};
pub use plan_reconcile::{plan_adopt_marked, plan_remove_marked};
pub use provider::{Capabilities, Location, Providers, Target};
pub use rrset::{Member, NewRecord, RrSet, sets_of};
pub use surroundings::Surroundings;
