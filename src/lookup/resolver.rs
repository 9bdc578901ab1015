//! The resolver that is configured, or the system's: its servers are asked in turn until one answers.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::system_conf::read_system_conf;

use super::answer::Answer;
use super::ask::{self, Recursion};
use crate::config;
use crate::env::deadline::Deadline;
use crate::error::{Error, Result};
use crate::model::RecordType;

/// How long one server may take while there are others to ask.
const PATIENCE: Duration = Duration::from_secs(2);

/// Recursive servers, in the order in which they are asked.
#[derive(Clone, Debug)]
pub struct Resolver {
    servers: Vec<SocketAddr>,
    authoritative_port: u16,
}

impl Resolver {
    /// Takes the servers that are configured. The system's are read when the first question is asked.
    #[must_use]
    pub fn new(config: &config::Resolver) -> Self {
        Resolver {
            servers: config.servers.clone(),
            authoritative_port: config.authoritative_port,
        }
    }

    /// Asks for `name`. The first server that answers decides; SERVFAIL and REFUSED make the next one be asked.
    ///
    /// # Errors
    /// `usage` where the system names no servers; `unavailable` where none answers in time.
    pub async fn query(&self, name: &str, rtype: RecordType, deadline: Deadline) -> Result<Answer> {
        let mut last = None;
        for server in self.servers()? {
            let answer = ask::query(server, name, rtype, Recursion::On, deadline.within(PATIENCE)).await;
            match answer {
                Ok(answer) if !matches!(answer.rcode.as_str(), "SERVFAIL" | "REFUSED") => return Ok(answer),
                other => last = Some(other),
            }
        }
        last.unwrap_or_else(|| Err(Error::configuration("no resolver is configured")))
    }

    /// Every address of a host, IPv4 first; empty where it has none.
    ///
    /// # Errors
    /// As [`Resolver::query`].
    pub async fn addresses(&self, host: &str, deadline: Deadline) -> Result<Vec<IpAddr>> {
        let mut addresses = Vec::new();
        for rtype in [RecordType::A, RecordType::Aaaa] {
            let answer = self.query(host, rtype, deadline).await?;
            addresses.extend(
                answer
                    .values(rtype)
                    .filter_map(|value| value.parse::<IpAddr>().ok()),
            );
        }
        Ok(addresses)
    }

    /// The servers, in order.
    ///
    /// # Errors
    /// `usage` where the system's cannot be read.
    pub fn servers(&self) -> Result<Vec<SocketAddr>> {
        if self.servers.is_empty() {
            system()
        } else {
            Ok(self.servers.clone())
        }
    }

    /// The address and port of a name server.
    #[must_use]
    pub fn authoritative(&self, address: IpAddr) -> SocketAddr {
        SocketAddr::new(address, self.authoritative_port)
    }
}

fn system() -> Result<Vec<SocketAddr>> {
    let (config, _) = read_system_conf().map_err(|error| {
        let message = format!("the system's resolver cannot be read: {error}");
        Error::configuration(message).hint("set servers below [resolver] in the configuration file")
    })?;
    // The system's format knows no ports.
    Ok(config
        .name_servers()
        .iter()
        .map(|server| SocketAddr::new(server.ip, 53))
        .collect())
}
