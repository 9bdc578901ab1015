//! The one road of a mutating verb: look, plan, show (`--dry-run`) or confirm, journal, recover, deliver secrets, audit.
//! No verb can forget one of them, because none can execute a plan itself.

mod accept;
mod beside;
mod change;
mod context;
mod ending;
mod execute;
mod foresee;
mod lines;
mod recover;
mod rivals;
mod secrets;
mod steps;
mod trial;
mod undo;

pub use accept::accept;
pub use beside::PlanRow;
pub use change::{Change, Done, Outcome, Proposal, RECONCILE};
pub use context::{Context, Deed, Settings};
pub use foresee::{Foreseen, foresee};
pub use lines::{Lines, carry_out};
pub use recover::{Recovered, Unswept, abandon, open_and_due, recover, sweep};
pub use secrets::{Delivered, SecretFile};
pub use steps::World;
pub use undo::{Instead, check_undoable, mark_undone, turn_back};
