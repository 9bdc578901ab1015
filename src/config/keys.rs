//! Every key that may be set, documented once.

use super::value::Kind;

/// One key. `*` in the path stands for a name the operator chooses.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The path with dots, such as `cluster.*.url`.
    pub path: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What holds where it is not set, as it would stand in a variable.
    pub default: Option<&'static str>,
    /// One line for the README.
    pub documentation: &'static str,
}

impl Key {
    /// Whether the value may hold a password, which is then shown as `***`.
    #[must_use]
    pub fn may_hold_password(&self) -> bool {
        matches!(self.kind, Url(_) | PostgresUrl)
    }
}

const fn key(path: &'static str, kind: Kind, documentation: &'static str) -> Key {
    Key {
        path,
        kind,
        default: None,
        documentation,
    }
}

const fn with_default(
    path: &'static str,
    kind: Kind,
    default: &'static str,
    documentation: &'static str,
) -> Key {
    Key {
        path,
        kind,
        default: Some(default),
        documentation,
    }
}

use Kind::{
    Addresses, Boolean, Command, Duration, Host, Hosts, List, Networks, Number, Path, Port, PostgresUrl,
    Server, Servers, Text, TextOrTable, Url,
};

/// The registry, by section in the order of the README.
#[rustfmt::skip]
pub static KEYS: &[Key] = &[
    with_default("state_directory", Path, "/var/lib/hostctl", "what a host remembers while the control database is away"),

    key("host.name", Text, "the name of this host; default: the kernel's host name"),

    key("control.url", PostgresUrl, "the control database; several hosts allowed"),
    key("control.password_file", Path, "file with the password of the role in `control.url`"),
    with_default("control.allow_insecure", Boolean, "false", "allows less than `sslmode=verify-full` off loopback"),

    key("cluster.*.url", PostgresUrl, "a PostgreSQL cluster for tenants' databases"),
    key("cluster.*.password_file", Path, "file with the password of the role in `url`"),
    with_default("cluster.*.allow_insecure", Boolean, "false", "allows less than `sslmode=verify-full` off loopback"),
    with_default("cluster.*.extensions", List, "", "extensions that tenants may have"),
    with_default("cluster.*.default", Boolean, "false", "this one is meant where none is named and none is `main`"),

    key("dns.*.provider", Text, "`powerdns` or `rfc2136`"),
    key("dns.*.url", Url(&["http", "https"]), "powerdns: the address of its HTTP API"),
    key("dns.*.api_key_file", Path, "powerdns: file with the API key"),
    with_default("dns.*.allow_insecure", Boolean, "false", "powerdns: allows `http://` off loopback"),
    with_default("dns.*.server_id", Text, "localhost", "powerdns: the server's identifier in the API"),
    with_default("dns.*.kind", Text, "Native", "powerdns: the kind of new zones"),
    with_default("dns.*.soa_edit_api", Text, "INCREASE", "powerdns: how a change moves the serial; other writers are noticed with INCREASE, SOA-EDIT-INCREASE and DEFAULT"),
    with_default("dns.*.nameservers", Hosts, "", "the name servers of new zones"),
    key("dns.*.update_server", Server, "powerdns: where changes go as DNSUPDATE with the TSIG key, compare-and-swap"),
    with_default("dns.*.query_servers", Servers, "", "where \"published\" is asked; default: the zone's own name servers"),
    key("dns.*.server", Server, "rfc2136: the primary that takes updates"),
    key("dns.*.tsig_name", Text, "the name of the TSIG key"),
    with_default("dns.*.tsig_algorithm", Text, "hmac-sha256", "the algorithm of the TSIG key: `hmac-sha256`, `hmac-sha384` or `hmac-sha512`"),
    key("dns.*.tsig_secret_file", Path, "file with the TSIG secret in base64"),
    key("dns.*.catalog", Text, "rfc2136: the catalog zone whose members the server serves (RFC 9432)"),
    with_default("dns.*.zones", List, "", "zones bound to this provider, whatever else is configured"),
    with_default("dns.*.default", Boolean, "false", "this one is meant where none is named and none is `main`"),

    key("mail.hostname", Host, "the name of the mail server, in MX records and daemons' configuration"),
    key("mail.directory", Path, "where boxes live, if on this host"),
    key("mail.dkim_directory", Path, "where `tick` keeps the signing keys as files, on a host that signs mail"),
    key("mail.smtp", Url(&["smtp", "smtps"]), "the server for messages that hostctl sends"),
    key("mail.smtp_password_file", Path, "file with the password of the user in `mail.smtp`"),
    key("mail.from", Text, "the sender of messages that hostctl sends"),
    with_default("mail.dmarc", Text, "quarantine", "the DMARC policy of new mail domains: `none`, `quarantine` or `reject`"),

    with_default("site.address", Addresses, "", "what a site's A and AAAA records point to"),

    key("step.*.apply", Command, "the operator's own step of a site: the command that does it"),
    key("step.*.probe", Command, "the command that tells whether it is done"),
    key("step.*.undo", Command, "the command that takes it back"),
    with_default("step.*.verbs", Text, "site", "`site`: `site create` does it, `site delete` takes it back; `site.create`: it stays"),
    with_default("step.*.order", Number, "100", "its place among the operator's own steps; equal ones by name"),
    with_default("step.*.timeout", Duration, "60s", "how long each of its commands may take"),
    with_default("step.*.host_bound", Boolean, "true", "only the host that ran it may take it back; `false` where any host may"),

    key("acme.*.directory", Url(&["https", "http"]), "the directory of a certificate authority"),
    with_default("acme.*.contact", List, "", "contact addresses of the account there"),
    with_default("acme.*.limits", TextOrTable, "auto", "how often it lets itself be asked. `auto`: what the CA has published for its own directories, elsewhere nothing; `none`; or a table over that: `{ orders = \"300/3h\", failures = \"5/1h\", certificates = \"5/7d\", domain = \"50/7d\", exempts_renewals = true }`"),
    key("acme.*.ca_file", Path, "roots of the directory's own certificate, for a private CA"),
    with_default("acme.*.default", Boolean, "false", "this one is meant where none is named and none is `main`"),

    with_default("certificate.directory", Path, "/var/lib/hostctl/certificates", "where certificates are installed"),
    with_default("certificate.renew_before", Text, "auto", "`auto`: as the authority suggests (ARI), else at two thirds of its life; a duration: so long before its end at the latest"),
    with_default("certificate.http_listen", Server, "[::]:80", "where the http-01 solver listens"),
    with_default("certificate.tls_listen", Server, "[::]:443", "where the tls-alpn-01 solver listens"),
    key("certificate.webroot", Path, "instead of `http_listen`, where a web server owns port 80"),
    key("certificate.group", Text, "the group that may read installed certificates and keys, beside their owner"),
    key("certificate.deploy_hook", Command, "run after a certificate was installed"),
    with_default("certificate.hook_timeout", Duration, "60s", "how long a deploy hook may take"),
    with_default("certificate.probe_timeout", Duration, "10s", "how long after the hook a server may show its old certificate"),
    key("certificate.heartbeat_url", Url(&["https", "http"]), "called after every good run, as long as nothing that ends soon fails to be renewed; silence there is the alarm"),

    with_default("resolver.servers", Servers, "", "resolvers to ask; default: the system's"),
    with_default("resolver.authoritative_port", Port, "53", "port of authoritative servers; for private roots and tests"),
    key("resolver.root_hints_file", Path, "root servers; for private roots and tests"),
    key("resolver.trust_anchor_file", Path, "DNSSEC trust anchors; for private roots and tests"),

    with_default("domain.http_port", Port, "80", "port of HTTP verification; for tests"),
    with_default("domain.tls_port", Port, "443", "port that authorities ask for tls-alpn-01; for tests"),
    with_default("domain.allow_private", Networks, "", "private networks that checks may reach, where customers' servers are inside"),
    key("domain.challenge_zone", Host, "where CNAME challenges point: a zone of yours, which may be empty"),

    with_default("notify.to", List, "", "who gets notices by mail"),

    with_default("retention.trash", Duration, "14d", "how long deleted things can be brought back"),

    key("keyring.file", Path, "the keys that seal secrets at rest"),
];

