//! The providers that are configured: which one a zone belongs to, and a client for each, made when it is first needed.

mod backup;
mod client;
mod names;
pub mod powerdns;
pub mod rfc2136;
pub mod update;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

pub use self::backup::Backup;
pub(in crate::dns) use self::client::no_mark;
pub use self::client::{Client, MarkedZone, NewZone, SetChange, SetName, ZoneChange};
use crate::config::{self, Config, DnsProvider, Provider};
use crate::error::{Error, Kind, Result};
use crate::lookup::Resolver;
use crate::model::{HostName, ZoneName};

/// What a provider can do.
#[expect(clippy::struct_excessive_bools, reason = "four answers to four questions")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Capabilities {
    /// Zones can be made and deleted.
    pub zones: bool,
    /// Records can be changed.
    pub records: bool,
    /// A change of several sets is all or nothing.
    pub atomic_change: bool,
    /// A change can be made conditional on what is there. Without it another writer in the same instant can only be
    /// detected afterwards, and what it added to the same set is lost.
    pub compare_and_swap: bool,
}

/// Where a step writes: the provider's name in the configuration, and its address at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The name, `main`.
    pub provider: String,
    /// The address, `powerdns:http://127.0.0.1:8081/localhost`.
    pub substrate: String,
}

/// What plans need to know of a provider.
#[expect(clippy::struct_excessive_bools, reason = "four answers to four questions")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Where it is.
    pub location: Location,
    /// The kind of new zones.
    pub kind: String,
    /// How changes move the serial of new zones.
    pub soa_edit_api: String,
    /// The name servers of new zones.
    pub nameservers: Vec<HostName>,
    /// Where "published" is asked; empty: the zone's own name servers.
    pub query_servers: Vec<SocketAddr>,
    /// Whether the configuration binds the zone to this provider.
    pub is_bound: bool,
    /// Whether zones can be made and deleted there.
    pub makes_zones: bool,
    /// Whether a zone that is there can be given our mark.
    pub marks_zones: bool,
    /// Whether changes of records go as updates, one message each.
    pub takes_updates: bool,
}

/// The state of one provider, for `doctor`.
#[derive(Debug)]
pub struct Check {
    /// Its name in the configuration.
    pub provider: String,
    /// What it can do.
    pub capabilities: Capabilities,
    /// What answered (product and version), or why not.
    pub outcome: Result<String>,
}

/// Everything that is configured below `[dns.NAME]`, and the resolver.
#[derive(Debug)]
pub struct Providers {
    configured: BTreeMap<String, DnsProvider>,
    resolver: Resolver,
    clients: Mutex<BTreeMap<String, Client>>,
}

impl Providers {
    /// Nothing is opened or read yet.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Providers {
            configured: config.dns.clone(),
            resolver: Resolver::new(&config.resolver),
            clients: Mutex::default(),
        }
    }

    /// The resolver that is configured.
    #[must_use]
    pub fn resolver(&self) -> &Resolver {
        &self.resolver
    }

    /// Whether the configuration binds `zone` to a provider.
    #[must_use]
    pub fn binds(&self, zone: &ZoneName) -> bool {
        self.configured
            .values()
            .any(|dns| dns.zones.iter().any(|name| names(name, zone)))
    }

    /// As [`Providers::binds`], of a name that may be none of ours.
    #[must_use]
    pub fn binds_name(&self, name: &str) -> bool {
        ZoneName::parse(name).is_ok_and(|zone| self.binds(&zone.value))
    }

    /// Which provider `zone` belongs to: the one that binds it, then the flag, then as everywhere.
    ///
    /// # Errors
    /// `usage` where none is configured, or it cannot be told which.
    pub fn target(&self, zone: &ZoneName, flag: Option<&str>) -> Result<Target> {
        let bound = self
            .configured
            .iter()
            .find(|(_, dns)| dns.zones.iter().any(|name| names(name, zone)));
        let (name, dns) = match bound {
            Some((name, dns)) => (name.as_str(), dns),
            None => config::pick(&self.configured, flag)?,
        };
        let (kind, soa_edit_api) = match &dns.provider {
            Provider::PowerDns(powerdns) => (powerdns.kind.clone(), powerdns.soa_edit_api.clone()),
            Provider::Rfc2136(_) => ("rfc2136".to_owned(), String::new()),
        };
        let host = |text: &String| {
            let context = format!("[dns.{name}] nameservers");
            text.parse::<HostName>()
                .map_err(|error| Error::configuration(error.message()).context(context))
        };
        Ok(Target {
            location: self.location(name)?,
            kind,
            soa_edit_api,
            nameservers: dns.nameservers.iter().map(host).collect::<Result<_>>()?,
            query_servers: dns.query_servers.clone(),
            is_bound: bound.is_some(),
            marks_zones: matches!(dns.provider, Provider::PowerDns(_)),
            takes_updates: match &dns.provider {
                Provider::PowerDns(settings) => settings.update.is_some(),
                Provider::Rfc2136(_) => true,
            },
            makes_zones: match &dns.provider {
                Provider::PowerDns(_) => true,
                Provider::Rfc2136(settings) => settings.catalog.is_some(),
            },
        })
    }

    /// Looks whether the configuration says all that is needed to make `zone`; speaks to nobody.
    ///
    /// # Errors
    /// As [`Providers::target`] and [`Providers::client`].
    pub fn check(&self, zone: &ZoneName, flag: Option<&str>) -> Result<()> {
        let target = self.target(zone, flag)?;
        self.client(&target.location.provider).map(|_| ())
    }

    /// The client of a provider.
    ///
    /// # Errors
    /// `usage` where it is not configured or its key cannot be read.
    pub fn client(&self, name: &str) -> Result<Client> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(name) {
            return Ok(client.clone());
        }
        let dns = self.configured(name)?;
        let client = match &dns.provider {
            Provider::PowerDns(settings) => Client::PowerDns(powerdns::Api::new(name, settings)?),
            Provider::Rfc2136(settings) => {
                Client::Rfc2136(rfc2136::Primary::new(name, settings, &dns.zones)?)
            }
        };
        clients.insert(name.to_owned(), client.clone());
        Ok(client)
    }

    /// The client of the provider that a step wrote to.
    ///
    /// # Errors
    /// As [`Providers::client`]; `usage` where the configuration points elsewhere by now.
    pub fn client_at(&self, location: &Location) -> Result<Client> {
        let now = self.location(&location.provider)?;
        if now != *location {
            let Location { provider, substrate } = location;
            let message = format!(
                "[dns.{provider}] is {} now, and the operation writes to {substrate}",
                now.substrate
            );
            return Err(Error::new(Kind::Usage, "other_substrate", message)
                .hint("let [dns.*] point to the old address until the operation has ended"));
        }
        self.client(&location.provider)
    }

    /// The names of all, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.configured.keys().map(String::as_str)
    }

    /// What every provider can do, and whether it answers.
    pub async fn checks(&self) -> Vec<Check> {
        let mut checks = Vec::with_capacity(self.configured.len());
        for name in self.configured.keys() {
            let (capabilities, outcome) = match self.client(name) {
                Ok(client) => (client.capabilities(), client.version().await),
                Err(error) => (Capabilities::NONE, Err(error)),
            };
            checks.push(Check {
                provider: name.clone(),
                capabilities,
                outcome,
            });
        }
        checks
    }

    fn configured(&self, name: &str) -> Result<&DnsProvider> {
        let missing = || {
            let message = format!("no [dns.{name}] is configured any more");
            Error::configuration(message).hint("hostctl config show --origin")
        };
        self.configured.get(name).ok_or_else(missing)
    }

    /// Where a provider is.
    ///
    /// # Errors
    /// `usage` where it is not configured.
    pub(super) fn location(&self, name: &str) -> Result<Location> {
        let substrate = match &self.configured(name)?.provider {
            Provider::PowerDns(settings) => powerdns::substrate(settings),
            Provider::Rfc2136(settings) => format!("rfc2136:{}", settings.update.server),
        };
        Ok(Location {
            provider: name.to_owned(),
            substrate,
        })
    }
}

