//! Domains that take mail: making one, suspending one, removing one, reading them.

mod adopt;
mod plan;
mod set;
mod steps;
mod store;

pub use adopt::{Adopt, observe_adopt, plan_adopt};
pub use plan::{NewDomain, check_protected, check_suffix, plan_create, plan_delete, plan_state};
pub use set::SetState;
pub use steps::{Create, Delete, resource};
pub(super) use steps::{described, target};
pub(super) use store::check_place;
pub use store::{Domain, Image, find, list, list_foreign, observe, observe_create, public_key, sealed};
