//! hostctl: databases, mail and DNS of a hosting business as one transaction.
//!
//! The rooms, from the top down; each may use what stands further down and none beside it (`tests/layers.rs`):
//! cli → commands → runner → tenant → site, sandbox → mail, certificate →
//! dns, database, hook, audit → account, lookup → trash →
//! journal → schedule, trail, keyring → control → env → config → manifest → model → clock → error. `output` is for
//! commands and runner alone.

pub mod account;
pub mod audit;
pub mod certificate;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod control;
pub mod database;
pub mod dns;
pub mod env;
pub mod error;
pub mod hook;
pub mod journal;
pub mod keyring;
pub mod lookup;
pub mod mail;
pub mod manifest;
pub mod model;
pub mod output;
pub mod runner;
pub mod sandbox;
pub mod schedule;
pub mod site;
pub mod tenant;
pub mod trail;
pub mod trash;
