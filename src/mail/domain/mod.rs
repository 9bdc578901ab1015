//! Domains that take mail: making one, removing one, reading them.

mod plan;
mod steps;
mod store;

pub use plan::{NewDomain, check_protected, check_suffix, plan_create, plan_delete};
pub use steps::{Create, Delete};
pub use store::{Domain, Image, find, list, observe_create, observe_delete, public_key, sealed};
