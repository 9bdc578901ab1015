//! What a cluster's catalog says of roles and databases.

use tokio_postgres::types::Type;

use super::clusters::Link;
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::error::Result;

/// A role.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub oid: u32,
    pub comment: Option<String>,
    pub can_login: bool,
    /// Whether it may do what no tenant may.
    pub is_privileged: bool,
}

/// A database.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub oid: u32,
    pub owner: String,
    pub comment: Option<String>,
    /// An interrupted DROP DATABASE leaves −2: nobody can enter it, it can only be dropped again.
    pub is_half_dropped: bool,
    /// Whether anybody at all may enter it, we included.
    pub takes_connections: bool,
    /// Whether everybody may.
    pub is_public: bool,
}

impl Stored {
    /// Whether we may enter it, and nobody who was not let in.
    pub fn is_for_us_alone(&self) -> bool {
        self.takes_connections && !self.is_public
    }
}

/// The roles of these names, each where it exists.
pub(super) async fn roles<const N: usize>(link: &Link, names: [&str; N]) -> Result<[Option<Role>; N]> {
    let statement = "SELECT rolname::text, oid, shobj_description(oid, 'pg_authid'), rolcanlogin,
            rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
        FROM pg_roles WHERE rolname = ANY($1)";
    let rows = link
        .client
        .query_typed(statement, &[(&names.as_slice(), Type::TEXT_ARRAY)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("the roles of {}", link.cluster), error))?;
    Ok(names.map(|name| {
        let row = rows.iter().find(|row| row.get::<_, &str>(0) == name)?;
        Some(Role {
            oid: row.get(1),
            comment: row.get(2),
            can_login: row.get(3),
            is_privileged: row.get(4),
        })
    }))
}

/// The databases of these names, each where it exists.
pub(super) async fn databases<const N: usize>(link: &Link, names: [&str; N]) -> Result<[Option<Stored>; N]> {
    let statement =
        "SELECT datname::text, oid, pg_get_userbyid(datdba)::text, shobj_description(oid, 'pg_database'),
            datconnlimit = -2, datallowconn,
            EXISTS (SELECT FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) a
                WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT')
        FROM pg_database WHERE datname = ANY($1)";
    let rows = link
        .client
        .query_typed(statement, &[(&names.as_slice(), Type::TEXT_ARRAY)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("the databases of {}", link.cluster), error))?;
    Ok(names.map(|name| {
        let row = rows.iter().find(|row| row.get::<_, &str>(0) == name)?;
        Some(Stored {
            oid: row.get(1),
            owner: row.get(2),
            comment: row.get(3),
            is_half_dropped: row.get(4),
            takes_connections: row.get(5),
            is_public: row.get(6),
        })
    }))
}

/// The database of this number, with its name.
pub(super) async fn database_of(link: &Link, oid: u32) -> Result<Option<(String, Stored)>> {
    let rows = link
        .client
        .query_typed(
            "SELECT datname::text FROM pg_database WHERE oid = $1",
            &[(&oid, Type::OID)],
        )
        .await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("the databases of {}", link.cluster), error))?;
    let Some(name) = rows.first().map(|row| row.get::<_, String>(0)) else {
        return Ok(None);
    };
    let [stored] = databases(link, [name.as_str()]).await?;
    Ok(stored.map(|stored| (name, stored)))
}

/// Ends every session of `database` that we may end, as part of a transaction in which we are a member of `login`.
pub(super) fn end_sessions(database: &str) -> String {
    // A superuser's session or a worker of the server's is not ours to end; the RENAME that follows waits for it.
    format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}
            AND pid <> pg_backend_pid() AND usesysid IS NOT NULL AND pg_has_role(usesysid, 'USAGE')",
        literal(database)
    )
}

/// Ends every session of `role`, wherever it is, as part of a transaction in which we are a member of it.
pub(super) fn end_sessions_of(role: &str) -> String {
    format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = {} AND pid <> pg_backend_pid()",
        literal(role)
    )
}

/// Sessions of clients in `database` that the server does not list yet, from a name: they have been let in, and take as long as
/// the client likes (`post_auth_delay`). That they are there shows by their lock on the database.
fn unseen(database: &str) -> String {
    format!(
        "FROM pg_locks l JOIN pg_database d ON d.oid = l.objid
        WHERE l.locktype = 'object' AND l.classid = 'pg_database'::regclass AND d.datname = {}
            AND l.pid <> pg_backend_pid() AND NOT EXISTS (SELECT FROM pg_stat_activity a
                WHERE a.pid = l.pid AND (a.usename IS NOT NULL OR a.backend_type <> 'client backend'))",
        literal(database)
    )
}

/// How many of them there are.
pub(super) async fn unseen_in(link: &Link, database: &str) -> Result<i64> {
    let statement = format!("SELECT count(DISTINCT l.pid) {}", unseen(database));
    let rows = link.client.query_typed(&statement, &[]).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("the sessions in {database}"), error))?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}

/// Ends them, as part of a transaction in which we are a member of whose they are.
pub(super) fn end_unseen_in(database: &str) -> String {
    format!("SELECT pg_terminate_backend(l.pid) {}", unseen(database))
}

/// How many sessions `role` has.
pub(super) async fn sessions_of(link: &Link, role: &str) -> Result<i64> {
    let statement = "SELECT count(*) FROM pg_stat_activity WHERE usename = $1";
    let rows = link.client.query_typed(statement, &[(&role, Type::TEXT)]).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("the sessions of {role}"), error))?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}

/// Leaves a role that [`Link::join`] entered.
pub(super) fn leave(role: &str) -> String {
    format!("REVOKE {} FROM CURRENT_USER", identifier(role))
}
