//! Sites: the database, mail and zone of one domain as one operation. Owns `sites`; composes what the capabilities
//! plan, and knows none of their protocols.
//!
//! A site that a manifest describes is looked at ([`look`]) and brought from what stands to what is wanted ([`converge`]);
//! [`export`] is the way back.

mod certificate;
mod converge;
mod create;
mod delete;
mod digest;
mod export;
mod list;
mod look;
mod material;
mod recorded;
mod records;
mod steps;
mod suspend;
mod zone_changes;

pub use certificate::NewCertificate;
pub use converge::{Converged, converge};
pub use create::{Keys, NewDatabase, NewMail, Request, check_suffix, observe_create, plan_create};
pub use delete::{Reach, plan_delete, split_at_pivots, step_forget, step_keep};
pub use export::{export, raised};
pub use list::{Site, find, list};
pub use look::{Eyes, Look, Owner, look};
pub use material::{Material, Needs, needs};
pub use steps::{Forget, Image, Record, Replace};
pub use suspend::{State, plan_state};
