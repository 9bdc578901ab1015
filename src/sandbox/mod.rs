//! A private playground: real servers on loopback, all under one directory, gone without a trace after [`down`].
//!
//! Here: starting, watching and ending the servers, and the configuration by which hostctl uses them. Not here: the
//! schema, the key ring and the demo, which are made in it like anywhere else. Data flows from [`Options`] through
//! `ground` (the directory) and `server` (ports, start, readiness) into each server's own module, and `state` keeps
//! what runs.

mod configuration;
mod dovecot;
mod files;
mod furnish;
mod ground;
mod packages;
mod pgbouncer;
pub mod ports;
mod postgres;
mod powerdns;
mod server;
mod state;
mod template;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use tokio_postgres::{Client, Config};

use self::dovecot::Dovecot;
use self::ground::{Found, Ground, Lock};
pub use self::packages::{Parts, require};
use self::pgbouncer::Pgbouncer;
use self::postgres::Postgres;
pub use self::postgres::Tls;
use self::powerdns::Powerdns;
use self::server::Server;
pub use self::state::Name;
use self::state::{Phase, Record};
pub use crate::env::child::Lifetime;
use crate::env::child::{Process, Signal};
use crate::error::{Error, Kind, Result};

/// How a sandbox is to be.
#[derive(Clone)]
pub struct Options {
    /// The one directory; absent or empty, and reachable for the service user.
    pub directory: PathBuf,
    /// What runs beside PostgreSQL.
    pub parts: Parts,
    /// What becomes of the servers when the process that starts them ends.
    pub lifetime: Lifetime,
    /// Whether data survives a power cut (it survives kill -9 in any case). Slower.
    pub is_durable: bool,
    /// Whether PostgreSQL logs every statement it gets.
    pub logs_statements: bool,
    /// TLS for PostgreSQL; without it TCP is plain, on loopback.
    pub tls: Option<Tls>,
    /// Where clusters are kept as `initdb` makes them, so that this is done once. They are copied with their system identifier.
    pub templates: Option<PathBuf>,
}

impl Options {
    /// A sandbox for a person: everything that is installed, left running, not made to survive a power cut.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Options {
            directory: directory.into(),
            parts: Parts::installed(),
            lifetime: Lifetime::Detached,
            is_durable: false,
            logs_statements: false,
            tls: None,
            templates: None,
        }
    }
}

/// Whether a server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerState {
    /// Its process is there.
    Running,
    /// It has been started, and its process is gone.
    Stopped,
}

/// One server of a sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerStatus {
    /// Which.
    pub server: Name,
    /// Whether it runs.
    pub state: ServerState,
    /// Its process, if it runs.
    pub pid: Option<u32>,
    /// Where its clients find it: SQL, DNS or IMAP.
    pub address: SocketAddr,
}

/// A sandbox that is up. Dropping it ends nothing: that is for [`Sandbox::down`], or for [`Lifetime::WithParent`].
pub struct Sandbox {
    ground: Ground,
}

impl Sandbox {
    /// Makes a sandbox: PostgreSQL with the role and database `hostctl`, PowerDNS if wanted, and a configuration file.
    /// Dovecot follows by [`Sandbox::start_mail`] once there is a schema that it can ask. What an `up` that was killed
    /// has left is cleared away first; after a failure nothing is left.
    ///
    /// `conflict` (`exists`) where there is one, (`foreign`) where there is something else; `usage` for a directory
    /// that does not do; `unavailable` (`not_installed`) with the line that installs what is missing; `busy` while
    /// another `up` or `down` works on the directory.
    pub async fn up(options: Options) -> Result<Sandbox> {
        let directory = ground::canonical(&options.directory)?;
        require(options.parts)?;
        let _lock = Lock::take(&directory).await?;
        match ground::look(&directory)? {
            Found::Nothing => {}
            Found::Foreign => {
                let message = format!("{} is not empty and not a sandbox", directory.display());
                return Err(Error::new(Kind::Conflict, "foreign", message));
            }
            Found::Sandbox if is_up(&directory)? => return Err(exists(&directory)),
            Found::Sandbox => clear_away(&directory).await?,
        }
        let made = make(&directory, &options).await;
        if made.is_err() && matches!(ground::look(&directory), Ok(Found::Sandbox)) {
            clear_away(&directory).await?;
        }
        made
    }

