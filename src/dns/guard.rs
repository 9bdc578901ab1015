//! Names that everything else stands on: without the mail server's or a name server's own zone nothing works any more.

use crate::config::Config;
use crate::error::{Error, Kind, Result};
use crate::model::{HostName, ZoneName};

/// The hosts whose zones are never deleted, and where each is named.
#[derive(Clone, Debug, Default)]
pub struct Protected(Vec<(String, String)>);

impl Protected {
    /// `[mail] hostname` and every name server of `[dns.*]`.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let mail = config
            .mail
            .hostname
            .iter()
            .map(|host| (host, "[mail] hostname".to_owned()));
        let servers = config.dns.iter().flat_map(|(provider, dns)| {
            dns.nameservers
                .iter()
                .map(move |host| (host, format!("[dns.{provider}] nameservers")))
        });
        Protected(
            mail.chain(servers)
                .map(|(host, place)| (canonical(host), place))
                .collect(),
        )
    }

    /// Refuses to end a zone that holds one of them.
    ///
    /// # Errors
    /// `denied`, reason `protected`.
    pub fn check(&self, zone: &ZoneName) -> Result<()> {
        let holds = |host: &str| {
            host == zone.as_str()
                || host
                    .strip_suffix(zone.as_str())
                    .is_some_and(|rest| rest.ends_with('.'))
        };
        match self.0.iter().find(|(host, _)| holds(host)) {
            None => Ok(()),
            Some((host, place)) => {
                let message = format!("zone {zone} is protected: {place} is {host}");
                Err(Error::new(Kind::Denied, "protected", message)
                    .hint("hostctl config show --origin, and change that setting first"))
            }
        }
    }
}

fn canonical(host: &str) -> String {
    host.parse::<HostName>()
        .map_or_else(|_| host.to_ascii_lowercase(), |host| host.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_of_a_server_is_protected_and_its_neighbours_are_not() {
        let protected = Protected(vec![(
            "ns1.example.net".to_owned(),
            "[dns.main] nameservers".to_owned(),
        )]);
        let check = |zone: &str| protected.check(&ZoneName::parse(zone).expect(zone).value);
        for zone in ["example.net", "ns1.example.net"] {
            let error = check(zone).expect_err(zone);
            assert_eq!((error.kind(), error.reason()), (Kind::Denied, "protected"));
        }
        for zone in ["ample.net", "a.example.net", "example.org"] {
            check(zone).expect(zone);
        }
    }

    #[test]
    fn hosts_are_compared_in_their_canonical_form() {
        assert_eq!(canonical("NS1.Example.net."), "ns1.example.net");
    }
}
