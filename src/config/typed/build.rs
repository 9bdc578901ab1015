//! Settings into structs. What a section needs and lacks is refused here.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{
    Acme, Certificate, Cluster, Config, Control, DnsProvider, Domain, Mail, OrderLimits, PowerDns, Provider,
    Resolver, Rfc2136, Step, Tsig, UpdateServer,
};
use crate::config::layers::Layers;
use crate::config::postgres_url::PostgresUrl;
use crate::config::url::is_plain_http_off_loopback;
use crate::config::value::{Value, duration, server};
use crate::error::{Error, Result};
use crate::model::{Network, Reach};

pub(in crate::config) fn build(layers: Layers, file: Option<PathBuf>) -> Result<Config> {
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
        acme: by_name(&layers, "acme", |section| acme(&section))?,
        certificate: certificate(&all)?,
        resolver: Resolver {
            servers: all.servers("resolver.servers"),
            authoritative_port: all.port("resolver.authoritative_port")?,
            root_hints_file: all.path("resolver.root_hints_file"),
            trust_anchor_file: all.path("resolver.trust_anchor_file"),
        },
        domain: Domain {
            http_port: all.port("domain.http_port")?,
            reach: Reach::new(
                all.list("domain.allow_private")
                    .iter()
                    .filter_map(|network| Network::parse(network))
                    .collect(),
            ),
            challenge_zone: all.text("domain.challenge_zone"),
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
                tsig: Some(section.tsig()?.ok_or_else(|| section.missing("tsig_name"))?),
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
        dkim_directory: all.path("mail.dkim_directory"),
        smtp: all.text("mail.smtp"),
        smtp_password_file: all.path("mail.smtp_password_file"),
        from: all.text("mail.from"),
        dmarc,
    })
}

fn acme(section: &Section<'_>) -> Result<Acme> {
    let directory = section.need("directory")?;
    if is_plain_http_off_loopback(&directory) {
        return Err(section.error("directory", "would send orders over plain http to another host"));
    }
    let limits = OrderLimits::read(section.value("limits"), &directory);
    Ok(Acme {
        limits: limits.map_err(|wrong| section.error("limits", &wrong))?,
        directory,
        contacts: section.list("contact"),
        ca_file: section.path("ca_file"),
        is_default: section.boolean("default"),
    })
}

/// Longer than any hook may take: whatever waits for it, waits that long after a crash as well.
const LONGEST_STEP: Duration = Duration::from_secs(3600);

fn step(section: &Section<'_>) -> Result<Step> {
    let timeout = duration(&section.need("timeout")?).filter(|timeout| *timeout <= LONGEST_STEP);
    let is_of_delete = match section.need("verbs")?.as_str() {
        "site" => true,
        "site.create" => false,
        _ => return Err(section.error("verbs", "must be `site` or `site.create`")),
    };
    Ok(Step {
        apply: section.program("apply")?,
        probe: section.program("probe")?,
        undo: section.program("undo")?,
        timeout: timeout.ok_or_else(|| section.error("timeout", "must be at most 1h"))?,
        order: section.port("order")?,
        is_of_delete,
        is_host_bound: section.boolean("host_bound"),
    })
}

fn certificate(all: &Section<'_>) -> Result<Certificate> {
    let limited = |key: &str| {
        let length = duration(&all.need(key)?).filter(|length| *length <= LONGEST_STEP);
        length.ok_or_else(|| all.error(key, "must be at most 1h"))
    };
    let before = all.need("certificate.renew_before")?;
    let renew_before = match before.as_str() {
        "auto" => None,
        text => Some(duration(text).ok_or_else(|| {
            all.error(
                "certificate.renew_before",
                "must be auto, or a duration such as 30d",
            )
        })?),
    };
    Ok(Certificate {
        directory: all.need_path("certificate.directory")?,
        group: all.text("certificate.group"),
        renew_before,
        http_listen: all.need_server("certificate.http_listen")?,
        tls_listen: all.need_server("certificate.tls_listen")?,
        webroot: all.path("certificate.webroot"),
        deploy_hook: all.list("certificate.deploy_hook"),
        hook_timeout: limited("certificate.hook_timeout")?,
        probe_timeout: limited("certificate.probe_timeout")?,
        heartbeat_url: all.text("certificate.heartbeat_url"),
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

    /// A command whose program is named by its whole path: what a search path would find is nobody's decision.
    fn program(&self, key: &str) -> Result<Vec<String>> {
        let command = self.list(key);
        match command.first() {
            None => Err(self.missing(key)),
            Some(program) if !Path::new(program).is_absolute() => {
                Err(self.error(key, "must begin with the absolute path of a program"))
            }
            Some(_) => Ok(command),
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

    /// The key that signs updates: without one anybody could write.
    fn tsig(&self) -> Result<Option<Tsig>> {
        let (name, secret_file) = match (self.text("tsig_name"), self.path("tsig_secret_file")) {
            (None, None) => return Ok(None),
            (Some(name), Some(secret_file)) => (name, secret_file),
            (None, _) => return Err(self.missing("tsig_name")),
            (_, None) => return Err(self.missing("tsig_secret_file")),
        };
        let is_label = |label: &str| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            (1..=63).contains(&label.len()) && label.bytes().all(is_plain)
        };
        if !name.strip_suffix('.').unwrap_or(&name).split('.').all(is_label) {
            return Err(self.error("tsig_name", "must be the name of a key, such as `hostctl.`"));
        }
        let algorithm = self.need("tsig_algorithm")?.to_ascii_lowercase();
        match algorithm.as_str() {
            "hmac-sha256" | "hmac-sha384" | "hmac-sha512" => {}
            "hmac-md5" | "hmac-md5.sig-alg.reg.int" | "hmac-sha1" => {
                let error = self.error("tsig_algorithm", "is too weak an algorithm");
                return Err(error.hint("make a key for hmac-sha256: tsig-keygen -a hmac-sha256 hostctl."));
            }
            _ => {
                let rule = "must be `hmac-sha256`, `hmac-sha384` or `hmac-sha512`";
                return Err(self.error("tsig_algorithm", rule));
            }
        }
        Ok(Some(Tsig {
            name,
            algorithm,
            secret_file,
        }))
    }

    fn missing(&self, key: &str) -> Error {
        Error::configuration(format!("`{}{key}` is not set", self.prefix))
    }

    fn error(&self, key: &str, message: &str) -> Error {
        self.layers.error_at(&format!("{}{key}", self.prefix), message)
    }
}
