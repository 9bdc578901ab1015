//! Mail boxes: making, removing, giving another password or quota, suspending, reading. An address is compared as a whole, never in part.

mod adopt;
mod mend;
mod plan;
mod set;
mod steps;
mod store;

pub use adopt::{Adopt, observe_adopt, plan_adopt};
pub use mend::{Mend, plan_mend};
pub use plan::{KIND, NewBox, check_addresses, plan_create, plan_delete, plan_password, plan_set};
pub use set::{PutBack, Set, plan_put_back};
pub(super) use steps::HOME;
pub use steps::{Create, Delete, SetPassword, resource};
pub use store::{Image, MailBox, find, list, list_foreign, observe, observe_all, observe_create};
pub(super) use store::{check_domain, keep_domain};
