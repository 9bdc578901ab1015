//! `database.load`: an archive in a database of its own under a staging name, which nobody but us enters.
//!
//! The archive may be anybody's, and it is run. It is run by a stand-in that is a member of nothing and may enter
//! nothing but the staging database; only then is what it made given to the tenant. The tenant's own role would not do:
//! it may change its own password and settings, and so could the archive.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Type;

use super::archive::{self, Contents, shown};
use super::catalog::{self, Stored, leave};
use super::clusters::{Link, Way};
use super::create::{Create, drop_database};
use super::dump::{LONGEST, elsewhere};
use super::failure::{changed, failed, mid_effect};
use super::prepare::{act_as, hand_over, wait_until_alone};
use super::stand_in::{self, StandIn};
use super::subject::{is_made_by, staging_of, stand_in_of, trash_of};
use super::{Clusters, Subject, extend, tool};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::env::child;
use crate::env::memory::MemoryFile;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Restores an archive into a staging database.
#[derive(Debug, Serialize, Deserialize)]
pub struct Load {
    /// The database that it is going to be.
    #[serde(flatten)]
    pub subject: Subject,
    /// One of the server's locales; template0's where absent.
    pub locale: Option<String>,
    /// To be installed before, in this order; each is allowed.
    pub extensions: Vec<String>,
    /// Whether the tenant may make schemas, so that an archive of its may too.
    pub may_create: bool,
    /// Whether the archive says who may do what.
    pub with_grants: bool,
    /// The host that has the file.
    pub host: String,
    /// The archive; absolute.
    pub path: PathBuf,
    /// What it has to be.
    pub sha256: String,
}

impl OutsideStep for Load {
    const KIND: &'static str = "database.load";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    fn limit(&self) -> Option<Duration> {
        Some(LONGEST)
    }

    fn substrate(&self) -> String {
        self.subject.substrate.clone()
    }

    async fn apply(&self, world: &Clusters, marker: Marker, secrets: &Secrets) -> Result<Value, Failure> {
        if !world.hosts().contains(&self.host) {
            let error = elsewhere(&self.host, world.host(), &self.path);
            return Err(Failure::refused(error));
        }
        let link = world
            .enter(&self.subject, marker, Way::Do)
            .await
            .map_err(Failure::not_now)?;
        if let Found::Ours(output) = self.look(&link, marker).await.map_err(Failure::not_now)? {
            return Ok(output);
        }
        self.clear(&link, marker).await?;
        match self.fill(world, &link, marker, secrets).await {
            Ok(()) => Ok(output(marker)),
            // What was begun is cleared away at once, so that it is known that nothing is there.
            Err(failure) => match self.clear(&link, marker).await {
                Ok(()) => Err(Failure::refused(failure.error)),
                Err(_) => Err(Failure::unknown(failure.error)),
            },
        }
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        if self.is_in_use(&link, marker).await.map_err(Failure::not_now)? {
            let message = format!("{} is in use with what was restored", self.subject.words());
            return Err(Failure::refused(changed(message)));
        }
        self.clear(&link, marker).await
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        self.look(&link, marker).await
    }
}

fn output(marker: Marker) -> Value {
    json!({ "staging": staging_of(marker.operation) })
}

