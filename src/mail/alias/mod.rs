//! Aliases: mail for one address goes to others. A source is compared as a whole, never in part; a catch-all takes what
//! neither a box nor another alias takes.

mod check;
mod plan;
mod steps;
mod store;

pub use check::Check;
pub use plan::{NewAlias, check_new, plan_create, plan_delete, plan_set};
pub use steps::{Create, Delete, Set};
pub use store::{Alias, Image, check, find, leading_to, list, observe, observe_all, observe_create};
