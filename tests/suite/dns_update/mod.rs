//! DNS by update against real servers, BIND and Knot: one change, one serial; what others wrote survives; nobody is
//! overwritten; what came of a lost answer is found out by reading.

mod faults;
mod files;
mod odd;
mod powerdns;
mod records;
mod rollback;
mod wire;
mod zones;
