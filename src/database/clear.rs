//! `database.clear`: the end of a database or a role that an operation left which nobody remembers; only as long as it bears
//! the comment that was seen.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::error::SqlState;

use super::Clusters;
use super::catalog;
use super::clusters::{Link, Way};
use super::create::drop_database;
use super::failure::{changed, failed, forward_only, is, mid_effect};
use super::remark::Kind;
use crate::control::quote::identifier;
use crate::error::{Error, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Drops a leftover.
#[derive(Debug, Serialize, Deserialize)]
pub struct Clear {
    /// The cluster's name in the configuration.
    pub(super) cluster: String,
    /// Its system identifier.
    pub(super) substrate: String,
    /// What it is.
    pub(super) kind: Kind,
    /// Its name.
    pub(super) name: String,
    /// Its comment, as it was seen.
    pub(super) comment: Option<String>,
    /// The owner of a database, as it was seen.
    pub(super) owner: Option<String>,
}

impl OutsideStep for Clear {
    const KIND: &'static str = "database.clear";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        let kind = match self.kind {
            Kind::Database => "database",
            Kind::Role => "role",
        };
        format!("{kind}:{}/{}", self.cluster, self.name)
    }

    fn substrate(&self) -> String {
        self.substrate.clone()
    }

    async fn apply(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let link = self
            .enter(world, marker, Way::Do)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link).await.map_err(Failure::not_now)? {
            Found::Ours(output) => return Ok(output),
            Found::Absent => {}
            Found::Changed(evidence) | Found::Foreign(evidence) => {
                return Err(Failure::refused(changed(evidence)));
            }
        }
        mid_effect()?;
        match self.kind {
            Kind::Database => drop_database(&link, &self.name, &self.words()).await?,
            Kind::Role => self.drop_role(&link).await?,
        }
        Ok(Value::Null)
    }

    /// Only where nothing was done yet.
    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = self
            .enter(world, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link).await.map_err(Failure::not_now)? {
            Found::Absent => Ok(()),
            Found::Ours(_) | Found::Changed(_) | Found::Foreign(_) => {
                Err(forward_only(format!("{} was dropped", self.words())))
            }
        }
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = self.enter(world, marker, Way::Back).await?;
        self.look(&link).await
    }
}

impl Clear {
    fn words(&self) -> String {
        let kind = match self.kind {
            Kind::Database => "database",
            Kind::Role => "role",
        };
        format!("{kind} {} on {}", self.name, self.cluster)
    }

    async fn enter(&self, world: &Clusters, marker: Marker, way: Way) -> Result<std::sync::Arc<Link>> {
        world
            .enter_cluster(&self.cluster, &self.substrate, &self.name, marker, way)
            .await
    }

    async fn drop_role(&self, link: &Link) -> Result<(), Failure> {
        let dropped = format!("DROP ROLE IF EXISTS {}", identifier(&self.name));
        match link.client.batch_execute(&dropped).await {
            Ok(()) => Ok(()),
            Err(error) if is(&error, &SqlState::DEPENDENT_OBJECTS_STILL_EXIST) => {
                let message = format!("{} still owns something", self.words());
                Err(Failure::refused(
                    Error::new(crate::error::Kind::Conflict, "in_use", message).source(error),
                ))
            }
            Err(error) => Err(failed(&self.words(), error)),
        }
    }

    async fn look(&self, link: &Link) -> Result<Found> {
        let seen = match self.kind {
            Kind::Database => {
                let [found] = catalog::databases(link, [self.name.as_str()]).await?;
                // An interrupted DROP is finished by the next one.
                found.map(|found| (found.comment, Some(found.owner), false))
            }
            Kind::Role => {
                let [found] = catalog::roles(link, [self.name.as_str()]).await?;
                found.map(|found| (found.comment, None, found.is_privileged))
            }
        };
        let words = self.words();
        Ok(match seen {
            None => Found::Ours(Value::Null),
            Some((comment, owner, _)) if comment != self.comment || owner != self.owner => {
                Found::Changed(format!("{words} is not as it was seen"))
            }
            Some((_, _, true)) => Found::Changed(format!("{words} was given privileges that no tenant has")),
            Some(_) => Found::Absent,
        })
    }
}
