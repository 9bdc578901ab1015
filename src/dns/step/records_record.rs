//! `dns.records.record`: which values are ours, one by one.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use uuid::Uuid;

use super::zone_record::marked;
use super::{changed, resource};
use crate::dns::inventory::{self, RecordRow, ZoneRow};
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::ZoneName;

/// Writes and removes rows of values.
#[derive(Debug, Serialize, Deserialize)]
pub struct RecordsRecord {
    /// The zone they are in.
    pub zone: ZoneName,
    /// What its row said; absent where it has none, because the configuration binds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<OfZone>,
    /// Values that become ours; marker and time are filled in.
    pub add: Vec<RecordRow>,
    /// Rows that go, as they were.
    pub remove: Vec<RecordRow>,
}

/// What tells a zone from another one of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfZone {
    /// Who owns it.
    pub account: Uuid,
    /// A marker of the operation that made it.
    pub marker: String,
}

impl OfZone {
    /// The zone of this row.
    #[must_use]
    pub fn new(row: &ZoneRow) -> Self {
        OfZone {
            account: row.account,
            marker: row.marker.clone(),
        }
    }

    fn is(&self, row: &ZoneRow) -> bool {
        let same = |marker: Marker| marker.same_operation(&row.marker);
        self.account == row.account && Marker::parse(&self.marker).is_some_and(same)
    }
}

impl ControlStep for RecordsRecord {
    const KIND: &'static str = "dns.records.record";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.zone)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        inventory::delete_records(transaction, &self.remove, None).await?;
        inventory::insert_records(transaction, &marked(&self.add, marker), Some(marker.operation)).await?;
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        inventory::delete_records(transaction, &self.add, Some(marker)).await?;
        inventory::insert_records(transaction, &self.remove, None).await
    }

    async fn turn_back(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<()> {
        self.check_zone(transaction, marker).await?;
        self.check_added(transaction, marker).await?;
        self.undo(transaction, marker, secrets).await
    }
}

impl RecordsRecord {
    /// Refuses a zone that is another one by now, perhaps somebody else's.
    async fn check_zone(&self, transaction: &Transaction<'_>, marker: Marker) -> Result<()> {
        let row = inventory::zone(transaction, &self.zone).await?;
        let is_same = match (&self.of, &row) {
            (Some(of), Some(row)) => of.is(row),
            (Some(_), None) => false,
            (None, None) => true,
            // A release that kept no word of the zone, or a bound one that was taken over since.
            (None, Some(row)) => inventory::is_older(transaction, row, marker.operation).await?,
        };
        match is_same {
            true => Ok(()),
            false => Err(changed(&self.zone, "another one is in its place")),
        }
    }

    /// Refuses where a value that we added has been given up and put there anew.
    async fn check_added(&self, transaction: &Transaction<'_>, marker: Marker) -> Result<()> {
        let rows = inventory::records(transaction, &self.zone, None).await?;
        let is_added = |row: &RecordRow| {
            let mut added = self.add.iter();
            added.any(|added| (&added.name, &added.data) == (&row.name, &row.data))
        };
        let anew = |row: &&RecordRow| !marker.same_operation(&row.marker) && is_added(row);
        match rows.iter().find(anew) {
            None => Ok(()),
            Some(row) => {
                let (name, rtype, data) = (&row.name, row.data.rtype(), &row.data);
                let what = format!("{name} {rtype} {data} was put there anew");
                Err(changed(&self.zone, &what))
            }
        }
    }
}
