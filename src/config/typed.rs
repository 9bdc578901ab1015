//! The configuration as structs that cannot be half-filled: what a section needs is there, or loading failed.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::layers::Layers;
use super::pick::Choice;
use super::postgres_url::PostgresUrl;
use super::url::is_plain_http_off_loopback;
use super::value::{Value, duration, server};
use crate::error::{Error, Result};

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
    /// Where names are looked up.
    pub resolver: Resolver,
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
    /// The key that signs, if one is configured.
    pub tsig: Option<Tsig>,
}

/// A TSIG key (RFC 8945).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tsig {
    /// Its name, as written.
    pub name: String,
    /// Its algorithm, such as `hmac-sha256`.
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
    pub probe: Option<Vec<String>>,
    /// Takes it back.
    pub undo: Option<Vec<String>>,
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

impl Choice for Cluster {
    const SECTION: &'static str = "cluster";

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

pub(super) fn build(layers: Layers, file: Option<PathBuf>) -> Result<Config> {
    let all = Section {
        layers: &layers,
        prefix: String::new(),
    };
    Ok(Config {
        file,
        unknown: Vec::new(),
        state_directory: all.need_path("state_directory")?,
        host: all.text("host.name"),
        control: control(&layers)?,
        clusters: by_name(&layers, "cluster", |section| cluster(&section))?,
        dns: by_name(&layers, "dns", |section| dns(&section))?,
        mail: mail(&all)?,
        site_addresses: all
            .list("site.address")
            .iter()
            .filter_map(|address| address.parse().ok())
            .collect(),
        steps: by_name(&layers, "step", |section| step(&section))?,
        resolver: Resolver {
            servers: all.servers("resolver.servers"),
            authoritative_port: all.port("resolver.authoritative_port")?,
            root_hints_file: all.path("resolver.root_hints_file"),
            trust_anchor_file: all.path("resolver.trust_anchor_file"),
        },
        notify_to: all.list("notify.to"),
        trash_retention: duration(&all.need("retention.trash")?)
            .ok_or_else(|| all.missing("retention.trash"))?,
        keyring_file: all.path("keyring.file"),
        layers,
    })
}

fn by_name<T>(
    layers: &Layers,
    section: &str,
    make: impl Fn(Section<'_>) -> Result<T>,
) -> Result<BTreeMap<String, T>> {
    let names = layers.names(section).into_iter();
    names
        .map(|name| {
            let prefix = format!("{section}.{name}.");
            make(Section { layers, prefix }).map(|made| (name, made))
        })
        .collect()
}

fn control(layers: &Layers) -> Result<Option<Control>> {
    if !layers.is_set("control") {
        return Ok(None);
    }
    let section = Section {
        layers,
        prefix: "control.".to_owned(),
    };
    Ok(Some(Control {
        url: section.postgres_url()?,
        password_file: section.password_file()?,
    }))
}

fn cluster(section: &Section<'_>) -> Result<Cluster> {
    Ok(Cluster {
        url: section.postgres_url()?,
        password_file: section.password_file()?,
        extensions: section.list("extensions"),
        is_default: section.boolean("default"),
    })
}

fn dns(section: &Section<'_>) -> Result<DnsProvider> {
    let provider = match section.need("provider")?.as_str() {
        "powerdns" => Provider::PowerDns(powerdns(section)?),
        "rfc2136" => Provider::Rfc2136(Rfc2136 {
            update: UpdateServer {
                server: section.need_server("server")?,
                tsig: section.tsig()?,
            },
            catalog: section.text("catalog"),
        }),
        _ => return Err(section.error("provider", "must be `powerdns` or `rfc2136`")),
    };
    Ok(DnsProvider {
        provider,
        nameservers: section.list("nameservers"),
        query_servers: section.servers("query_servers"),
        zones: section.list("zones"),
        is_default: section.boolean("default"),
    })
}

fn powerdns(section: &Section<'_>) -> Result<PowerDns> {
    let url = section.need("url")?;
    let allow_insecure = section.boolean("allow_insecure");
    if is_plain_http_off_loopback(&url) && !allow_insecure {
        let error = section.error("url", "would send the API key over plain http to another host");
        return Err(error.hint("use https://, or put `allow_insecure = true` beside it"));
    }
    let server = section.server("update_server");
    let update = match server {
        Some(server) => Some(UpdateServer {
            server,
            tsig: section.tsig()?,
        }),
        None => None,
    };
    Ok(PowerDns {
        url,
        api_key_file: section.need_path("api_key_file")?,
        server_id: section.need("server_id")?,
        kind: section.need("kind")?,
        soa_edit_api: section.need("soa_edit_api")?,
        allow_insecure,
        update,
    })
}

fn mail(all: &Section<'_>) -> Result<Mail> {
    let dmarc = all.need("mail.dmarc")?;
    if !matches!(dmarc.as_str(), "none" | "quarantine" | "reject") {
        return Err(all.error("mail.dmarc", "must be `none`, `quarantine` or `reject`"));
    }
    Ok(Mail {
        hostname: all.text("mail.hostname"),
        directory: all.path("mail.directory"),
        smtp: all.text("mail.smtp"),
        smtp_password_file: all.path("mail.smtp_password_file"),
        from: all.text("mail.from"),
        dmarc,
    })
}

fn step(section: &Section<'_>) -> Result<Step> {
    let command = |key| Some(section.list(key)).filter(|command| !command.is_empty());
    Ok(Step {
        apply: command("apply").ok_or_else(|| section.missing("apply"))?,
        probe: command("probe"),
        undo: command("undo"),
    })
}

/// A view of the keys under a prefix. Values were checked by their kind already.
struct Section<'a> {
    layers: &'a Layers,
    prefix: String,
}

impl Section<'_> {
    fn value(&self, key: &str) -> Option<&Value> {
        Some(&self.layers.get(&format!("{}{key}", self.prefix))?.value)
    }

