//! `database.swap`: what was restored takes the name, and the database that had it is kept under a name of the trash:
//! two renames in one transaction. Comment, limits, rights and settings go over to the new one; what goes into the trash
//! nobody enters any more. Meanwhile the gate of the one that is served is shut.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::catalog::{self, Role, Stored};
use super::clusters::{Link, Way};
use super::entry::{CONNECT, Entrants, RIGHTS};
use super::failure::{changed, failed, mid_effect};
use super::stand_in::end_all;
use super::subject::{is_made_by, staging_of, trash_of};
use super::{Clusters, Subject, gate, settings};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::error::Result;
use crate::journal::{Certainty, Failure, Found, Marker, OutsideStep, Secrets};

/// Puts the staging database in the place of the one that is served.
#[derive(Debug, Serialize, Deserialize)]
pub struct Swap {
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
}

impl OutsideStep for Swap {
    const KIND: &'static str = "database.swap";
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
            Sight::Swapped(true) => return Ok(output(marker, &[])),
            // Somebody began to swap them back and died.
            Sight::Swapped(false) => return self.open(&link).await.map(|()| output(marker, &[])),
            Sight::Waiting(_) => {}
            Sight::Other(evidence) => return Err(Failure::refused(changed(evidence))),
        }
        let (staging, trash) = (staging_of(marker.operation), trash_of(marker.operation));
        let carried = self.carried(&link).await.map_err(Failure::not_now)?;
        let left_out = settings::carry(world, &link, &self.subject, &staging, marker).await?;
        // It is shut from here on: whatever the reason, something was done.
        self.close(&link, &staging).await.map_err(undecided)?;
        let mut statements = self
            .exchange(&link, &staging, &trash, marker)
            .await
            .map_err(undecided)?;
        statements.extend(carried);
        let swapped = link.client.batch_execute(&statements.join("; ")).await;
        swapped
            .map(|()| output(marker, &left_out))
            .map_err(|error| Failure::unknown(failed(&self.subject.words(), error).error))
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Sight::Swapped(_) => {}
            Sight::Waiting(true) => return Ok(()),
            Sight::Waiting(false) => return self.open(&link).await,
            Sight::Other(evidence) => return Err(Failure::refused(changed(evidence))),
        }
        let Err(failure) = self.swap_back(&link, marker).await else {
            return Ok(());
        };
        // What cannot be taken back is served as it was. Where that cannot be done either, whoever looks next finds it shut.
        self.open(&link).await.ok();
        Err(undecided(failure))
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        Ok(match self.look(&link, marker).await? {
            Sight::Swapped(true) => Found::Ours(output(marker, &[])),
            Sight::Waiting(true) => Found::Absent,
            Sight::Swapped(false) | Sight::Waiting(false) => Found::Changed(format!(
                "{} is there, but nobody may log in to it",
                self.subject.words()
            )),
            Sight::Other(evidence) => Found::Changed(evidence),
        })
    }
}

/// Something was done, whatever the reason why it goes no further.
fn undecided(failure: Failure) -> Failure {
    Failure {
        certainty: Certainty::Unknown,
        ..failure
    }
}

/// What became of the two databases, and whether the tenant may log in and the gate is open as they were.
enum Sight {
    /// The old one is in the trash, the new one is served.
    Swapped(bool),
    /// The old one is served.
    Waiting(bool),
    /// It is not as the inventory says.
    Other(String),
}

fn output(marker: Marker, left_out: &[String]) -> Value {
    json!({ "replaced": trash_of(marker.operation), "left_out": left_out })
}

fn rename(from: &str, to: &str) -> String {
    format!("ALTER DATABASE {} RENAME TO {}", identifier(from), identifier(to))
}

fn comment(database: &str, text: &str) -> String {
    format!(
        "COMMENT ON DATABASE {} IS {}",
        identifier(database),
        literal(text)
    )
}

impl Swap {
    fn name(&self) -> &str {
        self.subject.name.as_str()
    }

    /// First nobody can come in any more, then those who are in go: the other way round they would come again. What comes
    /// in its place is nobody's to enter before it does; an earlier version may have left somebody there.
    async fn close(&self, link: &Link, coming: &str) -> Result<(), Failure> {
        let (name, words) = (self.name(), self.subject.words());
        let mut statements = vec![gate::shut(name)];
        statements.extend(self.login("NOLOGIN"));
        let closed = link.client.batch_execute(&statements.join("; ")).await;
        closed.map_err(|error| failed(&words, error))?;
        mid_effect()?;
        if self.can_login {
            end_all(link, name, name).await?;
        }
        gate::put_out(link, name, &words).await?;
        gate::clear(link, coming, &words).await
    }

