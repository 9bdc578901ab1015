//! How a database and its login stand in the catalog, as far as a plan wants them to stand in one way and no other.

mod beside;
mod limits;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio_postgres::types::{ToSql, Type};

use self::beside::Beside;
pub use self::limits::LoginLimits;
use self::limits::{SETTINGS, tidy, time_limits};
use super::clusters::Link;
use super::failure::{changed, foreign};
use super::limits::of_database;
use super::subject::is_made_by;
use super::suspend::Door;
use super::{Clusters, Existing, Subject};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::Result;
use uuid::Uuid;

/// No limit, as the catalog has it.
const UNLIMITED: i32 = -1;
/// What a tenant may do with its database.
const OF_TENANT: [&str; 2] = ["CONNECT", "TEMPORARY"];
/// What it may do besides where that was asked for: make schemas.
const CREATE: &str = "CREATE";

/// Role attributes, limits and grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    can_login: bool,
    /// Attributes that no tenant has: `CREATEDB`, `NOINHERIT`.
    privileges: BTreeSet<String>,
    /// Roles that the login was put into.
    member_of: BTreeSet<String>,
    /// Of the role; -1 is unlimited.
    role_connections: i32,
    /// Of the database; -1 is unlimited.
    database_connections: i32,
    /// The two time limits, where they are set, as they were spelt.
    settings: BTreeMap<String, String>,
    /// What everybody may do with the database.
    public: BTreeSet<String>,
    /// What the tenant may do with it.
    tenant: BTreeSet<String>,
    /// What else there is.
    #[serde(default)]
    beside: Beside,
}

const SELECT: &str = "SELECT r.rolcanlogin, r.rolconnlimit, d.datconnlimit,
        array_remove(ARRAY[CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
            CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
            CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN NOT r.rolinherit THEN 'NOINHERIT' END], NULL),
        ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid),
        coalesce((SELECT s.setconfig FROM pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = 0), '{}'),
        ARRAY(SELECT a.privilege_type FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE a.grantee = 0),
        ARRAY(SELECT a.privilege_type FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE a.grantee = r.oid),
        shobj_description(r.oid, 'pg_authid'), shobj_description(d.oid, 'pg_database'),
        pg_get_userbyid(d.datdba)::text
    FROM pg_roles r, pg_database d WHERE r.rolname = $1 AND d.datname = $1";

/// How the database of `existing` stands.
///
/// # Errors
/// As `observe_existing`.
pub async fn observe_standing(
    clusters: &Clusters,
    existing: &Existing,
    deadline: Deadline,
) -> Result<Standing> {
    let (subject, row) = (&existing.subject, &existing.database);
    let link = clusters.link(&subject.cluster, deadline).await?;
    let look = read(&link, subject, row.database_operation, row.role_operation);
    deadline.run(&link.place, look).await
}

/// Reads it, and makes sure that it is that of our own role and database.
pub(super) async fn read(
    link: &Link,
    subject: &Subject,
    database_operation: Uuid,
    role_operation: Uuid,
) -> Result<Standing> {
    let name = subject.name.as_str();
    let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&name, Type::TEXT)];
    let rows = link.client.query_typed(SELECT, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&subject.words(), error))?;
    let Some(row) = rows.first() else {
        return Err(changed(format!("{} or its role is gone", subject.words())));
    };
    let is_ours = is_made_by(row.get(8), role_operation)
        && is_made_by(row.get(9), database_operation)
        && row.get::<_, &str>(10) == subject.owner;
    if !is_ours {
        return Err(foreign(format!(
            "{} does not bear our marks any more",
            subject.words()
        )));
    }
    let set = |column: usize| row.get::<_, Vec<String>>(column).into_iter().collect();
    Ok(Standing {
        can_login: row.get(0),
        role_connections: row.get(1),
        database_connections: row.get(2),
        privileges: set(3),
        member_of: set(4),
        settings: time_limits(&row.get::<_, Vec<String>>(5)),
        public: set(6),
        tenant: set(7),
        beside: Beside::read(link, subject).await?,
    })
}

