//! The configured clusters, each connected when it is first needed and then kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as Shared, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio_postgres::{Client, SimpleQueryMessage};
use uuid::Uuid;

use super::{Subject, hold};
use crate::config::{Cluster, Config, pick};
use crate::control::connect::Target;
use crate::control::quote::identifier;
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::env::identity;
use crate::error::{Error, Kind, Result};
use crate::journal::Marker;

const CONNECT: Duration = Duration::from_secs(15);
/// How long a connection may take to answer an empty question before it counts as silent.
const SILENCE: Duration = Duration::from_secs(2);
/// How long a statement may wait for another's lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// All clusters of the configuration; the world of every step of a database. One for every operation that runs at the
/// same time: a session holds the lock of one operation.
pub struct Clusters {
    configured: Arc<BTreeMap<String, Cluster>>,
    links: Arc<BTreeMap<String, Mutex<Option<Arc<Link>>>>>,
    /// The name of this host: the configured one, else the kernel's.
    host: String,
    /// Whether nothing is done through it: no lock is taken, and nobody who works is put out.
    only_looks: bool,
}

/// A session with a cluster.
pub(super) struct Link {
    pub client: Client,
    /// Its name in the configuration.
    pub cluster: String,
    /// For messages: `cluster main at db1.example.net:5432`.
    pub place: String,
    /// Its system identifier.
    pub substrate: String,
    /// `server_version_num`.
    pub version: i32,
    pub is_superuser: bool,
    held: Shared<Option<(Uuid, i64)>>,
}

/// Which way a step goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It is done: not by a process that may have been fenced.
    Do,
    /// It is looked at or taken back.
    Back,
}

impl Clusters {
    /// Connects nowhere yet.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let links = config
            .clusters
            .keys()
            .map(|name| (name.clone(), Mutex::new(None)))
            .collect();
        Clusters {
            configured: Arc::new(config.clusters.clone()),
            links: Arc::new(links),
            host: config.host.clone().unwrap_or_else(identity::host_name),
            only_looks: false,
        }
    }

    /// The same connections, for whoever plans to turn a finished operation back and does not hold it: somebody else may be
    /// doing so.
    #[must_use]
    pub fn to_look(&self) -> Self {
        Clusters {
            configured: Arc::clone(&self.configured),
            links: Arc::clone(&self.links),
            host: self.host.clone(),
            only_looks: true,
        }
    }

    /// The name of this host, which files are bound to.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The names under which files of this host may be known: earlier versions wrote down the kernel's in any case.
    pub(super) fn hosts(&self) -> [String; 2] {
        [self.host.clone(), identity::host_name()]
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.configured.keys().map(String::as_str)
    }

    /// The cluster that `--cluster` means, with what is configured of it.
    ///
    /// # Errors
    /// `usage` where it cannot be told which.
    pub fn pick(&self, flag: Option<&str>) -> Result<(&str, &Cluster)> {
        pick(&self.configured, flag)
    }

    /// Where clients of `cluster` find it: host and port.
    ///
    /// # Errors
    /// `usage` where no such cluster is configured.
    pub fn address(&self, cluster: &str) -> Result<(String, u16)> {
        self.target(cluster).map(|target| target.address())
    }

    /// How `cluster` is reached.
    pub(super) fn target(&self, cluster: &str) -> Result<Target> {
        let (name, cluster) = self.pick(Some(cluster))?;
        Target::new(
            &cluster.url,
            cluster.password_file.as_deref(),
            format!("cluster {name}"),
            format!("[cluster.{name}] url"),
        )
    }

    /// The session with `cluster`, in its maintenance database.
    pub(super) async fn link(&self, cluster: &str, deadline: Deadline) -> Result<Arc<Link>> {
        let slot = self.slot(cluster)?;
        let mut link = slot.lock().await;
        if let Some(link) = link.as_ref().filter(|link| !link.client.is_closed()) {
            return Ok(link.clone());
        }
        let fresh = Arc::new(open(&self.target(cluster)?, cluster, deadline).await?);
        *link = Some(fresh.clone());
        Ok(fresh)
    }

    /// The session with the cluster of `subject`, holding the lock of the operation.
    ///
    /// # Errors
    /// `conflict`, reason `substrate`, where the name stands for another cluster now.
    pub(super) async fn enter(&self, subject: &Subject, marker: Marker, way: Way) -> Result<Arc<Link>> {
        let Subject {
            cluster, substrate, ..
        } = subject;
        self.enter_cluster(cluster, substrate, subject.name.as_str(), marker, way)
            .await
    }

    /// As [`Clusters::enter`], for `thing` that is no tenant's database.
    pub(super) async fn enter_cluster(
        &self,
        cluster: &str,
        substrate: &str,
        thing: &str,
        marker: Marker,
        way: Way,
    ) -> Result<Arc<Link>> {
        match way {
            Way::Do => self.refuse_if_ended(cluster, marker).await?,
            Way::Back => self.leave_if_silent(cluster).await?,
        }
        let link = self.link(cluster, Deadline::after(CONNECT)).await?;
        link.require(substrate, thing)?;
        self.hold(&link, marker).await?;
        Ok(link)
    }

    /// A session of its own with another database of that cluster, holding the lock of the operation there.
    pub(super) async fn enter_database(
        &self,
        subject: &Subject,
        database: &str,
        marker: Marker,
    ) -> Result<Link> {
        let target = self.target(&subject.cluster)?.database(database);
        let link = open(&target, &subject.cluster, Deadline::after(CONNECT)).await?;
        link.require(&subject.substrate, subject.name.as_str())?;
        self.hold(&link, marker).await?;
        Ok(link)
    }

    /// A session with another database of a cluster, only to look.
    pub(super) async fn look_into(&self, cluster: &str, database: &str, deadline: Deadline) -> Result<Link> {
        open(&self.target(cluster)?.database(database), cluster, deadline).await
    }

    /// A session of its own with the database of `subject`, to look and change nothing.
    pub(super) async fn visit(&self, subject: &Subject, deadline: Deadline) -> Result<Link> {
        let target = self.target(&subject.cluster)?.database(subject.name.as_str());
        let link = open(&target, &subject.cluster, deadline).await?;
        link.require(&subject.substrate, subject.name.as_str())?;
        Ok(link)
    }

    /// A session that worked for this operation and was ended may have been ended by whoever took the operation over.
    /// This once the step does not go on; the journal says next whether it may.
    async fn refuse_if_ended(&self, cluster: &str, marker: Marker) -> Result<()> {
        let mut link = self.slot(cluster)?.lock().await;
        let worked_for_it = |link: &Arc<Link>| link.client.is_closed() && link.holds(marker);
        if link.take_if(|link| worked_for_it(link)).is_some() {
            let message = format!("cluster {cluster}: the connection to PostgreSQL was lost");
            return Err(Error::new(Kind::Unavailable, "connection_lost", message));
        }
        Ok(())
    }

    /// Where a statement was given up, its answer may never come, and what is sent after it waits for that answer. Going
    /// back starts on a connection that speaks; what the server still works at is waited for by its lock.
    async fn leave_if_silent(&self, cluster: &str) -> Result<()> {
        let mut slot = self.slot(cluster)?.lock().await;
        if let Some(link) = slot.as_ref().filter(|link| !link.client.is_closed()) {
            let answer = tokio::time::timeout(SILENCE, link.client.simple_query("")).await;
            if answer.is_err() {
                *slot = None;
            }
        }
        Ok(())
    }

    async fn hold(&self, link: &Link, marker: Marker) -> Result<()> {
        match self.only_looks {
            true => Ok(()),
            false => link.hold(marker).await,
        }
    }

    fn slot(&self, cluster: &str) -> Result<&Mutex<Option<Arc<Link>>>> {
        let (name, _) = self.pick(Some(cluster))?;
        self.links
            .get(name)
            .ok_or_else(|| Error::internal("a cluster without a place for its connection"))
    }
}

