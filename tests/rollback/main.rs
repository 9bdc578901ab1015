//! All or nothing: verbs that fail or die at every place there is. `tests/torture.rs` has the whole table.

#![expect(
    clippy::print_stdout,
    reason = "how many cells were tried belongs to the proof"
)]

#[path = "../support/mod.rs"]
mod support;

mod sample;
mod without;
