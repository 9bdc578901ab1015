//! Asking DNS: one given server, without cache, hosts file or second attempt; the resolver that is configured; or every
//! server that speaks for a name, found from the root down.
//!
//! [`wire`] speaks the protocol and knows one server; [`resolver`] goes through several; [`servers`] asks thousands of
//! questions without harm, [`walk`] finds who speaks for a name, [`chain`] judges signatures, and [`authority`] puts the
//! three together. [`answer`] is what comes back, as plain text. What an answer means is for those who asked.

mod answer;
mod ask;
mod authority;
mod chain;
mod hints;
mod resolver;
mod serial;
mod servers;
mod walk;
mod wire;

pub use answer::{Answer, AnswerRecord};
pub use ask::{Recursion, query};
pub use authority::{Authority, Heard, Look, Reply, Told};
pub use chain::Security;
pub use resolver::Resolver;
pub use serial::{Serial, serial};
pub use servers::{Servers, Silence};
