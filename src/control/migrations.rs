//! What makes the schema, in its order, built into the program.

use refinery_core::{Migration, Runner};

use crate::error::{Error, Result};

/// The version that the last migration makes.
pub(super) const NEWEST_VERSION: i32 = 23;

macro_rules! embedded {
    ($($name:literal)*) => {
        [$(($name, include_str!(concat!("../../migrations/", $name, ".sql")))),*]
    };
}

const MIGRATIONS: [(&str, &str); 22] = embedded! {
    "V1__control"
    "V2__trail"
    "V3__journal"
    "V4__accounts"
    "V5__databases"
    "V6__dns"
    "V7__mail"
    "V8__sites"
    "V9__schedule"
    "V10__mail_flow"
    "V11__trash"
    "V12__backups"
    "V13__hooks"
    "V14__packages"
    "V15__manifests"
    "V16__certificates"
    "V17__domains"
    "V18__reconcile"
    "V20__ledger"
    "V21__site_certificates"
    "V22__former_homes"
    "V23__may_create"
};

/// What applies those that are missing.
///
/// # Errors
/// `internal`.
pub(super) fn runner() -> Result<Runner> {
    let read = |(name, statements)| Migration::unapplied(name, statements);
    let migrations: Result<Vec<_>, _> = MIGRATIONS.into_iter().map(read).collect();
    let migrations =
        migrations.map_err(|error| Error::internal("a migration cannot be read").source(error))?;
    // The first and third were once written in a way that PostgreSQL 13 does not read; both ways make the same.
    let mut runner = Runner::new(&migrations).set_abort_divergent(false);
    runner.set_migration_table_name("hostctl.schema_history");
    Ok(runner)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_is_a_migration_and_the_last_one_makes_the_newest_version() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().display().to_string())
            .collect();
        let embedded: BTreeSet<String> = MIGRATIONS.iter().map(|(name, _)| format!("{name}.sql")).collect();
        assert_eq!(embedded, files);
        let runner = runner().expect("migrations");
        let versions: Vec<_> = runner.get_migrations().iter().map(Migration::version).collect();
        assert!(versions.is_sorted(), "{versions:?}");
        assert_eq!(versions.last(), Some(&NEWEST_VERSION));
    }
}
