//! `database.suspend` and `database.resume`: who may log in. Nothing in the database is touched.
//!
//! The tenant's role is shut out three times over (NOLOGIN, no sessions, no CONNECT), its sessions are ended, and a login
//! with the very rights of the tenant must be refused. Roles of others that may enter the database go on entering it.
//! The second word of the comment on the database tells which operation did it last.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::catalog;
use super::clusters::{Link, Way};
use super::failure::{changed, failed, mid_effect};
use super::stand_in::{self, StandIn, end_all};
use super::subject::{changed_comment, is_changed_by, is_made_by};
use super::{Clusters, Subject};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

const LOGIN: Duration = Duration::from_secs(15);

/// What keeps the tenant's role out or lets it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// LOGIN.
    pub can_login: bool,
    /// How many sessions it may have; −1 is unlimited.
    pub connections: i32,
    /// CONNECT on the database.
    pub can_connect: bool,
}

impl Door {
    /// Nobody comes in.
    pub const CLOSED: Door = Door {
        can_login: false,
        connections: 0,
        can_connect: false,
    };
}

/// A door that is to be changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Doorway {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// The operation that made the database.
    pub database_operation: Uuid,
    /// The operation that made the roles.
    pub role_operation: Uuid,
    /// The comment on the database, as it was.
    pub comment: String,
    /// How it was.
    pub before: Door,
    /// How it is to be.
    pub after: Door,
}

/// Shuts the tenant out.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Suspend(pub Doorway);

/// Lets the tenant in again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Resume(pub Doorway);

impl OutsideStep for Suspend {
    const KIND: &'static str = "database.suspend";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        self.0.subject.resource()
    }

    fn substrate(&self) -> String {
        self.0.subject.substrate.clone()
    }

    async fn apply(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let link = self.0.turn(world, marker).await?;
        match self.0.verify_closed(world, &link, marker).await {
            Ok(()) => Ok(Value::Null),
            Err(failure) if failure.error.reason() == "still_open" => {
                self.0.turn_back(&link, marker).await?;
                Err(Failure::refused(failure.error))
            }
            Err(failure) => Err(failure),
        }
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        self.0.undo(world, marker).await
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        self.0.probe(world, marker).await
    }
}

impl OutsideStep for Resume {
    const KIND: &'static str = "database.resume";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        self.0.subject.resource()
    }

    fn substrate(&self) -> String {
        self.0.subject.substrate.clone()
    }

    async fn apply(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        self.0.turn(world, marker).await.map(|_| Value::Null)
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        self.0.undo(world, marker).await
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        self.0.probe(world, marker).await
    }
}

/// What is to be seen of a door.
enum Sight {
    /// As it was before.
    Before,
    /// As this operation wrote it.
    After,
    /// As nobody expected.
    Other(String),
}

impl Doorway {
    fn name(&self) -> &str {
        self.subject.name.as_str()
    }

