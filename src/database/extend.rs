//! `database.extend`: extensions for a database that is in use.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::clusters::{Link, Way};
use super::failure::{changed, failed, is, mid_effect};
use super::observe::{Existing, check_allowed, check_available};
use super::prepare::act_as;
use super::subject::is_made_by;
use super::{Clusters, Subject, catalog};
use crate::control::quote::identifier;
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Installs extensions.
#[derive(Debug, Serialize, Deserialize)]
pub struct Extend {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// The operation that made the database.
    pub database_operation: Uuid,
    /// To be installed, in this order; each is on the cluster's list, and none was there.
    pub extensions: Vec<String>,
}

impl OutsideStep for Extend {
    const KIND: &'static str = "database.extend";
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
        let fixed = fixed(&inside, &self.extensions).await.map_err(Failure::not_now)?;
        let mut statements = vec!["BEGIN".to_owned()];
        statements.extend(act_as(&inside, &self.subject.owner));
        // Schema public is the tenant's: a search path with it would be skipped for whoever may not use it.
        let create = |name: &String| {
            let place = if fixed.contains(name) {
                ""
            } else {
                " SCHEMA public"
            };
            format!("CREATE EXTENSION IF NOT EXISTS {}{place}", identifier(name))
        };
        statements.extend(self.extensions.iter().map(create));
        let done = inside.client.batch_execute(&statements.join("; ")).await;
        done.map_err(|error| failed(&self.words(), error))?;
        mid_effect()?;
        let done = inside.client.batch_execute("COMMIT").await;
        done.map(|()| Value::Null)
            .map_err(|error| failed(&self.words(), error))
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let inside = self.enter(world, marker, Way::Back).await?;
        match self.look(&inside).await.map_err(Failure::not_now)? {
            Found::Ours(_) => {}
            Found::Absent | Found::Foreign(_) => return Ok(()),
            Found::Changed(evidence) => return Err(Failure::refused(changed(evidence))),
        }
        // The other way round, since one may need another.
        let names: Vec<String> = self
            .extensions
            .iter()
            .rev()
            .map(|name| format!("DROP EXTENSION {}", identifier(name)))
            .collect();
        mid_effect()?;
        match inside.client.batch_execute(&names.join("; ")).await {
            Ok(()) => Ok(()),
            Err(error) if is(&error, &SqlState::DEPENDENT_OBJECTS_STILL_EXIST) => {
                let message = format!("{}: they are in use", self.words());
                Err(Failure::refused(changed(message).source(error)))
            }
            Err(error) => Err(failed(&self.words(), error)),
        }
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let inside = self.enter(world, marker, Way::Back).await;
        self.look(&inside.map_err(|failure| failure.error)?).await
    }
}

impl Extend {
    fn words(&self) -> String {
        format!("{} of {}", self.extensions.join(", "), self.subject.words())
    }

    async fn enter(&self, world: &Clusters, marker: Marker, way: Way) -> Result<Link, Failure> {
        let link = world
            .enter(&self.subject, marker, way)
            .await
            .map_err(Failure::not_now)?;
        let name = self.subject.name.as_str();
        let [found] = catalog::databases(&link, [name])
            .await
            .map_err(Failure::not_now)?;
        if !found.is_some_and(|found| is_made_by(found.comment.as_deref(), self.database_operation)) {
            let message = format!("{} is not ours any more", self.subject.words());
            return Err(Failure::refused(changed(message)));
        }
        world
            .enter_database(&self.subject, name, marker)
            .await
            .map_err(Failure::not_now)
    }

    async fn look(&self, inside: &Link) -> Result<Found> {
        // Those that a superuser has put there meanwhile are not ours.
        let statement = "SELECT count(*), count(*) FILTER (WHERE pg_has_role(extowner, 'USAGE'))
            FROM pg_extension WHERE extname = ANY($1)";
        let rows = inside
            .client
            .query_typed(statement, &[(&self.extensions, Type::TEXT_ARRAY)])
            .await;
        let rows = rows.map_err(|error| sqlstate::error(&self.words(), error))?;
        let (there, ours): (i64, i64) = rows.first().map_or((0, 0), |row| (row.get(0), row.get(1)));
        Ok(match (there, ours) {
            (0, _) => Found::Absent,
            (_, ours) if usize::try_from(ours) == Ok(self.extensions.len()) => Found::Ours(Value::Null),
            _ => Found::Changed(format!("not all of {} are as hostctl made them", self.words())),
        })
    }
}

/// Those that have a schema of their own choice.
pub(super) async fn fixed(inside: &Link, names: &[String]) -> Result<Vec<String>> {
    let statement =
        "SELECT e.name::text FROM pg_available_extensions e JOIN pg_available_extension_versions v
            ON v.name = e.name AND v.version = e.default_version
        WHERE e.name = ANY($1) AND v.schema IS NOT NULL";
    let rows = inside
        .client
        .query_typed(statement, &[(&names, Type::TEXT_ARRAY)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error("the extensions", error))?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Which of the extensions `wanted` are not installed yet, in that order and each once.
///
/// # Errors
/// `denied`, reason `extension`, for what is not on the cluster's list; `usage` for what the server does not have.
pub async fn observe_extensions(
    clusters: &Clusters,
    existing: &Existing,
    wanted: &[String],
    deadline: Deadline,
) -> Result<Vec<String>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let (cluster, configured) = clusters.pick(Some(&existing.subject.cluster))?;
    check_allowed(cluster, &configured.extensions, wanted)?;
    let installed = installed(clusters, &existing.subject, deadline).await?;
    let mut missing: Vec<String> = Vec::new();
    for name in wanted {
        if !installed.contains(name) && !missing.contains(name) {
            missing.push(name.clone());
        }
    }
    let link = clusters.link(cluster, deadline).await?;
    deadline
        .run(&existing.subject.words(), check_available(&link, &missing))
        .await?;
    Ok(missing)
}

/// The extensions that are in a database.
pub(super) async fn installed(
    clusters: &Clusters,
    subject: &Subject,
    deadline: Deadline,
) -> Result<Vec<String>> {
    let words = subject.words();
    let inside = clusters
        .look_into(&subject.cluster, subject.name.as_str(), deadline)
        .await?;
    let ask = async {
        let rows = inside
            .client
            .query_typed("SELECT extname::text FROM pg_extension", &[])
            .await;
        rows.map_err(|error| sqlstate::error(&words, error))
    };
    let rows = deadline.run(&inside.place, ask).await?;
    if inside.substrate != subject.substrate {
        return Err(Error::new(
            Kind::Conflict,
            "substrate",
            format!("{words} is on another cluster now"),
        ));
    }
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
