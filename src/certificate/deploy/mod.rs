//! Bringing what is placed on this host to this host: fetch, install, switch, hook, probe, confirm; and removing what is
//! placed here no more.
//!
//! Whatever fails after the switch is switched back, told to the hook, and recorded with the time of the next try; the
//! authority is not asked for anything. Killed at any line, `current` leads to a whole generation, and the next run does
//! what is left: nothing counts as deployed before this host has confirmed it.

mod hook;
mod leave;
mod run;
mod store;

pub use leave::{Left, leaving};
pub use run::{Deployed, Served, Station, check_hook};
pub use store::{is_placed, pending};
