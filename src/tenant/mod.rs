//! Everything that one account owns, as one operation: composes what the capabilities plan, and knows none of their
//! protocols. Owns no table.

mod delete;

pub use delete::plan_delete;
