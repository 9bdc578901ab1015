//! What was deleted and can be brought back. Owns `trash`.
//!
//! Nothing is kept here twice: the step that took a thing away keeps its image in the journal, and undoing that operation
//! brings it back (`hostctl op undo`). The trash says what lies there, for how long, and what purging needs to know.

mod list;
mod steps;

pub use list::{Due, Entry, Selection, list};
pub use steps::{Forget, Keep, forget, keep, plan_forget};

use std::time::Duration;

/// What becomes of a thing that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It can be brought back for so long.
    Kept(Duration),
    /// It is gone at once, for good.
    Purged,
}
