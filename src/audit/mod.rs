//! Reading the audit trail. Writing is the room `trail`'s; nothing here changes a row.
//!
//! [`query`] asks with only the predicates given, [`pattern`] and [`moment`] are the words of a question.

mod moment;
mod pattern;
mod query;

pub use moment::Moment;
pub use pattern::Pattern;
pub use query::{Entry, Pages, Selection, newest};