/// The key behind a path given as segments.
#[must_use]
pub fn find(segments: &[&str]) -> Option<&'static Key> {
    KEYS.iter().find(|key| {
        let pattern: Vec<&str> = key.path.split('.').collect();
        pattern.len() == segments.len() && is_prefix(segments, &pattern)
    })
}

/// Whether a table may stand at this path.
#[must_use]
pub fn is_section(segments: &[&str]) -> bool {
    KEYS.iter().any(|key| {
        let pattern: Vec<&str> = key.path.split('.').collect();
        pattern.len() > segments.len() && is_prefix(segments, &pattern)
    })
}

fn is_prefix(segments: &[&str], pattern: &[&str]) -> bool {
    segments
        .iter()
        .zip(pattern)
        .all(|(segment, expected)| *expected == "*" || segment == expected)
}

/// Whether the segment at `depth` of this path is a name the operator chooses.
#[must_use]
pub fn is_name(segments: &[&str]) -> bool {
    let Some((_, parents)) = segments.split_last() else {
        return false;
    };
    let parent = parents.join(".");
    !parents.is_empty()
        && KEYS.iter().any(|key| {
            key.path
                .strip_prefix(&parent)
                .is_some_and(|rest| rest.starts_with(".*"))
        })
}

/// The known path nearest to an unknown one, if one is near enough to be meant.
#[must_use]
pub fn nearest(segments: &[&str]) -> Option<String> {
    let unknown = segments.join(".");
    let known = KEYS.iter().map(|key| with_names_of(key.path, segments));
    // A misspelt section, too.
    let sections = KEYS
        .iter()
        .filter_map(|key| Some(key.path.split_once('.')?.0.to_owned()));
    crate::model::nearest(&unknown, known.chain(sections))
}

