//! Durable operations: an ordered list of steps recorded in the control database before, during and after, so that a
//! failure or a killed process at any instant ends in everything, in nothing, or in a named `stuck`.
//!
//! The journal knows no capability. Capabilities return a [`Plan`]; `runner` implements [`Effects`] over their steps
//! and hands both to the [`Engine`], which asks a [`Store`] to remember every transition. The arrows of one step:
//! `pending → intent → applied`, `intent → unknown → (probe) → applied | not_applied`,
//! `applied | unknown → undoing → undone | undo_stuck`.

mod effects;
mod marker;
mod plan;
mod record;
mod step;

pub use effects::{Certainty, Effects, Failure, Found};
pub use marker::Marker;
pub use plan::{Change, Place, Plan, PlannedStep, Reversal};
pub use record::{State, StepRecord, StepState};
pub use step::{ControlStep, OutsideStep, Secrets};
