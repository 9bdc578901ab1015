//! `database.create`: the database under its staging name, which nobody but us enters.
//!
//! A new database lets everybody in, and its name can be foretold from the operation, which all see. So it is made shut, and
//! opened by the transaction that takes CONNECT from everybody.
//!
//! CREATE DATABASE is no part of any transaction, and the server goes on with it when the client is dead. The name alone
//! proves whose it is; the lock of the operation (see `hold`) is held until the server is through.

use std::pin::pin;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::error::SqlState;

use super::catalog::{self, Stored};
use super::clusters::{Link, Way};
use super::failure::{changed, failed, is, mid_effect};
use super::subject::{is_made_by, staging_of};
use super::{Clusters, Subject, gate};
use crate::control::quote::{identifier, literal};
use crate::error::Result;
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// When a long statement is surely under way.
const UNDER_WAY: Duration = Duration::from_millis(5);

/// Makes the database.
#[derive(Debug, Serialize, Deserialize)]
pub struct Create {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// One of the server's locales; template0's where absent.
    pub locale: Option<String>,
}

impl OutsideStep for Create {
    const KIND: &'static str = "database.create";
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
        let staging = staging_of(marker.operation);
        if let Err(error) = long(&link, &self.statement(&staging)).await? {
            if !is(&error, &SqlState::DUPLICATE_DATABASE) {
                return Err(failed(&self.subject.words(), error));
            }
            self.require_whole(&link, &staging).await?;
        }
        // Until it is published nobody else may enter: a session of a stranger would keep it from being renamed.
        mid_effect()?;
        let opened = link.client.batch_execute(&open_for_us(&staging)).await;
        opened.map_err(|error| Failure::unknown(failed(&self.subject.words(), error).error))?;
        Ok(output(&staging))
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        let staging = staging_of(marker.operation);
        let name = self.subject.name.as_str();
        let [staged, published] = catalog::databases(&link, [&staging, name])
            .await
            .map_err(Failure::not_now)?;
        match staged {
            Some(staged) if self.is_ours(&staged) => {
                drop_database(&link, &staging, &self.subject.words()).await
            }
            Some(_) => Err(Failure::refused(changed(format!(
                "database {staging} was given to another owner"
            )))),
            None if self.is_published(published.as_ref(), marker) => {
                let message = format!("{} is still published", self.subject.words());
                Err(Failure::refused(
                    changed(message).hint("what keeps it published, first: the steps after this one"),
                ))
            }
            None => Ok(()),
        }
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        let staging = staging_of(marker.operation);
        let [staged, published] = catalog::databases(&link, [&staging, self.subject.name.as_str()]).await?;
        Ok(match staged {
            Some(staged) if staged.is_half_dropped => {
                Found::Changed(format!("database {staging} is half dropped"))
            }
            Some(staged) if self.is_ours(&staged) && !staged.is_for_us_alone() => {
                Found::Changed(format!("database {staging} is only half made"))
            }
            Some(staged) if self.is_ours(&staged) => Found::Ours(output(&staging)),
            Some(staged) => Found::Changed(format!("database {staging} belongs to {}", staged.owner)),
            None if self.is_published(published.as_ref(), marker) => Found::Ours(output(&staging)),
            None => Found::Absent,
        })
    }
}

impl Create {
    fn statement(&self, staging: &str) -> String {
        let locale = self
            .locale
            .as_ref()
            .map(|locale| format!(" LOCALE {}", literal(locale)))
            .unwrap_or_default();
        // template1 may hold anybody's objects, and somebody who is connected to it would make this fail.
        format!(
            "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' ALLOW_CONNECTIONS false{locale}",
            identifier(staging),
            identifier(&self.subject.owner)
        )
    }

    fn is_ours(&self, staged: &Stored) -> bool {
        staged.owner == self.subject.owner
    }

    /// Whether it bears its own name, also where somebody wrote over its mark: its owner is of this operation alone.
    fn is_published(&self, published: Option<&Stored>, marker: Marker) -> bool {
        published.is_some_and(|published| {
            self.is_ours(published) || is_made_by(published.comment.as_deref(), marker.operation)
        })
    }

    /// The staging name is taken: by this very step, if it is whole.
    async fn require_whole(&self, link: &Link, staging: &str) -> Result<(), Failure> {
        let [staged] = catalog::databases(link, [staging])
            .await
            .map_err(Failure::unknown)?;
        match staged {
            Some(staged) if self.is_ours(&staged) && !staged.is_half_dropped => Ok(()),
            _ => Err(Failure::refused(changed(format!(
                "database {staging} is not as hostctl made it"
            )))),
        }
    }
}

fn output(staging: &str) -> Value {
    json!({ "staging": staging })
}

/// Sent as one message, hence one transaction. From the maintenance database: into a shut one not even a superuser comes.
fn open_for_us(staging: &str) -> String {
    let staging = identifier(staging);
    format!("REVOKE ALL ON DATABASE {staging} FROM PUBLIC; ALTER DATABASE {staging} ALLOW_CONNECTIONS true")
}

/// Runs a statement that takes its time, with a place to die while the server is at it.
async fn long(link: &Link, statement: &str) -> Result<Result<(), tokio_postgres::Error>, Failure> {
    let mut running = pin!(link.client.batch_execute(statement));
    if let Ok(outcome) = tokio::time::timeout(UNDER_WAY, &mut running).await {
        return Ok(outcome);
    }
    mid_effect()?;
    Ok(running.await)
}

/// Drops a database, also one that an interrupted DROP left half there; what is not there is no error.
pub(super) async fn drop_database(link: &Link, name: &str, what: &str) -> Result<(), Failure> {
    let plain = format!("DROP DATABASE IF EXISTS {}", identifier(name));
    match long(link, &format!("{plain} WITH (FORCE)")).await? {
        Ok(()) => mid_effect(),
        // FORCE wants to end every session and may end neither a tenant's, before we have joined it, nor that of a worker of
        // the server's: without it such a one is waited for.
        Err(error) if is(&error, &SqlState::INSUFFICIENT_PRIVILEGE) => {
            gate::clear(link, name, what).await?;
            match long(link, &plain).await? {
                Ok(()) => mid_effect(),
                Err(error) => Err(undecided(what, error)),
            }
        }
        Err(error) => Err(undecided(what, error)),
    }
}

/// A DROP that was cancelled may have begun.
fn undecided(what: &str, error: tokio_postgres::Error) -> Failure {
    let was_cancelled = is(&error, &SqlState::QUERY_CANCELED);
    let failure = failed(what, error);
    if was_cancelled {
        Failure::unknown(failure.error)
    } else {
        failure
    }
}