    /// The sandbox in `directory`. `not_found` where there is none, `conflict` (`half_started`) where an `up` or a
    /// `down` was killed, `busy` while one works.
    pub async fn open(directory: &Path) -> Result<Sandbox> {
        let directory = ground::canonical(directory)?;
        if !matches!(ground::look(&directory)?, Found::Sandbox) {
            return Err(none(&directory));
        }
        let record = Record::read(&directory.join(RECORD))?;
        if let Some(record) = record.filter(|record| record.get().phase == Phase::Up) {
            let user = ground::service_user().await?;
            return Ok(Sandbox {
                ground: Ground::new(directory, user, record),
            });
        }
        drop(Lock::take(&directory).await?);
        let message = format!("the sandbox in {} is only half there", directory.display());
        let hint = format!("hostctl sandbox down --dir {}", directory.display());
        Err(Error::new(Kind::Conflict, "half_started", message).hint(hint))
    }

    /// Every server that has been started, in the order of [`Name`].
    #[must_use]
    pub fn status(&self) -> Vec<ServerStatus> {
        let servers = self.ground.record.get().servers;
        servers
            .into_iter()
            .map(|(server, entry)| {
                let process = entry.process.filter(|process| process.is_alive());
                ServerStatus {
                    server,
                    state: if process.is_some() {
                        ServerState::Running
                    } else {
                        ServerState::Stopped
                    },
                    pid: process.map(|process| process.pid),
                    address: loopback(entry.ports[0]),
                }
            })
            .collect()
    }

    /// The one directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.ground.directory
    }

    /// The configuration that works as it stands.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.ground.path(configuration::FILE)
    }

    /// Where the key ring belongs according to the configuration; the caller makes it.
    #[must_use]
    pub fn keyring_file(&self) -> PathBuf {
        self.ground.path(configuration::KEYRING)
    }

    /// Variables for a shell, in which secrets are only named by their files: hostctl's configuration, PostgreSQL's own
    /// (`psql` then enters the control database), `DIG`, and where API, IMAP and LMTP are.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        configuration::environment(&self.ground)
    }

    /// How hostctl enters its control database, password included. TLS is up to the caller.
    pub fn control(&self) -> Result<Config> {
        postgres::control(&self.ground)
    }

    /// A session as superuser, for whoever must see what hostctl's own role cannot.
    pub async fn superuser(&self, database: &str) -> Result<Client> {
        postgres::superuser(&self.ground, database).await
    }

    /// Where a server's clients find it: one address per port, PostgreSQL and pgbouncer SQL; PowerDNS DNS, API; Dovecot
    /// IMAP, LMTP, authentication and quota for Postfix. `not_found` for a server that has not been started.
    pub fn addresses(&self, server: Name) -> Result<Vec<SocketAddr>> {
        Ok(self
            .ground
            .record
            .ports(server)?
            .into_iter()
            .map(loopback)
            .collect())
    }

    /// The process of a server as it was last started.
    #[must_use]
    pub fn process(&self, server: Name) -> Option<Process> {
        self.ground.record.entry(server).and_then(|entry| entry.process)
    }

    /// What a server says while it works.
    #[must_use]
    pub fn log_file(&self, server: Name) -> PathBuf {
        self.ground.log(server)
    }

    /// Starts Dovecot with `sql`, the contents of a `dovecot-sql.conf.ext`, as its password and user database. Where it
    /// runs already it is started anew, on other ports.
    pub async fn start_mail(&self, sql: &str) -> Result<()> {
        require(Parts {
            dns: false,
            mail: true,
        })?;
        server::stop(&self.ground, Name::Dovecot, Dovecot::STOP).await?;
        Dovecot::create(&self.ground, sql).await
    }

    /// Starts a transaction pooler in front of PostgreSQL.
    pub async fn start_pooler(&self) -> Result<()> {
        server::stop(&self.ground, Name::Pgbouncer, Pgbouncer::STOP).await?;
        Pgbouncer::create(&self.ground).await
    }

    /// Ends a server in good order; one that does not run is no error.
    pub async fn stop(&self, server: Name) -> Result<()> {
        match server {
            Name::Postgres => postgres::stop(&self.ground, postgres::Existing::STOP).await,
            Name::Powerdns => server::stop(&self.ground, server, Powerdns::STOP).await,
            Name::Dovecot => server::stop(&self.ground, server, Dovecot::STOP).await,
            Name::Pgbouncer => server::stop(&self.ground, server, Pgbouncer::STOP).await,
        }
    }

    /// Ends a server by SIGKILL, and waits until nothing of it runs.
    pub async fn kill(&self, server: Name) -> Result<()> {
        match server {
            Name::Postgres => postgres::stop(&self.ground, Signal::Kill).await,
            _ => server::stop(&self.ground, server, Signal::Kill).await,
        }
    }

    /// Starts a server that was stopped or killed, on its old ports with its old data.
    pub async fn start(&self, server: Name) -> Result<()> {
        match server {
            Name::Postgres => {
                postgres::clear(&self.ground).await?;
                server::start_again(&self.ground, &postgres::Existing).await
            }
            Name::Powerdns => server::start_again(&self.ground, &Powerdns::existing(&self.ground)?).await,
            Name::Dovecot => server::start_again(&self.ground, &Dovecot::existing(&self.ground)).await,
            Name::Pgbouncer => server::start_again(&self.ground, &Pgbouncer).await,
        }
    }

    /// [`Sandbox::stop`], then [`Sandbox::start`].
    pub async fn restart(&self, server: Name) -> Result<()> {
        self.stop(server).await?;
        self.start(server).await
    }

    /// As the function [`down`].
    pub async fn down(self) -> Result<()> {
        down(&self.ground.directory).await
    }
}

