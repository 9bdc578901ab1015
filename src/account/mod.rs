//! Accounts: customers, what their packages allow, and who owns which domain. Owns `accounts`, `packages` and
//! `domain_owners`.

mod change;
mod gain;
mod limits;
mod owners;
pub mod package;
mod package_plan;
mod steps;
mod store;

pub use change::{SetPackage, SetState, keep_awake, plan, plan_set, step_state};
pub use gain::Gain;
pub use limits::{
    Limits, Owned, Standing, Usage, check_awake, enforce, enforce_quota, foresee, is_free_of_suspension,
    standing,
};
pub use owners::{
    check_domain, check_names, check_proven, claim_domain, lock_owners, release_domain, take_domain,
};
pub use package_plan::{
    plan_create as plan_create_package, plan_delete as plan_delete_package, plan_set as plan_set_package,
};
pub use steps::{Create, Delete, plan_create, steps_delete};
pub use store::{Account, find, list, pick};
