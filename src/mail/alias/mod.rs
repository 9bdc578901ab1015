//! Aliases: mail for one address goes to others. A source is compared as a whole, never in part; a catch-all takes what
//! neither a box nor another alias takes.

mod adopt;
mod check;
mod plan;
mod steps;
mod store;

pub use adopt::{Adopt, observe_adopt, plan_adopt};
pub use check::Check;
pub use plan::{NewAlias, check_new, plan_create, plan_delete, plan_give_back, plan_set};
pub use steps::{Create, Delete, Set};
pub use store::{
    Alias, Image, check, find, leading_to, list, list_foreign, observe, observe_all, observe_create,
};
