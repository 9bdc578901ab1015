//! What `tick` does and when: the tasks, and their leases in the control database. How a task is done is known to those
//! who do it.

mod lease;
mod task;

pub use lease::{Entry, entries, finish, lease};
pub use task::{Outcome, Task};