    async fn swap_back(&self, link: &Link, marker: Marker) -> Result<(), Failure> {
        let (staging, trash) = (staging_of(marker.operation), trash_of(marker.operation));
        self.close(link, &trash).await?;
        let statements = self.exchange(link, &trash, &staging, marker).await?;
        let taken_back = link.client.batch_execute(&statements.join("; ")).await;
        taken_back.map_err(|error| failed(&self.subject.words(), error))
    }

    async fn open(&self, link: &Link) -> Result<(), Failure> {
        let mut statements = vec![gate::open(self.name())];
        statements.extend(self.login("LOGIN"));
        let opened = link.client.batch_execute(&statements.join("; ")).await;
        opened.map_err(|error| failed(&self.subject.words(), error))
    }

    /// Of the role, where it could log in.
    fn login(&self, attribute: &str) -> Option<String> {
        self.can_login
            .then(|| format!("ALTER ROLE {} {attribute}", identifier(self.name())))
    }

    /// `from` takes the name, and what had it goes to `aside`, where nobody enters it: who may enter goes with the name.
    async fn exchange(
        &self,
        link: &Link,
        from: &str,
        aside: &str,
        marker: Marker,
    ) -> Result<Vec<String>, Failure> {
        let name = self.name();
        let served = Entrants::of(link, name).await.map_err(Failure::not_now)?;
        let served = served
            .doors(link, &self.subject.owner)
            .await
            .map_err(Failure::not_now)?;
        let mut statements = served.shut(name);
        statements.extend([
            rename(name, aside),
            rename(from, name),
            comment(aside, &marker.to_string()),
            comment(name, &self.comment),
            gate::open(aside),
        ]);
        statements.extend(served.grant(CONNECT, name));
        statements.extend(self.login("LOGIN"));
        Ok(statements)
    }

    /// What makes the new database, under the old one's name, like the old one; its settings it has already.
    async fn carried(&self, link: &Link) -> Result<Vec<String>> {
        let name = self.name();
        let statement = "SELECT datconnlimit FROM pg_database WHERE datname = $1";
        let rows = link.client.query_typed(statement, &[(&name, Type::TEXT)]).await;
        let rows = rows.map_err(|error| sqlstate::error(&self.subject.words(), error))?;
        let limits = rows.iter().map(|row| row.get::<_, i32>(0));
        let limits =
            limits.map(|limit| format!("ALTER DATABASE {} CONNECTION LIMIT {limit}", identifier(name)));
        let mut statements: Vec<String> = limits.collect();
        for right in RIGHTS {
            let has = Entrants::with(link, name, right).await?;
            let has = has.doors(link, &self.subject.owner).await?;
            statements.extend(has.grant(right, name));
        }
        Ok(statements)
    }

    async fn look(&self, link: &Link, marker: Marker) -> Result<Sight> {
        let names = [trash_of(marker.operation), staging_of(marker.operation)];
        let [kept, staged, served] =
            catalog::databases(link, [names[0].as_str(), names[1].as_str(), self.name()]).await?;
        let [role] = catalog::roles(link, [self.name()]).await?;
        let words = self.subject.words();
        let is_by_us = |found: &Stored| {
            is_made_by(found.comment.as_deref(), marker.operation)
                && !found.is_half_dropped
                && found.owner == self.subject.owner
        };
        let is_entered = served.as_ref().is_some_and(|served| served.takes_connections);
        let is_served = served.is_some_and(|served| {
            served.comment.as_deref() == Some(self.comment.as_str()) && served.owner == self.subject.owner
        });
        let is_ours = |role: &Role| is_made_by(role.comment.as_deref(), self.role_operation);
        let Some(role) = role.filter(is_ours).filter(|_| is_served) else {
            return Ok(Sight::Other(format!("{words} is not as it was")));
        };
        let is_open = is_entered && role.can_login == self.can_login;
        Ok(match (kept, staged) {
            (Some(kept), None) if is_by_us(&kept) => Sight::Swapped(is_open),
            // Without a staging database nothing was restored yet, or it was cleared away again.
            (None, None) => Sight::Waiting(is_open),
            (None, Some(staged)) if staged.owner == self.subject.owner => Sight::Waiting(is_open),
            _ => Sight::Other(format!(
                "{words} or the database that replaced it is not as it was"
            )),
        })
    }
}