fn with_names_of(pattern: &str, segments: &[&str]) -> String {
    let filled = pattern
        .split('.')
        .enumerate()
        .map(|(index, part)| match segments.get(index) {
            Some(name) if part == "*" => name,
            None if part == "*" => "NAME",
            _ => part,
        });
    filled.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::value::Value;

    #[test]
    fn every_key_is_documented_once_and_its_default_is_valid() {
        for (index, key) in KEYS.iter().enumerate() {
            assert!(!key.documentation.is_empty(), "{}", key.path);
            assert!(
                KEYS[..index].iter().all(|other| other.path != key.path),
                "{} twice",
                key.path
            );
            if let Some(default) = key.default {
                assert!(Value::from_text(key.kind, default).is_ok(), "{}", key.path);
            }
        }
    }

    #[test]
    fn a_path_is_found_by_its_segments() {
        assert_eq!(
            find(&["cluster", "main", "url"]).map(|key| key.path),
            Some("cluster.*.url")
        );
        assert!(find(&["cluster", "main"]).is_none() && is_section(&["cluster", "main"]));
        assert!(find(&["control.url"]).is_none());
        assert!(is_name(&["cluster", "main"]) && !is_name(&["control", "url"]) && !is_name(&["cluster"]));
    }

    #[test]
    fn the_nearest_key_is_named_and_nonsense_has_none() {
        assert_eq!(nearest(&["control", "ulr"]).as_deref(), Some("control.url"));
        assert_eq!(nearest(&["contrl", "url"]).as_deref(), Some("control.url"));
        assert_eq!(
            nearest(&["cluster", "eu", "pasword_file"]).as_deref(),
            Some("cluster.eu.password_file")
        );
        assert_eq!(nearest(&["reslver"]).as_deref(), Some("resolver"));
        assert_eq!(nearest(&["xyzzy", "plugh"]), None);
    }
}
