//! The proof of the engine: the real engine on an in-memory world and an in-memory journal, under seeded faults.
//!
//! A [`lab::Lab`] is all that one schedule shares: the world, the ledger (what the control database would hold), the
//! faults still to come. Processes run the engine on it through a [`gate::Gate`], which counts every call and can stop
//! the process there, for good (a crash) or until it is woken (a frozen one that was taken over meanwhile). The oracle
//! looks at the world and the ledger only, never at the engine. Nothing here reads a clock or entropy: a seed says all.
//!
//! Outside of the model: an effect that lands after its process died, and a late effect whose withdrawal is refused for
//! good. Both need the sweep of recovery, not the engine.

mod conformance;
mod faults;
mod gate;
mod haste;
mod lab;
mod ledger;
mod mutation;
mod oracle;
mod process;
mod random;
mod resuming;
mod schedule;
mod seeds;
mod store;
mod world;

use faults::{Call, Fault};
