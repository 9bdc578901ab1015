//! Telling in time that a certificate is about to end, whatever the cause: at 14, 7 and 3 days, and when it has ended. Once
//! by all hosts together, for what is to be served and for what a host still serves although there is something newer.
//!
//! What is told is told first and marked afterwards, under a lock that one process holds: whoever dies in between tells
//! again, and nothing is ever marked that was not told.

mod due;
mod tell;
mod words;

pub use due::FIRST_NOTICE;
pub use tell::tell;
pub use words::Notice;
