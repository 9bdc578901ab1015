//! Tenants' PostgreSQL databases and roles on any cluster. Owns `hosting_accounts`.
//!
//! A database is made invisibly under a name derived from its operation (`hc_stage_…`), prepared there, and then
//! published by one transaction; it is removed by the same way backwards (`hc_trash_…`). Every role and database bears
//! its operation's mark as its comment. The tenant gets the login role and never the owner, who could lift every limit.
//! Data flows from a request through `observe` (reads the world) and `plan` (pure) into one step type per file.

mod catalog;
mod checks;
mod clusters;
mod create;
mod failure;
mod hide;
mod hold;
mod inventory;
mod observe;
mod password;
mod plan;
mod prepare;
mod publish;
mod record;
mod remove;
mod roles;
mod subject;

pub use checks::{Check, Level, checks};
pub use clusters::Clusters;
pub use create::Create;
pub use hide::Hide;
pub use inventory::{Database, Details, Listing, find, list, show};
pub use observe::{Existing, Request, Room, observe_create, observe_existing};
pub use password::{SetPassword, verifier};
pub use plan::{Created, KIND, plan_create, plan_delete, plan_password, plan_purge};
pub use prepare::Prepare;
pub use publish::Publish;
pub use record::{Forget, Record};
pub use remove::{Drop, DropRoles};
pub use roles::Roles;
pub use subject::Subject;