impl Link {
    /// Makes us a member of `role`, so that we may act on what is its.
    pub fn join(&self, role: &str) -> String {
        // Since PostgreSQL 16 the maker of a role may grant it to itself, but does not act as it without being told.
        let options = if self.version >= 160_000 {
            " WITH INHERIT TRUE, SET TRUE"
        } else {
            ""
        };
        format!("GRANT {} TO CURRENT_USER{options}", identifier(role))
    }

    /// Whether a new database's schema `public` belongs to the database's owner (and not to the superuser).
    pub fn gives_public_away(&self) -> bool {
        self.version >= 150_000
    }

    fn require(&self, substrate: &str, thing: &str) -> Result<()> {
        if self.substrate == substrate {
            return Ok(());
        }
        let message = format!(
            "cluster {} is another one now: its system identifier is {}, and {thing} lies in {substrate}",
            self.cluster, self.substrate
        );
        Err(Error::new(Kind::Conflict, "substrate", message).hint("hostctl config show --origin"))
    }

    async fn hold(&self, marker: Marker) -> Result<()> {
        if self.holds(marker) {
            return Ok(());
        }
        hold::take(self, marker).await?;
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some((marker.operation, marker.epoch));
        Ok(())
    }

    fn holds(&self, marker: Marker) -> bool {
        let held = *self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held == Some((marker.operation, marker.epoch))
    }
}

async fn open(target: &Target, cluster: &str, deadline: Deadline) -> Result<Link> {
    let client = target.connect(deadline).await?;
    // Whatever the defaults of the server or of the database are: no search path can lead astray, no time-out ends a long
    // CREATE DATABASE, and nothing is refused as read only.
    let statement = format!(
        "SET search_path = pg_catalog, pg_temp; SET client_min_messages = warning; SET synchronous_commit = on;
         SET default_transaction_read_only = off;
         SET statement_timeout = 0; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = 60000;
         SELECT system_identifier, current_setting('server_version_num'), current_setting('is_superuser')
         FROM pg_control_system()",
        LOCK_TIMEOUT.as_millis()
    );
    let ask = async {
        client
            .simple_query(&statement)
            .await
            .map_err(|error| sqlstate::error(&target.name, error))
    };
    let place = target.place();
    let answer = deadline.run(&place, ask).await?;
    let row = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let column = |number| row.and_then(|row| row.get(number)).unwrap_or_default();
    let version = column(1)
        .parse()
        .map_err(|_| Error::internal("a server without a version"))?;
    if version < 130_000 {
        let message = format!(
            "{} runs PostgreSQL {}, and 13 or later is needed",
            target.name,
            version / 10_000
        );
        return Err(Error::configuration(message));
    }
    Ok(Link {
        cluster: cluster.to_owned(),
        place,
        substrate: column(0).to_owned(),
        version,
        is_superuser: column(2) == "on",
        held: Shared::new(None),
        client,
    })
}
