//! `database.mend`: role attributes, limits and grants as they shall be.
//!
//! It puts no mark into the world: under the claim on the database, what stands there is the image before, the image after,
//! or somebody else's doing. Of a membership that is taken back and given again neither the grantor nor an admin option is
//! kept.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::clusters::{Link, Way};
use super::failure::{changed, failed, mid_effect};
use super::stand_in::end_all;
use super::standing::{self, Standing};
use super::{Clusters, Existing, Subject, catalog};
use crate::error::Result;
use crate::journal::{Change, Failure, Found, Marker, OutsideStep, PlannedStep, Reversal, Secrets};

/// Makes one standing of another.
#[derive(Debug, Serialize, Deserialize)]
pub struct Mend {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// The operation that made the database.
    pub database_operation: Uuid,
    /// The operation that made the roles.
    pub role_operation: Uuid,
    /// As it was.
    pub before: Box<Standing>,
    /// As it shall be.
    pub after: Box<Standing>,
}

/// Plans what makes `after` of how the database stands; nothing where there is no difference.
///
/// # Errors
/// `internal`.
pub fn plan_mend(existing: &Existing, before: &Standing, after: &Standing) -> Result<Option<PlannedStep>> {
    let subject = &existing.subject;
    if before.statements(subject, after).is_empty() {
        return Ok(None);
    }
    let step = Mend {
        subject: subject.clone(),
        database_operation: existing.database.database_operation,
        role_operation: existing.database.role_operation,
        before: Box::new(before.clone()),
        after: Box::new(after.clone()),
    };
    let ends = if before.can_login() && !after.can_login() {
        ", sessions ended"
    } else {
        ""
    };
    let change = Change {
        action: "mend",
        resource: subject.words(),
        before: Some(before.words(after)),
        after: Some(after.words(before) + ends),
        undo: Reversal::Undoable,
    };
    PlannedStep::outside(&step, change).map(Some)
}

impl OutsideStep for Mend {
    const KIND: &'static str = "database.mend";
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
        self.turn(&link, &self.before, &self.after).await?;
        if self.is_shut() {
            end_all(&link, self.name(), self.name()).await?;
        }
        Ok(Value::Null)
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        self.turn(&link, &self.after, &self.before).await
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        let found = self.before.masked(&self.after, &self.look(&link).await?);
        let is_done = found == self.target();
        if is_done && self.is_shut() && catalog::sessions_of(&link, self.name()).await? > 0 {
            let evidence = format!("sessions of {} have not ended", self.subject.words());
            return Ok(Found::Changed(evidence));
        }
        Ok(match found {
            found if found == *self.before => Found::Absent,
            _ if is_done => Found::Ours(Value::Null),
            found => Found::Changed(self.evidence(&found)),
        })
    }
}

impl Mend {
    fn name(&self) -> &str {
        self.subject.name.as_str()
    }

    /// Whether it is a suspended database's, in which nobody may be who came while it was open.
    fn is_shut(&self) -> bool {
        !self.after.can_login()
    }

    async fn look(&self, link: &Link) -> Result<Standing> {
        standing::read(link, &self.subject, self.database_operation, self.role_operation).await
    }

    /// The image after, in all else like the one before.
    fn target(&self) -> Standing {
        self.before.masked(&self.after, &self.after)
    }

    fn evidence(&self, found: &Standing) -> String {
        format!(
            "{} stands otherwise now: {}",
            self.subject.words(),
            found.words(&self.target())
        )
    }

    /// From one image to the other, and from nowhere else.
    async fn turn(&self, link: &Link, from: &Standing, to: &Standing) -> Result<(), Failure> {
        let seen = self.look(link).await.map_err(Failure::not_now)?;
        let found = from.masked(to, &seen);
        if found == from.masked(to, to) {
            return Ok(());
        }
        if found != *from {
            return Err(Failure::refused(changed(self.evidence(&found))));
        }
        let statements = from.statements(&self.subject, to).join("; ");
        let done = link.client.batch_execute(&statements).await;
        done.map_err(|error| failed(&self.subject.words(), error))?;
        mid_effect()
    }
}