impl Standing {
    /// As it shall be: the limits as given, nothing that a tenant must not have, and a login unless it is suspended. Whether
    /// the tenant may make schemas is as it was asked for; where nobody has said that, it is left as it is.
    #[must_use]
    pub fn wanted(&self, limits: &LoginLimits, may_create: Option<bool>, is_suspended: bool) -> Standing {
        let connections = limits
            .connections
            .and_then(|count| i32::try_from(count).ok())
            .unwrap_or(UNLIMITED);
        let settings = SETTINGS.iter().filter_map(|name| {
            let wanted = format!("{}ms", limits.of(name)?.as_millis());
            let found = self.settings.get(*name).filter(|found| tidy(found) == wanted);
            Some(((*name).to_owned(), found.cloned().unwrap_or(wanted)))
        });
        let mut tenant = self.tenant.clone();
        match may_create {
            Some(true) => drop(tenant.insert(CREATE.to_owned())),
            Some(false) => drop(tenant.remove(CREATE)),
            None => {}
        }
        let suspended_tenant = tenant
            .iter()
            .filter(|right| *right != OF_TENANT[0])
            .cloned()
            .collect();
        tenant.extend(OF_TENANT.map(ToOwned::to_owned));
        let mut wanted = Standing {
            can_login: true,
            privileges: BTreeSet::new(),
            member_of: BTreeSet::new(),
            role_connections: connections,
            database_connections: of_database(connections),
            settings: settings.collect(),
            public: BTreeSet::new(),
            tenant,
            beside: self.beside.wanted(limits, is_suspended),
        };
        if is_suspended {
            // As `suspend` shuts it; the limit of its role waits in the inventory.
            wanted.can_login = Door::CLOSED.can_login;
            wanted.role_connections = Door::CLOSED.connections;
            wanted.tenant = suspended_tenant;
        }
        wanted
    }

    /// Whether nobody at all may enter the database, we neither.
    #[must_use]
    pub fn is_shut(&self) -> bool {
        self.beside.is_shut
    }

    /// Whether the login role may log in.
    pub(super) fn can_login(&self) -> bool {
        self.can_login
    }

    /// The limits as they stand.
    #[must_use]
    pub fn limits(&self) -> LoginLimits {
        let time = |name: &str| {
            let milliseconds = tidy(self.settings.get(name)?).strip_suffix("ms")?.parse().ok()?;
            (milliseconds > 0).then(|| Duration::from_millis(milliseconds))
        };
        LoginLimits {
            connections: u32::try_from(self.role_connections)
                .ok()
                .filter(|count| *count > 0),
            statement_timeout: time(SETTINGS[0]),
            idle_in_transaction_timeout: time(SETTINGS[1]),
        }
    }

    /// `found` as far as this and `other` differ, and as this is in all else: what a change of one into the other has to
    /// look at.
    pub(super) fn masked(&self, other: &Standing, found: &Standing) -> Standing {
        let mut masked = self.clone();
        if self.can_login != other.can_login {
            masked.can_login = found.can_login;
        }
        if self.role_connections != other.role_connections {
            masked.role_connections = found.role_connections;
        }
        if self.database_connections != other.database_connections {
            masked.database_connections = found.database_connections;
        }
        if self.settings != other.settings {
            masked.settings.clone_from(&found.settings);
        }
        if self.beside != other.beside {
            masked.beside.clone_from(&found.beside);
        }
        for (of, mine, theirs, seen) in [
            (
                &mut masked.privileges,
                &self.privileges,
                &other.privileges,
                &found.privileges,
            ),
            (
                &mut masked.member_of,
                &self.member_of,
                &other.member_of,
                &found.member_of,
            ),
            (&mut masked.public, &self.public, &other.public, &found.public),
            (&mut masked.tenant, &self.tenant, &other.tenant, &found.tenant),
        ] {
            if mine != theirs {
                of.clone_from(seen);
            }
        }
        masked
    }

