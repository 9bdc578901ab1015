//! What counts against the limits of an authority, by all hosts together. Owns `ca_ledger`.
//!
//! A request is counted before it is sent: whoever dies in between has counted one too many, never one too few. Counting
//! and writing are one transaction under a lock for each authority, so that of many hosts at the same instant exactly as
//! many are let in as there is room for. A certificate keeps its place from the new order on; an order that fails before
//! its request was sent gives it back.

mod admission;
mod admit;
mod counts;
mod list;
mod prune;
mod write;

pub use admission::{Admission, Counted, Full};
pub use admit::{Request, admit, look, not_before};
pub use list::{Limit, limits};
pub use prune::{longest, prune};
pub use write::{fail, release, spend};
