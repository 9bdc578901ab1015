//! Who owns which domain: proven by what only its owner can publish. Owns `domains`.
//!
//! [`challenge`] is what has to be published, [`store`] and [`steps`] its row. A check travels through [`check`], which asks
//! by DNS ([`records`]) or HTTP ([`page`]), and comes back as a [`Finding`]: what was seen where, in [`words`], and whether
//! that is proof. What one account has proven, no other account can use (`account::check_domain` reads it).

mod challenge;
mod check;
mod finding;
mod keep;
mod page;
mod plan;
mod records;
mod steps;
mod store;
mod words;

pub use challenge::{Method, Publication, Scope, check_suffix};
pub use check::{Checked, check_all};
pub use finding::{Evidence, Finding, State};
pub use keep::keep;
pub use plan::{NewChallenge, plan_add, plan_delete};
pub use steps::{Add, Delete};
pub use store::{Challenge, Standing, find, list, named, observe_add, one};
