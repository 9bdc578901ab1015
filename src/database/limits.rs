//! `database.limits`: how much the tenant may do at once and for how long, and whether it may make schemas.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::clusters::{Link, Way};
use super::failure::{changed, failed, mid_effect};
use super::observe::Existing;
use super::subject::is_made_by;
use super::{Clusters, Subject};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::Result;
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// How many sessions a database takes beyond those of its role, which may all be taken: ours, and those of archives.
const ROOM: i32 = 5;

/// How many sessions the database of a role with this limit takes; −1 is unlimited.
pub(super) fn of_database(role: i32) -> i32 {
    if role < 0 { role } else { role.saturating_add(ROOM) }
}

/// The limits of a database and its role, as the server keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How many sessions the role may have; −1 is unlimited.
    pub connections: i32,
    /// How many sessions the database takes; −1 is unlimited.
    pub database_connections: i32,
    /// The role's `statement_timeout`, the server's where absent, `0` for none.
    pub statement_timeout: Option<String>,
    /// The role's `idle_in_transaction_session_timeout`, the server's where absent, `0` for none.
    pub idle_in_transaction_timeout: Option<String>,
    /// CREATE on the database: schemas, and with them the server's trusted extensions.
    pub may_create: bool,
}

/// Changes limits.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetLimits {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// The operation that made the database.
    pub database_operation: Uuid,
    /// The operation that made the roles.
    pub role_operation: Uuid,
    /// As they were.
    pub before: Limits,
    /// As they are to be.
    pub after: Limits,
}

impl OutsideStep for SetLimits {
    const KIND: &'static str = "database.limits";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    fn substrate(&self) -> String {
        self.subject.substrate.clone()
    }

    async fn apply(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Do)
            .await
            .map_err(Failure::not_now)?;
        self.write(&link, &self.before, &self.after)
            .await
            .map(|()| Value::Null)
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        self.write(&link, &self.after, &self.before).await
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        Ok(match self.look(&link).await? {
            Ok(found) if found == self.after => Found::Ours(Value::Null),
            Ok(found) if found == self.before => Found::Absent,
            Ok(_) => Found::Changed(self.were_changed()),
            Err(evidence) => Found::Changed(evidence),
        })
    }
}

impl SetLimits {
    fn were_changed(&self) -> String {
        format!("the limits of {} were changed", self.subject.words())
    }

    /// Only from the one into the other; what is so already is no error.
    async fn write(&self, link: &Link, from: &Limits, to: &Limits) -> Result<(), Failure> {
        let found = self.look(link).await.map_err(Failure::not_now)?;
        let found = found.map_err(|evidence| Failure::refused(changed(evidence)))?;
        if found == *to {
            return Ok(());
        }
        if found != *from {
            return Err(Failure::refused(changed(self.were_changed())));
        }
        mid_effect()?;
        let written = link.client.batch_execute(&self.statements(from, to)).await;
        written.map_err(|error| failed(&self.subject.words(), error))
    }

    /// Sent as one message, hence one transaction.
    fn statements(&self, from: &Limits, to: &Limits) -> String {
        // The database and the login role have one name.
        let name = identifier(self.subject.name.as_str());
        let mut statements = vec![
            format!("ALTER ROLE {name} CONNECTION LIMIT {}", to.connections),
            format!(
                "ALTER DATABASE {name} CONNECTION LIMIT {}",
                to.database_connections
            ),
        ];
        let settings = [
            (
                "statement_timeout",
                &from.statement_timeout,
                &to.statement_timeout,
            ),
            (
                "idle_in_transaction_session_timeout",
                &from.idle_in_transaction_timeout,
                &to.idle_in_transaction_timeout,
            ),
        ];
        for (setting, _, to) in settings.iter().filter(|(_, from, to)| from != to) {
            statements.push(match to {
                Some(value) => format!("ALTER ROLE {name} SET {setting} = {}", literal(value)),
                None => format!("ALTER ROLE {name} RESET {setting}"),
            });
        }
        if from.may_create != to.may_create {
            statements.push(if to.may_create {
                format!("GRANT CREATE ON DATABASE {name} TO {name}")
            } else {
                format!("REVOKE CREATE ON DATABASE {name} FROM {name}")
            });
        }
        statements.join("; ")
    }

    async fn look(&self, link: &Link) -> Result<Result<Limits, String>> {
        let found = read(link, &self.subject).await?;
        let words = self.subject.words();
        Ok(match found {
            None => Err(format!("{words} or its role is gone")),
            Some(found)
                if is_made_by(found.database_comment.as_deref(), self.database_operation)
                    && is_made_by(found.role_comment.as_deref(), self.role_operation) =>
            {
                Ok(found.limits)
            }
            Some(_) => Err(format!("{words} is not ours any more")),
        })
    }
}

/// The limits of a database that is there.
///
/// # Errors
/// `conflict`, reason `changed`, where it has gone meanwhile.
pub async fn observe_limits(clusters: &Clusters, existing: &Existing, deadline: Deadline) -> Result<Limits> {
    let subject = &existing.subject;
    let link = clusters.link(&subject.cluster, deadline).await?;
    let found = deadline.run(&link.place, read(&link, subject)).await?;
    found
        .map(|found| found.limits)
        .ok_or_else(|| changed(format!("{} is gone", subject.words())))
}

struct Read {
    limits: Limits,
    database_comment: Option<String>,
    role_comment: Option<String>,
}

async fn read(link: &Link, subject: &Subject) -> Result<Option<Read>> {
    let statement = "SELECT r.rolconnlimit, d.datconnlimit, s.setconfig,
            EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = r.oid AND a.privilege_type = 'CREATE'),
            shobj_description(d.oid, 'pg_database'), shobj_description(r.oid, 'pg_authid')
        FROM pg_database d JOIN pg_roles r ON r.rolname = d.datname
        LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase = 0
        WHERE d.datname = $1";
    let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&subject.name.as_str(), Type::TEXT)];
    let rows = link.client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&subject.words(), error))?;
    Ok(rows.first().map(|row| {
        let settings: Vec<String> = row.get::<_, Option<_>>(2).unwrap_or_default();
        let setting = |name: &str| {
            settings
                .iter()
                .find_map(|setting| setting.strip_prefix(name)?.strip_prefix('='))
                .map(ToOwned::to_owned)
        };
        Read {
            limits: Limits {
                connections: row.get(0),
                database_connections: row.get(1),
                statement_timeout: setting("statement_timeout"),
                idle_in_transaction_timeout: setting("idle_in_transaction_session_timeout"),
                may_create: row.get(3),
            },
            database_comment: row.get(4),
            role_comment: row.get(5),
        }
    }))
}
