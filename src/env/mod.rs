//! Everything of the machine that is not a service: environment variables, files, child processes, deadlines, HTTP and
//! TLS clients, who runs us. Nothing here knows hostctl's configuration or a protocol.

pub mod child;
pub mod crash;
pub mod deadline;
pub mod files;
pub mod handshake;
pub mod hangup;
pub mod http;
pub mod identity;
pub mod memory;
pub mod seldom;
pub mod starttls;
pub mod tls;
pub mod variables;
