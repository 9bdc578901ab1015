//! Certificates: what is wanted, what was issued or imported, where it is to lie and where it does. Owns `certificates`,
//! `certificate_generations` and `certificate_places`.
//!
//! What arrives is read and verified (`x509`) before it is kept (`store`) as a generation: chain in clear, key sealed.
//! Every host pulls what is placed on it (`deploy`) into a directory that a reader never sees half-written (`place`), runs
//! the operator's hook and asks the live port (`probe`). `issued` and `deployed` are two things.

pub mod check;
pub mod deploy;
mod der;
pub mod export;
pub mod import;
pub mod pkcs12;
pub mod place;
pub mod probe;
mod rows;
pub mod store;
pub mod x509;
