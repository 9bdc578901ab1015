//! Certificates from a real authority, pebble, strict and in a bad mood: every way to prove a name, and every way for
//! things to go wrong in between.

mod accounts;
mod challenges;
mod crashes;
mod faults;
mod ledger;
mod matrix;
mod obedience;
mod offers;
mod revocations;
mod servers;
mod sites;
mod webroots;
mod wishes;
