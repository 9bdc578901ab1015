//! `database.prepare`: what is done inside the database before anybody sees it: extensions, and the tenant's schema.
//!
//! The tenant owns schema `public` and nothing else. Before PostgreSQL 15 that schema is the superuser's and everybody who
//! may enter the database may create in it, so there it is left alone.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

use super::catalog::{self, leave};
use super::clusters::{Link, Way};
use super::failure::{changed, failed, is, mid_effect};
use super::subject::staging_of;
use super::{Clusters, Subject};
use crate::control::quote::identifier;
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// How long a closed session may take to be gone from the server.
const CLOSING: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(1);

/// Works inside the staging database.
#[derive(Debug, Serialize, Deserialize)]
pub struct Prepare {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// To be installed, in this order; each is on the cluster's list.
    pub extensions: Vec<String>,
}

impl OutsideStep for Prepare {
    const KIND: &'static str = "database.prepare";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    fn substrate(&self) -> String {
        self.subject.substrate.clone()
    }

    async fn apply(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let maintenance = world
            .enter(&self.subject, marker, Way::Do)
            .await
            .map_err(Failure::not_now)?;
        let staging = staging_of(marker.operation);
        let inside = world
            .enter_database(&self.subject, &staging, marker)
            .await
            .map_err(Failure::not_now)?;
        let outcome = self.fill(&inside).await;
        drop(inside);
        wait_until_alone(&maintenance, &staging)
            .await
            .map_err(Failure::unknown)?;
        outcome.map(|()| Value::Null)
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let maintenance = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        let staging = staging_of(marker.operation);
        if !can_be_entered(&maintenance, &staging)
            .await
            .map_err(Failure::not_now)?
        {
            return Ok(());
        }
        let inside = world
            .enter_database(&self.subject, &staging, marker)
            .await
            .map_err(Failure::not_now)?;
        let outcome = self.empty(&inside).await;
        drop(inside);
        wait_until_alone(&maintenance, &staging)
            .await
            .map_err(Failure::not_now)?;
        outcome
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let maintenance = world.enter(&self.subject, marker, Way::Back).await?;
        let staging = staging_of(marker.operation);
        if !can_be_entered(&maintenance, &staging).await? {
            return Ok(Found::Absent);
        }
        let inside = world.enter_database(&self.subject, &staging, marker).await?;
        let found = self.look(&inside).await;
        drop(inside);
        wait_until_alone(&maintenance, &staging).await?;
        found
    }
}

impl Prepare {
    fn login(&self) -> &str {
        self.subject.name.as_str()
    }

    /// One transaction. The session is closed afterwards, whatever became of it.
    async fn fill(&self, inside: &Link) -> Result<(), Failure> {
        let mut first = vec![
            "BEGIN".to_owned(),
            "SET LOCAL search_path = public, pg_catalog, pg_temp".to_owned(),
        ];
        if !self.extensions.is_empty() {
            first.extend(act_as(inside, &self.subject.owner));
            first.extend(
                self.extensions
                    .iter()
                    .map(|name| format!("CREATE EXTENSION IF NOT EXISTS {}", identifier(name))),
            );
            first.push("RESET ROLE".to_owned());
        }
        let mut second = Vec::new();
        if inside.gives_public_away() {
            second.extend(hand_over(inside, self.login(), self.login()));
            second.push("REVOKE ALL ON SCHEMA public FROM PUBLIC".to_owned());
            second.push(leave(self.login()));
        }
        second.push("COMMIT".to_owned());
        let done = inside.client.batch_execute(&first.join("; ")).await;
        done.map_err(|error| self.refused(error))?;
        mid_effect()?;
        let done = inside.client.batch_execute(&second.join("; ")).await;
        done.map_err(|error| failed(&self.subject.words(), error))
    }

