//! Sites: the database, mail and zone of one domain as one operation. Owns `sites`; composes what the capabilities
//! plan, and knows none of their protocols.

mod steps;

pub use steps::{Forget, Image, Record};
