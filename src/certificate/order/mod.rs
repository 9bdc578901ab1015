//! One order, from the row that says that it is going to be made to the certificate that is kept. Owns
//! `certificate_orders`.
//!
//! `open` writes the row with key and request, `place` makes the order and writes down where it is, `validate` proves
//! every name, `finalize` sends the request and fetches the certificate, `keep` makes it the one to be served. What dies in
//! between is gone on with: the same order, the same key, one certificate.

mod answers;
mod chains;
mod finalize;
mod keep;
mod open;
mod pend;
mod place;
mod plan;
mod prepare;
mod proof;
mod ready;
mod store;
mod validate;
mod wanted;

pub use finalize::Finalize;
pub use keep::Keep;
pub use open::Open;
pub use pend::{Pend, plan_pend};
pub use place::PlaceOrder;
pub use plan::{NewOrder, TIMEOUT, plan};
pub use prepare::{Occasion, challenge, identifiers, prepare};
pub use ready::{Ready, plan_ready};
pub(super) use store::GONE_ON_WITH;
pub use store::{Answer, Row, State, check_zone, find, give_up};
pub use validate::Validate;
pub use wanted::wanted;
