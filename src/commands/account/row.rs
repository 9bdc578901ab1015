//! An account, for every format.

use serde::Serialize;

use crate::account::Account;
use crate::output::{Column, Row};

impl Row for Account {
    const NOUN: &'static str = "account";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("state").state(),
        Column::new("databases"),
        Column::new("boxes"),
        Column::new("zones"),
        Column::new("sites"),
        Column::new("created_at").titled("created").time(),
    ];
}

/// What became of an account.
#[derive(Debug, Serialize)]
pub(super) struct Changed {
    pub account: String,
    pub state: &'static str,
    pub operation: Option<String>,
}

impl Row for Changed {
    const NOUN: &'static str = "account";
    const COLUMNS: &'static [Column] = &[
        Column::new("account"),
        Column::new("state").state(),
        Column::new("operation"),
    ];
}
