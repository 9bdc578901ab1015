//! The rows: certificates, their generations, and the hosts on which they are to lie. Reading, and the steps that write.

mod add;
mod create;
mod delete;
mod material;
mod options;
mod place;
mod plan;
mod read;
mod status;

pub use add::{AddGeneration, KEY, NewGeneration};
pub use create::{Create, Wanted, check_free, check_proven, note_failure};
pub use delete::Delete;
pub use material::{Material, material, open_key, seal_key, sealed};
pub use options::{Options, SetOptions};
pub use place::{Place, Unplace};
pub use plan::{plan_add, plan_create, plan_delete, plan_options, plan_place, plan_places};
pub use read::{Certificate, Detail, Image, find, list, now, observe, try_observe};
pub use status::{Status, status};
