//! The rows that say what is ours.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::Marker;
use crate::model::{RecordData, RecordName, ZoneName};

/// A zone that is ours, as a row of `dns_zones`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneRow {
    /// Its name.
    pub name: ZoneName,
    /// Who owns it.
    pub account: Uuid,
    /// The provider's name in the configuration.
    pub provider: String,
    /// A marker of the operation that made it.
    pub marker: String,
    /// `active` or `suspended`.
    pub state: String,
    /// The instant as PostgreSQL writes it.
    pub created_at: String,
}

impl ZoneRow {
    /// Whether `operation` made it.
    #[must_use]
    pub fn was_written_by(&self, operation: Uuid) -> bool {
        Marker::parse(&self.marker).is_some_and(|marker| marker.operation == operation)
    }
}

/// A value that is ours, as a row of `dns_records`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRow {
    /// The zone it is in.
    pub zone: ZoneName,
    /// Its name.
    pub name: RecordName,
    /// Its type and data.
    pub data: RecordData,
    /// Who owns it.
    pub account: Uuid,
    /// A marker of the operation that made it.
    pub marker: String,
    /// The instant as PostgreSQL writes it.
    pub created_at: String,
}

type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

const ZONE: &str = "SELECT z.name, z.account_id, z.provider, z.marker, z.state, z.created_at::text
    FROM hostctl.dns_zones z";
const RECORD: &str = "SELECT r.zone, r.name, r.type, r.value, r.account_id, r.marker, r.created_at::text
    FROM hostctl.dns_records r";

/// The row of a zone.
pub(super) async fn zone(client: &impl GenericClient, zone: &ZoneName) -> Result<Option<ZoneRow>> {
    let statement = format!("{ZONE} WHERE z.name = $1");
    let rows = client
        .query_typed(&statement, &[(&zone.as_str(), Type::TEXT)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("zone {zone}"), error))?;
    rows.first().map(zone_row).transpose()
}

