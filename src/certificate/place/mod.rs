//! Certificates as files on a host: `DIRECTORY/<name>/<number>/` with cert, chain, fullchain, privkey and combined in PEM,
//! and `DIRECTORY/<name>/current`, a link that is exchanged in one rename. Whoever opens `current` once sees files that
//! belong together; whoever opens two paths through it reads `combined.pem`, which is one file.
//!
//! A generation's directory is written under another name, synced, read back, and only then gets its own: what is called
//! by a number is whole. One process works on a certificate at a time.

mod clear;
mod earlier;
mod ending;
mod files;
mod folder;
mod owner;

pub use earlier::Earlier;
pub use ending::{Ending, ending};
pub use files::{Files, PARTS};
pub use folder::{Folder, Layout};
