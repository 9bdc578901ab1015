//! Renewing certificates: which are due, who of many processes on many hosts renews them, at which authority, and what is
//! remembered of a failure.
//!
//! `when` decides about times and knows nothing else. `questions` asks authorities when they would like a certificate to be
//! renewed (RFC 9773). `claim` takes what is due under a lease that ends by itself: its fence is checked by whatever is
//! written under it, the order included, so that who wakes up late writes nothing. `attempt` plans the order, `outcome`
//! writes down what became of it, `held` what
//! nobody may be asked for.

mod attempt;
mod claim;
mod held;
mod outcome;
mod questions;
mod when;

pub use attempt::{is_its_own, not_before, plan, told, whole};
pub use claim::{
    Asked, Claimed, Due, LEASE, Renewer, Selection, bring_forward, claim, due, extend, give_back, take_host,
};
pub use held::{HeldBack, hold_back};
pub use outcome::{Outcome, Standing, is_failing, record, standing};
pub use questions::ask;
pub use when::{Life, Window, ask_again, back_off, fraction};

/// Why nothing is tried as long as all of its authorities have said "too many".
pub(super) const LEFT_ALONE: &str = "the authority wants to be left alone";
