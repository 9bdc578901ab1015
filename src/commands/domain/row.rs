//! A challenge, for every format.

use serde::Serialize;

use crate::domain::{Challenge, Publication};
use crate::output::{Column, Row};
use crate::runner::Context;

impl Row for Challenge {
    const NOUN: &'static str = "domain";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("scope"),
        Column::new("method"),
        Column::new("state").state(),
        Column::new("routes_to").detail(),
        Column::new("expires_at").titled("expires").time(),
        Column::new("verified_at").titled("verified").time(),
        Column::new("checked_at").titled("checked").time().detail(),
        Column::new("found").detail(),
        Column::new("evidence").detail(),
        Column::new("created_at").titled("created").time().detail(),
    ];
}

/// A challenge with what has to be published.
#[derive(Serialize)]
pub(super) struct Shown {
    #[serde(flatten)]
    challenge: Challenge,
    publish: Option<Publication>,
    operation: Option<String>,
}

impl Row for Shown {
    const NOUN: &'static str = "domain";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("scope"),
        Column::new("method"),
        Column::new("state").state(),
        Column::new("publish"),
        Column::new("routes_to"),
        Column::new("expires_at").titled("expires").time(),
        Column::new("verified_at").titled("verified").time(),
        Column::new("checked_at").titled("checked").time(),
        Column::new("found"),
        Column::new("evidence"),
        Column::new("created_at").titled("created").time(),
        Column::new("operation"),
    ];
}

impl Shown {
    pub(super) fn new(challenge: Challenge, operation: Option<String>, context: &Context) -> Self {
        Shown {
            publish: challenge.publication(&context.config.domain),
            challenge,
            operation,
        }
    }
}
