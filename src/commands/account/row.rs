//! An account, for every format.

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
