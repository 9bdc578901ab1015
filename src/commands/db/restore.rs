//! `hostctl db restore NAME FILE`.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::{LOOK, check_visible, row::Restored};
use crate::commands::{Take, password};
use crate::control::Session;
use crate::database::{self, Archive, Created, Existing, Replacement, Request, Source};
use crate::env::deadline::Deadline;
use crate::error::{Error, Result};
use crate::model::{DatabaseName, Given};
use crate::runner::{Change, Context, Done, Outcome, World};

/// Reading an archive to its end takes its time.
const READ: Duration = Duration::from_secs(3600);

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The database that the archive is of
    #[arg(value_name = "NAME")]
    name: Given<DatabaseName>,
    /// The archive: a file of db backup, or of PostgreSQL's dump program in its custom format
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The cluster it is on, where several have one of this name
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
    /// Restore to a new database, and leave this one alone
    #[arg(long = "as", value_name = "NEW")]
    new: Option<Given<DatabaseName>>,
    /// Leave out who may do what, for an archive with roles from elsewhere
    #[arg(long)]
    no_grants: bool,
    /// Drop what was replaced for good instead of keeping it
    #[arg(long, conflicts_with = "new")]
    purge: bool,
    #[command(flatten)]
    password: password::Source,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let limit = context.within(READ);
    let archive = limit
        .run("reading the archive", database::inspect(&args.file))
        .await?;
    match args.new.as_ref().map(|new| new.take(&context.ui)) {
        None => args.in_place(context, name, archive).await,
        Some(new) => args.restore_elsewhere(context, name, new, archive).await,
    }
}

impl Args {
    async fn in_place(self, context: &Context, name: DatabaseName, archive: Archive) -> Result<()> {
        if self.password.is_given() {
            return Err(Error::invalid("a password is for a new database only").hint("add --as NEW"));
        }
        let replacement = if self.purge {
            Replacement::Purge
        } else {
            Replacement::Keep(context.config.trash_retention)
        };
        let outcome = Change::new("db.restore", name.as_str(), self.asked(&archive))
            .confirm(format!(
                "replace all that is in database {name} by what is in the archive?"
            ))
            .run(context, async |session, world, id| {
                let (existing, source) = self.observe(context, session, world, &name, &archive).await?;
                database::plan_restore(id, &existing, &source, replacement)
            })
            .await?;
        match outcome {
            Outcome::Done(done) => {
                tell_left_out(context, &done);
                context.ui.one(&Restored::of(&done)?)
            }
            Outcome::Shown | Outcome::Unchanged(_) => Ok(()),
        }
    }

    async fn restore_elsewhere(
        self,
        context: &Context,
        name: DatabaseName,
        new: DatabaseName,
        archive: Archive,
    ) -> Result<()> {
        let chosen = self.password.take(context).await?;
        chosen.password.for_postgres()?;
        let renew = format!("hostctl db passwd {new}");
        let outcome = Change::new("db.restore", new.as_str(), self.asked(&archive))
            .secrets(vec![chosen.delivered("database", new.as_str(), renew)])
            .run(context, async |session, world, id| {
                let (existing, source) = self.observe(context, session, world, &name, &archive).await?;
                let request = request(&existing, &source, new.clone());
                let limit = context.within(LOOK);
                let room = database::observe_create(&**session, &world.clusters, &request, limit).await?;
                database::plan_restore_as(id, &existing, &source, &request, &room, &chosen.password)
            })
            .await?;
        let Outcome::Done(done) = outcome else {
            return Ok(());
        };
        let password = password::shown(context, &done);
        let created: Created = serde_json::from_value(done.result)
            .map_err(|error| Error::internal("the result of the operation cannot be read").source(error))?;
        context.ui.one(&Created { password, ..created })
    }

    async fn observe(
        &self,
        context: &Context,
        session: &Session,
        world: &World,
        name: &DatabaseName,
        archive: &Archive,
    ) -> Result<(Existing, Source)> {
        let (cluster, limit) = (self.cluster.as_deref(), context.within(LOOK));
        check_visible(context, &**session, name, cluster).await?;
        let existing = database::observe_existing(&**session, &world.clusters, name, cluster, limit).await?;
        let source = self.source(session, world, &existing, archive, limit).await?;
        tell(context, &source);
        Ok((existing, source))
    }

    async fn source(
        &self,
        session: &Session,
        world: &World,
        existing: &Existing,
        archive: &Archive,
        limit: Deadline,
    ) -> Result<Source> {
        let (archive, with_grants) = (archive.clone(), !self.no_grants);
        database::observe_restore(&**session, &world.clusters, existing, archive, with_grants, limit).await
    }

    fn asked(&self, archive: &Archive) -> serde_json::Value {
        json!({
            "cluster": self.cluster,
            "as": self.new.as_ref().map(|new| new.value.to_string()),
            "sha256": archive.sha256,
            "grants": !self.no_grants,
            "purge": self.purge,
        })
    }
}

/// The new one is like the one that the archive is of.
fn request(existing: &Existing, source: &Source, new: DatabaseName) -> Request {
    Request {
        name: new,
        account_id: existing.database.account_id,
        account: existing.database.account.clone(),
        cluster: Some(existing.database.cluster.clone()),
        locale: Some(source.locale.clone()),
        // The archive's own were looked at already, and are installed before it is loaded.
        extensions: Vec::new(),
        connections: u32::try_from(existing.door.connections)
            .ok()
            .filter(|limit| *limit > 0),
        statement_timeout: None,
        idle_in_transaction_timeout: None,
    }
}

/// Settings of the database that we may not set.
fn tell_left_out(context: &Context, done: &Done) {
    let outputs = done.outputs.iter().flatten();
    let left_out = outputs
        .filter_map(|output| output["left_out"].as_array())
        .flatten();
    for statement in left_out.filter_map(|statement| statement.as_str()) {
        context.ui.warn(&format!(
            "a setting is left out, which a superuser may repeat: {statement} = …"
        ));
    }
}

fn tell(context: &Context, source: &Source) {
    if !source.is_verified {
        context.ui.note(&format!(
            "no checksum is known of {}: whether it is whole shows when it is restored",
            source.archive.path.display()
        ));
    }
    if source.archive.default_privileges > 0 {
        context.ui.warn(&format!(
            "the archive sets default privileges ({}), which are left out: ALTER DEFAULT PRIVILEGES is for the tenant to repeat",
            source.archive.default_privileges
        ));
    }
}
