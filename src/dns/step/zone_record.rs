//! `dns.zone.record`: the zone is ours from now on, and its name is taken for its account.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use uuid::Uuid;

use super::resource;
use crate::account::{Owned, enforce, release_domain, take_domain};
use crate::dns::inventory::{self, RecordRow, ZoneRow};
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::ZoneName;

/// Writes the rows of a new zone.
#[derive(Debug, Serialize, Deserialize)]
pub struct ZoneRecord {
    /// Its name.
    pub zone: ZoneName,
    /// Who owns it.
    pub account: Uuid,
    /// The provider's name.
    pub provider: String,
    /// Its first values; marker and time are filled in.
    pub records: Vec<RecordRow>,
}

impl ControlStep for ZoneRecord {
    const KIND: &'static str = "dns.zone.record";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.zone)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<Value> {
        if written(transaction, &self.zone, marker).await?.is_some() {
            return Ok(Value::Null);
        }
        let row = ZoneRow {
            name: self.zone.clone(),
            account: self.account,
            provider: self.provider.clone(),
            marker: marker.to_string(),
            state: "active".to_owned(),
            created_at: String::new(),
        };
        inventory::insert_zone(transaction, &row).await?;
        // The account's row is locked before the names are, as everywhere.
        enforce(transaction, self.account, Owned::Zone).await?;
        take_domain(transaction, self.zone.as_str(), self.account).await?;
        inventory::insert_records(
            transaction,
            &marked(&self.records, marker),
            Some(marker.operation),
        )
        .await?;
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let Some(row) = written(transaction, &self.zone, marker).await? else {
            return Ok(());
        };
        inventory::delete_records(transaction, &self.records, None).await?;
        inventory::delete_zone(transaction, &self.zone, &row.marker).await?;
        release_domain(transaction, self.zone.as_str()).await
    }
}

/// The row of the zone, if this operation wrote it, in whatever epoch.
async fn written(transaction: &Transaction<'_>, zone: &ZoneName, marker: Marker) -> Result<Option<ZoneRow>> {
    let row = inventory::zone(transaction, zone).await?;
    Ok(row.filter(|row| marker.same_operation(&row.marker)))
}

/// The rows with the marker of the operation that writes them.
pub(super) fn marked(rows: &[RecordRow], marker: Marker) -> Vec<RecordRow> {
    let marker = marker.to_string();
    rows.iter()
        .map(|row| RecordRow {
            marker: marker.clone(),
            ..row.clone()
        })
        .collect()
}
