//! Durable operations: an ordered list of steps recorded in the control database before, during and after, so that a
//! failure or a killed process at any instant ends in everything, in nothing, or in a named `stuck`.
//!
//! The journal knows no capability. Capabilities return a [`Plan`]; `runner` implements [`Effects`] over their steps
//! and hands both to the [`Engine`], which asks a [`Store`] to remember every transition. The arrows of one step:
//! `pending → intent → applied`, `intent → unknown → (probe) → applied | not_applied`,
//! `applied | unknown → undoing → undone | undo_stuck`.

mod begin;
mod bound;
mod effects;
mod engine;
mod incarnation;
mod interrupt;
mod listing;
mod look;
mod marker;
mod plan;
mod postgres;
mod record;
mod recovery;
mod seat;
mod sighting;
#[cfg(test)]
mod simulation;
mod step;
mod store;
mod sweep;
mod takeover;
mod transition;
mod turned;
mod undone;
mod unwind;
mod written;

pub use begin::{Begun, Key, Request};
use begin::{request_hash, secret_row};
pub use bound::{Bound, bound};
pub use effects::{Certainty, Effects, Failure, Found};
pub use engine::{Ending, Engine, Patience};
pub use incarnation::{Known, Life, Readmit, RegisterLife, check_life, known, life, of_earlier_lives};
pub use interrupt::Interrupt;
pub use listing::{
    Holder, Later, Operation, Selection, StepView, find, find_key, has_ended, list, none, residue, sealed,
    standing_since, steps, stuck,
};
pub use marker::Marker;
pub use plan::{Change, Place, Plan, PlannedStep, Reversal};
pub use postgres::{FIRST_EPOCH, Journal, commit_whole};
pub use record::{State, StepRecord, StepState};
pub use recovery::Direction;
pub use seat::Seat;
pub use sighting::{Finding, Sighting};
pub use step::{ControlStep, OutsideStep, Secrets};
pub use store::Store;
pub use sweep::{Due, Looked, due_sweeps, sweep};
pub use takeover::{
    Taken, claimants, fence, finished_steps, held, is_held, is_held_by, open_operations, take_over,
};
pub use turned::Turned;
pub use undone::{MarkUndone, undone};
pub use written::{Written, last_written, written_by};
