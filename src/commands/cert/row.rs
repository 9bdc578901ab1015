//! Certificates, for every format.

use crate::certificate::store::{Certificate, Detail, Status};
use crate::output::{Column, Row};

impl Row for Certificate {
    const NOUN: &'static str = "certificate";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("identifiers").titled("names"),
        Column::new("challenge"),
        Column::new("state").state(),
        Column::new("not_after").titled("expires").time(),
        Column::new("hosts"),
        Column::new("created_at").titled("created").time().detail(),
    ];
}

impl Row for Detail {
    const NOUN: &'static str = "certificate";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("identifiers").titled("names"),
        Column::new("challenge"),
        Column::new("cas").titled("authorities"),
        Column::new("state").state(),
        Column::new("generation"),
        Column::new("issuer"),
        Column::new("serial"),
        Column::new("fingerprint"),
        Column::new("not_before").titled("valid from").time(),
        Column::new("not_after").titled("expires").time(),
        Column::new("key_type"),
        Column::new("reuse_key"),
        Column::new("deploy_hook"),
        Column::new("probe"),
        Column::new("hosts"),
        Column::new("placed_on"),
        Column::new("next_at").titled("next").time(),
        Column::new("last_error"),
        Column::new("created_at").titled("created").time(),
    ];
}

impl Row for Status {
    const NOUN: &'static str = "certificate";
    const COLUMNS: &'static [Column] = &[
        Column::new("certificate"),
        Column::new("host"),
        Column::new("state").state(),
        Column::new("not_after").titled("expires").time(),
        Column::new("days_left").titled("days left"),
        Column::new("next_action").titled("next"),
        Column::new("next_at").titled("when").time(),
        Column::new("why"),
        Column::new("last_error"),
        Column::new("last_error_at").titled("failed").time(),
        Column::new("ca_says").titled("CA says"),
    ];
}
