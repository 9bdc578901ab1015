//! Who may do what with a database or a schema, as an image that can be compared and put back.
//!
//! An absent list and the default one written down are the same: PostgreSQL says so, and does not let anybody return from
//! the second to the first.

use serde::{Deserialize, Serialize};
use tokio_postgres::Row;

use crate::control::quote::identifier;

/// One right of one role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Grant {
    /// The role; nothing is everybody.
    pub grantee: Option<String>,
    /// `CONNECT`, `USAGE`, … as PostgreSQL spells it.
    pub privilege: String,
    /// Whether the role may hand it on.
    pub is_grantable: bool,
}

/// All rights on a thing, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Acl(pub Vec<Grant>);

/// The columns of `aclexplode` as `a` that [`Acl::read`] takes.
pub(super) const COLUMNS: &str =
    "CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee)::text END, a.privilege_type, a.is_grantable";

impl Acl {
    /// From rows that begin with [`COLUMNS`].
    pub fn read(rows: &[Row]) -> Acl {
        let grant = |row: &Row| Grant {
            grantee: row.get(0),
            privilege: row.get(1),
            is_grantable: row.get(2),
        };
        Acl::of(rows.iter().map(grant).collect())
    }

    /// In order.
    pub fn of(mut grants: Vec<Grant>) -> Acl {
        grants.sort();
        Acl(grants)
    }

    /// Everybody who is in it, each once.
    pub fn grantees(&self) -> Vec<Option<&str>> {
        let mut all: Vec<Option<&str>> = self.0.iter().map(|grant| grant.grantee.as_deref()).collect();
        all.dedup();
        all
    }

    /// Takes every right on `thing` (`DATABASE "shop"`) from these.
    pub fn revoke(thing: &str, from: &[Option<&str>]) -> Vec<String> {
        from.iter()
            .map(|role| format!("REVOKE ALL ON {thing} FROM {}", grantee(*role)))
            .collect()
    }

    /// Gives all of it on `thing`.
    pub fn grant(&self, thing: &str) -> Vec<String> {
        let statement = |grant: &Grant| {
            let (privilege, to) = (&grant.privilege, grantee(grant.grantee.as_deref()));
            let option = if grant.is_grantable {
                " WITH GRANT OPTION"
            } else {
                ""
            };
            format!("GRANT {privilege} ON {thing} TO {to}{option}")
        };
        self.0.iter().map(statement).collect()
    }
}

impl std::fmt::Display for Acl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = |role: Option<&str>| {
            let of_role = self.0.iter().filter(|grant| grant.grantee.as_deref() == role);
            let privileges: Vec<&str> = of_role.map(|grant| grant.privilege.as_str()).collect();
            format!("{} {}", role.unwrap_or("PUBLIC"), privileges.join("+"))
        };
        let all: Vec<String> = self.grantees().into_iter().map(words).collect();
        f.write_str(&all.join(", "))
    }
}

fn grantee(role: Option<&str>) -> String {
    role.map_or_else(|| "PUBLIC".to_owned(), identifier)
}
