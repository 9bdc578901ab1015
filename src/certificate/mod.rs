//! Certificates: what is wanted, how an authority is asked for it, and what is kept of it.
//!
//! `ca` has our accounts, `acme` speaks to authorities, `challenge` proves that a name is ours, `order` takes one order
//! from the wish to the certificate. What arrives is read and verified (`x509`) before it is kept (`store`) as a
//! generation: chain in clear, key sealed. `preflight` finds what would go wrong before an authority is asked.

pub mod acme;
mod authorities;
pub mod ca;
pub mod challenge;
mod failure;
pub mod key;
pub mod order;
pub mod preflight;
mod rows;
pub mod store;
pub mod x509;

pub use authorities::Authorities;
