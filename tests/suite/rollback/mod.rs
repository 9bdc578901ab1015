//! All or nothing: verbs that fail or die at every place there is. All places where `HOSTCTL_TORTURE` is set.

#![expect(
    clippy::print_stdout,
    reason = "how many cells were tried belongs to the proof"
)]

mod further;
mod more;
mod sample;
mod without;
