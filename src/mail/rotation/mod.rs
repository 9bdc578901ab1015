//! The keys of a domain one after another: a new one is published, seen, then signs; the old one stays in DNS until
//! nobody can hold mail that it signed. The present key stands in the row of its domain too, where it always stood.

mod plan;
mod steps;
mod store;

pub use plan::{Rotation, RotationPlan, plan_forget, plan_retire, plan_rotate};
pub use steps::{Add, Forget, Switch};
pub use store::{Key, Signing, all, due, keys, retired, signing};
