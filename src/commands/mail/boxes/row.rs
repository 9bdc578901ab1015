//! A mail box, for every format.

use crate::mail::boxes::MailBox;
use crate::output::{Column, Row};

impl Row for MailBox {
    const NOUN: &'static str = "mail box";
    const COLUMNS: &'static [Column] = &[
        Column::new("address"),
        Column::new("account"),
        Column::new("quota_bytes").titled("quota").bytes(),
        Column::new("state").state(),
        Column::new("created_at").titled("created").time(),
    ];
}
