//! The operator's own steps of a site (`[step.NAME]`): programs that make, look at and take back what hostctl knows
//! nothing of, such as the vhost of a web server. Owns `site_steps`.
//!
//! What is run stands in this host's configuration alone: the journal keeps the name and a digest of the commands, so
//! that whoever can write the control database can run nothing here. A program answers by its exit code (0 done, 10
//! already so, 20 surely not, anything else unknown), is told what it needs by `HOSTCTL_HOOK_…` and JSON on standard
//! input, and runs on a leash (`env::child`): before it is begun, whatever a dead process left of it is ended.

mod change;
mod checks;
mod facts;
mod look;
mod markers;
mod plan;
mod program;
mod record;
mod steps;
mod store;

pub use change::{Changes, Wish, plan_change};
pub use checks::{check, checks};
pub use facts::{Database, Facts};
pub use look::{Standing, look};
pub use markers::markers;
pub use plan::{Planned, plan_create, plan_delete};
pub use program::{Hooks, said};
pub use record::{Forget, Record};
pub use steps::{Apply, Image, Undo};
pub use store::{Row, list};