impl Capabilities {
    /// Of what cannot even be asked.
    pub const NONE: Capabilities = Capabilities {
        zones: false,
        records: false,
        atomic_change: false,
        compare_and_swap: false,
    };
}

fn names(text: &str, zone: &ZoneName) -> bool {
    ZoneName::parse(text).is_ok_and(|given| given.value == *zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn providers(text: &str) -> Providers {
        let variables = BTreeMap::new();
        let request = config::Request {
            explicit: Some(std::path::Path::new("/hostctl.toml")),
            variables: &variables,
            flags: &[],
            tolerates_unknown_keys: false,
        };
        let config = config::load(&request, |_| Ok(Some(text.to_owned()))).expect("configuration");
        Providers::new(&config)
    }

    const TWO: &str = r#"
        [dns.main]
        provider = "powerdns"
        url = "http://127.0.0.1:8081/"
        api_key_file = "/nonexistent"
        nameservers = ["NS1.example.net."]
        [dns.edge]
        provider = "powerdns"
        url = "http://127.0.0.1:8082"
        api_key_file = "/nonexistent"
        zones = ["Edge.example.net"]
    "#;

    fn zone(name: &str) -> ZoneName {
        ZoneName::parse(name).expect(name).value
    }

    #[test]
    fn a_bound_zone_wins_over_the_flag() {
        let providers = providers(TWO);
        let target = providers
            .target(&zone("edge.example.net"), Some("main"))
            .expect("bound");
        assert_eq!(
            (target.location.provider.as_str(), target.is_bound),
            ("edge", true)
        );
        let target = providers.target(&zone("example.test"), None).expect("main");
        assert_eq!(
            target.location.substrate,
            "powerdns:http://127.0.0.1:8081/localhost"
        );
        assert_eq!(
            (target.is_bound, target.nameservers[0].as_str()),
            (false, "ns1.example.net")
        );
        assert!(providers.target(&zone("example.test"), Some("none")).is_err());
    }

    #[test]
    fn a_step_never_writes_to_another_server_than_planned() {
        let providers = providers(TWO);
        let location = Location {
            provider: "main".to_owned(),
            substrate: "powerdns:http://old/localhost".to_owned(),
        };
        assert_eq!(
            providers.client_at(&location).expect_err("moved").reason(),
            "other_substrate"
        );
        let gone = Location {
            provider: "gone".to_owned(),
            ..location
        };
        assert_eq!(
            providers.client_at(&gone).expect_err("gone").reason(),
            "configuration"
        );
    }

    #[test]
    fn a_missing_key_is_a_configuration_error() {
        assert_eq!(
            providers(TWO).client("main").expect_err("no key").kind(),
            Kind::Usage
        );
    }
}
