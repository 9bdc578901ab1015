//! `dns.zone.forget`: the zone's rows go, and its name is free.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;

use super::resource;
use crate::account::{release_domain, take_domain};
use crate::dns::inventory::{self, RecordRow, ZoneRow};
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};

/// Removes the rows of a zone.
#[derive(Debug, Serialize, Deserialize)]
pub struct ZoneForget {
    /// The row as it was.
    pub row: ZoneRow,
    /// Its values' rows as they were.
    pub records: Vec<RecordRow>,
}

impl ControlStep for ZoneForget {
    const KIND: &'static str = "dns.zone.forget";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.row.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        inventory::delete_records(transaction, &self.records, None).await?;
        if inventory::delete_zone(transaction, &self.row.name, &self.row.marker).await? {
            release_domain(transaction, self.row.name.as_str()).await?;
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        let row = inventory::zone(transaction, &self.row.name).await?;
        if row.is_none() {
            take_domain(transaction, self.row.name.as_str(), self.row.account).await?;
        }
        inventory::insert_zone(transaction, &self.row).await?;
        inventory::insert_records(transaction, &self.records, None).await
    }
}
