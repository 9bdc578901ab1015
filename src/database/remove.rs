//! `database.drop` and `database.drop_roles`: the end, without return.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::clusters::{Link, Way};
use super::create::drop_database;
use super::drop_roles::drop_both;
use super::failure::{changed, forward_only, mid_effect};
use super::subject::{hidden_of, is_made_by};
use super::{Clusters, Subject, catalog};
use crate::error::Result;
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Drops a database that was hidden.
#[derive(Debug, Serialize, Deserialize)]
pub struct Drop {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// The earlier operation that hid it and its login role; absent where it is this one, which leaves the role its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_by: Option<Uuid>,
}

impl OutsideStep for Drop {
    const KIND: &'static str = "database.drop";
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
        let by = self.hidden_by.unwrap_or(marker.operation);
        let trash = hidden_of(by, &self.subject.name);
        let [found] = catalog::databases(&link, [&trash])
            .await
            .map_err(Failure::not_now)?;
        match found {
            Some(found) if !is_made_by(found.comment.as_deref(), by) => Err(Failure::refused(changed(
                format!("database {trash} has lost its mark"),
            ))),
            Some(_) => drop_database(&link, &trash, &self.subject.words())
                .await
                .map(|()| Value::Null),
            None => Ok(Value::Null),
        }
    }

    /// Only where nothing was done yet.
    async fn undo(&self, world: &Clusters, marker: Marker, secrets: &Secrets) -> Result<(), Failure> {
        match self
            .probe(world, marker, secrets)
            .await
            .map_err(Failure::not_now)?
        {
            Found::Absent => Ok(()),
            Found::Ours(_) | Found::Changed(_) | Found::Foreign(_) => {
                Err(forward_only(format!("{} was dropped", self.subject.words())))
            }
        }
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        let trash = hidden_of(self.hidden_by.unwrap_or(marker.operation), &self.subject.name);
        let [hidden, visible] = catalog::databases(&link, [&trash, self.subject.name.as_str()]).await?;
        Ok(match (hidden, visible) {
            (Some(hidden), _) if hidden.is_half_dropped => {
                Found::Changed(format!("database {trash} is half dropped"))
            }
            (Some(_), _) => Found::Absent,
            // It was shown again when the hiding was taken back: it cannot have been dropped.
            (None, Some(visible)) if visible.owner == self.subject.owner => Found::Absent,
            (None, _) => Found::Ours(Value::Null),
        })
    }
}

/// Drops both roles of a database that is gone.
#[derive(Debug, Serialize, Deserialize)]
pub struct DropRoles {
    /// The database that they were for.
    #[serde(flatten)]
    pub subject: Subject,
    /// The operation that made the roles.
    pub role_operation: Uuid,
    /// As in [`Drop`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_by: Option<Uuid>,
}

impl OutsideStep for DropRoles {
    const KIND: &'static str = "database.drop_roles";
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
        let (names, operation) = (self.names(), self.role_operation);
        drop_both(world, &link, names, &self.subject, operation, marker)
            .await
            .map(|()| Value::Null)
    }

    /// Only where nothing was done yet: a role that is made anew has not its password.
    async fn undo(&self, world: &Clusters, marker: Marker, secrets: &Secrets) -> Result<(), Failure> {
        match self
            .probe(world, marker, secrets)
            .await
            .map_err(Failure::not_now)?
        {
            Found::Absent => Ok(()),
            Found::Ours(_) | Found::Changed(_) | Found::Foreign(_) => Err(forward_only(format!(
                "the roles of {} were dropped",
                self.subject.words()
            ))),
        }
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        self.look(&link).await
    }
}

impl DropRoles {
    /// The login role and the owner, as they are called now.
    fn names(&self) -> [String; 2] {
        let login = self.hidden_by.map_or_else(
            || self.subject.name.to_string(),
            |by| hidden_of(by, &self.subject.name),
        );
        [login, self.subject.owner.clone()]
    }

    async fn look(&self, link: &Link) -> Result<Found> {
        let [login, owner] = self.names();
        let found = catalog::roles(link, [&login, &owner]).await?;
        let is_there = found
            .map(|role| role.is_some_and(|role| is_made_by(role.comment.as_deref(), self.role_operation)));
        Ok(match is_there {
            [false, false] => Found::Ours(Value::Null),
            [true, true] => Found::Absent,
            [true, false] | [false, true] => {
                Found::Changed(format!("one of the roles of {} is gone", self.subject.words()))
            }
        })
    }
}
