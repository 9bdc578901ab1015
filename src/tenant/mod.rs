//! Everything that one account owns, as one operation, and everything that nobody accounts for: composes what the
//! capabilities plan, and knows none of their protocols. Owns no table.

mod delete;
mod reconcile;
mod suspend;

pub use delete::plan_delete;
pub use reconcile::{ALL, Choice, Item, Survey, Wish, needs_account, plan_reconcile, survey};
pub use suspend::{check_protected, key, plan_account_resume, plan_account_suspend};
