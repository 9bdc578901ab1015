//! The early end of a certificate (RFC 8555 §7.6): the authority is told, by our account or by the certificate's own key, and
//! what replaces it is due from then on.

mod plan;
mod reason;
mod seen;
mod step;

pub use plan::{Revocation, plan};
pub use reason::Reason;
pub use seen::{Issued, observe};
pub use step::Revoke;
