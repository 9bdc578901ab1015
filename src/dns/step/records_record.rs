//! `dns.records.record`: which values are ours, one by one.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;

use super::resource;
use super::zone_record::marked;
use crate::dns::inventory::{self, RecordRow};
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::ZoneName;

/// Writes and removes rows of values.
#[derive(Debug, Serialize, Deserialize)]
pub struct RecordsRecord {
    /// The zone they are in.
    pub zone: ZoneName,
    /// Values that become ours; marker and time are filled in.
    pub add: Vec<RecordRow>,
    /// Rows that go, as they were.
    pub remove: Vec<RecordRow>,
}

impl ControlStep for RecordsRecord {
    const KIND: &'static str = "dns.records.record";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.zone)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        inventory::delete_records(transaction, &self.remove).await?;
        inventory::insert_records(transaction, &marked(&self.add, marker), Some(marker.operation)).await?;
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        inventory::delete_records(transaction, &self.add).await?;
        inventory::insert_records(transaction, &self.remove, None).await
    }
}
