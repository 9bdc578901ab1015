//! Records, for every format.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::edit::Named;
use crate::dns::records::RecordsPlan;
use crate::dns::{RecordSummary, RrSet};
use crate::error::{Error, Result};
use crate::output::{Column, Row};

impl Row for RecordSummary {
    const NOUN: &'static str = "record set";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("type"),
        Column::new("ttl"),
        Column::new("values"),
        Column::new("foreign").detail(),
        // In tables the value says so.
        Column::new("switched_off").apart(),
    ];
}

/// The records of one name and type after a change.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Changed {
    name: String,
    r#type: String,
    ttl: Option<u32>,
    values: Vec<String>,
    #[serde(default)]
    state: String,
    #[serde(default)]
    operation: Option<String>,
}

impl Row for Changed {
    const NOUN: &'static str = "record set";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("type"),
        Column::new("ttl"),
        Column::new("values"),
        Column::new("state").state(),
        Column::new("operation"),
    ];
}

impl Changed {
    /// As the plan would leave it.
    pub(super) fn planned(named: &Named, plan: &RecordsPlan) -> Self {
        let after = plan.sets.first().and_then(|set| set.after.as_ref());
        Changed {
            ttl: after.map(|set| set.ttl),
            values: after.map(values).unwrap_or_default(),
            ..Changed::absent(named)
        }
    }

    /// Where there is nothing.
    pub(super) fn absent(named: &Named) -> Self {
        Changed {
            name: named.name.to_string(),
            r#type: named.rtype.to_string(),
            ttl: None,
            values: Vec::new(),
            state: "absent".to_owned(),
            operation: None,
        }
    }

    /// From the result of an operation.
    pub(super) fn read(result: &Value, state: &str, operation: Option<String>) -> Result<Self> {
        let read: Changed = serde_json::from_value(result.clone())
            .map_err(|error| Error::internal("the result of an operation cannot be read").source(error))?;
        Ok(Changed {
            state: state.to_owned(),
            operation,
            ..read
        })
    }
}

fn values(set: &RrSet) -> Vec<String> {
    let mut data = set.data();
    data.sort();
    data.iter().map(crate::model::RecordData::value).collect()
}
