//! The rows that say which steps stand for a site.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;

use super::store::{self, Row};
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};

/// `hook.record`: the rows of a new site.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record(pub Vec<Row>);

/// `hook.forget`: the rows of a site that is deleted.
#[derive(Debug, Serialize, Deserialize)]
pub struct Forget(pub Vec<Row>);

fn resource(rows: &[Row]) -> String {
    let domain = rows.first().map_or("", |row| row.facts.domain.as_str());
    format!("steps:{domain}")
}

impl ControlStep for Record {
    const KIND: &'static str = "hook.record";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.0)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        store::insert(transaction, &self.0).await.map(|()| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        store::remove(transaction, &self.0).await
    }
}

impl ControlStep for Forget {
    const KIND: &'static str = "hook.forget";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.0)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        store::remove(transaction, &self.0).await.map(|()| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        store::insert(transaction, &self.0).await
    }
}
