//! The configuration as structs that cannot be half-filled: what a section needs is there, or loading failed.

mod build;
mod limits;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

pub(super) use build::build;
pub use limits::{OrderLimits, Rate};

use super::layers::Layers;
use super::pick::Choice;
use super::postgres_url::PostgresUrl;
use crate::error::{Error, Result};
use crate::model::Reach;

/// Everything that is configured, defaults filled in.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it came from, if there was one.
    pub file: Option<PathBuf>,
    /// Keys of the file that nobody knows, as sentences; empty unless they were to be tolerated.
    pub unknown: Vec<String>,
    /// What a host remembers while the control database is away.
    pub state_directory: PathBuf,
    /// The name of this host where it is not the kernel's.
    pub host: Option<String>,
    /// The control database; absent where none is configured.
    pub control: Option<Control>,
    /// Clusters by name; see [`super::pick`].
    pub clusters: BTreeMap<String, Cluster>,
    /// DNS providers by name; see [`super::pick`].
    pub dns: BTreeMap<String, DnsProvider>,
    /// Mail.
    pub mail: Mail,
    /// What a site's A and AAAA point to.
    pub site_addresses: Vec<IpAddr>,
    /// The operator's own steps of a site, by name.
    pub steps: BTreeMap<String, Step>,
    /// Certificate authorities by name; see [`super::pick`].
    pub acme: BTreeMap<String, Acme>,
    /// Certificates.
    pub certificate: Certificate,
    /// Where names are looked up.
    pub resolver: Resolver,
    /// How the owners of domains are verified.
    pub domain: Domain,
    /// Who gets notices by mail.
    pub notify_to: Vec<String>,
    /// How long deleted things can be brought back.
    pub trash_retention: Duration,
    /// The keys that seal secrets at rest.
    pub keyring_file: Option<PathBuf>,
    pub(super) layers: Layers,
}

impl Config {
    /// The control database.
    ///
    /// # Errors
    /// `usage` where none is configured.
    pub fn control(&self) -> Result<&Control> {
        let none = || Error::configuration("no control database is configured").hint("hostctl setup");
        self.control.as_ref().ok_or_else(none)
    }

    /// The settings behind the structs, for sections that have none yet.
    #[must_use]
    pub fn layers(&self) -> &Layers {
        &self.layers
    }
}

/// The control database.
#[derive(Clone, Debug)]
pub struct Control {
    /// Where it is.
    pub url: PostgresUrl,
    /// The file with the password, if it is not in the URL.
    pub password_file: Option<PathBuf>,
}

/// A PostgreSQL cluster for tenants.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Where it is.
    pub url: PostgresUrl,
    /// The file with the password, if it is not in the URL.
    pub password_file: Option<PathBuf>,
    /// Extensions that tenants may have.
    pub extensions: Vec<String>,
    /// Whether it says `default = true`.
    pub is_default: bool,
}

/// A DNS provider.
#[derive(Clone, Debug)]
pub struct DnsProvider {
    /// What it speaks.
    pub provider: Provider,
    /// The name servers of new zones, as written.
    pub nameservers: Vec<String>,
    /// Where "published" is asked; empty: the zone's own name servers.
    pub query_servers: Vec<SocketAddr>,
    /// Zones bound to it, as written.
    pub zones: Vec<String>,
    /// Whether it says `default = true`.
    pub is_default: bool,
}

/// What a DNS provider speaks.
#[derive(Clone, Debug)]
pub enum Provider {
    /// The HTTP API of PowerDNS.
    PowerDns(PowerDns),
    /// DNSUPDATE alone.
    Rfc2136(Rfc2136),
}

/// The HTTP API of PowerDNS.
#[derive(Clone, Debug)]
pub struct PowerDns {
    /// Its address; `http` only on loopback or where insecurity is allowed.
    pub url: String,
    /// The file with the API key.
    pub api_key_file: PathBuf,
    /// The server's identifier, opaque.
    pub server_id: String,
    /// The kind of new zones.
    pub kind: String,
    /// How a change moves the serial.
    pub soa_edit_api: String,
    /// Whether `http` off loopback was allowed.
    pub allow_insecure: bool,
    /// Where changes go as DNSUPDATE, if so.
    pub update: Option<UpdateServer>,
}

