//! An alias, for every format.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::mail::alias::Alias;
use crate::model::{AliasSource, MailAddress};
use crate::output::{Column, Row};
use crate::runner::Done;

impl Row for Alias {
    const NOUN: &'static str = "mail alias";
    const COLUMNS: &'static [Column] = &[
        Column::new("source"),
        Column::new("account"),
        Column::new("destinations"),
        Column::new("created_at").titled("created").time(),
    ];
}

/// An alias that was just made or changed.
#[derive(Serialize)]
pub(super) struct Changed {
    source: String,
    account: String,
    destinations: Vec<String>,
    created_at: Option<Timestamp>,
    operation: Option<String>,
}

impl Row for Changed {
    const NOUN: &'static str = "mail alias";
    const COLUMNS: &'static [Column] = &[
        Column::new("source"),
        Column::new("account"),
        Column::new("destinations"),
        Column::new("created_at").titled("created").time(),
        Column::new("operation"),
    ];
}

impl Changed {
    /// One that stays as it is.
    pub(super) fn unchanged(alias: Alias) -> Self {
        Changed {
            source: alias.source,
            account: alias.account,
            destinations: alias.destinations,
            created_at: Some(alias.created_at),
            operation: None,
        }
    }

    /// One that is ours from now on.
    pub(super) fn adopted(alias: Alias, operation: Uuid) -> Self {
        Changed {
            operation: Some(operation.to_string()),
            ..Changed::unchanged(alias)
        }
    }

    /// What was done is told also where it cannot be read again.
    pub(super) fn done(
        source: &AliasSource,
        destinations: &[MailAddress],
        done: &Done,
        read: Option<Alias>,
    ) -> Self {
        Changed {
            source: source.to_string(),
            account: done.result["account"].as_str().unwrap_or_default().to_owned(),
            destinations: destinations.iter().map(ToString::to_string).collect(),
            created_at: read.map(|alias| alias.created_at),
            operation: Some(done.operation.to_string()),
        }
    }
}