    /// What makes `to` of this, sent as one message and hence one transaction.
    pub(super) fn statements(&self, subject: &Subject, to: &Standing) -> Vec<String> {
        // The database and the login role have one name.
        let name = identifier(subject.name.as_str());
        let mut all = Vec::new();
        if self.can_login != to.can_login {
            all.push(format!("ALTER ROLE {name} {}", login(to.can_login)));
        }
        all.extend(
            to.privileges
                .difference(&self.privileges)
                .map(|attribute| format!("ALTER ROLE {name} {attribute}")),
        );
        all.extend(
            self.privileges
                .difference(&to.privileges)
                .map(|attribute| format!("ALTER ROLE {name} {}", without(attribute))),
        );
        for group in to.member_of.difference(&self.member_of) {
            all.push(format!("GRANT {} TO {name}", identifier(group)));
        }
        for group in self.member_of.difference(&to.member_of) {
            all.push(format!("REVOKE {} FROM {name}", identifier(group)));
        }
        if self.role_connections != to.role_connections {
            all.push(format!(
                "ALTER ROLE {name} CONNECTION LIMIT {}",
                to.role_connections
            ));
        }
        if self.database_connections != to.database_connections {
            all.push(format!(
                "ALTER DATABASE {name} CONNECTION LIMIT {}",
                to.database_connections
            ));
        }
        for setting in SETTINGS {
            match (self.settings.get(setting), to.settings.get(setting)) {
                (before, after) if before == after => {}
                (_, Some(value)) => all.push(format!("ALTER ROLE {name} SET {setting} = {}", literal(value))),
                (_, None) => all.push(format!("ALTER ROLE {name} RESET {setting}")),
            }
        }
        all.extend(grants(&name, "PUBLIC", &self.public, &to.public));
        all.extend(grants(&name, &name, &self.tenant, &to.tenant));
        all.extend(self.beside.statements(subject, &to.beside));
        all
    }

    /// What differs from `other`, in words: `NOLOGIN, PUBLIC may CONNECT`.
    #[must_use]
    pub fn words(&self, other: &Standing) -> String {
        let list = |set: &BTreeSet<String>| {
            if set.is_empty() {
                "nothing".to_owned()
            } else {
                set.iter().cloned().collect::<Vec<_>>().join(" ")
            }
        };
        let limit = |count: i32| match count {
            UNLIMITED => "unlimited".to_owned(),
            count => count.to_string(),
        };
        let mut parts = Vec::new();
        if self.can_login != other.can_login {
            parts.push(login(self.can_login).to_owned());
        }
        if self.privileges != other.privileges {
            parts.push(format!("attributes {}", list(&self.privileges)));
        }
        if self.member_of != other.member_of {
            parts.push(format!("member of {}", list(&self.member_of)));
        }
        if self.role_connections != other.role_connections {
            parts.push(format!(
                "connections of the role {}",
                limit(self.role_connections)
            ));
        }
        if self.database_connections != other.database_connections {
            parts.push(format!(
                "connections of the database {}",
                limit(self.database_connections)
            ));
        }
        for setting in SETTINGS {
            let (mine, theirs) = (self.settings.get(setting), other.settings.get(setting));
            if mine != theirs {
                parts.push(format!(
                    "{setting} {}",
                    mine.map_or("the server's", String::as_str)
                ));
            }
        }
        if self.public != other.public {
            parts.push(format!("PUBLIC may {}", list(&self.public)));
        }
        if self.tenant != other.tenant {
            parts.push(format!("the login may {}", list(&self.tenant)));
        }
        parts.extend(self.beside.words(&other.beside));
        parts.join(", ")
    }
}

fn login(can_login: bool) -> &'static str {
    if can_login { "LOGIN" } else { "NOLOGIN" }
}

/// What takes an attribute away.
fn without(attribute: &str) -> String {
    match attribute.strip_prefix("NO") {
        Some(other) => other.to_owned(),
        None => format!("NO{attribute}"),
    }
}

fn grants(database: &str, grantee: &str, from: &BTreeSet<String>, to: &BTreeSet<String>) -> Vec<String> {
    let give = to
        .difference(from)
        .map(|privilege| format!("GRANT {privilege} ON DATABASE {database} TO {grantee}"));
    let take = from
        .difference(to)
        .map(|privilege| format!("REVOKE {privilege} ON DATABASE {database} FROM {grantee}"));
    give.chain(take).collect()
}

#[cfg(test)]
mod tests;
