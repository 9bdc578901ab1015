//! A zone, for every format.

use serde::Serialize;

use crate::dns::{ZoneDetail, ZoneSummary};
use crate::output::{Column, Row};

impl Row for ZoneSummary {
    const NOUN: &'static str = "zone";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("provider"),
        Column::new("serial"),
        Column::new("state").state(),
    ];
}

impl Row for ZoneDetail {
    const NOUN: &'static str = "zone";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("provider"),
        Column::new("serial"),
        Column::new("state").state(),
        Column::new("nameservers").titled("name servers"),
        Column::new("dnssec"),
        Column::new("records"),
        Column::new("foreign"),
    ];
}

/// A zone that hostctl did not make, in the shape of the others.
#[derive(Debug, Serialize)]
pub(super) struct Foreign {
    pub name: String,
    pub account: Option<String>,
    pub provider: String,
    pub serial: Option<u32>,
    pub state: &'static str,
}

impl Row for Foreign {
    const NOUN: &'static str = "foreign zone";
    const COLUMNS: &'static [Column] = ZoneSummary::COLUMNS;
}
