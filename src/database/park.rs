//! `database.park`: what a restore had brought, and undoing it has taken out of service, goes into the trash: by now it may hold
//! what was written since.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::catalog;
use super::clusters::{Link, Way};
use super::failure::{changed, failed, mid_effect};
use super::subject::{is_made_by, mark, staging_of, trash_of};
use super::{Clusters, Subject, gate};
use crate::control::quote::{identifier, literal};
use crate::error::Result;
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Keeps a database that nobody enters under a name of the trash.
#[derive(Debug, Serialize, Deserialize)]
pub struct Park {
    /// The database that it was.
    #[serde(flatten)]
    pub subject: Subject,
    /// The operation that restored it, after which it is named until then.
    pub restored_by: Uuid,
}

impl OutsideStep for Park {
    const KIND: &'static str = "database.park";
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
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Found::Ours(output) => Ok(output),
            Found::Absent => {
                let (from, to) = (staging_of(self.restored_by), trash_of(marker.operation));
                self.turn(&link, &from, &to, marker).await.map(|()| Value::Null)
            }
            Found::Changed(evidence) | Found::Foreign(evidence) => Err(Failure::refused(changed(evidence))),
        }
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Found::Absent => Ok(()),
            Found::Ours(_) => {
                let (from, to) = (trash_of(marker.operation), staging_of(self.restored_by));
                self.turn(&link, &from, &to, mark(self.restored_by)).await
            }
            Found::Changed(evidence) | Found::Foreign(evidence) => Err(Failure::refused(changed(evidence))),
        }
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        self.look(&link, marker).await
    }
}

impl Park {
    /// Name and mark in one transaction. Nobody has entered it since it went out of service, unless an earlier version took it
    /// out; who may is told by what is served.
    async fn turn(&self, link: &Link, from: &str, to: &str, mark: Marker) -> Result<(), Failure> {
        mid_effect()?;
        gate::clear(link, from, &self.subject.words()).await?;
        let (from, to, mark) = (identifier(from), identifier(to), literal(&mark.to_string()));
        let statements = format!("ALTER DATABASE {from} RENAME TO {to}; COMMENT ON DATABASE {to} IS {mark}");
        let turned = link.client.batch_execute(&statements).await;
        turned.map_err(|error| failed(&self.subject.words(), error))
    }

    async fn look(&self, link: &Link, marker: Marker) -> Result<Found> {
        let names = [staging_of(self.restored_by), trash_of(marker.operation)];
        let [waiting, parked] = catalog::databases(link, [names[0].as_str(), names[1].as_str()]).await?;
        let is_of = |found: &catalog::Stored, operation: Uuid| {
            is_made_by(found.comment.as_deref(), operation)
                && found.owner == self.subject.owner
                && !found.is_half_dropped
        };
        Ok(match (waiting, parked) {
            (None, Some(parked)) if is_of(&parked, marker.operation) => Found::Ours(Value::Null),
            // Before the restore is taken back, it is served yet.
            (None, None) => Found::Absent,
            (Some(waiting), None) if is_of(&waiting, self.restored_by) => Found::Absent,
            _ => Found::Changed(format!(
                "what was restored to {} is not as hostctl left it",
                self.subject.words()
            )),
        })
    }
}