impl Load {
    async fn fill(
        &self,
        world: &Clusters,
        link: &Link,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<(), Failure> {
        let file = archive::open(&self.path).map_err(Failure::refused)?;
        let again = archive::from_beginning(&self.path, &file).map_err(Failure::refused)?;
        let (_, sha256) = archive::digest(&self.path, again)
            .await
            .map_err(Failure::refused)?;
        if sha256 != self.sha256 {
            let message = format!("{} was changed while it was restored", shown(&self.path));
            return Err(Failure::refused(changed(message)));
        }
        let mut contents = archive::contents(&self.path, &file)
            .await
            .map_err(Failure::refused)?;
        self.place(link, &mut contents).await.map_err(Failure::not_now)?;
        let create = Create {
            subject: self.subject.clone(),
            locale: self.locale.clone(),
        };
        create.apply(world, marker, secrets).await?;
        let stand_in = self.let_in(world, link, marker, &contents).await?;
        mid_effect()?;
        self.restore(world, &stand_in, marker, file, &contents)
            .await
            .map_err(Failure::refused)?;
        stand_in::shut_out(link, marker).await?;
        mid_effect()?;
        self.hand_over(world, link, marker).await
    }

    /// The stand-in gets what the tenant has, in the staging database.
    async fn let_in(
        &self,
        world: &Clusters,
        link: &Link,
        marker: Marker,
        contents: &Contents,
    ) -> Result<StandIn, Failure> {
        let staging = staging_of(marker.operation);
        let create = if self.may_create { ", CREATE" } else { "" };
        let stand_in = StandIn::make(link, marker, |role| {
            let database = identifier(&staging);
            vec![format!(
                "GRANT CONNECT, TEMPORARY{create} ON DATABASE {database} TO {role}"
            )]
        })
        .await?;
        let inside = world
            .enter_database(&self.subject, &staging, marker)
            .await
            .map_err(Failure::unknown)?;
        let mut statements = vec![
            "BEGIN".to_owned(),
            "SET LOCAL search_path = public, pg_catalog, pg_temp".to_owned(),
        ];
        statements.extend(self.installing(&inside, &stand_in, contents));
        if inside.gives_public_away() {
            statements.extend(hand_over(&inside, &stand_in.role, &stand_in.role));
            statements.push("REVOKE ALL ON SCHEMA public FROM PUBLIC".to_owned());
            statements.push(leave(&stand_in.role));
        }
        statements.push("COMMIT".to_owned());
        let done = inside.client.batch_execute(&statements.join("; ")).await;
        done.map_err(|error| failed(&self.subject.words(), error))?;
        Ok(stand_in)
    }

    /// What installs the extensions, each in the schema that the archive says; that schema is the stand-in's, as all that it
    /// makes, and goes to the tenant with it.
    fn installing(&self, inside: &Link, stand_in: &StandIn, contents: &Contents) -> Vec<String> {
        let mut statements = Vec::new();
        if self.extensions.is_empty() {
            return statements;
        }
        let owner = identifier(&stand_in.role);
        statements.push(inside.join(&stand_in.role));
        let schemas: BTreeSet<&String> = contents.schemas.values().collect();
        let make = |schema: &String| format!("CREATE SCHEMA {} AUTHORIZATION {owner}", identifier(schema));
        statements.extend(schemas.into_iter().map(make));
        statements.push(leave(&stand_in.role));
        statements.extend(act_as(inside, &self.subject.owner));
        statements.extend(self.extensions.iter().map(|name| {
            let schema = contents.schemas.get(name).map(|schema| identifier(schema));
            let place = schema
                .map(|schema| format!(" SCHEMA {schema}"))
                .unwrap_or_default();
            format!("CREATE EXTENSION IF NOT EXISTS {}{place}", identifier(name))
        }));
        statements.push("RESET ROLE".to_owned());
        statements
    }

    /// Where extensions go that the tenant had in a schema of its own.
    async fn place(&self, link: &Link, contents: &mut Contents) -> Result<()> {
        let fixed = extend::fixed(link, &self.extensions).await?;
        contents.schemas.retain(|name, schema| {
            let has_choice = self.extensions.contains(name) && !fixed.contains(name);
            self.may_create && has_choice && !schema.starts_with("pg_")
        });
        Ok(())
    }

    async fn restore(
        &self,
        world: &Clusters,
        stand_in: &StandIn,
        marker: Marker,
        file: std::fs::File,
        contents: &Contents,
    ) -> Result<()> {
        let staging = staging_of(marker.operation);
        let (spec, _password) = tool::spec("pg_restore", world, &self.subject, &staging, stand_in)?;
        let list = MemoryFile::new(contents.list().as_bytes())?;
        let mut option = std::ffi::OsString::from("--use-list=");
        option.push(list.path());
        let file = archive::from_beginning(&self.path, &file)?;
        let spec = spec
            .arguments(["--exit-on-error", "--no-owner", "--dbname", &staging])
            .arguments((!self.with_grants).then_some("--no-privileges"))
            .argument(option)
            .stdin_file(file)
            .deadline(LONGEST);
        let output = child::run(spec).await?;
        let what = format!("{} could not be restored", shown(&self.path));
        tool::succeeded(&output, "restore", &what).map_err(|error| {
            if self.may_create && !self.with_grants {
                return error;
            }
            error.hint(
                "an archive from elsewhere may need --no-grants, one with schemas: hostctl db set NAME --schemas on",
            )
        })
    }

    /// All that the stand-in has made becomes the tenant's, and the stand-in goes: one transaction.
    async fn hand_over(&self, world: &Clusters, link: &Link, marker: Marker) -> Result<(), Failure> {
        let (staging, role) = (staging_of(marker.operation), stand_in_of(marker.operation));
        let (tenant, words) = (self.subject.name.as_str(), self.subject.words());
        let inside = world
            .enter_database(&self.subject, &staging, marker)
            .await
            .map_err(Failure::unknown)?;
        let rows = inside
            .client
            .query_typed(
                "SELECT nspname::text FROM pg_namespace WHERE pg_get_userbyid(nspowner) = $1",
                &[(&role, Type::TEXT)],
            )
            .await;
        let rows = rows.map_err(|error| failed(&words, error))?;
        let mut statements = vec![inside.join(&role), inside.join(tenant)];
        // Schemas first: who is to own what is in one must be allowed to create there.
        statements.extend(rows.iter().map(|row| {
            format!(
                "ALTER SCHEMA {} OWNER TO {}",
                identifier(row.get(0)),
                identifier(tenant)
            )
        }));
        statements.extend([
            format!(
                "REASSIGN OWNED BY {} TO {}",
                identifier(&role),
                identifier(tenant)
            ),
            format!("DROP OWNED BY {}", identifier(&role)),
            leave(tenant),
            format!("DROP ROLE {}", identifier(&role)),
            format!(
                "COMMENT ON DATABASE {} IS {}",
                identifier(&staging),
                literal(&marker.to_string())
            ),
        ]);
        let done = inside.client.batch_execute(&statements.join("; ")).await;
        done.map_err(|error| failed(&words, error))?;
        drop(inside);
        wait_until_alone(link, &staging).await.map_err(Failure::unknown)
    }

    /// Removes the staging database and the stand-in.
    async fn clear(&self, link: &Link, marker: Marker) -> Result<(), Failure> {
        let staging = staging_of(marker.operation);
        let [staged] = catalog::databases(link, [staging.as_str()])
            .await
            .map_err(Failure::not_now)?;
        if let Some(staged) = staged {
            if staged.owner != self.subject.owner {
                let message = format!("database {staging} was given to another owner");
                return Err(Failure::refused(changed(message)));
            }
            if stand_in::is_there(link, marker).await.map_err(Failure::not_now)? {
                stand_in::shut_out(link, marker).await?;
            }
            drop_database(link, &staging, &self.subject.words()).await?;
        }
        stand_in::remove(link, marker).await
    }

    async fn is_in_use(&self, link: &Link, marker: Marker) -> Result<bool> {
        let name = self.subject.name.as_str();
        let [kept, served] = catalog::databases(link, [trash_of(marker.operation).as_str(), name]).await?;
        let is_ours = |found: &Stored| is_made_by(found.comment.as_deref(), marker.operation);
        Ok(kept.as_ref().is_some_and(is_ours) || served.as_ref().is_some_and(is_ours))
    }

    async fn look(&self, link: &Link, marker: Marker) -> Result<Found> {
        let staging = staging_of(marker.operation);
        let [staged] = catalog::databases(link, [staging.as_str()]).await?;
        let has_stand_in = stand_in::is_there(link, marker).await?;
        Ok(match staged {
            None if has_stand_in => Found::Changed(format!("role {} is left", stand_in_of(marker.operation))),
            None if self.is_in_use(link, marker).await? => Found::Ours(output(marker)),
            None => Found::Absent,
            Some(staged)
                if is_made_by(staged.comment.as_deref(), marker.operation)
                    && !staged.is_half_dropped
                    && !has_stand_in =>
            {
                Found::Ours(output(marker))
            }
            Some(_) => Found::Changed(format!("database {staging} is only half restored")),
        })
    }
}

/// The locale of a database that is there.
pub(super) async fn locale_of(link: &Link, name: &str) -> Result<String> {
    let statement = "SELECT datcollate::text FROM pg_database WHERE datname = $1";
    let rows = link.client.query_typed(statement, &[(&name, Type::TEXT)]).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("database {name}"), error))?;
    rows.first().map(|row| row.get(0)).ok_or_else(|| {
        Error::new(
            Kind::NotFound,
            "not_found",
            format!("database {name} is gone from {}", link.cluster),
        )
    })
}
