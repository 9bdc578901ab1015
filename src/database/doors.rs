//! Who may enter a database, by the names of now: the statements that take and give that.
//!
//! A right comes from the owner, or from whoever had it from the owner with the option to hand it on. It is taken, and comes
//! back, as the role that it came from: as a member of several, we would act as any of them. Where we may not act as that
//! role, the owner does.

use std::collections::VecDeque;

use tokio_postgres::types::{ToSql, Type};

use super::catalog::leave;
use super::clusters::Link;
use super::entry::{CONNECT, Entrants, PUBLIC};
use super::prepare::act_as;
use crate::control::quote::identifier;
use crate::control::sqlstate;
use crate::error::Result;

/// Roles as they are called now, and what each has.
pub(super) struct Doors {
    /// What makes us the owner, where we have to be told.
    as_owner: Option<String>,
    all: Vec<Door>,
}

struct Door {
    role: u32,
    /// Quoted.
    name: String,
    is_us: bool,
    is_grantable: bool,
    /// Absent where it is the owner, or one as whom we may not act.
    by: Option<Grantor>,
}

/// A role that has let others in.
#[derive(Clone)]
struct Grantor {
    role: u32,
    /// Before and after its statements.
    enters: Vec<String>,
    leaves: Vec<String>,
}

/// A role that there is.
struct Known {
    role: u32,
    name: String,
    is_us: bool,
    is_member: bool,
    may_join: bool,
}

impl Entrants {
    /// They, as they are called now, in a database of `owner`. A role that is gone is left out.
    pub async fn doors(&self, link: &Link, owner: &str) -> Result<Doors> {
        let numbers = self.0.iter().flat_map(|one| [Some(one.role), one.by]);
        let known = known(link, &numbers.flatten().collect::<Vec<u32>>()).await?;
        let find = |role: u32| known.iter().find(|known| known.role == role);
        let mut all = Vec::with_capacity(self.0.len());
        for entrant in &self.0 {
            let (name, is_us) = match (entrant.role, find(entrant.role)) {
                (PUBLIC, _) => ("PUBLIC".to_owned(), false),
                (_, Some(found)) => (identifier(&found.name), found.is_us),
                (_, None) => continue,
            };
            all.push(Door {
                role: entrant.role,
                name,
                is_us,
                is_grantable: entrant.is_grantable,
                by: entrant.by.and_then(find).and_then(|known| known.grantor(link)),
            });
        }
        let as_owner = act_as(link, owner);
        Ok(Doors { as_owner, all })
    }
}

impl Known {
    fn grantor(&self, link: &Link) -> Option<Grantor> {
        let act = format!("SET LOCAL ROLE {}", identifier(&self.name));
        let reset = "RESET ROLE".to_owned();
        let (enters, leaves) = match (self.is_member, self.may_join) {
            (true, _) => (vec![act], vec![reset]),
            (false, true) => (vec![link.join(&self.name), act], vec![reset, leave(&self.name)]),
            (false, false) => return None,
        };
        Some(Grantor {
            role: self.role,
            enters,
            leaves,
        })
    }
}

impl Doors {
    /// Shuts them out of `database`, from those who have let in nobody up to the owner: the server keeps what somebody has
    /// handed on as long as that one might do so as a member of another role. We are shut out only where we have let in
    /// others, since as the owner we come in anyhow.
    pub fn shut(&self, database: &str) -> Vec<String> {
        let database = identifier(database);
        let revoke = |(by, doors): (Option<&Grantor>, Vec<&Door>)| {
            let shut = doors.iter().filter(|door| !door.is_us || door.is_grantable);
            let names: Vec<&str> = shut.map(|door| door.name.as_str()).collect();
            let revoke = (!names.is_empty()).then(|| {
                let names = names.join(", ");
                format!("REVOKE {CONNECT} ON DATABASE {database} FROM {names} CASCADE")
            });
            self.acting(by, revoke.into_iter().collect())
        };
        self.groups().into_iter().rev().flat_map(revoke).collect()
    }

