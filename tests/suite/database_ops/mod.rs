//! Verbs on databases that are there: suspended and resumed, limited, written to archives and restored from them.

mod archives;
mod clusters;
mod entry;
mod granted;
mod hostile;
mod limits;
mod rollback;
mod suspend;
pub mod tenant;
mod undone;
mod whole;
