//! An account as it is shown.

use serde::Serialize;

use crate::certificate::ca;
use crate::output::{Column, Row};

/// An account at an authority.
#[derive(Debug, Serialize)]
pub(super) struct Account {
    pub(super) ca: String,
    pub(super) directory: String,
    pub(super) url: Option<String>,
    pub(super) state: String,
    pub(super) contacts: Vec<String>,
    pub(super) eab_kid: Option<String>,
    pub(super) terms: Option<String>,
    pub(super) created_at: jiff::Timestamp,
}

impl Row for Account {
    const NOUN: &'static str = "account at an authority";
    const COLUMNS: &'static [Column] = &[
        Column::new("ca"),
        Column::new("state").state(),
        Column::new("url"),
        Column::new("contacts"),
        Column::new("directory").detail(),
        Column::new("eab_kid").titled("bound to").detail(),
        Column::new("terms").detail(),
        Column::new("created_at").titled("created").time(),
    ];
}

impl From<ca::Row> for Account {
    fn from(row: ca::Row) -> Self {
        Account {
            ca: row.ca,
            directory: row.directory,
            url: row.url,
            state: row.state.word().to_owned(),
            contacts: row.contacts,
            eab_kid: row.eab_kid,
            terms: row.terms,
            created_at: row.created_at,
        }
    }
}
