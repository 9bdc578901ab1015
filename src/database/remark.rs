//! `database.remark`: other marks in the comments of databases and roles that are there, all of them in one transaction.
//! Nothing else about them changes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::catalog::{self, leave};
use super::clusters::{Link, Way};
use super::failure::{changed, failed, mid_effect};
use super::subject::is_made_by;
use super::{Clusters, Subject};
use crate::control::quote::{identifier, literal};
use crate::error::Result;
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Writes comments.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remark {
    /// The cluster's name in the configuration.
    pub(super) cluster: String,
    /// Its system identifier.
    pub(super) substrate: String,
    /// The key that is claimed.
    pub(super) resource: String,
    /// What bears them.
    pub(super) things: Vec<Commented>,
}

/// What can bear a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Database,
    Role,
}

/// One comment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Commented {
    pub kind: Kind,
    pub name: String,
    pub before: String,
    /// Absent: the mark of this operation; empty: none.
    pub after: Option<String>,
    /// A role that we have to be a member of for it, and are not.
    pub as_role: Option<String>,
}

/// How one comment stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sight {
    Before,
    After,
    Other,
}

impl OutsideStep for Remark {
    const KIND: &'static str = "database.remark";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        self.resource.clone()
    }

    fn substrate(&self) -> String {
        self.substrate.clone()
    }

    async fn apply(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let link = self
            .enter(world, marker, Way::Do)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Found::Ours(output) => return Ok(output),
            Found::Absent => {}
            Found::Changed(evidence) | Found::Foreign(evidence) => {
                return Err(Failure::refused(changed(evidence)));
            }
        }
        mid_effect()?;
        let after = |thing: &Commented| thing.after.clone().unwrap_or_else(|| marker.to_string());
        self.write(&link, after).await.map(|()| Value::Null)
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = self
            .enter(world, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Found::Ours(_) => {}
            Found::Absent | Found::Foreign(_) => return Ok(()),
            Found::Changed(evidence) => return Err(Failure::refused(changed(evidence))),
        }
        mid_effect()?;
        self.write(&link, |thing| thing.before.clone()).await
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = self.enter(world, marker, Way::Back).await?;
        self.look(&link, marker).await
    }
}

impl Remark {
    /// Comments on what belongs to `subject`.
    pub(super) fn of(subject: &Subject, things: Vec<Commented>) -> Self {
        Remark {
            cluster: subject.cluster.clone(),
            substrate: subject.substrate.clone(),
            resource: subject.resource(),
            things,
        }
    }

    async fn enter(&self, world: &Clusters, marker: Marker, way: Way) -> Result<std::sync::Arc<Link>> {
        let thing = self.things.first().map_or("", |thing| thing.name.as_str());
        world
            .enter_cluster(&self.cluster, &self.substrate, thing, marker, way)
            .await
    }

    /// Sent as one message, hence one transaction.
    async fn write(&self, link: &Link, text: impl Fn(&Commented) -> String) -> Result<(), Failure> {
        let mut statements = Vec::new();
        for thing in &self.things {
            let what = match thing.kind {
                Kind::Database => "DATABASE",
                Kind::Role => "ROLE",
            };
            let comment = match text(thing).as_str() {
                "" => "NULL".to_owned(),
                text => literal(text),
            };
            let written = format!("COMMENT ON {what} {} IS {comment}", identifier(&thing.name));
            // Who may do anything needs no membership.
            let role = thing.as_role.as_deref().filter(|_| !link.is_superuser);
            statements.extend(role.map(|role| link.join(role)));
            statements.push(written);
            statements.extend(role.map(leave));
        }
        let done = link.client.batch_execute(&statements.join("; ")).await;
        done.map_err(|error| failed(&format!("the marks on {}", self.cluster), error))
    }

    async fn look(&self, link: &Link, marker: Marker) -> Result<Found> {
        let mut sights = Vec::with_capacity(self.things.len());
        for thing in &self.things {
            let comment = match thing.kind {
                Kind::Database => {
                    let [found] = catalog::databases(link, [thing.name.as_str()]).await?;
                    found.map(|found| found.comment)
                }
                Kind::Role => {
                    let [found] = catalog::roles(link, [thing.name.as_str()]).await?;
                    found.map(|found| found.comment)
                }
            };
            let Some(comment) = comment else {
                return Ok(Found::Changed(format!(
                    "{} on {} is gone",
                    thing.name, self.cluster
                )));
            };
            sights.push(thing.sight(&comment.unwrap_or_default(), marker));
        }
        Ok(match sights.as_slice() {
            all if all.iter().all(|sight| *sight == Sight::After) => Found::Ours(Value::Null),
            all if all.iter().all(|sight| *sight == Sight::Before) => Found::Absent,
            _ => Found::Changed(format!("{} bears other marks by now", self.resource)),
        })
    }
}

impl Commented {
    fn sight(&self, comment: &str, marker: Marker) -> Sight {
        let is_after = match &self.after {
            Some(after) => comment == after,
            None => is_made_by(Some(comment), marker.operation),
        };
        match is_after {
            true => Sight::After,
            false if comment == self.before => Sight::Before,
            false => Sight::Other,
        }
    }
}
