//! Mail domains and boxes as rows of the control database, the DNS that belongs to them, and what the daemons need to
//! read them. No mail is touched here, and nothing is sent.

pub mod dkim;
pub mod hash;
