//! The control database and every other PostgreSQL that we speak to: connecting with a deadline, TLS, roles,
//! migrations, and the one function that quotes identifiers and literals. No capability's table is known here.

pub mod checks;
pub mod connect;
mod migrations;
pub mod pooler;
pub mod quote;
pub mod schema;
pub mod session;
mod spare;
pub mod sqlstate;

pub use session::Session;
pub use spare::Spare;
