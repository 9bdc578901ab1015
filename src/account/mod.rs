//! Accounts: customers, and who owns which domain. Owns `accounts` and `domain_owners`.

mod owners;
mod steps;
mod store;

pub use owners::{check_domain, release_domain, take_domain};
pub use steps::{Create, Delete, plan_create, plan_delete};
pub use store::{Account, find, list, pick};
