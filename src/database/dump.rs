//! `database.dump`: an archive of all that the tenant sees, made by `pg_dump` as a stand-in with the tenant's rights.
//!
//! It grows under a name derived from the operation and gets its own when it is whole and on disk; it is written through
//! one descriptor, and nowhere where others may write. The checksum lies beside it, with the mark of the operation: that
//! tells later whose the archive is and whether it is still the same.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::archive::{self, Sidecar, shown};
use super::clusters::{Link, Way};
use super::failure::{changed, mid_effect};
use super::stand_in::{self, StandIn};
use super::{Clusters, Existing, Subject, tool};
use crate::control::quote::identifier;
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::env::files::OwnFile;
use crate::env::{child, files, identity};
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// How long the largest database may take.
pub(super) const LONGEST: Duration = Duration::from_secs(12 * 3600);
/// For a lock that somebody else holds.
const LOCK_WAIT_MS: u32 = 30_000;

/// Makes an archive.
#[derive(Debug, Serialize, Deserialize)]
pub struct Dump {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// The host that has the file.
    pub host: String,
    /// Whether that is the name by which it is configured and by which the step is bound to it. Earlier versions wrote down the
    /// kernel's.
    #[serde(default)]
    pub is_bound: bool,
    /// The archive; absolute.
    pub path: PathBuf,
}

impl OutsideStep for Dump {
    const KIND: &'static str = "database.dump";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    fn limit(&self) -> Option<Duration> {
        Some(LONGEST)
    }

    /// The file is on one host; where the cluster is, is in the parameters.
    fn substrate(&self) -> String {
        match self.is_bound {
            true => format!("host:{}", self.host),
            false => self.subject.substrate.clone(),
        }
    }

    async fn apply(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        self.require_host(world).map_err(Failure::not_now)?;
        let link = world
            .enter(&self.subject, marker, Way::Do)
            .await
            .map_err(Failure::not_now)?;
        if let Found::Ours(output) = self.look(&link, marker).await.map_err(Failure::not_now)? {
            return Ok(output);
        }
        match self.write(world, &link, marker).await {
            Ok(output) => Ok(output),
            // What was begun is cleared away at once, so that it is known that nothing is there.
            Err(failure) => match self.clear(&link, marker).await {
                Ok(()) => Err(Failure::refused(failure.error)),
                Err(_) => Err(Failure::unknown(failure.error)),
            },
        }
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        self.require_host(world).map_err(Failure::not_now)?;
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        self.clear(&link, marker).await
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        self.require_host(world)?;
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        self.look(&link, marker).await
    }
}

impl Dump {
    fn require_host(&self, world: &Clusters) -> Result<()> {
        let here = match self.is_bound {
            true => world.host().to_owned(),
            false => identity::host_name(),
        };
        if here == self.host {
            return Ok(());
        }
        Err(elsewhere(&self.host, &here, &self.path))
    }

    fn partial(&self, marker: Marker) -> PathBuf {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        self.path
            .with_file_name(format!(".{name}.{}.partial", marker.short()))
    }

    async fn write(&self, world: &Clusters, link: &Link, marker: Marker) -> Result<Value, Failure> {
        let partial = self.partial(marker);
        check_place(&self.path).map_err(Failure::unknown)?;
        files::remove(&partial).map_err(Failure::unknown)?;
        let file = OwnFile::create(&partial).map_err(Failure::unknown)?;
        let name = identifier(self.subject.name.as_str());
        // CONNECT of its own: the tenant's is gone while the database is suspended.
        let stand_in = StandIn::make(link, marker, |role| {
            vec![
                format!("GRANT {name} TO {role}"),
                format!("GRANT CONNECT ON DATABASE {name} TO {role}"),
            ]
        })
        .await?;
        mid_effect()?;
        let dumped = self.run(world, &stand_in, &file).await;
        stand_in::remove(link, marker).await?;
        dumped.map_err(Failure::unknown)?;
        let reader = file.reader().map_err(Failure::unknown)?;
        let (size_bytes, sha256) = archive::digest(&partial, reader)
            .await
            .map_err(Failure::unknown)?;
        file.check_name().map_err(Failure::unknown)?;
        let text = Sidecar::text(marker, &sha256, &self.path);
        files::write_private(&Sidecar::path(&self.path), text.as_bytes()).map_err(Failure::unknown)?;
        mid_effect()?;
        files::publish(&partial, &self.path).map_err(Failure::unknown)?;
        Ok(output(size_bytes, &sha256))
    }

