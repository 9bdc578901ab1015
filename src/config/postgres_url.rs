//! PostgreSQL URLs, parsed by us: tokio-postgres knows neither `verify-full` nor `sslrootcert`.
//!
//! The form is libpq's (PostgreSQL documentation, "Connection URIs"), with three rules of our own: off loopback TLS is
//! checked in full unless insecurity is allowed, a host must be named, and errors never repeat the URL.

mod parameters;
mod parse;

#[cfg(test)]
mod tests;

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::Result;
use crate::model::secret::Secret;

/// A parsed URL. `Display` shows it with the password as `***`; there is no way to show the password.
#[derive(Clone, Debug)]
pub struct PostgresUrl {
    /// At least one, in the order to try.
    pub hosts: Vec<HostPort>,
    /// The role; absent means the operating-system user, as in libpq.
    pub user: Option<String>,
    /// The password, if the URL holds one.
    pub password: Option<Secret>,
    /// The database; absent means the name of the role, as in libpq.
    pub database: Option<String>,
    /// How much TLS; the default is `verify-full`, or `disable` where all hosts are loopback.
    pub sslmode: SslMode,
    /// The CA file; absent means the system's roots.
    pub sslrootcert: Option<PathBuf>,
    /// The limit for one attempt to connect, if given.
    pub connect_timeout: Option<Duration>,
    /// Which of several hosts will do.
    pub target_session_attrs: TargetSessionAttrs,
    /// What `pg_stat_activity` shows, if given.
    pub application_name: Option<String>,
    /// Whether less than `verify-full` off loopback was allowed.
    pub allow_insecure: bool,
}

/// A host and its port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    /// The host.
    pub host: Host,
    /// The port; of a socket the number in its name.
    pub port: u16,
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// A name to be resolved, in lower case.
    Name(String),
    /// An address.
    Address(IpAddr),
    /// The directory of a Unix socket.
    Socket(PathBuf),
}

/// libpq's `sslmode`; `allow` is left out, it protects from nothing that `prefer` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SslMode {
    /// No TLS.
    Disable,
    /// TLS where the server offers it.
    Prefer,
    /// TLS, with whomever.
    Require,
    /// TLS with any server of the CA.
    VerifyCa,
    /// TLS with this server.
    VerifyFull,
}

/// libpq's `target_session_attrs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TargetSessionAttrs {
    /// The first that answers.
    #[default]
    Any,
    /// One that takes writes.
    ReadWrite,
    /// One that does not.
    ReadOnly,
    /// One that is not in recovery.
    Primary,
    /// One that is in recovery.
    Standby,
    /// One in recovery if there is any.
    PreferStandby,
}

impl PostgresUrl {
    /// Parses a URL; `allow_insecure` permits less than `verify-full` off loopback.
    ///
    /// # Errors
    /// `usage`, never repeating the URL.
    pub fn parse(text: &str, allow_insecure: bool) -> Result<Self> {
        parse::parse(text, allow_insecure)
    }

    /// Whether every host is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.hosts.iter().all(|host| host.host.is_loopback())
    }
}

impl Host {
    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self {
            Host::Socket(_) => true,
            Host::Address(address) => address.to_canonical().is_loopback(),
            Host::Name(name) => super::url::is_loopback(name),
        }
    }
}

impl SslMode {
    const ALL: [(&'static str, SslMode); 5] = [
        ("disable", SslMode::Disable),
        ("prefer", SslMode::Prefer),
        ("require", SslMode::Require),
        ("verify-ca", SslMode::VerifyCa),
        ("verify-full", SslMode::VerifyFull),
    ];
}

impl TargetSessionAttrs {
    const ALL: [(&'static str, TargetSessionAttrs); 6] = [
        ("any", TargetSessionAttrs::Any),
        ("read-write", TargetSessionAttrs::ReadWrite),
        ("read-only", TargetSessionAttrs::ReadOnly),
        ("primary", TargetSessionAttrs::Primary),
        ("standby", TargetSessionAttrs::Standby),
        ("prefer-standby", TargetSessionAttrs::PreferStandby),
    ];
}

impl fmt::Display for SslMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word_of(&SslMode::ALL, self))
    }
}

impl fmt::Display for TargetSessionAttrs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word_of(&TargetSessionAttrs::ALL, self))
    }
}

fn word_of<T: PartialEq>(words: &[(&'static str, T)], wanted: &T) -> &'static str {
    words
        .iter()
        .find(|(_, value)| value == wanted)
        .map_or("", |(word, _)| word)
}

impl fmt::Display for HostPort {
    /// As messages name it: `db1.example.net:5432`, `[::1]:5432`, `/run/postgresql:5432`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Name(name) => write!(f, "{name}:{}", self.port),
            Host::Address(IpAddr::V6(address)) => write!(f, "[{address}]:{}", self.port),
            Host::Address(address) => write!(f, "{address}:{}", self.port),
            Host::Socket(directory) => write!(f, "{}:{}", directory.display(), self.port),
        }
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = &self.user {
            write!(
                f,
                "{}{}@",
                parse::encode(user),
                if self.password.is_some() { ":***" } else { "" }
            )?;
        }
        for (index, host) in self.hosts.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match &host.host {
                Host::Socket(path) => write!(
                    f,
                    "{comma}{}:{}",
                    parse::encode(&path.to_string_lossy()),
                    host.port
                )?,
                _ => write!(f, "{comma}{host}")?,
            }
        }
        write!(
            f,
            "/{}?sslmode={}",
            parse::encode(self.database.as_deref().unwrap_or("")),
            self.sslmode
        )
    }
}
