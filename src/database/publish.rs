//! `database.publish`: the name, the mark, the rights and the login, in one transaction. What cannot be taken back is served
//! as it was.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::error::SqlState;

use super::catalog;
use super::clusters::{Link, Way};
use super::entry::Entrants;
use super::failure::{changed, failed, foreign, is, mid_effect};
use super::limits::of_database;
use super::prepare::act_as;
use super::stand_in::end_all;
use super::subject::{is_made_by, staging_of};
use super::{Clusters, Subject, gate};
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
        let Err(failure) = self.withdraw(&link, marker).await else {
            return Ok(());
        };
        // Where that cannot be done either, whoever looks next finds it shut.
        self.open(&link).await.ok();
        Err(failure)
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        let found = self.look(&link, marker).await?;
        let name = self.subject.name.as_str();
        let [role] = catalog::roles(&link, [name]).await?;
        let [database] = catalog::databases(&link, [name]).await?;
        let is_open = role.is_some_and(|role| role.can_login)
            && database.is_some_and(|database| database.takes_connections);
        Ok(match found {
            Found::Ours(_) if !is_open => Found::Changed(format!(
                "{} is there, but nobody may log in to it",
                self.subject.words()
            )),
            found => found,
        })
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

    /// First nobody can come in any more, then those who are in go: the other way round they would come again.
    async fn withdraw(&self, link: &Link, marker: Marker) -> Result<(), Failure> {
        let (name, words) = (self.subject.name.as_str(), self.subject.words());
        let close = format!("ALTER ROLE {} NOLOGIN; {}", self.login(), gate::shut(name));
        let closed = link.client.batch_execute(&close).await;
        closed.map_err(|error| failed(&words, error))?;
        mid_effect()?;
        end_all(link, name, name).await?;
        gate::put_out(link, name, &words).await?;
        let reversal = self.reversal(link, marker).await.map_err(Failure::unknown)?;
        let taken_back = link.client.batch_execute(&reversal.join("; ")).await;
        taken_back.map_err(|error| failed(&words, error))
    }

    async fn open(&self, link: &Link) -> Result<(), Failure> {
        let name = self.subject.name.as_str();
        let open = format!("{}; ALTER ROLE {} LOGIN", gate::open(name), self.login());
        let opened = link.client.batch_execute(&open).await;
        opened.map_err(|error| failed(&self.subject.words(), error))
    }

    async fn reversal(&self, link: &Link, marker: Marker) -> Result<Vec<String>> {
        let (name, staging) = (self.login(), staging_of(marker.operation));
        let entrants = Entrants::of(link, self.subject.name.as_str()).await?;
        let doors = entrants.doors(link, &self.subject.owner).await?;
        let mut statements = doors.shut(self.subject.name.as_str());
        // What the tenant has handed on goes with what it had.
        statements.extend(act_as(link, &self.subject.owner));
        statements.push(format!("REVOKE ALL ON DATABASE {name} FROM {name} CASCADE"));
        statements.push("RESET ROLE".to_owned());
        let quoted = identifier(&staging);
        statements.extend([
            format!("ALTER DATABASE {name} RENAME TO {quoted}"),
            format!("COMMENT ON DATABASE {quoted} IS NULL"),
            format!("ALTER DATABASE {quoted} CONNECTION LIMIT -1"),
            gate::open(&staging),
        ]);
        Ok(statements)
    }

    /// The name is taken, or the staging name is free: by this very step, or something is wrong.
    async fn settle(
        &self,
        link: &Link,
        marker: Marker,
        error: tokio_postgres::Error,
    ) -> Result<Value, Failure> {
        match self.look(link, marker).await.map_err(Failure::unknown)? {
            // Somebody began to take it back and died.
            Found::Ours(output) => self.open(link).await.map(|()| output),
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
