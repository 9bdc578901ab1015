//! Mail domains and boxes as rows of the control database, the DNS that belongs to them, and what the daemons need to
//! read them. Owns `email_domains` and `email_accounts`. No mail is touched here, and nothing is sent.
//!
//! Data flows from the observation (`observe_…`) through the plan (`plan_…`, pure) to the steps, which the journal runs
//! within one transaction with itself. Making keys and hashing come before, sealing the key is the caller's.

pub mod boxes;
pub mod daemon;
pub mod dkim;
pub mod domain;
pub mod hash;
pub mod records;
mod rows;
