//! The program and its parts against real servers. One crate: the servers' waiting times fill each other's gaps, and what
//! the tests share is built once.

mod accounts;
mod acme;
mod bad_inputs;
mod beside;
mod certificate_files;
mod connections;
mod contract;
mod database;
mod database_ops;
mod dns_provider;
mod dns_update;
mod domains;
mod faults;
mod foreign;
mod hooks;
mod mail;
mod mail_flow;
mod manifest;
mod operations;
mod packaging;
mod races;
mod reconcile;
mod recovery;
mod renewal;
mod renewal_ari;
mod rivals;
mod rollback;
mod sandbox;
mod scenarios;
mod secrets;
mod simulation;
mod site;
mod support;
mod torture;
mod trash;
