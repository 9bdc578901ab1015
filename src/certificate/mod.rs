//! Certificates: what is wanted, how an authority is asked for it, what is kept of it, where it is to lie and where it does.
//! Owns `certificates`, `certificate_generations`, `certificate_places`, `certificate_leftovers`, and what `ca` and `order`
//! name.
//!
//! `ca` has our accounts, `acme` speaks to authorities, `challenge` proves that a name is ours, `preflight` finds what would
//! go wrong before an authority is asked, `ledger` counts what is asked of it, `order` takes one order from the wish to the
//! certificate, `renewal` decides when that is done again and by whom. What arrives is read
//! and verified (`x509`) before it is kept (`store`) as a generation: chain in clear, key sealed. Every host pulls what is
//! placed on it (`deploy`) into a directory that a reader never sees half-written (`place`), runs the operator's hook and
//! asks the live port (`probe`). `issued` and `deployed` are two things. `revoke` ends one before its time. What is about to end
//! is told (`notice`), and that all is well as well (`heartbeat`).

pub mod acme;
mod authorities;
pub mod ca;
pub mod challenge;
pub mod check;
pub mod deploy;
mod der;
pub mod export;
mod failure;
pub mod heartbeat;
pub mod import;
pub mod key;
pub mod ledger;
pub mod notice;
pub mod order;
pub mod pkcs12;
pub mod place;
pub mod preflight;
pub mod probe;
mod prune;
pub mod renewal;
pub mod revoke;
mod rows;
pub mod store;
pub mod x509;

pub use authorities::Authorities;
pub use prune::prune;
