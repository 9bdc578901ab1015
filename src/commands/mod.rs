//! One verb, one file: its arguments, its run, its row. A verb gathers, decides, does and tells; it holds no SQL and no
//! protocol. Besides `cli` the only place that knows clap.

pub mod account;
pub mod audit;
pub mod completions;
pub mod config;
pub mod deleted;
pub mod dns;
pub mod global;
pub mod keyring;
pub mod man;
pub mod op;
pub mod schema;
mod take;

pub use take::Take;
