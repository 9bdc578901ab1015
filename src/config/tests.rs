use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::*;
use crate::error::Kind;

/// The file of the README: every key that exists.
const EXAMPLE: &str = r#"
state_directory = "/var/lib/hostctl"
[host]
name = "web1.example.net"
[control]
url = "postgres://hostctl@db0.example.net/hostctl?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem"
password_file = "/etc/hostctl/control.password"
[cluster.main]
url = "postgres://hostctl_admin@db1.example.net/postgres?sslmode=verify-full"
password_file = "/etc/hostctl/db1.password"
extensions = ["pgcrypto", "citext", "pg_trgm"]
[dns.main]
provider = "powerdns"
url = "http://127.0.0.1:8081"
api_key_file = "/etc/hostctl/powerdns.key"
server_id = "localhost"
kind = "Native"
soa_edit_api = "INCREASE"
nameservers = ["ns1.example.net", "ns2.example.net"]
update_server = "192.0.2.53:53"
query_servers = ["192.0.2.53:53"]
[dns.edge]
provider = "rfc2136"
server = "192.0.2.54:53"
tsig_name = "hostctl."
tsig_algorithm = "hmac-sha256"
tsig_secret_file = "/etc/hostctl/edge.tsig"
catalog = "catalog.example.net"
zones = ["edge.example.net"]
[mail]
hostname = "mx1.example.net"
directory = "/var/mail/vhosts"
smtp = "smtps://mailer@mx1.example.net"
smtp_password_file = "/etc/hostctl/smtp.password"
from = "no-reply@example.net"
dmarc = "quarantine"
[site]
address = ["192.0.2.80", "2001:db8::80"]
[step.vhost]
apply = ["/usr/local/lib/hostctl/vhost", "apply"]
probe = ["/usr/local/lib/hostctl/vhost", "probe"]
undo  = ["/usr/local/lib/hostctl/vhost", "undo"]
[acme.letsencrypt]
directory = "https://acme-v02.api.letsencrypt.org/directory"
contact = ["mailto:ops@example.net"]
limits = "auto"
ca_file = "/etc/ssl/test-ca.pem"
[acme.own]
directory = "https://ca.example.net/directory"
limits = { orders = "300/3h" }
[certificate]
directory = "/var/lib/hostctl/certificates"
renew_before = "auto"
http_listen = "[::]:80"
tls_listen = "[::]:443"
webroot = "/var/www/acme"
deploy_hook = ["systemctl", "reload", "nginx"]
heartbeat_url = "https://example.net/ping"
[resolver]
servers = ["127.0.0.1:53"]
authoritative_port = 53
root_hints_file = "/etc/hostctl/root.hints"
trust_anchor_file = "/etc/hostctl/root.key"
[domain]
http_port = 80
allow_private = []
[notify]
to = ["ops@example.net"]
[retention]
trash = "14d"
[keyring]
file = "/etc/hostctl/keyring"
"#;