    async fn run(&self, world: &Clusters, stand_in: &StandIn, into: &OwnFile) -> Result<()> {
        let name = self.subject.name.as_str();
        let (spec, _password) = tool::spec("pg_dump", world, &self.subject, name, stand_in)?;
        let mut file = std::ffi::OsString::from("--file=");
        file.push(into.open_path());
        let spec = spec
            .arguments(["--format=custom", "--no-sync"])
            .argument(format!("--lock-wait-timeout={LOCK_WAIT_MS}"))
            .argument(file)
            .deadline(LONGEST);
        let output = child::run(spec).await?;
        tool::succeeded(
            &output,
            "dump",
            &format!("{} could not be dumped", self.subject.words()),
        )
    }

    /// Removes what this operation has made, an archive only if it is still the same.
    async fn clear(&self, link: &Link, marker: Marker) -> Result<(), Failure> {
        stand_in::remove(link, marker).await?;
        files::remove(&self.partial(marker)).map_err(Failure::not_now)?;
        let sidecar = Sidecar::read(&self.path).map_err(Failure::not_now)?;
        let Some(sidecar) = sidecar.filter(|sidecar| is_by(sidecar, marker)) else {
            return Ok(());
        };
        if self.path.exists() {
            let file = files::open_regular(&self.path).map_err(Failure::not_now)?;
            let (_, sha256) = archive::digest(&self.path, file)
                .await
                .map_err(Failure::not_now)?;
            if sha256 != sidecar.sha256 {
                return Err(Failure::refused(changed(self.is_another())));
            }
            files::remove(&self.path).map_err(Failure::not_now)?;
        }
        files::remove(&Sidecar::path(&self.path)).map_err(Failure::not_now)
    }

    fn is_another(&self) -> String {
        format!("{} is not the archive that hostctl made", shown(&self.path))
    }

    async fn look(&self, link: &Link, marker: Marker) -> Result<Found> {
        if stand_in::is_there(link, marker).await? || self.partial(marker).exists() {
            return Ok(Found::Changed(format!(
                "{} is only half written",
                shown(&self.path)
            )));
        }
        let sidecar = Sidecar::read(&self.path)?.filter(|sidecar| is_by(sidecar, marker));
        let Some(sidecar) = sidecar else {
            return Ok(Found::Absent);
        };
        if !self.path.exists() {
            return Ok(Found::Changed(format!(
                "{} is gone, its checksum is there",
                shown(&self.path)
            )));
        }
        let file = files::open_regular(&self.path)?;
        let (size_bytes, sha256) = archive::digest(&self.path, file).await?;
        if sha256 != sidecar.sha256 {
            return Ok(Found::Changed(self.is_another()));
        }
        Ok(Found::Ours(output(size_bytes, &sha256)))
    }
}

fn is_by(sidecar: &Sidecar, marker: Marker) -> bool {
    sidecar
        .marker
        .is_some_and(|made| made.operation == marker.operation)
}

fn output(size_bytes: u64, sha256: &str) -> Value {
    json!({ "size_bytes": size_bytes, "sha256": sha256 })
}

/// Refuses a place for an archive where others than we or root may put files.
///
/// # Errors
/// `usage`.
pub fn check_place(archive: &Path) -> Result<()> {
    files::check_place(archive.parent().unwrap_or(Path::new("/")))
}

/// Refuses a database of which a dump would not be whole: the policies of a table that forces them hold for its owner too,
/// and only a superuser may do without.
///
/// # Errors
/// `denied`, reason `row_security`, naming up to five of the tables.
pub async fn observe_dump(clusters: &Clusters, existing: &Existing, deadline: Deadline) -> Result<()> {
    let subject = &existing.subject;
    let inside = clusters
        .look_into(&subject.cluster, subject.name.as_str(), deadline)
        .await?;
    let statement = "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relrowsecurity AND c.relforcerowsecurity ORDER BY 1 LIMIT 5";
    let ask = async {
        let rows = inside.client.query_typed(statement, &[]).await;
        rows.map_err(|error| sqlstate::error(&subject.words(), error))
    };
    let rows = deadline.run(&inside.place, ask).await?;
    let tables: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    if tables.is_empty() {
        return Ok(());
    }
    let message = format!(
        "{} cannot be dumped whole: the row level security of {} is forced upon its owner",
        subject.words(),
        tables.join(", ")
    );
    let remedies = tables
        .iter()
        .map(|table| format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"));
    let hint = format!(
        "as the tenant, for as long as the backup takes: {}",
        remedies.collect::<Vec<_>>().join("; ")
    );
    Err(Error::new(Kind::Denied, "row_security", message).hint(hint))
}

/// A file is on one host only.
pub(super) fn elsewhere(host: &str, here: &str, path: &Path) -> Error {
    let message = format!("{} is a file of host {host}, and this is {here}", shown(path));
    Error::new(Kind::Unavailable, "elsewhere", message).hint(format!("do it on {host}"))
}
