//! Databases, for every format.

use crate::database::{Created, Database, Details, Foreign};
use crate::output::{Column, Row};

impl Row for Created {
    const NOUN: &'static str = "database";
    const COLUMNS: &'static [Column] = &[
        Column::new("database"),
        Column::new("account"),
        Column::new("cluster"),
        Column::new("owner"),
        Column::new("role"),
        Column::new("host"),
        Column::new("port"),
        Column::new("password"),
        Column::new("operation"),
    ];
}

impl Row for Database {
    const NOUN: &'static str = "database";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("cluster"),
        Column::new("owner").detail(),
        Column::new("role").detail(),
        Column::new("state").state(),
        Column::new("size_bytes").titled("size").bytes(),
        Column::new("created_at").titled("created").time(),
    ];
}

impl Row for Foreign {
    const NOUN: &'static str = "foreign database";
    const COLUMNS: &'static [Column] = Database::COLUMNS;
}

impl Row for Details {
    const NOUN: &'static str = "database";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("cluster"),
        Column::new("owner"),
        Column::new("role"),
        Column::new("host"),
        Column::new("port"),
        Column::new("state").state(),
        Column::new("size_bytes").titled("size").bytes(),
        Column::new("created_at").titled("created").time(),
    ];
}
