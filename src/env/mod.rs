//! What hostctl asks of the host it runs on: child processes and the like. No capability lives here.

pub mod child;
