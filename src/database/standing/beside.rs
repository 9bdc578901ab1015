//! What stands beside a database and its login: rights and memberships of other roles, and the role that owns it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio_postgres::types::{ToSql, Type};

use super::super::Subject;
use super::super::clusters::Link;
use super::limits::{LoginLimits, SETTINGS, tidy, time_limits};
use super::{grants, without};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::error::Result;

/// All of it; nothing of it is wanted, but for time limits that are stricter than ours. What is set by whom does not show: a
/// login that reads only is a difference also where the tenant has set it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Beside {
    /// What other roles may do with the database.
    pub(super) others: BTreeMap<String, BTreeSet<String>>,
    /// Who was put into the login role, and may do whatever it may.
    pub(super) in_login: BTreeSet<String>,
    /// Who was put into the owner.
    pub(super) in_owner: BTreeSet<String>,
    /// Attributes of the owner: `LOGIN`, `CREATEDB`.
    pub(super) owner: BTreeSet<String>,
    /// When the password of the login ends.
    pub(super) valid_until: Option<String>,
    /// The two time limits, where the login has others in its database than elsewhere: these hold there. It may set them
    /// itself.
    #[serde(default)]
    pub(super) settings: BTreeMap<String, String>,
    /// Where it was set that transactions read only: for the database, the login, or the login in its database; as it was spelt.
    #[serde(default)]
    pub(super) read_only: BTreeMap<Place, String>,
    /// Whether nobody at all may enter the database.
    #[serde(default)]
    pub(super) is_shut: bool,
}

/// What a setting is stored for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    Database,
    Login,
    LoginInDatabase,
}

impl Place {
    const ALL: [Place; 3] = [Place::Database, Place::Login, Place::LoginInDatabase];

    fn words(self) -> &'static str {
        match self {
            Place::Database => "the database",
            Place::Login => "the login",
            Place::LoginInDatabase => "the login in the database",
        }
    }

    /// How a statement about it begins. The database and the login role have one name.
    fn statement(self, name: &str) -> String {
        match self {
            Place::Database => format!("ALTER DATABASE {name}"),
            Place::Login => format!("ALTER ROLE {name}"),
            Place::LoginInDatabase => format!("ALTER ROLE {name} IN DATABASE {name}"),
        }
    }
}

const READ_ONLY: &str = "default_transaction_read_only";

const SELECT: &str = "SELECT
        ARRAY(SELECT a.privilege_type || ' ' || pg_get_userbyid(a.grantee)
            FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
            WHERE a.grantee NOT IN (0, r.oid, d.datdba, (SELECT u.oid FROM pg_roles u WHERE u.rolname = current_user))),
        ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.member
            WHERE m.roleid = r.oid AND g.rolname <> current_user),
        ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.member
            WHERE m.roleid = o.oid AND g.rolname <> current_user AND g.oid <> r.oid),
        array_remove(ARRAY[CASE WHEN o.rolcanlogin THEN 'LOGIN' END, CASE WHEN o.rolsuper THEN 'SUPERUSER' END,
            CASE WHEN o.rolcreatedb THEN 'CREATEDB' END, CASE WHEN o.rolcreaterole THEN 'CREATEROLE' END,
            CASE WHEN o.rolreplication THEN 'REPLICATION' END, CASE WHEN o.rolbypassrls THEN 'BYPASSRLS' END,
            CASE WHEN NOT o.rolinherit THEN 'NOINHERIT' END], NULL),
        CASE WHEN isfinite(r.rolvaliduntil) THEN r.rolvaliduntil::text END,
        coalesce((SELECT s.setconfig FROM pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = d.oid), '{}'),
        NOT d.datallowconn,
        ARRAY(SELECT CASE WHEN s.setrole = 0 THEN 'database' WHEN s.setdatabase = 0 THEN 'login' ELSE 'both' END
                || ' ' || split_part(line, '=', 2) FROM pg_db_role_setting s, unnest(s.setconfig) line
            WHERE split_part(line, '=', 1) = 'default_transaction_read_only' AND split_part(line, '=', 2)::bool
                AND (s.setrole, s.setdatabase) IN ((0, d.oid), (r.oid, 0), (r.oid, d.oid)))
    FROM pg_roles r, pg_database d JOIN pg_roles o ON o.oid = d.datdba WHERE r.rolname = $1 AND d.datname = $1";

