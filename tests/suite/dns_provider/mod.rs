//! DNS against a real PowerDNS and a real control database: every step does, probes and undoes what it says, and nothing
//! that is somebody else's is touched.

mod lab;
mod records;
mod zones;
