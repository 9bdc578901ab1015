//! Who may enter a database, and the tenants that are in it: what leaves service lets nobody in any more.
//!
//! Only CONNECT is taken: without it no other right on a database can be used, and those stay as they are for the way back.
//! `ALLOW_CONNECTIONS false` would keep us out as well, who take back what tenants were granted there, and `pg_upgrade`
//! refuses a cluster with such a database.

use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::catalog::{end_sessions, leave};
use super::clusters::Link;
use super::failure::failed;
use super::subject::is_marked;
use crate::control::quote::identifier;
use crate::control::sqlstate;
use crate::error::Result;
use crate::journal::Failure;

/// Everybody, in the place of a role's number.
const PUBLIC: u32 = 0;

/// Columns of the database `d`: those that may enter it, and those of them that may let others in.
pub(super) const ENTRANTS: &str = "ARRAY(SELECT DISTINCT a.grantee
        FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
        WHERE a.privilege_type = 'CONNECT' AND a.grantee <> d.datdba
            AND a.grantee <> (SELECT u.oid FROM pg_roles u WHERE u.rolname = current_user) ORDER BY a.grantee),
    ARRAY(SELECT a.grantee FROM aclexplode(d.datacl) a WHERE a.privilege_type = 'CONNECT' AND a.is_grantable)";

/// A role that may CONNECT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entrant {
    /// Its number, which it keeps under every name; 0 is everybody.
    pub role: u32,
    /// Whether it may let others in.
    pub is_grantable: bool,
}

/// Those that may enter a database, but for its owner and us.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Entrants(pub Vec<Entrant>);

impl Entrants {
    /// Of the database of this name; nobody where there is none.
    pub async fn of(link: &Link, database: &str) -> Result<Entrants> {
        let statement = format!("SELECT {ENTRANTS} FROM pg_database d WHERE d.datname = $1");
        let rows = link
            .client
            .query_typed(&statement, &[(&database, Type::TEXT)])
            .await;
        let rows = rows.map_err(|error| sqlstate::error(&format!("database {database}"), error))?;
        Ok(rows.first().map(|row| Entrants::read(row, 0)).unwrap_or_default())
    }

    /// From the columns [`ENTRANTS`], of which the first is that of this number.
    pub fn read(row: &Row, column: usize) -> Entrants {
        let (all, granting): (Vec<u32>, Vec<u32>) = (row.get(column), row.get(column + 1));
        let entrant = |role: u32| Entrant {
            role,
            is_grantable: granting.contains(&role),
        };
        Entrants(all.into_iter().map(entrant).collect())
    }

    /// One role alone.
    pub fn only(role: u32) -> Entrants {
        Entrants(vec![Entrant {
            role,
            is_grantable: false,
        }])
    }

    /// They, as they are called now. A role that is gone is left out.
    pub async fn doors(&self, link: &Link) -> Result<Doors> {
        let numbers: Vec<u32> = self.0.iter().map(|entrant| entrant.role).collect();
        let statement = "SELECT oid, rolname::text FROM pg_roles WHERE oid = ANY($1)";
        let rows = link
            .client
            .query_typed(statement, &[(&numbers, Type::OID_ARRAY)])
            .await;
        let rows = rows.map_err(|error| sqlstate::error(&format!("the roles of {}", link.cluster), error))?;
        let name = |role: u32| match role {
            PUBLIC => Some("PUBLIC".to_owned()),
            role => {
                let row = rows.iter().find(|row| row.get::<_, u32>(0) == role)?;
                Some(identifier(row.get(1)))
            }
        };
        let named = |entrant: &Entrant| Some((name(entrant.role)?, entrant.is_grantable));
        Ok(Doors(self.0.iter().filter_map(named).collect()))
    }
}

/// Roles as they are called now, quoted, and whether each may let others in.
pub(super) struct Doors(Vec<(String, bool)>);

impl Doors {
    /// Shuts them out of `database`, with those whom they have let in.
    pub fn shut(&self, database: &str) -> Option<String> {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        let (database, names) = (identifier(database), names.join(", "));
        (!names.is_empty()).then(|| format!("REVOKE CONNECT ON DATABASE {database} FROM {names} CASCADE"))
    }

    /// Lets them into `database`.
    pub fn open(&self, database: &str) -> Vec<String> {
        let database = identifier(database);
        let grant = |(name, is_grantable): &(String, bool)| {
            let option = if *is_grantable { " WITH GRANT OPTION" } else { "" };
            format!("GRANT CONNECT ON DATABASE {database} TO {name}{option}")
        };
        self.0.iter().map(grant).collect()
    }
}

/// What shuts everybody out of `database` but its owner and us.
pub(super) async fn shut(link: &Link, database: &str) -> Result<Option<String>> {
    let doors = Entrants::of(link, database).await?.doors(link).await?;
    Ok(doors.shut(database))
}

/// The tenants of ours who are in one of `databases` and whose sessions we may not end as we are: we have to join them.
pub(super) async fn tenants_in(link: &Link, databases: &[&str]) -> Result<Vec<String>> {
    let statement = "SELECT DISTINCT r.rolname::text, shobj_description(r.oid, 'pg_authid')
        FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
        WHERE a.datname = ANY($1) AND NOT r.rolsuper AND NOT pg_has_role(r.oid, 'USAGE') ORDER BY 1";
    let rows = link
        .client
        .query_typed(statement, &[(&databases, Type::TEXT_ARRAY)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("the sessions of {}", link.cluster), error))?;
    let ours = rows.iter().filter(|row| is_marked(row.get(1)));
    Ok(ours.map(|row| row.get(0)).collect())
}

/// Lets nobody into `database` any more, for good, and ends the sessions of tenants in it. Two transactions: who is put out
/// before it is shut comes again.
pub(super) async fn clear(link: &Link, database: &str, what: &str) -> Result<(), Failure> {
    if let Some(shut) = shut(link, database).await.map_err(Failure::not_now)? {
        let done = link.client.batch_execute(&shut).await;
        done.map_err(|error| failed(what, error))?;
    }
    let tenants = tenants_in(link, &[database]).await.map_err(Failure::not_now)?;
    let mut statements: Vec<String> = tenants.iter().map(|role| link.join(role)).collect();
    statements.push(end_sessions(database));
    statements.extend(tenants.iter().map(|role| leave(role)));
    let ended = link.client.batch_execute(&statements.join("; ")).await;
    ended.map_err(|error| failed(what, error))
}