/// Ends every server of the sandbox in `directory`, also of one that is only half there, and deletes the directory.
/// `not_found` where there is none (so also the second time); nothing else is ever deleted. `busy` while another `up` or
/// `down` works on it.
pub async fn down(directory: &Path) -> Result<()> {
    let directory = ground::canonical(directory)?;
    let _lock = Lock::take(&directory).await?;
    match ground::look(&directory)? {
        Found::Sandbox => clear_away(&directory).await,
        Found::Nothing | Found::Foreign => Err(none(&directory)),
    }
}

/// The record of what runs.
const RECORD: &str = "sandbox.json";

async fn make(directory: &Path, options: &Options) -> Result<Sandbox> {
    let user = ground::service_user().await?;
    ground::claim(directory, &user)?;
    ground::require_reachable(directory, &user).await?;
    let record = Record::begin(directory.join(RECORD), options.lifetime, options.tls.is_some())?;
    let ground = Ground::new(directory.to_owned(), user, record);
    for name in ["log", configuration::STATE] {
        files::make_directory(&ground.path(name), None)?;
    }
    let database = Postgres {
        is_durable: options.is_durable,
        logs_statements: options.logs_statements,
        tls: options.tls.as_ref(),
        templates: options.templates.as_deref(),
    };
    let dns = async {
        if options.parts.dns {
            Powerdns::create(&ground, options.is_durable).await
        } else {
            Ok(())
        }
    };
    let (database, dns) = tokio::join!(database.create(&ground), dns);
    database.and(dns)?;
    configuration::write(&ground)?;
    ground.record.change(|state| state.phase = Phase::Up)?;
    Ok(Sandbox { ground })
}

/// Ends what runs, those with clients before those they ask, and deletes everything.
async fn clear_away(directory: &Path) -> Result<()> {
    let user = ground::service_user().await?;
    if let Some(record) = Record::read(&directory.join(RECORD))? {
        record.change(|state| state.phase = Phase::Stopping)?;
        let sandbox = Sandbox {
            ground: Ground::new(directory.to_owned(), user, record),
        };
        tokio::try_join!(
            sandbox.stop(Name::Dovecot),
            sandbox.stop(Name::Pgbouncer),
            sandbox.stop(Name::Powerdns)
        )?;
        sandbox.stop(Name::Postgres).await?;
        server::sweep(directory).await?;
        postgres::clear(&sandbox.ground).await?;
    } else {
        server::sweep(directory).await?;
    }
    ground::remove(directory)
}

fn is_up(directory: &Path) -> Result<bool> {
    let record = Record::read(&directory.join(RECORD))?;
    Ok(record.is_some_and(|record| record.get().phase == Phase::Up))
}

fn exists(directory: &Path) -> Error {
    let message = format!("there is a sandbox in {} already", directory.display());
    let hint = format!("hostctl sandbox down --dir {}", directory.display());
    Error::new(Kind::Conflict, "exists", message).hint(hint)
}

fn none(directory: &Path) -> Error {
    let message = format!("there is no sandbox in {}", directory.display());
    let hint = format!("hostctl sandbox up --dir {}", directory.display());
    Error::new(Kind::NotFound, "not_found", message).hint(hint)
}

fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}
