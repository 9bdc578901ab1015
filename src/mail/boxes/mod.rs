//! Mail boxes: making, removing, giving another password, reading. An address is compared as a whole, never in part.

mod mend;
mod plan;
mod steps;
mod store;

pub use mend::{Mend, plan_mend};
pub use plan::{NewBox, check_addresses, plan_create, plan_delete, plan_password};
pub use steps::{Create, Delete, SetPassword};
pub use store::{Image, MailBox, find, list, observe, observe_all, observe_create};
