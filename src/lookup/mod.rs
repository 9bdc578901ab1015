//! Asking DNS: one given server, without cache, hosts file or second attempt, or the resolver that is configured.
//!
//! [`ask`] speaks the protocol and knows one server; [`resolver`] goes through several; [`answer`] is what comes back, as
//! plain text. What an answer means is for those who asked. Nothing here iterates from the roots or validates DNSSEC.

mod answer;
mod ask;
mod resolver;
mod serial;

pub use answer::{Answer, AnswerRecord};
pub use ask::{Recursion, query};
pub use resolver::Resolver;
pub use serial::{Serial, serial};
