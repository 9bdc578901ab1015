//! One verb, one file: its arguments, its run, its row. A verb gathers, decides, does and tells; it holds no SQL and no
//! protocol. Besides `cli` the only place that knows clap.

pub mod account;
pub mod audit;
pub mod ca;
pub mod cert;
pub mod completions;
pub mod config;
pub mod db;
pub mod deleted;
pub mod dns;
pub mod doctor;
pub mod domain;
pub mod early;
pub mod examples;
pub mod global;
pub mod keyring;
pub mod left;
pub mod mail;
pub mod man;
pub mod op;
pub mod package;
pub mod password;
pub mod sandbox;
pub mod schema;
pub mod scope;
pub mod setup;
pub mod site;
mod take;
pub mod text;
pub mod tick;

pub use take::Take;