/// Those of `names` that are names of zones of ours.
pub(super) async fn known(client: &impl GenericClient, names: &[&str]) -> Result<BTreeSet<String>> {
    let statement = "SELECT z.name FROM hostctl.dns_zones z WHERE z.name = ANY($1)";
    let rows = client.query_typed(statement, &[(&names, Type::TEXT_ARRAY)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the zones", error))?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Zones by name, with the names of their accounts; of one account if given.
pub(super) async fn zones(
    client: &impl GenericClient,
    account: Option<Uuid>,
) -> Result<Vec<(ZoneRow, String)>> {
    let statement = "SELECT z.name, z.account_id, z.provider, z.marker, z.state, z.created_at::text, a.name
        FROM hostctl.dns_zones z JOIN hostctl.accounts a ON a.id = z.account_id
        WHERE $1 IS NULL OR z.account_id = $1 ORDER BY z.name COLLATE \"C\"";
    let rows = client.query_typed(statement, &[(&account, Type::UUID)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the zones", error))?;
    rows.iter().map(|row| Ok((zone_row(row)?, row.get(6)))).collect()
}

/// The zones of `account`, by name.
///
/// # Errors
/// Those of the control database.
pub async fn zones_of(client: &impl GenericClient, account: Uuid) -> Result<Vec<ZoneName>> {
    let statement = "SELECT z.name FROM hostctl.dns_zones z WHERE z.account_id = $1 ORDER BY 1";
    names(client, statement, account).await
}

/// The zones of others in which `account` has values, by name.
///
/// # Errors
/// Those of the control database.
pub async fn zones_with_records_of(client: &impl GenericClient, account: Uuid) -> Result<Vec<ZoneName>> {
    let statement = "SELECT DISTINCT r.zone FROM hostctl.dns_records r WHERE r.account_id = $1
        AND NOT EXISTS (SELECT FROM hostctl.dns_zones z WHERE z.name = r.zone AND z.account_id = $1) ORDER BY 1";
    names(client, statement, account).await
}

async fn names(client: &impl GenericClient, statement: &str, account: Uuid) -> Result<Vec<ZoneName>> {
    let rows = client.query_typed(statement, &[(&account, Type::UUID)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the zones", error))?;
    rows.iter().map(|row| parsed(row.get(0), str::parse)).collect()
}

/// The values in a zone that are ours; those of one name if it is given.
pub(super) async fn records(
    client: &impl GenericClient,
    zone: &ZoneName,
    name: Option<&RecordName>,
) -> Result<Vec<RecordRow>> {
    let statement = format!(
        "{RECORD} WHERE r.zone = $1 AND ($2::text IS NULL OR r.name = $2) ORDER BY r.name, r.type, r.value"
    );
    let name = name.map(ToString::to_string);
    let parameters: [Parameter<'_>; 2] = [(&zone.as_str(), Type::TEXT), (&name, Type::TEXT)];
    let rows = client.query_typed(&statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("records of {zone}"), error))?;
    rows.iter().map(record_row).collect()
}

/// Writes a row; a row of the same operation is accepted. An empty `created_at` is now.
///
/// # Errors
/// `conflict`, reason `exists`, where the row of another operation is there.
pub(super) async fn insert_zone(client: &impl GenericClient, row: &ZoneRow) -> Result<()> {
    let statement =
        "INSERT INTO hostctl.dns_zones AS z (name, account_id, provider, marker, state, created_at)
        VALUES ($1, $2, $3, $4, $5, coalesce(nullif($6, '')::timestamptz, hostctl.now()))
        ON CONFLICT (name) DO UPDATE SET marker = z.marker WHERE z.marker = excluded.marker";
    let parameters: [Parameter<'_>; 6] = [
        (&row.name.as_str(), Type::TEXT),
        (&row.account, Type::UUID),
        (&row.provider, Type::TEXT),
        (&row.marker, Type::TEXT),
        (&row.state, Type::TEXT),
        (&row.created_at, Type::TEXT),
    ];
    match client.execute_typed(statement, &parameters).await {
        Ok(0) => Err(exists(&row.name)),
        Ok(_) => Ok(()),
        Err(error) => Err(sqlstate::error(&format!("zone {}", row.name), error)),
    }
}

/// Removes the row that this operation wrote. Whether there was one.
pub(super) async fn delete_zone(client: &impl GenericClient, zone: &ZoneName, marker: &str) -> Result<bool> {
    let statement = "DELETE FROM hostctl.dns_zones WHERE name = $1 AND marker = $2";
    let parameters: [Parameter<'_>; 2] = [(&zone.as_str(), Type::TEXT), (&marker, Type::TEXT)];
    let deleted = client.execute_typed(statement, &parameters).await;
    deleted
        .map(|count| count > 0)
        .map_err(|error| sqlstate::error(&format!("zone {zone}"), error))
}

/// Writes rows; those that are there stay as they are. An empty `created_at` is when `operation` began, so that doing it
/// again after it was undone writes the same.
pub(super) async fn insert_records(
    client: &impl GenericClient,
    rows: &[RecordRow],
    operation: Option<Uuid>,
) -> Result<()> {
    let statement =
        "INSERT INTO hostctl.dns_records (zone, name, type, value, account_id, marker, created_at)
        SELECT z, n, t, v, a, m, coalesce(nullif(c, '')::timestamptz,
            (SELECT o.started_at FROM hostctl.operations o WHERE o.id = $8), hostctl.now())
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[])
            AS given (z, n, t, v, a, m, c)
        ON CONFLICT DO NOTHING";
    let text = |column: fn(&RecordRow) -> String| -> Vec<String> { rows.iter().map(column).collect() };
    let zones = text(|row| row.zone.to_string());
    let names = text(|row| row.name.to_string());
    let types = text(|row| row.data.rtype().to_string());
    let values = text(|row| row.data.presentation());
    let accounts: Vec<Uuid> = rows.iter().map(|row| row.account).collect();
    let markers = text(|row| row.marker.clone());
    let created = text(|row| row.created_at.clone());
    let parameters: [Parameter<'_>; 8] = [
        (&zones, Type::TEXT_ARRAY),
        (&names, Type::TEXT_ARRAY),
        (&types, Type::TEXT_ARRAY),
        (&values, Type::TEXT_ARRAY),
        (&accounts, Type::UUID_ARRAY),
        (&markers, Type::TEXT_ARRAY),
        (&created, Type::TEXT_ARRAY),
        (&operation, Type::UUID),
    ];
    let written = client.execute_typed(statement, &parameters).await;
    written
        .map(|_| ())
        .map_err(|error| sqlstate::error("records", error))
}

/// Whether the row of a zone was there when `operation` began.
pub(super) async fn is_older(client: &impl GenericClient, row: &ZoneRow, operation: Uuid) -> Result<bool> {
    let statement = "SELECT z.created_at <= o.started_at FROM hostctl.dns_zones z, hostctl.operations o
        WHERE z.name = $1 AND o.id = $2";
    let parameters: [Parameter<'_>; 2] = [(&row.name.as_str(), Type::TEXT), (&operation, Type::UUID)];
    let rows = client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("zone {}", row.name), error))?;
    Ok(rows.first().is_some_and(|row| row.get(0)))
}

/// Removes rows by zone, name, type and value; those alone that the operation of `writer` wrote, where one is given.
pub(super) async fn delete_records(
    client: &impl GenericClient,
    rows: &[RecordRow],
    writer: Option<Marker>,
) -> Result<()> {
    let statement = "DELETE FROM hostctl.dns_records r
        USING unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS given (z, n, t, v)
        WHERE r.zone = z AND r.name = n AND r.type = t AND md5(r.value) = md5(v) AND r.value = v
            AND starts_with(r.marker, $5)";
    let text = |column: fn(&RecordRow) -> String| -> Vec<String> { rows.iter().map(column).collect() };
    let zones = text(|row| row.zone.to_string());
    let names = text(|row| row.name.to_string());
    let types = text(|row| row.data.rtype().to_string());
    let values = text(|row| row.data.presentation());
    let of_writer = writer.as_ref().map(Marker::of_operation).unwrap_or_default();
    let parameters: [Parameter<'_>; 5] = [
        (&zones, Type::TEXT_ARRAY),
        (&names, Type::TEXT_ARRAY),
        (&types, Type::TEXT_ARRAY),
        (&values, Type::TEXT_ARRAY),
        (&of_writer, Type::TEXT),
    ];
    let deleted = client.execute_typed(statement, &parameters).await;
    deleted
        .map(|_| ())
        .map_err(|error| sqlstate::error("records", error))
}

/// The zone is in the inventory.
pub(super) fn exists(zone: &ZoneName) -> Error {
    Error::new(Kind::Conflict, "exists", format!("zone {zone} exists already"))
        .hint(format!("hostctl dns zone show {zone}"))
}

fn zone_row(row: &Row) -> Result<ZoneRow> {
    Ok(ZoneRow {
        name: parsed(row.get(0), str::parse)?,
        account: row.get(1),
        provider: row.get(2),
        marker: row.get(3),
        state: row.get(4),
        created_at: row.get(5),
    })
}

fn record_row(row: &Row) -> Result<RecordRow> {
    let rtype = parsed(row.get(2), str::parse)?;
    Ok(RecordRow {
        zone: parsed(row.get(0), str::parse)?,
        name: parsed(row.get(1), RecordName::from_presentation)?,
        data: parsed(row.get(3), |value| RecordData::from_presentation(rtype, value))?,
        account: row.get(4),
        marker: row.get(5),
        created_at: row.get(6),
    })
}

fn parsed<T>(text: &str, parse: impl FnOnce(&str) -> Result<T>) -> Result<T> {
    parse(text).map_err(|error| {
        Error::internal("the inventory of DNS holds a row that cannot be read").source(error)
    })
}

/// The name behind an account.
pub(super) async fn account_name(client: &impl GenericClient, account: Uuid) -> Result<String> {
    let statement = "SELECT a.name FROM hostctl.accounts a WHERE a.id = $1";
    let rows = client.query_typed(statement, &[(&account, Type::UUID)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the accounts", error))?;
    rows.first()
        .map(|row| row.get(0))
        .ok_or_else(|| Error::internal("a zone whose account is gone"))
}
