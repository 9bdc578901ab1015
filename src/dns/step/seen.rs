//! `dns.seen`: no effect, only patience, until every name server of a zone answers with a value. Stricter than
//! `dns.published`: what comes next relies on the record, so a server that does not answer, or that cannot be found, is a
//! failure.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::before_effect;
use crate::clock;
use crate::dns::provider::Providers;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};
use crate::lookup::{Recursion, query};
use crate::model::{RecordData, RecordName, RecordType, ZoneName};

/// How long the name servers are found and asked.
const PATIENCE: Duration = Duration::from_secs(20);
/// One question.
const QUESTION: Duration = Duration::from_secs(2);
/// Between two rounds, growing to the second.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(1));

/// Waits until a value is seen everywhere.
#[derive(Debug, Serialize, Deserialize)]
pub struct Seen {
    /// The zone whose servers are asked, or a name below it.
    pub zone: ZoneName,
    /// The servers; empty: those that the zone's NS records name.
    pub query_servers: Vec<SocketAddr>,
    /// Of which name.
    pub name: RecordName,
    /// What they have to answer.
    pub data: RecordData,
}

impl OutsideStep for Seen {
    const KIND: &'static str = "dns.seen";
    const VERSION: i32 = 1;
    type World = Providers;

    fn resource(&self) -> String {
        super::resource(&self.zone)
    }

    fn substrate(&self) -> String {
        "dns".to_owned()
    }

    async fn apply(&self, world: &Providers, _: Marker, _: &Secrets) -> Result<Value, Failure> {
        let servers = self.wait(world, Deadline::after(PATIENCE)).await?;
        Ok(json!({ "seen_at": servers }))
    }

    async fn undo(&self, _: &Providers, _: Marker, _: &Secrets) -> Result<(), Failure> {
        Ok(())
    }

    async fn probe(&self, _: &Providers, _: Marker, _: &Secrets) -> Result<Found> {
        // It leaves nothing in the world.
        Ok(Found::Absent)
    }
}

impl Seen {
    /// Waits until `deadline`; the servers at which it is seen.
    ///
    /// # Errors
    /// Reason `not_published`, naming the servers at which it is not.
    pub async fn wait(&self, world: &Providers, deadline: Deadline) -> Result<Vec<SocketAddr>, Failure> {
        let begin = clock::instant();
        let servers = if self.query_servers.is_empty() {
            self.name_servers(world, deadline).await.map_err(before_effect)?
        } else {
            self.query_servers.clone()
        };
        let mut late = servers.clone();
        let mut pause = PAUSES.0;
        loop {
            let answers = join_all(late.iter().map(|server| self.is_seen_at(*server, deadline))).await;
            late = late
                .into_iter()
                .zip(answers)
                .filter(|(_, is_seen)| !is_seen)
                .map(|(server, _)| server)
                .collect();
            if late.is_empty() {
                return Ok(servers);
            }
            if deadline.remaining() <= pause {
                return Err(Failure::not_now(self.unseen(&late, begin.elapsed())));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    async fn is_seen_at(&self, server: SocketAddr, deadline: Deadline) -> bool {
        let rtype = self.data.rtype();
        let name = self.name.absolute();
        let answer = query(server, &name, rtype, Recursion::Off, deadline.within(QUESTION)).await;
        let wanted = self.data.value();
        answer.is_ok_and(|answer| answer.authoritative && answer.values(rtype).any(|value| value == wanted))
    }

    /// The addresses of every name server that the zone, or the nearest above it that has some, names.
    async fn name_servers(&self, world: &Providers, deadline: Deadline) -> Result<Vec<SocketAddr>> {
        let resolver = world.resolver();
        let mut zone = Some(self.zone.as_str());
        while let Some(name) = zone.filter(|name| name.contains('.')) {
            let answer = resolver
                .query(name, RecordType::Ns, deadline.within(QUESTION))
                .await?;
            let hosts: Vec<&str> = answer.values(RecordType::Ns).collect();
            if !hosts.is_empty() {
                let found = join_all(hosts.iter().map(|host| resolver.addresses(host, deadline))).await;
                let mut addresses = BTreeSet::new();
                for of_host in found {
                    addresses.extend(of_host?);
                }
                let servers = addresses
                    .into_iter()
                    .map(|address| resolver.authoritative(address));
                let servers: Vec<SocketAddr> = servers.collect();
                return if servers.is_empty() {
                    Err(self.unfound())
                } else {
                    Ok(servers)
                };
            }
            zone = name.split_once('.').map(|(_, parent)| parent);
        }
        Err(self.unfound())
    }

    fn unfound(&self) -> Error {
        let message = format!("no name server of {} can be found", self.zone);
        Error::new(Kind::Unavailable, "not_published", message)
            .hint(format!("hostctl dns lookup {} NS", self.zone))
    }

    fn unseen(&self, late: &[SocketAddr], waited: Duration) -> Error {
        let servers: Vec<String> = late.iter().map(SocketAddr::to_string).collect();
        let (name, rtype, seconds) = (&self.name, self.data.rtype(), waited.as_secs());
        let message = format!(
            "{name} {rtype} was not seen within {seconds} s at {}",
            servers.join(", ")
        );
        Error::new(Kind::Unavailable, "not_published", message).hint(format!(
            "hostctl dns lookup {name} {rtype} --server {}",
            late.first().map_or(String::new(), SocketAddr::to_string)
        ))
    }
}
