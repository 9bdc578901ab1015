//! `database.install`: extensions into a database that is in use. What it installs bears the operation's mark as its comment.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

use super::catalog::leave;
use super::clusters::{Link, Way};
use super::failure::{changed, failed, is, mid_effect};
use super::subject::is_made_by;
use super::{Clusters, Existing, Subject};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, Failure, Found, Marker, OutsideStep, PlannedStep, Reversal, Secrets};

/// Installs extensions.
#[derive(Debug, Serialize, Deserialize)]
pub struct Install {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// To be installed, in this order; none of them was there.
    pub extensions: Vec<String>,
}

/// The extensions that the database of `existing` has, by name.
///
/// # Errors
/// Those of the cluster.
pub async fn installed(clusters: &Clusters, existing: &Existing, deadline: Deadline) -> Result<Vec<String>> {
    let subject = &existing.subject;
    let look = async {
        let inside = clusters.visit(subject, deadline).await?;
        // plpgsql comes with every database.
        let statement = "SELECT extname::text FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1";
        let rows = inside.client.query_typed(statement, &[]).await;
        let rows = rows.map_err(|error| sqlstate::error(&subject.words(), error))?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    };
    deadline.run(&subject.words(), look).await
}

/// Plans to install what is missing; nothing where nothing is.
///
/// # Errors
/// `internal`.
pub fn plan_install(existing: &Existing, missing: Vec<String>) -> Result<Option<PlannedStep>> {
    if missing.is_empty() {
        return Ok(None);
    }
    let change = Change {
        action: "install",
        resource: format!("extensions of {}", existing.subject.words()),
        before: None,
        after: Some(missing.join(", ")),
        undo: Reversal::Undoable,
    };
    let step = Install {
        subject: existing.subject.clone(),
        extensions: missing,
    };
    PlannedStep::outside(&step, change).map(Some)
}

impl OutsideStep for Install {
    const KIND: &'static str = "database.install";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    fn substrate(&self) -> String {
        self.subject.substrate.clone()
    }

    async fn apply(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let inside = self.enter(world, marker, Way::Do).await?;
        match self.look(&inside, marker).await.map_err(Failure::not_now)? {
            Found::Ours(output) => return Ok(output),
            Found::Absent => {}
            Found::Changed(evidence) | Found::Foreign(evidence) => {
                return Err(Failure::refused(changed(evidence)));
            }
        }
        mid_effect()?;
        let done = inside
            .client
            .batch_execute(&self.statements(&inside, marker))
            .await;
        done.map(|()| Value::Null).map_err(|error| self.refused(error))
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let inside = self.enter(world, marker, Way::Back).await?;
        match self.look(&inside, marker).await.map_err(Failure::not_now)? {
            Found::Ours(_) => {}
            Found::Absent | Found::Foreign(_) => return Ok(()),
            Found::Changed(evidence) => return Err(Failure::refused(changed(evidence))),
        }
        // The other way round, since one may need another; what a tenant has built on them keeps them.
        let names: Vec<String> = self
            .extensions
            .iter()
            .rev()
            .map(|name| identifier(name))
            .collect();
        let drop = format!("DROP EXTENSION {}", names.join(", "));
        mid_effect()?;
        match inside.client.batch_execute(&drop).await {
            Ok(()) => Ok(()),
            Err(error) if is(&error, &SqlState::DEPENDENT_OBJECTS_STILL_EXIST) => {
                let message = format!("an extension of {} is in use", self.subject.words());
                Err(Failure::refused(
                    Error::new(Kind::Conflict, "in_use", message).source(error),
                ))
            }
            Err(error) => Err(failed(&self.subject.words(), error)),
        }
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let inside = self
            .enter(world, marker, Way::Back)
            .await
            .map_err(|failure| failure.error)?;
        self.look(&inside, marker).await
    }
}

impl Install {
    async fn enter(&self, world: &Clusters, marker: Marker, way: Way) -> Result<Link, Failure> {
        world
            .enter(&self.subject, marker, way)
            .await
            .map_err(Failure::not_now)?;
        let inside = world.enter_database(&self.subject, self.subject.name.as_str(), marker);
        inside.await.map_err(Failure::not_now)
    }

    /// Creating needs the right to create in the database, which the owner gives us, and in schema public, which is the
    /// tenant's.
    fn statements(&self, inside: &Link, marker: Marker) -> String {
        let login = self.subject.name.as_str();
        let mut all = vec![
            "SET LOCAL search_path = public, pg_catalog, pg_temp".to_owned(),
            inside.join(login),
        ];
        for name in &self.extensions {
            let name = identifier(name);
            all.push(format!("CREATE EXTENSION {name}"));
            all.push(format!(
                "COMMENT ON EXTENSION {name} IS {}",
                literal(&marker.to_string())
            ));
        }
        all.push(leave(login));
        format!("BEGIN; {}; COMMIT", all.join("; "))
    }

    async fn look(&self, inside: &Link, marker: Marker) -> Result<Found> {
        let statement =
            "SELECT obj_description(oid, 'pg_extension') FROM pg_extension WHERE extname = ANY($1)";
        let rows = inside
            .client
            .query_typed(statement, &[(&self.extensions, Type::TEXT_ARRAY)])
            .await;
        let rows = rows.map_err(|error| sqlstate::error(&self.subject.words(), error))?;
        let ours = rows
            .iter()
            .filter(|row| is_made_by(row.get(0), marker.operation))
            .count();
        Ok(match (rows.len(), ours) {
            (0, _) => Found::Absent,
            (_, ours) if ours == self.extensions.len() => Found::Ours(Value::Null),
            (_, 0) => Found::Foreign(format!("{} has one of them already", self.subject.words())),
            _ => Found::Changed(format!(
                "the extensions of {} are not as they were installed",
                self.subject.words()
            )),
        })
    }

    fn refused(&self, error: tokio_postgres::Error) -> Failure {
        if is(&error, &SqlState::INSUFFICIENT_PRIVILEGE) {
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
