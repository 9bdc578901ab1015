//! Connecting to PostgreSQL: every host in turn, each under a deadline of its own, TLS as the URL says.
//!
//! tokio-postgres would try the hosts itself, but its `connect_timeout` covers only TCP and it keeps only the last
//! host's error.

use std::path::Path;
use std::time::Duration;

use tokio_postgres::config::SslMode as Tls;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::sqlstate;
use crate::config::PostgresUrl;
use crate::config::postgres_url::{Host, HostPort, SslMode, TargetSessionAttrs};
use crate::env::deadline::Deadline;
use crate::env::files;
use crate::env::tls::{Verify, client_config_verifying};
use crate::error::{Error, Kind, Result};
use crate::model::secret::Secret;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long unacknowledged data may wait before the connection counts as dead.
const USER_TIMEOUT: Duration = Duration::from_secs(20);

/// Where to connect and as whom.
#[derive(Clone, Debug)]
pub struct Target {
    url: PostgresUrl,
    password: Option<Secret>,
    /// In words, for messages: `the control database`.
    pub name: String,
    /// Where the configuration names it: `[control] url`.
    setting: String,
}

impl Target {
    /// The server of `url`, which stands at `setting`; the password comes from the URL or from `password_file`.
    ///
    /// # Errors
    /// `usage` where the file cannot be used.
    pub fn new(
        url: &PostgresUrl,
        password_file: Option<&Path>,
        name: impl Into<String>,
        setting: impl Into<String>,
    ) -> Result<Self> {
        let password = match (&url.password, password_file) {
            (Some(password), _) => Some(password.clone()),
            (None, Some(path)) => Some(files::read_secret(path)?),
            (None, None) => None,
        };
        Ok(Target {
            url: url.clone(),
            password,
            name: name.into(),
            setting: setting.into(),
        })
    }

    /// The same server and role, another database.
    #[must_use]
    pub fn database(&self, name: &str) -> Self {
        let mut target = self.clone();
        target.url.database = Some(name.to_owned());
        target
    }

    /// The same server, another role and password: for proving that a login works, or is refused.
    #[must_use]
    pub fn login(&self, user: &str, password: Secret) -> Self {
        let mut target = self.clone();
        target.url.user = Some(user.to_owned());
        target.password = Some(password);
        target
    }

    /// The first host and port, as a client of this cluster would name them.
    #[must_use]
    pub fn address(&self) -> (String, u16) {
        self.url.hosts.first().map_or_else(
            || ("localhost".to_owned(), 5432),
            |first| (host(first), first.port),
        )
    }

    /// With every host and port, for messages about a server that is connected to.
    #[must_use]
    pub fn place(&self) -> String {
        let places = self.url.hosts.iter();
        let places: Vec<String> = places
            .map(|place| format!("{}:{}", host(place), place.port))
            .collect();
        format!("{} at {}", self.name, places.join(", "))
    }

    /// Adds what to look at where the server cannot be reached, unless something better is known.
    pub(super) fn helped(&self, error: Error) -> Error {
        if error.kind() != Kind::Unavailable || error.hint_text().is_some() {
            return error;
        }
        error.hint(format!(
            "does PostgreSQL run and listen there? {} names it: hostctl config show --origin",
            self.setting
        ))
    }

    /// Connects to the first host that answers and will do.
    ///
    /// # Errors
    /// `unavailable` naming what each host said; `denied` where one refuses us.
    pub async fn connect(&self, deadline: Deadline) -> Result<Client> {
        let mut last = None;
        let mut failures = Vec::new();
        for place in &self.url.hosts {
            let limit = deadline.within(self.url.connect_timeout.unwrap_or(CONNECT_TIMEOUT));
            let what = format!("{} at {}:{}", self.name, host(place), place.port);
            match limit.run(&what, self.attempt(place, &what)).await {
                Ok(client) => return Ok(client),
                Err(error) => {
                    failures.push(error.message().to_owned());
                    last = Some(error);
                }
            }
        }
        let last = last.unwrap_or_else(|| Error::internal("a PostgreSQL URL without a host"));
        if failures.len() < 2 {
            return Err(self.helped(last));
        }
        Err(self.helped(Error::new(last.kind(), last.reason(), failures.join("; "))))
    }

