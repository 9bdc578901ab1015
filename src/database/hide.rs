//! `database.hide`: nobody may enter, nobody is in, and the database bears a name of the trash, as does its login role
//! where both names shall be free again. All of it comes back, the password included (SCRAM verifiers hold no name).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::catalog::{self, Role, Stored};
use super::clusters::{Link, Way};
use super::entry::Entrants;
use super::failure::{changed, failed, mid_effect};
use super::stand_in::end_all;
use super::subject::{hidden_of, is_made_by};
use super::{Clusters, Subject, gate};
use crate::control::quote::{identifier, literal};
use crate::error::Result;
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Puts the database out of reach.
#[derive(Debug, Serialize, Deserialize)]
pub struct Hide {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// The operation that made the database.
    pub database_operation: Uuid,
    /// The operation that made the roles.
    pub role_operation: Uuid,
    /// The comment on the database, as it was.
    pub comment: String,
    /// Whether the tenant could log in.
    pub can_login: bool,
    /// Whether the login role is renamed too.
    #[serde(default)]
    pub renames_role: bool,
    /// Who may enter it, and may again when it comes back. Absent where an earlier version planned it, which let them go on.
    #[serde(default)]
    pub(super) entrants: Option<Entrants>,
}

impl OutsideStep for Hide {
    const KIND: &'static str = "database.hide";
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
            Sight::Hidden => return Ok(Value::Null),
            Sight::Visible(_) => {}
            Sight::Other(evidence) => return Err(Failure::refused(changed(evidence))),
        }
        let words = self.subject.words();
        let name = self.subject.name.as_str();
        // First nobody can come in any more, then those who are in go: the other way round they would come again.
        let close = format!("ALTER ROLE {} NOLOGIN; {}", self.name(), gate::shut(name));
        link.client
            .batch_execute(&close)
            .await
            .map_err(|error| failed(&words, error))?;
        mid_effect()?;
        end_all(&link, name, name).await?;
        gate::put_out(&link, name, &words).await?;
        let statements = self.statements(&link, marker).await.map_err(Failure::unknown)?;
        let hidden = link.client.batch_execute(&statements.join("; ")).await;
        // It is shut already: whatever the reason, something was done.
        hidden
            .map(|()| Value::Null)
            .map_err(|error| Failure::unknown(failed(&words, error).error))
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        let name = self.subject.name.as_str();
        let mut statements = match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Sight::Hidden => self.reversal(&link, marker).await?,
            Sight::Visible(true) => return Ok(()),
            Sight::Visible(false) => vec![gate::open(name)],
            Sight::Other(evidence) => return Err(Failure::refused(changed(evidence))),
        };
        if self.can_login {
            statements.push(format!("ALTER ROLE {} LOGIN", self.name()));
        }
        mid_effect()?;
        let shown = link.client.batch_execute(&statements.join("; ")).await;
        shown.map_err(|error| failed(&self.subject.words(), error))
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        Ok(match self.look(&link, marker).await? {
            Sight::Hidden => Found::Ours(Value::Null),
            Sight::Visible(true) => Found::Absent,
            Sight::Visible(false) => Found::Changed(format!(
                "{} is there, but nobody may log in to it",
                self.subject.words()
            )),
            Sight::Other(evidence) => Found::Changed(evidence),
        })
    }
}

/// What became of the database.
enum Sight {
    /// It bears the name of the trash.
    Hidden,
    /// It bears its own name, and it can be entered as it could, or not.
    Visible(bool),
    /// It is not as the inventory says.
    Other(String),
}

impl Hide {
    fn name(&self) -> String {
        identifier(self.subject.name.as_str())
    }

    /// Sent as one message, hence one transaction.
    async fn statements(&self, link: &Link, marker: Marker) -> Result<Vec<String>> {
        let name = self.subject.name.as_str();
        let trash = identifier(&hidden_of(marker.operation, &self.subject.name));
        let mut statements = match self.entrants {
            Some(_) => Entrants::of(link, name)
                .await?
                .doors(link, &self.subject.owner)
                .await?
                .shut(name),
            None => Vec::new(),
        };
        statements.extend([
            format!("ALTER DATABASE {} RENAME TO {trash}", self.name()),
            format!("COMMENT ON DATABASE {trash} IS {}", literal(&marker.to_string())),
        ]);
        // Who may enter is asked by then; where an earlier version planned it, whoever may does so in the trash as well.
        statements.push(gate::open(&hidden_of(marker.operation, &self.subject.name)));
        let rename = self
            .renames_role
            .then(|| format!("ALTER ROLE {} RENAME TO {trash}", self.name()));
        statements.extend(rename);
        Ok(statements)
    }

    async fn reversal(&self, link: &Link, marker: Marker) -> Result<Vec<String>, Failure> {
        let hidden = hidden_of(marker.operation, &self.subject.name);
        // An earlier version let in there whom it had let in before.
        gate::put_out(link, &hidden, &self.subject.words()).await?;
        // By the names that they have now, of which one changes here.
        let mut statements = match &self.entrants {
            Some(entrants) => {
                let doors = entrants.doors(link, &self.subject.owner).await;
                doors.map_err(Failure::not_now)?.open(&hidden)
            }
            None => Vec::new(),
        };
        let trash = identifier(&hidden);
        let rename = self
            .renames_role
            .then(|| format!("ALTER ROLE {trash} RENAME TO {}", self.name()));
        let shown = [
            format!("ALTER DATABASE {trash} RENAME TO {}", self.name()),
            format!(
                "COMMENT ON DATABASE {} IS {}",
                self.name(),
                literal(&self.comment)
            ),
        ];
        statements.extend(rename.into_iter().chain(shown));
        Ok(statements)
    }

    async fn look(&self, link: &Link, marker: Marker) -> Result<Sight> {
        let name = self.subject.name.as_str();
        let trash = hidden_of(marker.operation, &self.subject.name);
        let [hidden, visible] = catalog::databases(link, [&trash, name]).await?;
        let [renamed, own] = catalog::roles(link, [&trash, name]).await?;
        // Both are renamed by one transaction: a role of the old name beside a hidden database is somebody else's.
        let role = if self.renames_role && hidden.is_some() {
            renamed
        } else {
            own
        };
        let is_hidden =
            |found: &Stored| is_made_by(found.comment.as_deref(), marker.operation) && !found.is_half_dropped;
        let is_visible = |found: &Stored| is_made_by(found.comment.as_deref(), self.database_operation);
        let is_ours = |role: &Role| is_made_by(role.comment.as_deref(), self.role_operation);
        let words = self.subject.words();
        Ok(match (hidden, visible, role) {
            (_, _, None) => Sight::Other(format!("the role of {words} is gone")),
            (_, _, Some(role)) if !is_ours(&role) => {
                Sight::Other(format!("the role of {words} is not ours any more"))
            }
            (Some(hidden), _, Some(_)) if is_hidden(&hidden) => Sight::Hidden,
            (None, Some(visible), Some(role)) if is_visible(&visible) => {
                Sight::Visible(visible.takes_connections && role.can_login == self.can_login)
            }
            _ => Sight::Other(format!("{words} is not ours any more")),
        })
    }
}
