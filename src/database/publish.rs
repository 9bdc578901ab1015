//! `database.publish`: the name, the mark, the rights and the login, in one transaction.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::error::SqlState;

use super::catalog::{self, end_sessions, leave};
use super::clusters::{Link, Way};
use super::failure::{changed, failed, foreign, is, mid_effect};
use super::limits::of_database;
use super::subject::{is_made_by, staging_of};
use super::{Clusters, Subject};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::error::Result;
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Gives the database its name.
#[derive(Debug, Serialize, Deserialize)]
pub struct Publish {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// How many sessions the role may have, unlimited where absent; the database takes some more.
    pub connections: Option<u32>,
}

impl OutsideStep for Publish {
    const KIND: &'static str = "database.publish";
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
        mid_effect()?;
        match link.client.batch_execute(&self.statements(marker)).await {
            Ok(()) => Ok(Value::Null),
            Err(error) if sqlstate::is_duplicate(&error) || is(&error, &SqlState::INVALID_CATALOG_NAME) => {
                self.settle(&link, marker, error).await
            }
            Err(error) => Err(failed(&self.subject.words(), error)),
        }
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Found::Ours(_) => {}
            Found::Absent | Found::Foreign(_) => return Ok(()),
            Found::Changed(evidence) => {
                return Err(Failure::refused(changed(evidence).hint(self.as_it_was(marker))));
            }
        }
        let words = self.subject.words();
        // First nobody can come in any more, then those who are in go: the other way round they would come again.
        let close = format!("ALTER ROLE {} NOLOGIN", self.login());
        link.client
            .batch_execute(&close)
            .await
            .map_err(|error| failed(&words, error))?;
        mid_effect()?;
        let taken_back = link.client.batch_execute(&self.reversal(&link, marker)).await;
        taken_back.map_err(|error| failed(&words, error))
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        self.look(&link, marker).await
    }
}

impl Publish {
    fn login(&self) -> String {
        identifier(self.subject.name.as_str())
    }

    /// What puts owner and mark of the database back.
    fn as_it_was(&self, marker: Marker) -> String {
        let (name, owner) = (self.login(), identifier(&self.subject.owner));
        let mark = literal(&marker.to_string());
        format!("ALTER DATABASE {name} OWNER TO {owner}; COMMENT ON DATABASE {name} IS {mark}")
    }

    fn statements(&self, marker: Marker) -> String {
        // The database and the login role have one name.
        let name = self.login();
        let mut statements = vec![
            format!(
                "ALTER DATABASE {} RENAME TO {name}",
                identifier(&staging_of(marker.operation))
            ),
            format!("COMMENT ON DATABASE {name} IS {}", literal(&marker.to_string())),
            format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC"),
            format!("GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {name}"),
        ];
        statements.extend(
            self.connections
                .map(|limit| of_database(i32::try_from(limit).unwrap_or(i32::MAX)))
                .map(|limit| format!("ALTER DATABASE {name} CONNECTION LIMIT {limit}")),
        );
        statements.push(format!("ALTER ROLE {name} LOGIN"));
        statements.join("; ")
    }

    fn reversal(&self, link: &Link, marker: Marker) -> String {
        let (name, staging) = (self.login(), identifier(&staging_of(marker.operation)));
        let statements = [
            link.join(self.subject.name.as_str()),
            end_sessions(self.subject.name.as_str()),
            format!("ALTER DATABASE {name} RENAME TO {staging}"),
            format!("COMMENT ON DATABASE {staging} IS NULL"),
            format!("REVOKE ALL ON DATABASE {staging} FROM {name}"),
            format!("ALTER DATABASE {staging} CONNECTION LIMIT -1"),
            leave(self.subject.name.as_str()),
        ];
        statements.join("; ")
    }

    /// The name is taken, or the staging name is free: by this very step, or something is wrong.
    async fn settle(
        &self,
        link: &Link,
        marker: Marker,
        error: tokio_postgres::Error,
    ) -> Result<Value, Failure> {
        match self.look(link, marker).await.map_err(Failure::unknown)? {
            Found::Ours(output) => Ok(output),
            Found::Foreign(evidence) => Err(Failure::refused(foreign(evidence))),
            Found::Changed(evidence) => Err(Failure::refused(changed(evidence))),
            Found::Absent => Err(failed(&self.subject.words(), error)),
        }
    }

    async fn look(&self, link: &Link, marker: Marker) -> Result<Found> {
        let name = self.subject.name.as_str();
        let [found] = catalog::databases(link, [name]).await?;
        let words = self.subject.words();
        Ok(match found {
            None => Found::Absent,
            Some(found) if found.owner == self.subject.owner => {
                if is_made_by(found.comment.as_deref(), marker.operation) && !found.is_half_dropped {
                    Found::Ours(Value::Null)
                } else {
                    Found::Changed(format!("{words} has lost its mark"))
                }
            }
            Some(found) if is_made_by(found.comment.as_deref(), marker.operation) => {
                Found::Changed(format!("{words} belongs to {} now", found.owner))
            }
            Some(_) => Found::Foreign(format!("{words} is somebody else's")),
        })
    }
}
