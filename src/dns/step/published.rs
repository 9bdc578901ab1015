//! `dns.published`: no effect, only patience, until the zone's servers answer with what the provider holds.
//!
//! Servers named in the configuration must answer; the zone's own name servers may not be reachable from here, or the zone
//! not delegated yet, so what they do not say is reported and fails nothing.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{before_effect, resource};
use crate::dns::live::LiveZone;
use crate::dns::provider::{Location, Providers};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};
use crate::lookup::serial;
use crate::model::{RecordName, RecordType, ZoneName};

/// How long servers that must answer are asked.
const CONFIGURED: Duration = Duration::from_secs(10);
/// How long the zone's own name servers are found and asked.
const OWN: Duration = Duration::from_secs(3);
/// One question.
const QUESTION: Duration = Duration::from_secs(1);
/// Between two rounds, growing to the second.
const PAUSES: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(500));

/// Waits until a zone is published.
#[derive(Debug, Serialize, Deserialize)]
pub struct Published {
    /// Whose serial is the right one.
    pub location: Location,
    /// The zone.
    pub zone: ZoneName,
    /// Servers that must answer; empty: the zone's own name servers may.
    pub query_servers: Vec<SocketAddr>,
}

impl OutsideStep for Published {
    const KIND: &'static str = "dns.published";
    const VERSION: i32 = 1;
    type World = Providers;

    fn resource(&self) -> String {
        resource(&self.zone)
    }

    fn substrate(&self) -> String {
        self.location.substrate.clone()
    }

    async fn apply(&self, world: &Providers, _: Marker, _: &Secrets) -> Result<Value, Failure> {
        let client = world.client_at(&self.location).map_err(before_effect)?;
        // Its name servers and its serial are all that is asked of it.
        let apex = RecordName::apex(self.zone.domain());
        let live = client
            .glance(&self.zone, &[(&apex, RecordType::Ns)])
            .await
            .map_err(before_effect)?;
        let gone = || Error::new(Kind::NotFound, "not_found", format!("zone {} is gone", self.zone));
        let live = live.ok_or_else(|| Failure::refused(gone()))?;
        if !self.query_servers.is_empty() {
            let late = self
                .wait(
                    &self.query_servers,
                    live.served_serial,
                    Deadline::after(CONFIGURED),
                )
                .await;
            if !late.is_empty() {
                return Err(Failure::not_now(self.unseen(&late, live.served_serial)));
            }
            return Ok(report("published", live.served_serial, &self.query_servers, &[]));
        }
        let deadline = Deadline::after(OWN);
        let servers = own_servers(world, &live, deadline).await;
        let late = self.wait(&servers, live.served_serial, deadline).await;
        let state = match (servers.is_empty(), late.is_empty()) {
            (true, _) => "not_asked",
            (false, true) => "published",
            (false, false) => "pending",
        };
        Ok(report(state, live.served_serial, &servers, &late))
    }

    async fn undo(&self, _: &Providers, _: Marker, _: &Secrets) -> Result<(), Failure> {
        Ok(())
    }

    async fn probe(&self, _: &Providers, _: Marker, _: &Secrets) -> Result<Found> {
        // It leaves nothing in the world.
        Ok(Found::Absent)
    }
}

impl Published {
    /// Asks all servers at once, round after round; gives back those that have not answered with the serial in time.
    async fn wait(&self, servers: &[SocketAddr], wanted: u32, deadline: Deadline) -> Vec<SocketAddr> {
        let mut late = servers.to_vec();
        let mut pause = PAUSES.0;
        loop {
            let questions = late.iter().map(|server| async move {
                let answer = serial(*server, self.zone.as_str(), deadline.within(QUESTION)).await;
                (*server, answer.is_ok_and(|found| found.has(wanted)))
            });
            let answers = join_all(questions).await;
            late = answers
                .into_iter()
                .filter(|(_, has)| !has)
                .map(|(server, _)| server)
                .collect();
            if late.is_empty() || deadline.remaining() <= pause {
                return late;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    fn unseen(&self, late: &[SocketAddr], serial: u32) -> Error {
        let servers: Vec<String> = late.iter().map(SocketAddr::to_string).collect();
        let servers = servers.join(", ");
        let (zone, seconds) = (&self.zone, CONFIGURED.as_secs());
        let message =
            format!("zone {zone} with serial {serial} was not seen within {seconds} s at {servers}");
        Error::new(Kind::Unavailable, "not_published", message).hint(format!(
            "hostctl dns lookup {zone} SOA --server {}",
            late.first().map_or(String::new(), SocketAddr::to_string)
        ))
    }
}

/// The addresses of the name servers in the zone, as far as they can be found.
async fn own_servers(world: &Providers, live: &LiveZone, deadline: Deadline) -> Vec<SocketAddr> {
    let apex = live
        .sets
        .iter()
        .filter(|set| set.rtype == RecordType::Ns && set.name.is_apex(live.zone.domain()));
    let names = apex.flat_map(|set| set.members.iter().map(|member| member.data.value()));
    let resolver = world.resolver();
    let found = join_all(names.map(|name| async move { resolver.addresses(&name, deadline).await })).await;
    let addresses: BTreeSet<_> = found.into_iter().filter_map(Result::ok).flatten().collect();
    addresses
        .into_iter()
        .map(|address| resolver.authoritative(address))
        .collect()
}

fn report(state: &str, serial: u32, asked: &[SocketAddr], late: &[SocketAddr]) -> Value {
    json!({ "state": state, "serial": serial, "asked": asked, "late": late })
}