    /// Lets them into `database`.
    pub fn open(&self, database: &str) -> Vec<String> {
        self.grant(CONNECT, database)
    }

    /// Gives them a right on `database`, from the owner outwards.
    pub fn grant(&self, right: &str, database: &str) -> Vec<String> {
        let database = identifier(database);
        let grant = |door: &&Door| {
            let option = if door.is_grantable {
                " WITH GRANT OPTION"
            } else {
                ""
            };
            format!("GRANT {right} ON DATABASE {database} TO {}{option}", door.name)
        };
        let groups = self.groups().into_iter();
        let all = groups.map(|(by, doors)| self.acting(by, doors.iter().map(grant).collect()));
        all.flatten().collect()
    }

    /// By whom they have it from, each of these after the one from whom it has the option.
    fn groups(&self) -> Vec<(Option<&Grantor>, Vec<&Door>)> {
        let mut groups = Vec::new();
        let mut waiting: Vec<&Door> = self.all.iter().collect();
        let mut grantors: VecDeque<Option<&Grantor>> = VecDeque::from([None]);
        while let Some(by) = grantors.pop_front() {
            let role = by.map(|by| by.role);
            let now: Vec<&Door>;
            (now, waiting) = waiting
                .into_iter()
                .partition(|door| door.by.as_ref().map(|by| by.role) == role);
            // Who has it from several comes up again, when nobody waits for it any more.
            for door in now.iter().filter(|door| door.is_grantable) {
                let next = waiting.iter().filter_map(|waits| waits.by.as_ref());
                grantors.extend(next.filter(|by| by.role == door.role).take(1).map(Some));
            }
            groups.push((by, now));
        }
        // Whoever they had it from may hand nothing on any more: then it is the owner's.
        groups.push((None, waiting));
        groups
    }

    fn acting(&self, by: Option<&Grantor>, statements: Vec<String>) -> Vec<String> {
        match by {
            _ if statements.is_empty() => Vec::new(),
            None => self.as_owner(statements),
            Some(by) => {
                let framed = by.enters.iter().cloned().chain(statements);
                framed.chain(by.leaves.iter().cloned()).collect()
            }
        }
    }

    fn as_owner(&self, statements: impl IntoIterator<Item = String>) -> Vec<String> {
        let mut all: Vec<String> = statements.into_iter().collect();
        if let Some(act) = self.as_owner.as_ref().filter(|_| !all.is_empty()) {
            all.insert(0, act.clone());
            all.push("RESET ROLE".to_owned());
        }
        all
    }
}

/// The roles of these numbers, and whether we may act as each: for a superuser that goes without saying.
async fn known(link: &Link, numbers: &[u32]) -> Result<Vec<Known>> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    // Since PostgreSQL 16 a member may have to be told that it may act as the role, and CREATEROLE alone joins nothing.
    let (acts, creates) = match link.version {
        160_000.. => ("SET", "false"),
        _ => ("MEMBER", "u.rolcreaterole"),
    };
    let statement = format!(
        "SELECT r.oid, r.rolname::text, r.oid = u.oid, pg_has_role(u.oid, r.oid, '{acts}'),
            NOT r.rolsuper AND NOT pg_has_role(r.oid, u.oid, 'MEMBER')
                AND ({creates} OR pg_has_role(u.oid, r.oid, 'MEMBER WITH ADMIN OPTION'))
        FROM pg_roles r, pg_roles u WHERE u.rolname = current_user AND r.oid = ANY($1)"
    );
    let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&numbers, Type::OID_ARRAY)];
    let rows = link.client.query_typed(&statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("the roles of {}", link.cluster), error))?;
    let known = |row: &tokio_postgres::Row| Known {
        role: row.get(0),
        name: row.get(1),
        is_us: row.get(2),
        is_member: row.get(3),
        may_join: row.get(4),
    };
    Ok(rows.iter().map(known).collect())
}
