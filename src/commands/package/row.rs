//! A package, for every format.

use serde::Serialize;

use crate::account::package::Package;
use crate::output::{Column, Row};

/// A package as lists and `show` tell it; nothing is unlimited.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    name: String,
    databases: Option<i64>,
    boxes: Option<i64>,
    domains: Option<i64>,
    zones: Option<i64>,
    aliases: Option<i64>,
    quota_bytes: Option<i64>,
    database_size_bytes: Option<i64>,
    accounts: i64,
    created_at: jiff::Timestamp,
}

impl From<Package> for Shown {
    fn from(package: Package) -> Self {
        let limits = package.limits;
        Shown {
            name: package.name.to_string(),
            databases: limits.databases,
            boxes: limits.boxes,
            domains: limits.domains,
            zones: limits.zones,
            aliases: limits.aliases,
            quota_bytes: limits.quota_bytes,
            database_size_bytes: limits.database_bytes,
            accounts: package.accounts,
            created_at: package.created_at,
        }
    }
}

impl Row for Shown {
    const NOUN: &'static str = "package";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("databases"),
        Column::new("boxes"),
        Column::new("domains"),
        Column::new("zones"),
        Column::new("aliases"),
        Column::new("quota_bytes").titled("quota").bytes(),
        Column::new("database_size_bytes").titled("database size").bytes(),
        Column::new("accounts"),
        Column::new("created_at").titled("created").time(),
    ];
}

/// What became of a package.
#[derive(Debug, Serialize)]
pub(super) struct Changed {
    pub package: String,
    pub state: &'static str,
    pub operation: Option<String>,
}

impl Row for Changed {
    const NOUN: &'static str = "package";
    const COLUMNS: &'static [Column] = &[
        Column::new("package"),
        Column::new("state").state(),
        Column::new("operation"),
    ];
}