impl Beside {
    pub(super) async fn read(link: &Link, subject: &Subject) -> Result<Beside> {
        let name = subject.name.as_str();
        let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&name, Type::TEXT)];
        let rows = link.client.query_typed(SELECT, &parameters).await;
        let rows = rows.map_err(|error| sqlstate::error(&subject.words(), error))?;
        let Some(row) = rows.first() else {
            return Ok(Beside::default());
        };
        let set = |column: usize| row.get::<_, Vec<String>>(column).into_iter().collect();
        let mut others: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in row.get::<_, Vec<String>>(0) {
            if let Some((privilege, role)) = line.split_once(' ') {
                others
                    .entry(role.to_owned())
                    .or_default()
                    .insert(privilege.to_owned());
            }
        }
        Ok(Beside {
            others,
            in_login: set(1),
            in_owner: set(2),
            owner: set(3),
            valid_until: row.get(4),
            settings: time_limits(&row.get::<_, Vec<String>>(5)),
            is_shut: row.get(6),
            read_only: row
                .get::<_, Vec<String>>(7)
                .iter()
                .filter_map(|line| place(line))
                .collect(),
        })
    }

    /// As it shall be. How a suspended login is kept shut is the business of whoever suspended it.
    pub(super) fn wanted(&self, limits: &LoginLimits, is_suspended: bool) -> Beside {
        let mut settings = self.settings.clone();
        settings.retain(|name, value| limits.of(name).is_none_or(|limit| is_within(value, limit)));
        Beside {
            valid_until: self.valid_until.clone().filter(|_| is_suspended),
            settings,
            ..Beside::default()
        }
    }

    pub(super) fn statements(&self, subject: &Subject, to: &Beside) -> Vec<String> {
        let (name, owner) = (identifier(subject.name.as_str()), identifier(&subject.owner));
        let mut all = Vec::new();
        let roles: BTreeSet<&String> = self.others.keys().chain(to.others.keys()).collect();
        let none = BTreeSet::new();
        for role in roles {
            let may = |beside: &'_ Beside| beside.others.get(role).unwrap_or(&none).clone();
            all.extend(grants(&name, &identifier(role), &may(self), &may(to)));
        }
        all.extend(memberships(&name, &self.in_login, &to.in_login));
        all.extend(memberships(&owner, &self.in_owner, &to.in_owner));
        let attributes = to.owner.difference(&self.owner).cloned();
        let attributes = attributes.chain(
            self.owner
                .difference(&to.owner)
                .map(|attribute| without(attribute)),
        );
        all.extend(attributes.map(|attribute| format!("ALTER ROLE {owner} {attribute}")));
        if self.valid_until != to.valid_until {
            let until = to.valid_until.as_deref().unwrap_or("infinity");
            all.push(format!("ALTER ROLE {name} VALID UNTIL {}", literal(until)));
        }
        if self.is_shut != to.is_shut {
            all.push(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {}", !to.is_shut));
        }
        for place in Place::ALL {
            let line = place.statement(&name);
            match (self.read_only.get(&place), to.read_only.get(&place)) {
                (before, after) if before == after => {}
                (_, Some(value)) => all.push(format!("{line} SET {READ_ONLY} = {}", literal(value))),
                (_, None) => all.push(format!("{line} RESET {READ_ONLY}")),
            }
        }
        for setting in SETTINGS {
            let line = Place::LoginInDatabase.statement(&name);
            match (self.settings.get(setting), to.settings.get(setting)) {
                (before, after) if before == after => {}
                (_, Some(value)) => all.push(format!("{line} SET {setting} = {}", literal(value))),
                (_, None) => all.push(format!("{line} RESET {setting}")),
            }
        }
        all
    }

    /// What differs from `other`, in words.
    pub(super) fn words(&self, other: &Beside) -> Vec<String> {
        let list = |set: &BTreeSet<String>| match set.is_empty() {
            true => "nobody".to_owned(),
            false => set.iter().cloned().collect::<Vec<_>>().join(" "),
        };
        let mut parts = Vec::new();
        if self.others != other.others {
            let may = self.others.iter().map(|(role, may)| {
                let may: Vec<&str> = may.iter().map(String::as_str).collect();
                format!("{role} may {}", may.join(" "))
            });
            let may: Vec<String> = may.collect();
            parts.push(match may.is_empty() {
                true => "no other role may anything".to_owned(),
                false => may.join(", "),
            });
        }
        if self.in_login != other.in_login {
            parts.push(format!("members of the login: {}", list(&self.in_login)));
        }
        if self.in_owner != other.in_owner {
            parts.push(format!("members of the owner: {}", list(&self.in_owner)));
        }
        if self.owner != other.owner {
            let attributes = match self.owner.is_empty() {
                true => list(&other.owner.iter().map(|attribute| without(attribute)).collect()),
                false => list(&self.owner),
            };
            parts.push(format!("the owner: {attributes}"));
        }
        if self.valid_until != other.valid_until {
            parts.push(match &self.valid_until {
                Some(until) => format!("the login ends {until}"),
                None => "the login does not end".to_owned(),
            });
        }
        if self.is_shut != other.is_shut {
            let who = if self.is_shut { "nobody" } else { "who may" };
            parts.push(format!("{who} enters the database"));
        }
        for place in Place::ALL {
            if self.read_only.get(&place) != other.read_only.get(&place) {
                let how = match self.read_only.contains_key(&place) {
                    true => "reads only",
                    false => "reads and writes",
                };
                parts.push(format!("{} {how}", place.words()));
            }
        }
        for setting in SETTINGS {
            match (self.settings.get(setting), other.settings.get(setting)) {
                (mine, theirs) if mine == theirs => {}
                (Some(value), _) => parts.push(format!("in the database {setting} {value}")),
                (None, _) => parts.push(format!("in the database no other {setting}")),
            }
        }
        parts
    }
}

/// What a setting is stored for, as [`SELECT`] calls it, and its value.
fn place(line: &str) -> Option<(Place, String)> {
    let (word, value) = line.split_once(' ')?;
    let place = match word {
        "database" => Place::Database,
        "login" => Place::Login,
        _ => Place::LoginInDatabase,
    };
    Some((place, value.to_owned()))
}

/// Whether a time limit, as it was spelt, is as strict as `limit`; 0 is none.
fn is_within(value: &str, limit: Duration) -> bool {
    let milliseconds = tidy(value)
        .strip_suffix("ms")
        .and_then(|digits| digits.parse::<u128>().ok());
    milliseconds.is_some_and(|milliseconds| milliseconds > 0 && milliseconds <= limit.as_millis())
}

fn memberships(role: &str, from: &BTreeSet<String>, to: &BTreeSet<String>) -> Vec<String> {
    let give = to
        .difference(from)
        .map(|member| format!("GRANT {role} TO {}", identifier(member)));
    let take = from
        .difference(to)
        .map(|member| format!("REVOKE {role} FROM {}", identifier(member)));
    give.chain(take).collect()
}
