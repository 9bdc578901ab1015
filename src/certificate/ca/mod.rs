//! Our accounts at certificate authorities. Owns `ca_accounts` and `ca_pauses`.
//!
//! Keys are saved before the authority hears of them, the next one of a change of keys as well: whatever dies in between,
//! the authority can be asked which of the keys it knows.

mod contacts;
mod deactivate;
mod key;
mod pause;
mod plan;
mod register;
mod rollover;
mod seen;
mod store;

pub use contacts::SetContacts;
pub use deactivate::Deactivate;
pub use key::SaveKey;
pub use pause::{Asked, Pause, check_pause, heed, heed_requests, paused, prune_pauses};
pub use plan::{Registration, plan_deactivate, plan_register, plan_rollover};
pub use register::Register;
pub use rollover::{Rollover, SaveNextKey};
pub use seen::seen;
pub use store::{Row, State, find, list, open_key, seal_key};
