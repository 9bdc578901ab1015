//! Who may enter a database, by number: what is remembered of it until it comes back.
//!
//! Only CONNECT is taken: without it no other right on a database can be used, and those stay as they are for the way back.
//! `ALLOW_CONNECTIONS false` would keep us out as well, who take back what tenants were granted there, and `pg_upgrade`
//! refuses a cluster with such a database.

use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::clusters::Link;
use crate::control::sqlstate;
use crate::error::Result;

/// Everybody, in the place of a role's number; in the place of a grantor's, the owner.
pub(super) const PUBLIC: u32 = 0;
/// The right to enter a database.
pub(super) const CONNECT: &str = "CONNECT";
/// Every right on a database.
pub(super) const RIGHTS: [&str; 3] = [CONNECT, "TEMPORARY", "CREATE"];

/// Columns of the database `d`: who has this right beside the owner, whether each may hand it on, and from whom it has it.
pub(super) fn columns(right: &str) -> String {
    let all = |column: &str| {
        format!(
            "ARRAY(SELECT {column} FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                WHERE a.privilege_type = '{right}' AND a.grantee <> d.datdba ORDER BY a.grantee, a.grantor)"
        )
    };
    let by = "CASE a.grantor WHEN d.datdba THEN 0::oid ELSE a.grantor END";
    [all("a.grantee"), all("a.is_grantable"), all(by)].join(", ")
}

/// A role that may CONNECT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entrant {
    /// Its number, which it keeps under every name; 0 is everybody.
    pub role: u32,
    /// Whether it may let others in.
    pub is_grantable: bool,
    /// Who let it in; absent where that was the owner, or an earlier version did not ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<u32>,
}

/// Those that may enter a database, but for its owner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Entrants(pub Vec<Entrant>);

impl Entrants {
    /// Of the database of this name; nobody where there is none.
    pub async fn of(link: &Link, database: &str) -> Result<Entrants> {
        Entrants::with(link, database, CONNECT).await
    }

    /// Those that have another right on it.
    pub async fn with(link: &Link, database: &str, right: &str) -> Result<Entrants> {
        let statement = format!(
            "SELECT {} FROM pg_database d WHERE d.datname = $1",
            columns(right)
        );
        let rows = link
            .client
            .query_typed(&statement, &[(&database, Type::TEXT)])
            .await;
        let rows = rows.map_err(|error| sqlstate::error(&format!("database {database}"), error))?;
        Ok(rows.first().map(|row| Entrants::read(row, 0)).unwrap_or_default())
    }

    /// From [`columns`], of which the first is that of this number.
    pub fn read(row: &Row, column: usize) -> Entrants {
        let roles: Vec<u32> = row.get(column);
        let (grantable, by): (Vec<bool>, Vec<u32>) = (row.get(column + 1), row.get(column + 2));
        let all = roles.into_iter().zip(grantable).zip(by);
        let entrant = |((role, is_grantable), by)| Entrant {
            role,
            is_grantable,
            by: Some(by).filter(|by| *by != PUBLIC),
        };
        Entrants(all.map(entrant).collect())
    }

    /// One role alone.
    pub fn only(role: u32) -> Entrants {
        Entrants(vec![Entrant {
            role,
            is_grantable: false,
            by: None,
        }])
    }
}
