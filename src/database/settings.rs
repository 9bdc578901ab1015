//! Settings that are stored for a database (`ALTER DATABASE … SET`, `ALTER ROLE … IN DATABASE … SET`) go over to the one
//! that takes its place.
//!
//! A setting of an extension is known only to a session that has loaded its library, so they are set from within the new
//! database. What the server does not take from us all the same (a superuser's settings; those of a library that is not
//! there) is left out and told: it must not keep the data from coming back.

use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

use super::clusters::Link;
use super::failure::{failed, is};
use super::prepare::wait_until_alone;
use super::{Clusters, Subject};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::error::Result;
use crate::journal::{Failure, Marker};

/// Settings whose stored value is a list that is quoted already (PostgreSQL's `GUC_LIST_QUOTE`), as far as a role may
/// set them.
const LISTS: [&str; 2] = ["search_path", "temp_tablespaces"];
/// What says that a setting is not to be had: by us, at all, or with this value.
const REFUSALS: [SqlState; 4] = [
    SqlState::INSUFFICIENT_PRIVILEGE,
    SqlState::UNDEFINED_OBJECT,
    SqlState::INVALID_NAME,
    SqlState::INVALID_PARAMETER_VALUE,
];
/// Loads the libraries of the extensions that are installed: the validator of the language does, for whoever may call the
/// function. No tenant can make one that belongs to a library.
const LOAD: &str = "SELECT pg_catalog.fmgr_c_validator(f.oid) FROM (SELECT DISTINCT ON (p.probin) p.oid
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    WHERE l.lanname = 'c' AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY p.probin, p.oid) f";

/// One of them.
struct Setting {
    /// Whose it is; everybody's where absent.
    role: Option<String>,
    name: String,
    value: String,
}

/// Sets for `to` what is stored for the database of `subject`. What cannot be is given back, as the beginnings of the
/// statements that a superuser would send: what comes then may be a secret of the tenant's.
pub(super) async fn carry(
    world: &Clusters,
    link: &Link,
    subject: &Subject,
    to: &str,
    marker: Marker,
) -> Result<Vec<String>, Failure> {
    let all = stored(link, subject).await.map_err(Failure::not_now)?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let inside = world
        .enter_database(subject, to, marker)
        .await
        .map_err(Failure::not_now)?;
    let left_out = set(&inside, subject, &all, to).await;
    drop(inside);
    wait_until_alone(link, to).await.map_err(Failure::unknown)?;
    left_out
}

async fn stored(link: &Link, subject: &Subject) -> Result<Vec<Setting>> {
    let statement = "SELECT r.rolname::text, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)
        FROM pg_database d JOIN pg_db_role_setting s ON s.setdatabase = d.oid
        LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) c
        WHERE d.datname = $1 AND (s.setrole = 0 OR r.oid IS NOT NULL) ORDER BY 1, 2";
    let name = subject.name.as_str();
    let rows = link.client.query_typed(statement, &[(&name, Type::TEXT)]).await;
    let rows = rows.map_err(|error| sqlstate::error(&subject.words(), error))?;
    let setting = |row: &tokio_postgres::Row| Setting {
        role: row.get(0),
        name: row.get(1),
        value: row.get(2),
    };
    Ok(rows.iter().map(setting).collect())
}

async fn set(inside: &Link, subject: &Subject, all: &[Setting], to: &str) -> Result<Vec<String>, Failure> {
    if all.iter().any(Setting::is_of_extension) {
        // One that cannot be loaded is one whose settings are left out.
        inside.client.batch_execute(LOAD).await.ok();
    }
    let mut left_out = Vec::new();
    for setting in all {
        match inside.client.batch_execute(&setting.statement(to)).await {
            Ok(()) => {}
            Err(error) if REFUSALS.iter().any(|refusal| is(&error, refusal)) => {
                left_out.push(setting.beginning(subject.name.as_str()));
            }
            Err(error) => return Err(failed(&subject.words(), error)),
        }
    }
    Ok(left_out)
}

impl Setting {
    /// Those have a dot between two names.
    fn is_of_extension(&self) -> bool {
        self.name.contains('.')
    }

    fn beginning(&self, database: &str) -> String {
        let database = identifier(database);
        let name = self.name.split('.').map(identifier).collect::<Vec<_>>().join(".");
        match &self.role {
            Some(role) => format!(
                "ALTER ROLE {} IN DATABASE {database} SET {name}",
                identifier(role)
            ),
            None => format!("ALTER DATABASE {database} SET {name}"),
        }
    }

    fn plain(&self, database: &str) -> String {
        format!("{} = {}", self.beginning(database), literal(&self.value))
    }

    /// As it is stored. A list would become one quoted word, and is therefore taken from the session.
    fn statement(&self, database: &str) -> String {
        if !LISTS.contains(&self.name.as_str()) {
            return self.plain(database);
        }
        let (name, value) = (literal(&self.name), literal(&self.value));
        let beginning = self.beginning(database);
        format!("SELECT pg_catalog.set_config({name}, {value}, true); {beginning} FROM CURRENT")
    }
}
