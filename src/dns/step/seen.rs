//! `dns.seen`: no effect, only patience, until every name server of a zone answers with a value. Stricter than
//! `dns.published`: what comes next relies on the record, so a server that does not answer, or that cannot be found, is a
//! failure. One of several addresses of a server may be silent.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
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
/// After so many silences in a row an address does not count, where its server is reached at another one.
const SILENCES: u32 = 2;
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

/// An address at which it has to be seen.
#[derive(Debug)]
struct Place {
    address: SocketAddr,
    /// The servers that have it; none where the address was given.
    hosts: BTreeSet<String>,
    /// How many questions in a row it has not answered.
    silences: u32,
    is_seen: bool,
}

impl Place {
    fn given(address: SocketAddr) -> Self {
        Place {
            address,
            hosts: BTreeSet::new(),
            silences: 0,
            is_seen: false,
        }
    }

    /// Whether nobody answers there although all of its servers answer elsewhere: as where this host has no IPv6, or its
    /// packets do not come back.
    fn is_another_way_to(&self, seen: &[Place]) -> bool {
        let is_seen = |host: &String| seen.iter().any(|place| place.hosts.contains(host));
        self.silences >= SILENCES && !self.hosts.is_empty() && self.hosts.iter().all(is_seen)
    }
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
        let mut late = match self.query_servers.as_slice() {
            [] => self.name_servers(world, deadline).await.map_err(before_effect)?,
            given => given.iter().copied().map(Place::given).collect(),
        };
        let (mut seen, mut pause) = (Vec::new(), PAUSES.0);
        loop {
            let asked = late.into_iter().map(|place| self.ask(place, deadline));
            let (there, missing): (Vec<Place>, Vec<Place>) =
                join_all(asked).await.into_iter().partition(|place| place.is_seen);
            seen.extend(there);
            late = missing;
            if late.iter().all(|place| place.is_another_way_to(&seen)) {
                return Ok(seen.iter().map(|place| place.address).collect());
            }
            if deadline.remaining() <= pause {
                return Err(Failure::not_now(self.unseen(&late, begin.elapsed())));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    async fn ask(&self, place: Place, deadline: Deadline) -> Place {
        let rtype = self.data.rtype();
        let name = self.name.absolute();
        let deadline = deadline.within(QUESTION);
        let answer = query(place.address, &name, rtype, Recursion::Off, deadline).await;
        let wanted = self.data.value();
        Place {
            silences: if answer.is_err() { place.silences + 1 } else { 0 },
            is_seen: answer.is_ok_and(|answer| {
                answer.authoritative && answer.values(rtype).any(|value| value == wanted)
            }),
            ..place
        }
    }

    /// The addresses of every name server that the zone, or the nearest above it that has some, names.
    async fn name_servers(&self, world: &Providers, deadline: Deadline) -> Result<Vec<Place>> {
        let resolver = world.resolver();
        let mut zone = Some(self.zone.as_str());
        while let Some(name) = zone.filter(|name| name.contains('.')) {
            let answer = resolver
                .query(name, RecordType::Ns, deadline.within(QUESTION))
                .await?;
            let hosts: Vec<&str> = answer.values(RecordType::Ns).collect();
            if !hosts.is_empty() {
                let found = join_all(hosts.iter().map(|host| resolver.addresses(host, deadline))).await;
                let mut hosts_at: BTreeMap<IpAddr, BTreeSet<&str>> = BTreeMap::new();
                for (host, addresses) in hosts.iter().zip(found) {
                    for address in addresses? {
                        hosts_at.entry(address).or_default().insert(host);
                    }
                }
                let place = |(address, hosts): (IpAddr, BTreeSet<&str>)| Place {
                    hosts: hosts.into_iter().map(str::to_owned).collect(),
                    ..Place::given(resolver.authoritative(address))
                };
                return match hosts_at.is_empty() {
                    true => Err(self.unfound()),
                    false => Ok(hosts_at.into_iter().map(place).collect()),
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

    fn unseen(&self, late: &[Place], waited: Duration) -> Error {
        let servers: Vec<String> = late.iter().map(|place| place.address.to_string()).collect();
        let (name, rtype, seconds) = (&self.name, self.data.rtype(), waited.as_secs());
        let message = format!(
            "{name} {rtype} was not seen within {seconds} s at {}",
            servers.join(", ")
        );
        Error::new(Kind::Unavailable, "not_published", message).hint(format!(
            "hostctl dns lookup {name} {rtype} --server {}",
            servers.first().map_or("", String::as_str)
        ))
    }
}