    async fn attempt(&self, place: &HostPort, what: &str) -> Result<Client> {
        let client = self.open(place, what).await?;
        let wanted = match self.url.target_session_attrs {
            TargetSessionAttrs::Any | TargetSessionAttrs::PreferStandby => return Ok(client),
            TargetSessionAttrs::ReadWrite | TargetSessionAttrs::Primary => false,
            TargetSessionAttrs::ReadOnly | TargetSessionAttrs::Standby => true,
        };
        let row = client.query_one("SELECT pg_is_in_recovery()", &[]).await;
        let is_standby: bool = row.map_err(|error| sqlstate::error(what, error))?.get(0);
        if is_standby == wanted {
            return Ok(client);
        }
        let role = if is_standby { "a standby" } else { "a primary" };
        Err(Error::unavailable(format!("{what}: is {role}")))
    }

    async fn open(&self, place: &HostPort, what: &str) -> Result<Client> {
        let config = self.config(place);
        if self.url.sslmode == SslMode::Disable || matches!(place.host, Host::Socket(_)) {
            let (client, connection) = config
                .connect(NoTls)
                .await
                .map_err(|error| refused_plainly(place, what, error))?;
            tokio::spawn(connection);
            return Ok(client);
        }
        let verify = match self.url.sslmode {
            SslMode::VerifyFull => Verify::Full,
            SslMode::VerifyCa => Verify::Chain,
            SslMode::Disable | SslMode::Prefer | SslMode::Require => Verify::Nothing,
        };
        let tls = MakeRustlsConnect::new(client_config_verifying(self.url.sslrootcert.as_deref(), verify)?);
        let (client, connection) = config.connect(tls).await.map_err(|error| refused(what, error))?;
        tokio::spawn(connection);
        Ok(client)
    }

    fn config(&self, place: &HostPort) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        match &place.host {
            Host::Socket(directory) => config.host_path(directory),
            _ => config.host(host(place)),
        };
        config.port(place.port);
        config.user(self.user());
        if let Some(password) = &self.password {
            config.password(password.expose());
        }
        config.dbname(self.url.database.clone().unwrap_or_else(|| self.user()));
        config.application_name(self.url.application_name.as_deref().unwrap_or("hostctl"));
        config.ssl_mode(match self.url.sslmode {
            SslMode::Disable => Tls::Disable,
            SslMode::Prefer => Tls::Prefer,
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => Tls::Require,
        });
        config.keepalives_idle(Duration::from_secs(15));
        config.keepalives_interval(Duration::from_secs(5));
        config.keepalives_retries(3);
        config.tcp_user_timeout(USER_TIMEOUT);
        config
    }

    /// The role that connects; absent in the URL it is the operating-system user, as in libpq.
    #[must_use]
    pub fn user(&self) -> String {
        self.url.user.clone().unwrap_or_else(crate::env::identity::user)
    }

    /// The database that is connected to.
    #[must_use]
    pub fn database_name(&self) -> String {
        self.url.database.clone().unwrap_or_else(|| self.user())
    }
}

fn host(place: &HostPort) -> String {
    match &place.host {
        Host::Name(name) => name.clone(),
        Host::Address(address) => address.to_string(),
        Host::Socket(directory) => directory.display().to_string(),
    }
}

/// What failed before the first statement: nothing was done, whatever it was.
fn refused(what: &str, error: tokio_postgres::Error) -> Error {
    if error.as_db_error().is_some() {
        let is_away = sqlstate::is_lost(&error);
        let refused = sqlstate::error(what, error);
        // One that starts, or goes down, is not there yet, or not any more.
        return match is_away {
            true => Error::unavailable(refused.message()).source(refused),
            false => refused,
        };
    }
    let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
    let refused = Error::unavailable(format!("{what}: {cause}"));
    let refused = if is_about_certificate(&error) {
        refused.hint(
            "name the server's authority in sslrootcert, and the host as its certificate does, in the URL",
        )
    } else {
        refused
    };
    refused.source(error)
}

/// As [`refused`], where we came without TLS: the server may have no rule for that.
fn refused_plainly(place: &HostPort, what: &str, error: tokio_postgres::Error) -> Error {
    let has_no_rule = error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION);
    let refused = refused(what, error);
    if has_no_rule && !matches!(place.host, Host::Socket(_)) {
        return refused
            .hint("where the server takes encrypted connections only, say sslmode=verify-full in the URL");
    }
    refused
}

/// Whether the server showed a certificate that does not prove it to be the one we mean.
fn is_about_certificate(error: &tokio_postgres::Error) -> bool {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<std::io::Error>());
    let tls = cause
        .and_then(std::io::Error::get_ref)
        .and_then(|cause| cause.downcast_ref());
    matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
}
