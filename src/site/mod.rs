//! Sites: the database, mail and zone of one domain as one operation. Owns `sites`; composes what the capabilities
//! plan, and knows none of their protocols.

mod create;
mod delete;
mod list;
mod steps;

pub use create::{Keys, NewDatabase, NewMail, Request, check_suffix, observe_create, plan_create};
pub use delete::{Reach, plan_delete};
pub use list::{Site, find, list};
pub use steps::{Forget, Image, Record};
