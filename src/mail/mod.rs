//! Mail domains, boxes, aliases and signing keys as rows of the control database, the DNS that belongs to them, and what
//! the daemons need to read them. Owns `email_domains`, `email_accounts`, `email_aliases` and `email_dkim_keys`. No mail
//! is touched here, and nothing is sent.
//!
//! Data flows from the observation (`observe_…`) through the plan (`plan_…`, pure) to the steps, which the journal runs
//! within one transaction with itself. Making keys and hashing come before, sealing the key is the caller's.

pub mod alias;
pub mod boxes;
pub mod daemon;
pub mod dkim;
pub mod domain;
pub mod hash;
pub mod homes;
mod markers;
pub mod recorded;
pub mod records;
pub mod rotation;
mod rows;
pub mod signing;
mod target;

pub use markers::markers;
