//! Verbs on databases that are there: suspended and resumed, limited, written to archives and restored from them.

#[path = "../support/mod.rs"]
mod support;

mod archives;
mod clusters;
mod hostile;
mod limits;
mod rollback;
mod suspend;
mod tenant;
