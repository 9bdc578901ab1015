//! What depends on the roles of a database elsewhere on its cluster, and would keep them from being dropped.
//!
//! Any tenant can grant any role what is its own, and name it in a policy. In a database of ours that goes with the role;
//! what a role owns there, and what it has in a database that is not ours, is for a person.

use tokio_postgres::types::Type;

use super::Subject;
use super::clusters::Link;
use super::subject::is_marked;
use crate::control::quote::identifier;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};

/// What depends on the roles in one database.
#[derive(Clone, Debug)]
pub struct Dependent {
    /// The database that it lies in, or that it is; absent for what lies in none.
    pub(super) database: Option<String>,
    /// Whether it is nothing but grants and policies in a database of ours.
    pub(super) goes_with_roles: bool,
    /// The commands that take it away, and who may give them where.
    remedy: String,
}

/// `a` is a grant, `r` a policy, `i` what an extension granted.
const SELECT: &str = "SELECT x.datname::text, pg_get_userbyid(x.datdba)::text, shobj_description(x.oid, 'pg_database'),
        shobj_description(x.datdba, 'pg_authid'), coalesce(pg_has_role(x.datdba, 'USAGE'), false),
        array_agg(DISTINCT r.rolname::text), bool_or(s.deptype NOT IN ('a', 'r', 'i')), bool_and(s.dbid = 0),
        current_user::text
    FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid
    LEFT JOIN pg_database x
        ON x.oid = CASE WHEN s.dbid <> 0 THEN s.dbid WHEN s.classid = 'pg_database'::regclass THEN s.objid END
    WHERE s.refclassid = 'pg_authid'::regclass AND r.rolname = ANY($1) AND s.classid <> 'pg_auth_members'::regclass
    GROUP BY x.oid, x.datname, x.datdba ORDER BY x.datname";

/// What depends on the roles `names` of `subject`, by database.
pub(super) async fn of(link: &Link, subject: &Subject, names: &[String]) -> Result<Vec<Dependent>> {
    let rows = link
        .client
        .query_typed(SELECT, &[(&names, Type::TEXT_ARRAY)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("the roles of {}", subject.words()), error))?;
    Ok(rows.iter().map(|row| dependent(link, subject, row)).collect())
}

fn dependent(link: &Link, subject: &Subject, row: &tokio_postgres::Row) -> Dependent {
    let (database, roles): (Option<String>, Vec<String>) = (row.get(0), row.get(5));
    // Whoever owns a database can write its comment; a marked owner that we are a member of no tenant can make.
    let is_ours = is_marked(row.get(2)) && is_marked(row.get(3)) && row.get(4);
    let (owns, is_database): (bool, bool) = (row.get(6), row.get(7));
    let list = identifiers(&roles);
    let remedy = match &database {
        Some(database) if is_database && !owns => format!(
            "as {}: REVOKE ALL ON DATABASE {} FROM {list}",
            row.get::<_, &str>(1),
            identifier(database)
        ),
        Some(database) if is_ours && owns => {
            let to = identifier(row.get(1));
            let reassign = format!("REASSIGN OWNED BY {list} TO {to}");
            let user = row.get::<_, &str>(8);
            format!(
                "in {database}, as {user}: {}",
                as_member(link, subject, &roles, reassign)
            )
        }
        _ => {
            let place = database.as_ref().map_or("anywhere", String::as_str);
            let reassign = match owns {
                true => format!("REASSIGN OWNED BY {list} TO CURRENT_USER; "),
                false => String::new(),
            };
            format!("in {place}, as a superuser: {reassign}DROP OWNED BY {list}")
                .replace("in anywhere", "anywhere")
        }
    };
    Dependent {
        goes_with_roles: is_ours && !owns,
        database,
        remedy,
    }
}

/// `statement` between joining those of `roles` that we are no member of for good, and leaving them.
fn as_member(link: &Link, subject: &Subject, roles: &[String], statement: String) -> String {
    let joined = || roles.iter().filter(|role| **role != subject.owner);
    let mut statements: Vec<String> = joined().map(|role| link.join(role)).collect();
    statements.push(statement);
    statements.extend(joined().map(|role| super::catalog::leave(role)));
    statements.join("; ")
}

/// The quoted names in a row.
pub(super) fn identifiers(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| identifier(name)).collect();
    quoted.join(", ")
}

/// Why the roles of `subject` cannot be dropped, with the commands that help.
pub(super) fn in_use<'a>(subject: &Subject, dependents: impl Iterator<Item = &'a Dependent>) -> Error {
    let (mut places, mut remedies) = (Vec::new(), Vec::new());
    for dependent in dependents {
        places.push(dependent.database.as_deref().unwrap_or("a shared object"));
        remedies.push(dependent.remedy.as_str());
    }
    let words = subject.words();
    if places.is_empty() {
        let message = format!("something depends on the roles of {words}");
        return Error::new(Kind::Conflict, "in_use", message);
    }
    if places == [subject.name.as_str()] {
        let message = format!("the roles of {words} are still needed by it");
        let hint = "what keeps the database, first: the steps after this one";
        return Error::new(Kind::Conflict, "in_use", message).hint(hint);
    }
    let message = format!(
        "the roles of {words} own something, or were granted it, in {}",
        places.join(", ")
    );
    Error::new(Kind::Conflict, "in_use", message).hint(remedies.join("; and "))
}
