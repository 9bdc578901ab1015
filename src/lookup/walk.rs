//! Which servers speak for a name: the delegations are walked down from the root, each asked of the servers above it. No
//! cache but that of the walk itself, which lives as long as one look at the world.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;
use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType as WireType};
use tokio::sync::{OnceCell, Semaphore};

use super::ask::Recursion;
use super::servers::{Servers, Silence};
use super::{Resolver, hints, wire};
use crate::config;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::model::Reach;

/// More are not asked of one zone, however many a delegation names: as many as the root has.
const MOST_ADDRESSES: usize = 26;
/// How many servers of one zone are waited for at a time that have not answered yet; where so many have not and no other one
/// has, the rest get one packet each: a zone full of those that never answer keeps nobody else waiting, and is soon over.
const STRANGERS: usize = 4;
/// How many name servers of one delegation are looked up at a time, where their addresses did not come along.
const LOOKED_UP: usize = 4;

/// A zone, and who speaks for it.
#[derive(Debug)]
pub(super) struct Zone {
    pub name: Name,
    pub servers: Vec<Nameserver>,
    strangers: Semaphore,
    silences: AtomicUsize,
    has_spoken: AtomicBool,
}

/// A server as the delegation names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Nameserver {
    /// Without the final dot.
    pub name: String,
    pub addresses: Vec<SocketAddr>,
}

impl Zone {
    fn new(name: Name, servers: Vec<Nameserver>) -> Self {
        Zone {
            name,
            servers,
            strangers: Semaphore::new(STRANGERS),
            silences: AtomicUsize::new(0),
            has_spoken: AtomicBool::new(false),
        }
    }

    /// Whether several of its servers were waited for, and none has said a word.
    fn is_silent(&self) -> bool {
        self.silences.load(Ordering::Relaxed) >= STRANGERS && !self.has_spoken.load(Ordering::Relaxed)
    }

    fn note(&self, answer: &Result<Message, Silence>) {
        match answer {
            Ok(_) => self.has_spoken.store(true, Ordering::Relaxed),
            Err(Silence::NoAnswer) => {
                self.silences.fetch_add(1, Ordering::Relaxed);
            }
            Err(Silence::Refused | Silence::Unreachable | Silence::Nonsense) => {}
        }
    }

    /// Every address of its servers that may be asked.
    pub fn addresses(&self, reach: &Reach) -> Vec<SocketAddr> {
        let all = self.servers.iter().flat_map(|server| &server.addresses);
        all.copied().filter(|address| reach.may(address.ip())).collect()
    }
}

type Cells<K, V> = Mutex<HashMap<K, Arc<OnceCell<V>>>>;

/// One look at the tree.
#[derive(Debug)]
pub(super) struct Walk {
    pub servers: Servers,
    pub reach: Reach,
    pub resolver: Resolver,
    root: Arc<Zone>,
    /// What lies at a name: a zone of its own, or nothing but the zone above.
    cuts: Cells<Name, Option<Arc<Zone>>>,
    hosts: Cells<Name, Vec<IpAddr>>,
    turn: AtomicUsize,
}

impl Walk {
    /// # Errors
    /// `usage` where the root hints cannot be read.
    pub fn new(config: &config::Resolver, reach: &Reach) -> Result<Self> {
        let roots = hints::roots(config)?;
        // Whoever configures root servers means them, wherever they are.
        let here = roots.iter().filter(|root| !reach.may(root.ip()));
        let reach = reach.and(here.map(SocketAddr::ip));
        let root = Nameserver {
            name: ".".to_owned(),
            addresses: roots,
        };
        Ok(Walk {
            servers: Servers::default(),
            reach,
            resolver: Resolver::new(config),
            root: Arc::new(Zone::new(Name::root(), vec![root])),
            cuts: Mutex::default(),
            hosts: Mutex::default(),
            turn: AtomicUsize::new(0),
        })
    }

    /// The zone that `name` is in.
    ///
    /// # Errors
    /// `unavailable` where the servers of a zone above say nothing that helps.
    pub async fn zone_of(&self, name: &Name, deadline: Deadline) -> Result<Arc<Zone>> {
        let mut zone = Arc::clone(&self.root);
        for count in 1..=name.iter().count() {
            let candidate = name.trim_to(count);
            let cell = cell(&self.cuts, &candidate);
            let cut = cell.get_or_try_init(|| Box::pin(self.cut(&zone, &candidate, deadline)));
            if let Some(below) = cut.await? {
                zone = Arc::clone(below);
            }
        }
        Ok(zone)
    }

    /// Asks the servers of `zone` in turn until one answers with authority.
    ///
    /// # Errors
    /// What the last one said.
    pub async fn ask_one(
        &self,
        zone: &Zone,
        question: &Message,
        is_answer: impl Fn(&Message) -> bool,
    ) -> Result<Message, String> {
        let mut addresses = zone.addresses(&self.reach);
        if addresses.is_empty() {
            return Err("no server has an address that may be asked".to_owned());
        }
        let start = self.turn.fetch_add(1, Ordering::Relaxed) % addresses.len();
        addresses.rotate_left(start);
        let mut last = String::new();
        for address in addresses {
            last = match self.ask(zone, address, question).await {
                Ok(answer) if is_answer(&answer) => return Ok(answer),
                Ok(answer) => format!(
                    "{address}: {}",
                    super::answer::word(answer.metadata.response_code)
                ),
                Err(silence) => format!("{address}: {}", silence.words()),
            };
            if zone.is_silent() {
                break;
            }
        }
        Err(last)
    }

