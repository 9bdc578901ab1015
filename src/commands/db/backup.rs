//! `hostctl db backup NAME`.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use serde_json::json;

use super::{LOOK, check_visible, claim, row::BackedUp};
use crate::clock;
use crate::commands::Take;
use crate::database;
use crate::env::files;
use crate::error::{Error, Kind, Result};
use crate::model::{DatabaseName, Given};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The database
    #[arg(value_name = "NAME")]
    name: Given<DatabaseName>,
    /// The cluster it is on, where several have one of this name
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
    /// The archive, or the directory for it, where nobody else may write [default: backups in the state directory]
    #[arg(long, value_name = "FILE|DIR")]
    to: Option<String>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let path = args.place(context, &name)?;
    if args.to.is_some() {
        database::check_place(&path)?;
    }
    let cluster = args.cluster.as_deref();
    let asked = json!({ "cluster": cluster, "to": args.to });
    let outcome = Change::new("db.backup", name.as_str(), asked)
        .claims(claim(context, &name, cluster))
        .run(context, async |session, world, _| {
            check_visible(context, &**session, &name, cluster).await?;
            let limit = context.within(LOOK);
            let existing =
                database::observe_existing(&**session, &world.clusters, &name, cluster, limit).await?;
            check_free(&path)?;
            database::observe_dump(&world.clusters, &existing, limit).await?;
            database::plan_backup(&world.clusters, &existing, path.clone())
        })
        .await?;
    match outcome {
        Outcome::Done(done) => context.ui.one(&BackedUp::of(&done)?),
        Outcome::Shown | Outcome::Unchanged(_) => Ok(()),
    }
}

impl Args {
    fn place(&self, context: &Context, name: &DatabaseName) -> Result<PathBuf> {
        let time = clock::now().to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%S%3fZ");
        let file = format!("{name}-{time}.dump");
        let Some(to) = &self.to else {
            let directory = context.config.state_directory.join("backups");
            if !context.settings.is_dry_run {
                files::create_private_dir(&directory)?;
            }
            return Ok(directory.join(file));
        };
        if to.is_empty() || to.chars().any(char::is_control) {
            return Err(Error::invalid(
                "--to: a path without control characters is needed",
            ));
        }
        let path = std::path::absolute(to).map_err(|error| Error::invalid(format!("--to {to}: {error}")))?;
        if path.is_dir() {
            return Ok(path.join(file));
        }
        if to.ends_with('/') || !path.parent().is_some_and(Path::is_dir) {
            let message = format!("--to {to}: there is no such directory");
            return Err(Error::new(Kind::Usage, "file", message).hint("mkdir -m 0700 the directory first"));
        }
        Ok(path)
    }
}

fn check_free(path: &Path) -> Result<()> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let message = format!("{} exists already", path.display());
    Err(Error::new(Kind::Conflict, "exists", message).hint("name another file; none is ever overwritten"))
}
