//! Tenants' PostgreSQL databases and roles on any cluster. Owns `hosting_accounts`.
//!
//! A database is made invisibly under a name derived from its operation (`hc_stage_…`), prepared there, and then
//! published by one transaction; it is removed by the same way backwards (`hc_trash_…`). Every role and database bears
//! its operation's mark as its comment. The tenant gets the login role and never the owner, who could lift every limit.
//! Data flows from a request through `observe` (reads the world) and `plan` (pure) into one step type per file.

mod acl;
mod adopt;
mod adoptable;
mod alter_row;
mod archive;
mod backups;
mod catalog;
mod checks;
mod clear;
mod clusters;
mod create;
mod dependents;
mod doors;
mod drop_roles;
mod dump;
mod entry;
mod extend;
mod failure;
mod foreign;
mod gate;
mod hide;
mod hold;
mod install;
mod inventory;
mod limits;
mod load;
mod markers;
mod mend;
mod observe;
mod park;
mod password;
mod plan;
mod plan_backup;
mod plan_change;
mod plan_reconcile;
mod prepare;
mod publish;
mod record;
mod recorded;
mod remark;
mod remove;
mod replaced;
mod roles;
mod settings;
mod stand_in;
mod standing;
mod subject;
mod suspend;
mod swap;
mod tool;

pub use adopt::Adopt;
pub use adoptable::{Adoptable, observe_adopt, plan_adopt};
pub use alter_row::{AlterRow, RowState};
pub use archive::{Archive, inspect};
pub use backups::{Backup, BackupRecord, backups};
pub use checks::{Check, Level, checks};
pub use clear::Clear;
pub use clusters::Clusters;
pub use create::Create;
pub use dependents::Dependent;
pub use dump::{Dump, check_place, observe_dump};
pub use extend::{Extend, observe_extensions};
pub use foreign::{Foreign, list_foreign};
pub use hide::Hide;
pub use install::{Install, installed, plan_install};
pub use inventory::{Database, Details, Listing, find, list, owned, show};
pub use limits::{Limits, SetLimits, observe_limits};
pub use load::Load;
pub use markers::{Marked, markers};
pub use mend::{Mend, plan_mend};
pub use observe::{
    Existing, Request, Room, check_extensions, observe_create, observe_existing, observe_lost,
};
pub use park::Park;
pub use password::{SetPassword, verifier};
pub use plan::{Created, KIND, plan_create, plan_delete, plan_forget, plan_password, plan_purge};
pub use plan_backup::{
    REPLACED, Replacement, Source, observe_restore, plan_backup, plan_park, plan_purge_replaced,
    plan_restore, plan_restore_as,
};
pub use plan_change::{Wanted, plan_reopen, plan_resume, plan_row, plan_set, plan_suspend};
pub use plan_reconcile::{plan_adopt_marked, plan_remove_marked};
pub use prepare::Prepare;
pub use publish::Publish;
pub use record::{Forget, Record};
pub use recorded::recorded;
pub use remark::Remark;
pub use remove::{Drop, DropRoles};
pub use replaced::DropReplaced;
pub use roles::Roles;
pub use standing::{LoginLimits, Standing, observe_standing};
pub use subject::{Subject, resource};
pub use suspend::{Door, Doorway, Resume, Suspend};
pub use swap::Swap;