    async fn cut(&self, zone: &Zone, candidate: &Name, deadline: Deadline) -> Result<Option<Arc<Zone>>> {
        let question = wire::question(candidate.clone(), WireType::NS, Recursion::Off, true);
        let what = format!("the servers of {}", shown(&zone.name));
        let answer = deadline.run(&what, async {
            let answer = self.ask_one(zone, &question, |answer| tells(candidate, answer));
            answer.await.map_err(|last| nobody(&what, candidate, &last))
        });
        let answer = answer.await?;
        let names = delegated(candidate, &answer);
        if names.is_empty() {
            return Ok(None);
        }
        let mut servers = Vec::with_capacity(names.len());
        for some in names[..names.len().min(MOST_ADDRESSES)].chunks(LOOKED_UP) {
            let asked = some
                .iter()
                .map(|name| self.addresses(&zone.name, name, &answer.additionals, deadline));
            let found = join_all(asked).await;
            servers.extend(some.iter().zip(found).map(|(name, addresses)| Nameserver {
                name: shown(name),
                addresses,
            }));
        }
        servers.sort_by(|one, other| one.name.cmp(&other.name));
        thin(&mut servers);
        Ok(Some(Arc::new(Zone::new(candidate.clone(), servers))))
    }

    /// The addresses of a name server: those that came along, where the zone above may speak of them; else the resolver's.
    async fn addresses(
        &self,
        above: &Name,
        name: &Name,
        glue: &[Record],
        deadline: Deadline,
    ) -> Vec<SocketAddr> {
        let mut found: Vec<IpAddr> = Vec::new();
        if above.zone_of(name) {
            found.extend(
                glue.iter()
                    .filter(|record| record.name == *name)
                    .filter_map(address),
            );
        }
        if found.is_empty() {
            let cell = cell(&self.hosts, name);
            let host = shown(name);
            let asked = cell
                .get_or_try_init(|| self.resolver.addresses(&host, deadline))
                .await;
            found = asked.cloned().unwrap_or_default();
        }
        found.sort_unstable();
        found.dedup();
        found.truncate(MOST_ADDRESSES);
        found
            .into_iter()
            .map(|address| self.resolver.authoritative(address))
            .collect()
    }

    /// Asks one server of `zone` and gives what it said, with authority or without.
    pub async fn ask(
        &self,
        zone: &Zone,
        address: SocketAddr,
        question: &Message,
    ) -> Result<Message, Silence> {
        let is_stranger = || !self.servers.answers(address);
        let turn = match is_stranger() {
            true => zone.strangers.acquire().await.ok(),
            false => None,
        };
        // Either may have shown itself meanwhile, the server or its zone.
        let turn = turn.filter(|_| is_stranger());
        let answer = match turn {
            Some(turn) if zone.is_silent() => {
                drop(turn);
                self.servers.glance(address, question).await
            }
            _turn => self.servers.ask(address, question).await,
        };
        zone.note(&answer);
        answer
    }
}

/// Leaves so many addresses as are asked: of every server the first, before the second of any.
fn thin(servers: &mut [Nameserver]) {
    let mut left = MOST_ADDRESSES;
    let mut kept = vec![0; servers.len()];
    for round in 0..MOST_ADDRESSES {
        for (server, kept) in servers.iter().zip(&mut kept) {
            if round < server.addresses.len() && left > 0 {
                *kept += 1;
                left -= 1;
            }
        }
    }
    for (server, kept) in servers.iter_mut().zip(kept) {
        server.addresses.truncate(kept);
    }
}

fn cell<K: Clone + Eq + std::hash::Hash, V>(cells: &Cells<K, V>, key: &K) -> Arc<OnceCell<V>> {
    let mut cells = cells.lock().unwrap_or_else(PoisonError::into_inner);
    match cells.get(key) {
        Some(cell) => Arc::clone(cell),
        None => Arc::clone(cells.entry(key.clone()).or_default()),
    }
}

/// Whether the answer says what lies at `candidate`: a delegation, or with authority that there is none.
fn tells(candidate: &Name, answer: &Message) -> bool {
    let is_known = matches!(
        answer.metadata.response_code,
        ResponseCode::NoError | ResponseCode::NXDomain
    );
    is_known && (answer.metadata.authoritative || !delegated(candidate, answer).is_empty())
}

/// The name servers of `candidate`: a referral (RFC 1034 §4.3.2), or the answer of a server that has both zones.
fn delegated(candidate: &Name, answer: &Message) -> Vec<Name> {
    let records = if answer.metadata.authoritative {
        &answer.answers
    } else {
        &answer.authorities
    };
    let target = |record: &Record| match &record.data {
        RData::NS(target) if record.name == *candidate => Some(target.0.to_lowercase()),
        _ => None,
    };
    records.iter().filter_map(target).collect()
}

fn address(record: &Record) -> Option<IpAddr> {
    match &record.data {
        RData::A(address) => Some(IpAddr::V4(address.0)),
        RData::AAAA(address) => Some(IpAddr::V6(address.0)),
        _ => None,
    }
}

/// Lower case, without the final dot.
pub(super) fn shown(name: &Name) -> String {
    let text = name.to_ascii().to_ascii_lowercase();
    match text.strip_suffix('.') {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => text,
    }
}

fn nobody(what: &str, candidate: &Name, last: &str) -> Error {
    let message = format!("{what} do not say who speaks for {}: {last}", shown(candidate));
    Error::new(Kind::Unavailable, "no_delegation", message)
}
