//! What hostctl and a shell need to know of a sandbox: `hostctl.toml`, which works as it stands, and variables.

use super::dovecot::MAIL;
use super::files;
use super::ground::Ground;
use super::postgres::ROLE;
use super::powerdns;
use super::state::Name;
use crate::error::Result;

/// The configuration file, below the sandbox.
pub(super) const FILE: &str = "hostctl.toml";
/// The key ring.
pub(super) const KEYRING: &str = "keyring";
/// hostctl's state directory.
pub(super) const STATE: &str = "state";

/// Writes the configuration of a sandbox whose servers have their ports.
pub(super) fn write(ground: &Ground) -> Result<()> {
    let port = ground.record.ports(Name::Postgres)?[0];
    let has_tls = ground.record.get().has_tls;
    let dns = powerdns::ports(ground).ok();
    let text = text(&ground.directory.display().to_string(), port, has_tls, dns);
    files::write(&ground.path(FILE), &text, None)
}

/// Paths are plain (see `ground`), so that they need no quoting. Addresses and names are those for documentation: RFC
/// 5737, RFC 3849 and RFC 6761.
fn text(directory: &str, sql: u16, has_tls: bool, dns: Option<(u16, u16)>) -> String {
    let url = |database: &str| {
        let tls = if has_tls {
            format!("?sslmode=verify-full&sslrootcert={directory}/ca.pem")
        } else {
            String::new()
        };
        format!("postgres://{ROLE}@127.0.0.1:{sql}/{database}{tls}")
    };
    let (control, cluster) = (url(ROLE), url("postgres"));
    let text = format!(
        r#"# Made by `hostctl sandbox up`, deleted by `hostctl sandbox down`.
state_directory = "{directory}/{STATE}"

[control]
url = "{control}"
password_file = "{directory}/control.password"

[cluster.main]
url = "{cluster}"
password_file = "{directory}/control.password"

[mail]
hostname = "mx.sandbox.test"
directory = "{directory}/{MAIL}"

[site]
address = ["192.0.2.80", "2001:db8::80"]

[keyring]
file = "{directory}/{KEYRING}"
"#
    );
    text + &dns
        .map(|(dns, api)| dns_text(directory, dns, api))
        .unwrap_or_default()
}

fn dns_text(directory: &str, dns: u16, api: u16) -> String {
    format!(
        r#"
[dns.main]
provider = "powerdns"
url = "http://127.0.0.1:{api}"
api_key_file = "{directory}/powerdns.key"
server_id = "localhost"
kind = "Native"
soa_edit_api = "INCREASE"
nameservers = ["ns1.sandbox.test", "ns2.sandbox.test"]
query_servers = ["127.0.0.1:{dns}"]
"#
    )
}

pub(super) fn environment(ground: &Ground) -> Vec<(String, String)> {
    let path = |name: &str| ground.path(name).display().to_string();
    let mut variables = vec![("HOSTCTL_CONFIG", path(FILE))];
    if let Ok(ports) = ground.record.ports(Name::Postgres) {
        variables.extend([
            ("PGHOST", "127.0.0.1".to_owned()),
            ("PGPORT", ports[0].to_string()),
            ("PGUSER", ROLE.to_owned()),
            ("PGDATABASE", ROLE.to_owned()),
            ("PGPASSFILE", path("pgpass")),
        ]);
    }
    if ground.record.get().has_tls {
        variables.extend([
            ("PGSSLMODE", "verify-full".to_owned()),
            ("PGSSLROOTCERT", path("ca.pem")),
        ]);
    }
    if let Ok((dns, api)) = powerdns::ports(ground) {
        variables.extend([
            ("DIG", format!("dig @127.0.0.1 -p {dns}")),
            ("PDNS_API_URL", format!("http://127.0.0.1:{api}/api/v1")),
            ("PDNS_API_KEY_FILE", path("powerdns.key")),
        ]);
    }
    if let Ok(ports) = ground.record.ports(Name::Dovecot) {
        variables.extend([
            ("IMAP_URL", format!("imap://127.0.0.1:{}", ports[0])),
            ("LMTP_ADDRESS", format!("127.0.0.1:{}", ports[1])),
        ]);
    }
    variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_names_only_what_runs() {
        let alone: toml::Table = text("/tmp/x", 15432, false, None).parse().expect("toml");
        assert_eq!(
            alone["control"]["url"].as_str(),
            Some("postgres://hostctl@127.0.0.1:15432/hostctl")
        );
        assert_eq!(
            alone["cluster"]["main"]["url"].as_str(),
            Some("postgres://hostctl@127.0.0.1:15432/postgres")
        );
        assert!(!alone.contains_key("dns"));
        let whole: toml::Table = text("/tmp/x", 15432, true, Some((15300, 18081)))
            .parse()
            .expect("toml");
        assert_eq!(
            whole["dns"]["main"]["url"].as_str(),
            Some("http://127.0.0.1:18081")
        );
        assert_eq!(
            whole["dns"]["main"]["query_servers"][0].as_str(),
            Some("127.0.0.1:15300")
        );
        let url = whole["control"]["url"].as_str().expect("url");
        assert!(
            url.ends_with("/hostctl?sslmode=verify-full&sslrootcert=/tmp/x/ca.pem"),
            "{url}"
        );
    }
}
