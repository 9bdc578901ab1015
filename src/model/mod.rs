//! Types shared by the capabilities. Nothing here does I/O.

pub mod escape;
pub mod secret;
