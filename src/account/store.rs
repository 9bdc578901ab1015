//! Reading accounts.

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::limits::suspended;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::model::AccountName;

/// A customer.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// What everything it owns refers to.
    #[serde(skip)]
    pub id: Uuid,
    /// Unique.
    pub name: String,
    /// `active` or `suspended`.
    pub state: String,
    /// Its package of limits; without one nothing is limited.
    #[serde(skip)]
    pub package: Option<String>,
    /// The databases (`cluster/name`) that its suspension has closed.
    #[serde(skip)]
    pub closed_databases: Vec<String>,
    /// How many databases it has.
    pub databases: i64,
    /// How many mail boxes it has.
    pub boxes: i64,
    /// How many DNS zones it has.
    pub zones: i64,
    /// How many sites it has.
    pub sites: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

// The counts are of tables of other rooms, read and never written here: an account that owns anything stays.
const SELECT: &str = "SELECT a.id, a.name, a.state,
        (SELECT count(*) FROM hostctl.hosting_accounts x WHERE x.account_id = a.id),
        (SELECT count(*) FROM hostctl.email_accounts x WHERE x.account_id = a.id),
        (SELECT count(*) FROM hostctl.dns_zones x WHERE x.account_id = a.id),
        (SELECT count(*) FROM hostctl.sites x WHERE x.account_id = a.id),
        a.created_at, a.package, a.closed_databases
    FROM hostctl.accounts a";

/// All accounts, by name.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient) -> Result<Vec<Account>> {
    let rows = client
        .query_typed(&format!("{SELECT} ORDER BY a.name COLLATE \"C\""), &[])
        .await;
    Ok(rows
        .map_err(|error| sqlstate::error("the accounts", error))?
        .iter()
        .map(account)
        .collect())
}

/// The account `name`.
///
/// # Errors
/// `not_found`.
pub async fn find(client: &impl GenericClient, name: &AccountName) -> Result<Account> {
    let rows = client
        .query_typed(
            &format!("{SELECT} WHERE a.name = $1"),
            &[(&name.as_str(), Type::TEXT)],
        )
        .await;
    let rows = rows.map_err(|error| sqlstate::error("the accounts", error))?;
    let none =
        || Error::new(Kind::NotFound, "not_found", format!("no account {name}")).hint("hostctl account list");
    rows.first().map(account).ok_or_else(none)
}

/// The account that a create is for: the named one, or the only one there is.
///
/// # Errors
/// `usage` where there are several and none is named; `denied`, reason `suspended`.
pub async fn pick(client: &impl GenericClient, name: Option<&AccountName>) -> Result<Account> {
    let account = match name {
        Some(name) => find(client, name).await?,
        None => only(client).await?,
    };
    if account.state == "suspended" {
        return Err(suspended(&account.name));
    }
    Ok(account)
}

async fn only(client: &impl GenericClient) -> Result<Account> {
    let mut all = list(client).await?;
    match (all.len(), all.pop()) {
        (1, Some(account)) => Ok(account),
        (0, _) => Err(Error::new(Kind::NotFound, "not_found", "there is no account")
            .hint("hostctl account create main")),
        _ => Err(Error::invalid("there are several accounts, and none was named").hint("--account NAME")),
    }
}

fn account(row: &Row) -> Account {
    Account {
        id: row.get(0),
        name: row.get(1),
        state: row.get(2),
        databases: row.get(3),
        boxes: row.get(4),
        zones: row.get(5),
        sites: row.get(6),
        created_at: row.get(7),
        package: row.get(8),
        closed_databases: row.get(9),
    }
}