/// DNSUPDATE (RFC 2136).
#[derive(Clone, Debug)]
pub struct Rfc2136 {
    /// The primary.
    pub update: UpdateServer,
    /// The catalog zone whose members the server serves.
    pub catalog: Option<String>,
}

/// A server that takes DNSUPDATE.
#[derive(Clone, Debug)]
pub struct UpdateServer {
    /// Its address.
    pub server: SocketAddr,
    /// The key that signs; without one nothing is sent.
    pub tsig: Option<Tsig>,
}

/// A TSIG key (RFC 8945).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tsig {
    /// Its name, as written.
    pub name: String,
    /// Its algorithm: `hmac-sha256`, `hmac-sha384` or `hmac-sha512`.
    pub algorithm: String,
    /// The file with the secret in base64.
    pub secret_file: PathBuf,
}

/// Mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The name of the mail server.
    pub hostname: Option<String>,
    /// Where boxes live, if on this host.
    pub directory: Option<PathBuf>,
    /// Where the signing keys are kept as files, if this host signs.
    pub dkim_directory: Option<PathBuf>,
    /// The server for messages that hostctl sends, `smtp` or `smtps`.
    pub smtp: Option<String>,
    /// The file with its password.
    pub smtp_password_file: Option<PathBuf>,
    /// The sender of those messages.
    pub from: Option<String>,
    /// The DMARC policy of new mail domains: `none`, `quarantine` or `reject`.
    pub dmarc: String,
}

/// An operator's own step: argument vectors, never a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Does it.
    pub apply: Vec<String>,
    /// Tells whether it is done.
    pub probe: Vec<String>,
    /// Takes it back.
    pub undo: Vec<String>,
    /// How long each of the three may take.
    pub timeout: Duration,
    /// Its place among all of them; equal ones by name.
    pub order: u16,
    /// Whether `site delete` takes back what `site create` did.
    pub is_of_delete: bool,
    /// Whether only the host that ran it may ask about it and take it back.
    pub is_host_bound: bool,
}

/// A certificate authority that speaks ACME.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acme {
    /// Its directory.
    pub directory: String,
    /// How it reaches us, as written.
    pub contacts: Vec<String>,
    /// How often it lets itself be asked.
    pub limits: OrderLimits,
    /// The roots of the directory's own certificate; absent: the system's.
    pub ca_file: Option<PathBuf>,
    /// Whether it says `default = true`.
    pub is_default: bool,
}

/// Certificates on this host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Where they are installed.
    pub directory: PathBuf,
    /// The group that may read them, beside their owner.
    pub group: Option<String>,
    /// How long before its end one is renewed at the latest; absent: as the authority suggests, or by the length of its life.
    pub renew_before: Option<Duration>,
    /// Where answers to http-01 are served.
    pub http_listen: SocketAddr,
    /// Where answers to tls-alpn-01 are served.
    pub tls_listen: SocketAddr,
    /// Where a web server serves answers to http-01, instead of us.
    pub webroot: Option<PathBuf>,
    /// What is run after one was installed; empty: nothing.
    pub deploy_hook: Vec<String>,
    /// How long that may take.
    pub hook_timeout: Duration,
    /// How long after it a server may show its old certificate.
    pub probe_timeout: Duration,
    /// What is called after every good run.
    pub heartbeat_url: Option<String>,
}

/// Where names are looked up.
#[derive(Clone, Debug)]
pub struct Resolver {
    /// Empty: the system's.
    pub servers: Vec<SocketAddr>,
    /// The port of authoritative servers.
    pub authoritative_port: u16,
    /// Root servers other than the Internet's.
    pub root_hints_file: Option<PathBuf>,
    /// DNSSEC trust anchors other than the Internet's.
    pub trust_anchor_file: Option<PathBuf>,
}

/// How the owners of domains are verified.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The port of HTTP verification.
    pub http_port: u16,
    /// Which addresses may be asked.
    pub reach: Reach,
    /// The zone that CNAME challenges point into.
    pub challenge_zone: Option<String>,
}

impl Choice for Cluster {
    const SECTION: &'static str = "cluster";

    fn is_default(&self) -> bool {
        self.is_default
    }
}

impl Choice for Acme {
    const SECTION: &'static str = "acme";
    const FLAG: &'static str = "ca";

    fn is_default(&self) -> bool {
        self.is_default
    }
}

impl Choice for DnsProvider {
    const SECTION: &'static str = "dns";

    fn is_default(&self) -> bool {
        self.is_default
    }
}