fn variables(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Loads with `files` as the disk.
fn load_from(explicit: Option<&str>, pairs: &[(&str, &str)], files: &[(&str, &str)]) -> Result<Config> {
    let variables = variables(pairs);
    let request = Request {
        explicit: explicit.map(Path::new),
        variables: &variables,
        flags: &[],
        tolerates_unknown_keys: false,
    };
    load(&request, |path| {
        Ok(files
            .iter()
            .find(|(name, _)| Path::new(name) == path)
            .map(|(_, text)| (*text).to_owned()))
    })
}

fn loaded(text: &str) -> Result<Config> {
    load_from(Some("h.toml"), &[], &[("h.toml", text)])
}

fn origin(config: &Config, path: &str) -> (String, String) {
    let entry = config
        .origins()
        .into_iter()
        .find(|entry| entry.path == path)
        .expect(path);
    (entry.value.to_string(), entry.origin)
}

#[test]
fn the_documented_example_is_valid_and_arrives() {
    let config = loaded(EXAMPLE).expect("valid");
    let control = config.control().expect("configured");
    assert_eq!(control.url.hosts[0].to_string(), "db0.example.net:5432");
    assert_eq!(
        control.url.sslrootcert.as_deref(),
        Some(Path::new("/etc/ssl/db.pem"))
    );
    assert_eq!(
        config.clusters["main"].extensions,
        ["pgcrypto", "citext", "pg_trgm"]
    );
    let Provider::Rfc2136(edge) = &config.dns["edge"].provider else {
        panic!("not rfc2136")
    };
    let tsig = edge.update.tsig.as_ref();
    assert_eq!(tsig.map(|tsig| tsig.name.as_str()), Some("hostctl."));
    let Provider::PowerDns(main) = &config.dns["main"].provider else {
        panic!("not powerdns")
    };
    assert_eq!(main.update.as_ref().map(|update| update.server.port()), Some(53));
    assert_eq!(
        config.steps["vhost"].apply,
        ["/usr/local/lib/hostctl/vhost", "apply"]
    );
    assert_eq!(config.site_addresses.len(), 2);
    assert_eq!(config.trash_retention.as_secs(), 14 * 86_400);
    assert_eq!(config.keyring_file, Some(PathBuf::from("/etc/hostctl/keyring")));
    assert_eq!(origin(&config, "acme.own.limits").0, r#"{"orders":"300/3h"}"#);
    let orders = config.acme["own"].limits.orders.expect("a limit");
    assert_eq!((orders.count, orders.window.as_secs()), (300, 3 * 3600));
}

#[test]
fn nothing_configured_is_an_empty_configuration_with_defaults() {
    let config = load_from(None, &[], &[]).expect("valid");
    assert_eq!(config.file, None);
    assert_eq!(config.state_directory, PathBuf::from("/var/lib/hostctl"));
    assert!(config.control.is_none() && config.clusters.is_empty() && config.dns.is_empty());
    assert_eq!(config.control().expect_err("none").kind(), Kind::Usage);
    assert_eq!(
        origin(&config, "retention.trash"),
        ("\"14d\"".to_owned(), "default".to_owned())
    );
}

#[test]
fn a_flag_beats_a_variable_beats_the_file() {
    let file = "[host]\nname = \"file\"\n[keyring]\nfile = \"/file\"\n[retention]\ntrash = \"1d\"";
    let variables = variables(&[
        ("HOSTCTL_HOST__NAME", "variable"),
        ("HOSTCTL_KEYRING__FILE", "/variable"),
    ]);
    let flags = [Flag {
        name: "--keyring",
        path: "keyring.file",
        value: "/flag".to_owned(),
    }];
    let path = Path::new("/h.toml");
    let request = Request {
        explicit: Some(path),
        variables: &variables,
        flags: &flags,
        tolerates_unknown_keys: false,
    };
    let config = load(&request, |_| Ok(Some(file.to_owned()))).expect("valid");
    let pair = |value: &str, origin: &str| (format!("\"{value}\""), origin.to_owned());
    assert_eq!(origin(&config, "keyring.file"), pair("/flag", "flag --keyring"));
    assert_eq!(
        origin(&config, "host.name"),
        pair("variable", "variable HOSTCTL_HOST__NAME")
    );
    assert_eq!(origin(&config, "retention.trash"), pair("1d", "/h.toml:6"));
}

#[test]
fn the_file_is_found_in_order() {
    let files = [
        ("/etc/hostctl/hostctl.toml", "host.name = \"system\""),
        ("/home/a/.config/hostctl/hostctl.toml", "host.name = \"personal\""),
        ("/v.toml", "host.name = \"variable\""),
        ("/x.toml", "host.name = \"explicit\""),
    ];
    let home = ("HOME", "/home/a");
    let host = |explicit, pairs: &[(&str, &str)], files: &[(&str, &str)]| {
        load_from(explicit, pairs, files)
            .expect("valid")
            .host
            .expect("named")
    };
    assert_eq!(
        host(Some("/x.toml"), &[home, ("HOSTCTL_CONFIG", "/v.toml")], &files),
        "explicit"
    );
    assert_eq!(
        host(None, &[home, ("HOSTCTL_CONFIG", "/v.toml")], &files),
        "variable"
    );
    assert_eq!(host(None, &[home], &files), "system");
    assert_eq!(host(None, &[home], &files[1..]), "personal");
}

#[test]
fn a_file_that_was_named_must_exist() {
    assert_eq!(
        load_from(Some("/x.toml"), &[], &[]).expect_err("missing").kind(),
        Kind::Usage
    );
    let error = load_from(None, &[("HOSTCTL_CONFIG", "/v.toml")], &[]).expect_err("missing");
    assert_eq!(error.message(), "the configuration file /v.toml does not exist");
}

#[test]
fn passwords_are_hidden_and_their_origin_is_shown() {
    let url = "postgres://u:hunter2@localhost/x";
    let config = load_from(None, &[("HOSTCTL_CONTROL__URL", url)], &[]).expect("valid");
    let shown = origin(&config, "control.url");
    assert_eq!(
        shown,
        (
            "\"postgres://u:***@localhost/x\"".to_owned(),
            "variable HOSTCTL_CONTROL__URL".to_owned()
        )
    );
    assert!(config.control().expect("configured").url.password.is_some());
}

#[test]
fn insecure_connections_off_loopback_need_permission_beside_them() {
    for (section, insecure) in [
        ("control", "url = \"postgres://u@db0/x?sslmode=disable\""),
        ("cluster.main", "url = \"postgres://u@db0/x?sslmode=require\""),
        (
            "dns.main",
            "provider = \"powerdns\"\napi_key_file = \"/k\"\nurl = \"http://192.0.2.1:8081\"",
        ),
    ] {
        let text = format!("[{section}]\n{insecure}\n");
        let error = loaded(&text).expect_err(section);
        assert!(
            error.message().starts_with("h.toml:") && error.message().contains(&format!("`{section}.url`")),
            "{error}"
        );
        assert!(
            error
                .hint_text()
                .is_some_and(|hint| hint.contains("allow_insecure = true"))
        );
        loaded(&format!("{text}allow_insecure = true\n")).expect("allowed");
    }
}

#[test]
fn a_section_that_lacks_what_it_needs_is_refused() {
    for (text, message) in [
        ("[cluster.main]\nextensions = []", "`cluster.main.url` is not set"),
        ("[control]\npassword_file = \"/p\"", "`control.url` is not set"),
        ("[dns.a]\nserver = \"192.0.2.1\"", "`dns.a.provider` is not set"),
        ("[dns.a]\nprovider = \"rfc2136\"", "`dns.a.server` is not set"),
        (
            "[dns.a]\nprovider = \"bind\"",
            "h.toml:2: `dns.a.provider` must be `powerdns` or `rfc2136`",
        ),
        (
            "[dns.a]\nprovider = \"rfc2136\"\nserver = \"192.0.2.1\"\ntsig_name = \"k\"",
            "`dns.a.tsig_secret_file` is not set",
        ),
        (
            "[dns.a]\nprovider = \"rfc2136\"\nserver = \"192.0.2.1\"",
            "`dns.a.tsig_name` is not set",
        ),
        ("[step.a]\nundo = [\"/x\"]", "`step.a.apply` is not set"),
        ("[step.a]\napply = [\"/x\"]", "`step.a.probe` is not set"),
        (
            "[step.a]\napply = [\"/x\"]\nprobe = [\"/x\"]",
            "`step.a.undo` is not set",
        ),
        (
            "[step.a]\napply = [\"x\"]",
            "h.toml:2: `step.a.apply` must begin with the absolute path of a program",
        ),
        (
            "[step.a]\nverbs = \"db.create\"",
            "h.toml:2: `step.a.verbs` must be `site` or `site.create`",
        ),
        (
            "[step.a]\napply = [\"/x\"]\nprobe = [\"/x\"]\nundo = [\"/x\"]\ntimeout = \"2h\"",
            "h.toml:5: `step.a.timeout` must be at most 1h",
        ),
        (
            "[mail]\ndmarc = \"maybe\"",
            "h.toml:2: `mail.dmarc` must be `none`, `quarantine` or `reject`",
        ),
        (
            "[control]\nurl = \"postgres://u:p@localhost/x\"\npassword_file = \"/p\"",
            "h.toml:3: `control.password_file` stands beside a URL that holds a password; use one of them",
        ),
    ] {
        assert_eq!(loaded(text).expect_err(text).message(), message);
    }
}

#[test]
fn unknown_keys_are_refused_or_kept_as_warnings() {
    let text = "[control]\nurl = \"postgres://localhost/x\"\n[future]\nthing = 1";
    assert_eq!(
        loaded(text).expect_err("unknown").message(),
        "h.toml:4: unknown key `future.thing`"
    );
    let variables = BTreeMap::new();
    let explicit = Some(Path::new("h.toml"));
    let request = Request {
        explicit,
        variables: &variables,
        flags: &[],
        tolerates_unknown_keys: true,
    };
    let config = load(&request, |_| Ok(Some(text.to_owned()))).expect("tolerated");
    assert_eq!(config.unknown, ["h.toml:4: unknown key `future.thing`"]);
}

#[test]
fn a_key_that_is_weak_or_none_is_refused_before_anything_is_signed() {
    let of = |name: &str, algorithm: &str| {
        loaded(&format!(
            "[dns.a]\nprovider = \"rfc2136\"\nserver = \"192.0.2.1\"\ntsig_secret_file = \"/k\"\n\
             tsig_name = {name}\ntsig_algorithm = \"{algorithm}\"\n"
        ))
    };
    of("\"lab_ddns.example.\"", "HMAC-SHA512").expect("a key");
    for (name, algorithm, message) in [
        (
            "\"key.\\n\"",
            "hmac-sha256",
            "h.toml:5: `dns.a.tsig_name` holds a control character",
        ),
        (
            "\"a..b\"",
            "hmac-sha256",
            "h.toml:5: `dns.a.tsig_name` must be the name of a key, such as `hostctl.`",
        ),
        (
            "\"k\"",
            "hmac-md5",
            "h.toml:6: `dns.a.tsig_algorithm` is too weak an algorithm",
        ),
        (
            "\"k\"",
            "sha256",
            "h.toml:6: `dns.a.tsig_algorithm` must be `hmac-sha256`, `hmac-sha384` or `hmac-sha512`",
        ),
    ] {
        assert_eq!(of(name, algorithm).expect_err(name).message(), message);
    }
}