    fn text(&self, key: &str) -> Option<String> {
        match self.value(key)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        self.text(key).map(PathBuf::from)
    }

    fn list(&self, key: &str) -> Vec<String> {
        match self.value(key) {
            Some(Value::List(items)) => items.clone(),
            _ => Vec::new(),
        }
    }

    fn boolean(&self, key: &str) -> bool {
        self.value(key) == Some(&Value::Boolean(true))
    }

    fn port(&self, key: &str) -> Result<u16> {
        match self.value(key) {
            Some(Value::Integer(port)) => Ok(*port),
            _ => Err(self.missing(key)),
        }
    }

    fn server(&self, key: &str) -> Option<SocketAddr> {
        server(&self.text(key)?)
    }

    fn servers(&self, key: &str) -> Vec<SocketAddr> {
        self.list(key).iter().filter_map(|text| server(text)).collect()
    }

    fn need(&self, key: &str) -> Result<String> {
        self.text(key).ok_or_else(|| self.missing(key))
    }

    fn need_path(&self, key: &str) -> Result<PathBuf> {
        self.path(key).ok_or_else(|| self.missing(key))
    }

    fn need_server(&self, key: &str) -> Result<SocketAddr> {
        self.server(key).ok_or_else(|| self.missing(key))
    }

    fn postgres_url(&self) -> Result<PostgresUrl> {
        let text = self.need("url")?;
        PostgresUrl::parse(&text, self.boolean("allow_insecure")).map_err(|error| {
            let named = self.error("url", error.message());
            match error.hint_text() {
                Some(hint) => named.hint(hint),
                None => named,
            }
        })
    }

    fn password_file(&self) -> Result<Option<PathBuf>> {
        let file = self.path("password_file");
        let is_in_url = self.postgres_url()?.password.is_some();
        if is_in_url && file.is_some() {
            return Err(self.error(
                "password_file",
                "stands beside a URL that holds a password; use one of them",
            ));
        }
        Ok(file)
    }

    fn tsig(&self) -> Result<Option<Tsig>> {
        let (name, secret_file) = (self.text("tsig_name"), self.path("tsig_secret_file"));
        match (name, secret_file) {
            (None, None) => Ok(None),
            (Some(name), Some(secret_file)) => Ok(Some(Tsig {
                name,
                algorithm: self.need("tsig_algorithm")?,
                secret_file,
            })),
            (None, _) => Err(self.missing("tsig_name")),
            (_, None) => Err(self.missing("tsig_secret_file")),
        }
    }

    fn missing(&self, key: &str) -> Error {
        Error::configuration(format!("`{}{key}` is not set", self.prefix))
    }

    fn error(&self, key: &str, message: &str) -> Error {
        self.layers.error_at(&format!("{}{key}", self.prefix), message)
    }
}
