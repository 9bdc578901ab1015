//! The operator's own steps: part of a site like everything else, whatever the programs behind them do.

mod answers;
mod crash;
mod manifest;
mod nginx;
mod place;
mod story;
mod trust;
mod unconfigured;
