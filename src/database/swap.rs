//! `database.swap`: what was restored takes the name, and the database that had it is kept under a name of the trash:
//! two renames in one transaction. Comment, limits, rights and settings go over to the new one; what goes into the trash
//! nobody enters any more.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::catalog::{self, Role, Stored, end_sessions, leave};
use super::clusters::{Link, Way};
use super::entry::{self, Entrants};
use super::failure::{changed, failed, mid_effect};
use super::stand_in::end_all;
use super::subject::{is_made_by, staging_of, trash_of};
use super::{Clusters, Subject, settings};
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
            Sight::Swapped(can_login) if can_login == self.can_login => return Ok(output(marker, &[])),
            // Somebody began to swap them back and died.
            Sight::Swapped(_) => return self.open(&link).await.map(|()| output(marker, &[])),
            Sight::Waiting(_) => {}
            Sight::Other(evidence) => return Err(Failure::refused(changed(evidence))),
        }
        let (staging, trash) = (staging_of(marker.operation), trash_of(marker.operation));
        let carried = self.carried(&link).await.map_err(Failure::not_now)?;
        let left_out = settings::carry(world, &link, &self.subject, &staging, marker).await?;
        self.close(&link).await?;
        // The login is closed already: whatever the reason, something was done.
        let exchange = self.exchange(&link, &staging, &trash, marker).await;
        let mut statements = exchange.map_err(Failure::unknown)?;
        statements.extend(self.opening());
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
        let mut statements = Vec::new();
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Sight::Swapped(_) => {
                self.close(&link).await?;
                let (staging, trash) = (staging_of(marker.operation), trash_of(marker.operation));
                // The login is closed already: whatever the reason, something was done.
                let exchange = self.exchange(&link, &trash, &staging, marker).await;
                statements = exchange.map_err(Failure::unknown)?;
            }
            Sight::Waiting(can_login) if can_login == self.can_login => return Ok(()),
            Sight::Waiting(_) => {}
            Sight::Other(evidence) => return Err(Failure::refused(changed(evidence))),
        }
        statements.extend(self.opening());
        let taken_back = link.client.batch_execute(&statements.join("; ")).await;
        taken_back.map_err(|error| Failure {
            certainty: Certainty::Unknown,
            ..failed(&self.subject.words(), error)
        })
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        Ok(match self.look(&link, marker).await? {
            Sight::Swapped(can_login) if can_login == self.can_login => Found::Ours(output(marker, &[])),
            Sight::Waiting(can_login) if can_login == self.can_login => Found::Absent,
            Sight::Swapped(_) | Sight::Waiting(_) => Found::Changed(format!(
                "{} is there, but its role may not log in",
                self.subject.words()
            )),
            Sight::Other(evidence) => Found::Changed(evidence),
        })
    }
}

/// What became of the two databases, and whether the tenant may log in.
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

    /// First nobody can come in any more, then those who are in go: the other way round they would come again.
    async fn close(&self, link: &Link) -> Result<(), Failure> {
        if self.can_login {
            let close = format!("ALTER ROLE {} NOLOGIN", identifier(self.name()));
            let closed = link.client.batch_execute(&close).await;
            closed.map_err(|error| failed(&self.subject.words(), error))?;
            mid_effect()?;
            return end_all(link, self.name(), self.name()).await;
        }
        mid_effect()
    }

    async fn open(&self, link: &Link) -> Result<(), Failure> {
        let Some(open) = self.opening() else { return Ok(()) };
        let opened = link.client.batch_execute(&open).await;
        opened.map_err(|error| failed(&self.subject.words(), error))
    }

    fn opening(&self) -> Option<String> {
        self.can_login
            .then(|| format!("ALTER ROLE {} LOGIN", identifier(self.name())))
    }

    /// `from` takes the name, and what had it goes to `aside`, where nobody enters it: who may enter goes with the name.
    async fn exchange(&self, link: &Link, from: &str, aside: &str, marker: Marker) -> Result<Vec<String>> {
        let name = self.name();
        let served = Entrants::of(link, name).await?.doors(link).await?;
        let coming = entry::shut(link, from).await?;
        // Other tenants may have been let in; what an earlier version put aside may have the tenant in it.
        let mut joined = entry::tenants_in(link, &[name, from]).await?;
        joined.retain(|tenant| tenant != name);
        joined.push(name.to_owned());
        let mut statements: Vec<String> = joined.iter().map(|role| link.join(role)).collect();
        statements.extend(coming);
        statements.extend(served.shut(name));
        statements.extend([
            end_sessions(name),
            end_sessions(from),
            rename(name, aside),
            rename(from, name),
            comment(aside, &marker.to_string()),
            comment(name, &self.comment),
        ]);
        statements.extend(served.open(name));
        statements.extend(joined.iter().map(|role| leave(role)));
        Ok(statements)
    }

    /// What makes the new database, under the old one's name, like the old one; its settings it has already.
    async fn carried(&self, link: &Link) -> Result<Vec<String>> {
        let statement = "SELECT 0 AS place, format('ALTER DATABASE %I CONNECTION LIMIT %s', datname, datconnlimit) AS line
                FROM pg_database WHERE datname = $1
            UNION ALL SELECT 1, format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, d.datname,
                    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                    CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = $1 AND a.grantee <> d.datdba
            ORDER BY place";
        let rows = link
            .client
            .query_typed(statement, &[(&self.name(), Type::TEXT)])
            .await;
        let rows = rows.map_err(|error| sqlstate::error(&self.subject.words(), error))?;
        Ok(rows.iter().map(|row| row.get(1)).collect())
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
        let is_served = served.is_some_and(|served| {
            served.comment.as_deref() == Some(self.comment.as_str()) && served.owner == self.subject.owner
        });
        let is_ours = |role: &Role| is_made_by(role.comment.as_deref(), self.role_operation);
        let Some(role) = role.filter(is_ours).filter(|_| is_served) else {
            return Ok(Sight::Other(format!("{words} is not as it was")));
        };
        Ok(match (kept, staged) {
            (Some(kept), None) if is_by_us(&kept) => Sight::Swapped(role.can_login),
            // Without a staging database nothing was restored yet, or it was cleared away again.
            (None, None) => Sight::Waiting(role.can_login),
            (None, Some(staged)) if staged.owner == self.subject.owner => Sight::Waiting(role.can_login),
            _ => Sight::Other(format!(
                "{words} or the database that replaced it is not as it was"
            )),
        })
    }
}
