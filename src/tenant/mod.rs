//! Everything that one account owns, as one operation: composes what the capabilities plan, and knows none of their
//! protocols. Owns no table.

mod delete;
mod suspend;

pub use delete::plan_delete;
pub use suspend::{check_protected, key, plan_account_resume, plan_account_suspend};