    /// As template0 gave it to us.
    async fn empty(&self, inside: &Link) -> Result<(), Failure> {
        match self.look(inside).await.map_err(Failure::not_now)? {
            Found::Ours(_) => {}
            Found::Absent | Found::Foreign(_) => return Ok(()),
            Found::Changed(evidence) => return Err(Failure::refused(changed(evidence))),
        }
        let mut statements = vec!["BEGIN".to_owned()];
        if inside.gives_public_away() {
            statements.extend(hand_over(inside, self.login(), "pg_database_owner"));
            statements.push("GRANT USAGE ON SCHEMA public TO PUBLIC".to_owned());
            statements.push(leave(self.login()));
        }
        // The other way round, since one may need another.
        let extensions = self.extensions.iter().rev();
        statements.extend(extensions.map(|name| format!("DROP EXTENSION IF EXISTS {}", identifier(name))));
        let done = inside.client.batch_execute(&statements.join("; ")).await;
        done.map_err(|error| failed(&self.subject.words(), error))?;
        mid_effect()?;
        let done = inside.client.batch_execute("COMMIT").await;
        done.map_err(|error| failed(&self.subject.words(), error))
    }

    async fn look(&self, inside: &Link) -> Result<Found> {
        let statement = "SELECT
            (SELECT pg_get_userbyid(nspowner)::text FROM pg_namespace WHERE nspname = 'public'),
            (SELECT count(*) FROM pg_extension WHERE extname = ANY($1))";
        let row = inside
            .client
            .query_typed(statement, &[(&self.extensions, Type::TEXT_ARRAY)])
            .await;
        let row = row.map_err(|error| sqlstate::error(&self.subject.words(), error))?;
        let (owner, installed): (Option<String>, i64) =
            row.first().map_or((None, 0), |row| (row.get(0), row.get(1)));
        let has_all = usize::try_from(installed) == Ok(self.extensions.len());
        let is_given = owner.as_deref() == Some(self.login());
        Ok(match (inside.gives_public_away(), is_given, installed > 0) {
            (true, false, false) | (false, _, false) => Found::Absent,
            (true, true, _) | (false, _, true) if has_all => Found::Ours(Value::Null),
            _ => Found::Changed(format!("{} is only half prepared", self.subject.words())),
        })
    }

    fn refused(&self, error: tokio_postgres::Error) -> Failure {
        if is(&error, &SqlState::INSUFFICIENT_PRIVILEGE) && !self.extensions.is_empty() {
            let message = format!(
                "{}: the server lets us not install {}",
                self.subject.words(),
                self.extensions.join(", ")
            );
            return Failure::refused(Error::new(Kind::Denied, "extension", message).source(error));
        }
        failed(&self.subject.words(), error)
    }
}

/// Extensions are to belong to the owner, who is there as long as the database; a superuser installs what only it may.
pub(super) fn act_as(inside: &Link, owner: &str) -> Option<String> {
    (!inside.is_superuser).then(|| format!("SET LOCAL ROLE {}", identifier(owner)))
}

/// Gives schema `public` to another owner; `login` is a role that we are not a member of yet, and has to be left again.
pub(super) fn hand_over(inside: &Link, login: &str, to: &str) -> [String; 2] {
    [
        inside.join(login),
        format!("ALTER SCHEMA public OWNER TO {}", identifier(to)),
    ]
}

async fn can_be_entered(maintenance: &Link, staging: &str) -> Result<bool> {
    let [found] = catalog::databases(maintenance, [staging]).await?;
    Ok(found.is_some_and(|found| !found.is_half_dropped && found.takes_connections))
}

/// A session that was closed lives on for an instant, and a database with a session in it cannot be renamed: the server
/// would look again only after 100 ms.
pub(super) async fn wait_until_alone(maintenance: &Link, database: &str) -> Result<()> {
    let deadline = Deadline::after(CLOSING);
    let statement =
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = $1 AND usename = current_user)";
    loop {
        let rows = maintenance
            .client
            .query_typed(statement, &[(&database, Type::TEXT)])
            .await;
        let rows = rows.map_err(|error| sqlstate::error(&format!("the sessions of {database}"), error))?;
        if !rows.first().is_some_and(|row| row.get(0)) || deadline.is_spent() {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}