    async fn turn(&self, world: &Clusters, marker: Marker) -> Result<std::sync::Arc<Link>, Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Do)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Sight::Before => {
                let comment = changed_comment(&self.comment, marker);
                self.set(&link, self.after, &comment).await?;
                mid_effect()?;
            }
            Sight::After => {}
            Sight::Other(evidence) => return Err(Failure::refused(changed(evidence))),
        }
        self.end_if_closed(&link, self.after).await?;
        Ok(link)
    }

    async fn undo(&self, world: &Clusters, marker: Marker) -> Result<(), Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        stand_in::remove(&link, marker).await?;
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Sight::Before => Ok(()),
            Sight::After => self.turn_back(&link, marker).await,
            Sight::Other(evidence) => Err(Failure::refused(changed(evidence))),
        }
    }

    async fn turn_back(&self, link: &Link, marker: Marker) -> Result<(), Failure> {
        stand_in::remove(link, marker).await?;
        self.set(link, self.before, &self.comment).await?;
        mid_effect()?;
        self.end_if_closed(link, self.before).await
    }

    async fn probe(&self, world: &Clusters, marker: Marker) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        if stand_in::is_there(&link, marker).await? {
            return Ok(Found::Changed(format!(
                "the role that was to try the login of {} is still there",
                self.subject.words()
            )));
        }
        Ok(match self.look(&link, marker).await? {
            Sight::Before => Found::Absent,
            Sight::After if !self.after.can_login && catalog::sessions_of(&link, self.name()).await? > 0 => {
                Found::Changed(format!("sessions of {} have not ended", self.subject.words()))
            }
            Sight::After => Found::Ours(Value::Null),
            Sight::Other(evidence) => Found::Changed(evidence),
        })
    }

    /// Sent as one message, hence one transaction.
    async fn set(&self, link: &Link, door: Door, comment: &str) -> Result<(), Failure> {
        // The database and the login role have one name.
        let name = identifier(self.name());
        let login = if door.can_login { "LOGIN" } else { "NOLOGIN" };
        let connect = if door.can_connect {
            format!("GRANT CONNECT ON DATABASE {name} TO {name}")
        } else {
            format!("REVOKE CONNECT ON DATABASE {name} FROM {name}")
        };
        let statements = [
            format!("ALTER ROLE {name} {login} CONNECTION LIMIT {}", door.connections),
            connect,
            format!("COMMENT ON DATABASE {name} IS {}", literal(comment)),
        ];
        let set = link.client.batch_execute(&statements.join("; ")).await;
        set.map_err(|error| failed(&self.subject.words(), error))
    }

    async fn end_if_closed(&self, link: &Link, door: Door) -> Result<(), Failure> {
        if door.can_login {
            return Ok(());
        }
        end_all(link, self.name(), self.name()).await
    }

    /// A login with the tenant's rights must be refused. It is not the tenant's own, whose password nobody knows: what
    /// keeps that one out besides was read back by the server's own rules.
    async fn verify_closed(&self, world: &Clusters, link: &Link, marker: Marker) -> Result<(), Failure> {
        let tenant = identifier(self.name());
        let stand_in = StandIn::make(link, marker, |role| vec![format!("GRANT {tenant} TO {role}")]).await;
        let stand_in = stand_in.map_err(|failure| Failure::unknown(failure.error))?;
        let target = stand_in
            .target(world, &self.subject, self.name())
            .map_err(Failure::unknown)?;
        let login = target.connect(Deadline::after(LOGIN)).await;
        stand_in::remove(link, marker)
            .await
            .map_err(|failure| Failure::unknown(failure.error))?;
        match login {
            Err(error) if error.kind() == Kind::Denied => Ok(()),
            Err(error) => Err(Failure::unknown(error)),
            Ok(_) => {
                let message = format!(
                    "{} still lets in whoever has the tenant's rights",
                    self.subject.words()
                );
                let hint = format!("REVOKE CONNECT ON DATABASE {tenant} FROM PUBLIC");
                Err(Failure::refused(
                    Error::new(Kind::Conflict, "still_open", message).hint(hint),
                ))
            }
        }
    }

    async fn look(&self, link: &Link, marker: Marker) -> Result<Sight> {
        let words = self.subject.words();
        let [role] = catalog::roles(link, [self.name()]).await?;
        let [database] = catalog::databases(link, [self.name()]).await?;
        let door = door(link, &self.subject).await?;
        let (Some(role), Some(database), Some(door)) = (role, database, door) else {
            return Ok(Sight::Other(format!("{words} or its role is gone")));
        };
        let comment = database.comment.as_deref();
        let is_ours = is_made_by(role.comment.as_deref(), self.role_operation)
            && is_made_by(comment, self.database_operation);
        Ok(if !is_ours {
            Sight::Other(format!("{words} is not ours any more"))
        } else if door == self.after && is_changed_by(comment, marker.operation) {
            Sight::After
        } else if door == self.before && comment == Some(self.comment.as_str()) {
            Sight::Before
        } else {
            Sight::Other(format!(
                "who may log in to {words} was changed: {}",
                words_of(door)
            ))
        })
    }
}

fn words_of(door: Door) -> String {
    let login = if door.can_login { "login" } else { "no login" };
    let connect = if door.can_connect { "CONNECT" } else { "no CONNECT" };
    format!("{login}, {connect}, connection limit {}", door.connections)
}

/// The door of a database as it is; nothing where the database or its role is gone.
pub(super) async fn door(link: &Link, subject: &Subject) -> Result<Option<Door>> {
    let statement = "SELECT r.rolcanlogin, r.rolconnlimit, EXISTS (SELECT FROM aclexplode(d.datacl) a
            WHERE a.grantee = r.oid AND a.privilege_type = 'CONNECT')
        FROM pg_roles r, pg_database d WHERE r.rolname = $1 AND d.datname = $1";
    let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&subject.name.as_str(), Type::TEXT)];
    let rows = link.client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&subject.words(), error))?;
    Ok(rows.first().map(|row| Door {
        can_login: row.get(0),
        connections: row.get(1),
        can_connect: row.get(2),
    }))
}
