//! Whether an answer is as its zone signed it (RFC 4035 §5). The chain of keys is fetched from the servers of each zone on
//! the way, and the library judges; what it judges was asked before and is handed to it.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{Stream, StreamExt as _, stream};
use hickory_proto::dnssec::{Proof, TrustAnchors};
use hickory_proto::rr::rdata;
use hickory_resolver::net::dnssec::DnssecDnsHandle;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, DnsHandle, NetError};
use hickory_resolver::proto::op::{DnsRequest, DnsRequestOptions, DnsResponse, Message, Query, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType as WireType};
use tokio::sync::OnceCell;

use super::ask::Recursion;
use super::walk::Walk;
use super::wire;
use crate::env::deadline::Deadline;

/// What DNSSEC says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Signed, and the chain from the trust anchor holds.
    Secure,
    /// Nobody signed it, provably or because there is no trust anchor.
    Insecure,
    /// It should be signed, and the signatures do not hold.
    Bogus,
    /// A server on the way did not answer, so that nobody can tell.
    Unknown,
}

impl From<Proof> for Security {
    fn from(proof: Proof) -> Self {
        match proof {
            Proof::Secure => Security::Secure,
            Proof::Insecure => Security::Insecure,
            Proof::Bogus => Security::Bogus,
            Proof::Indeterminate => Security::Unknown,
        }
    }
}

/// The chain of trust, as far as it was asked for.
#[derive(Clone)]
pub(super) struct Chain {
    handle: DnssecDnsHandle<Source>,
    source: Source,
    anchors: Arc<TrustAnchors>,
}

impl Chain {
    pub fn new(walk: &Arc<Walk>, anchors: &Arc<TrustAnchors>, deadline: Deadline) -> Self {
        let source = Source {
            links: Arc::new(Links {
                walk: Arc::clone(walk),
                kept: Mutex::default(),
                zones: Mutex::default(),
                deadline,
            }),
            leaf: None,
            was_silent: Arc::default(),
        };
        Chain {
            handle: DnssecDnsHandle::with_trust_anchor(source.clone(), Arc::clone(anchors)),
            source,
            anchors: Arc::clone(anchors),
        }
    }

    /// Whether the zone is signed: its parent says so by a DS, and itself provably. Judged once, however many names of it are
    /// asked for; what nobody can tell is asked again.
    pub async fn of_zone(&self, zone: &Name) -> Security {
        let cell = {
            let mut zones = self
                .source
                .links
                .zones
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            Arc::clone(zones.entry(zone.clone()).or_default())
        };
        let judge = async || match self.judge(zone).await {
            Security::Unknown => Err(Security::Unknown),
            verdict => Ok(verdict),
        };
        cell.get_or_try_init(judge)
            .await
            .map_or_else(|unknown| unknown, |verdict| *verdict)
    }

    async fn judge(&self, zone: &Name) -> Security {
        let query = Query::query(zone.clone(), WireType::DS);
        let verdict = match first(&self.handle, query).await {
            Ok(answer) => {
                let keys = answer
                    .answers
                    .iter()
                    .filter(|record| record.record_type() == WireType::DS);
                // Nothing here, and the absence was proven.
                keys.map(|record| record.proof.into())
                    .min_by_key(|security| rank(*security))
                    .unwrap_or(Security::Insecure)
            }
            Err(error) => refusal(&error),
        };
        self.source.judged(verdict)
    }

    /// Whether `answer`, which some server gave to `query`, is what its zone signed.
    pub async fn of_answer(&self, query: Query, answer: Message) -> Security {
        let source = Source {
            links: Arc::clone(&self.source.links),
            leaf: Some(Arc::new((query.clone(), answer))),
            was_silent: Arc::default(),
        };
        let handle = DnssecDnsHandle::with_trust_anchor(source.clone(), Arc::clone(&self.anchors));
        let name = query.name().clone();
        let verdict = match first(&handle, query).await {
            Ok(answer) => {
                // Where an alias leads is another matter.
                let here = |record: &&Record| !record.record_type().is_rrsig() && record.name == name;
                let signed = answer.answers.iter().filter(here);
                // Nothing here, and the absence was proven or need not be.
                signed
                    .map(|record| record.proof.into())
                    .max_by_key(|security| rank(*security))
                    .unwrap_or(Security::Secure)
            }
            Err(error) => refusal(&error),
        };
        source.judged(verdict)
    }
}

/// From the best to the worst.
fn rank(security: Security) -> u8 {
    match security {
        Security::Secure => 0,
        Security::Insecure => 1,
        Security::Unknown => 2,
        Security::Bogus => 3,
    }
}

fn refusal(error: &NetError) -> Security {
    match error {
        NetError::Dns(DnsError::Nsec { proof, .. }) => (*proof).into(),
        NetError::Dns(_) | NetError::Proto(_) => Security::Bogus,
        _ => Security::Unknown,
    }
}

async fn first(handle: &DnssecDnsHandle<Source>, query: Query) -> Result<DnsResponse, NetError> {
    let mut answers = handle.lookup(query, DnsRequestOptions::default());
    answers.next().await.unwrap_or(Err(NetError::NoConnections))
}

type Cell = Arc<OnceCell<Message>>;

struct Links {
    walk: Arc<Walk>,
    /// Keys and their hashes; only what was answered is kept.
    kept: Mutex<HashMap<(Name, WireType), Cell>>,
    /// Which zones are signed.
    zones: Mutex<HashMap<Name, Arc<OnceCell<Security>>>>,
    deadline: Deadline,
}

/// Where the library gets what it asks for.
#[derive(Clone)]
struct Source {
    links: Arc<Links>,
    leaf: Option<Arc<(Query, Message)>>,
    /// Whether a server on the way did not answer: then nothing is proven, neither good nor bad.
    was_silent: Arc<AtomicBool>,
}

impl DnsHandle for Source {
    type Response = Pin<Box<dyn Stream<Item = Result<DnsResponse, NetError>> + Send>>;
    type Runtime = TokioRuntimeProvider;

    fn send(&self, request: DnsRequest) -> Self::Response {
        let source = self.clone();
        let query = request.queries.first().cloned();
        Box::pin(stream::once(async move {
            let query = query.ok_or(NetError::Message("a request without a question"))?;
            let answer = source.answer(&query).await.map_err(|why| {
                source.was_silent.store(true, Ordering::Relaxed);
                NetError::Msg(why)
            })?;
            Ok(DnsResponse::from_message(answer)?)
        }))
    }
}

impl Source {
    /// The library takes a key that could not be fetched for a broken signature.
    fn judged(&self, verdict: Security) -> Security {
        if verdict == Security::Bogus && self.was_silent.swap(false, Ordering::Relaxed) {
            return Security::Unknown;
        }
        verdict
    }

    async fn answer(&self, query: &Query) -> Result<Message, String> {
        if let Some(leaf) = self.leaf.as_ref().filter(|leaf| leaf.0 == *query) {
            return Ok(leaf.1.clone());
        }
        match query.query_type() {
            WireType::NS => self.delegation(query).await,
            WireType::DS | WireType::DNSKEY => self.kept(query).await,
            other => Err(format!("{other} is no link of the chain")),
        }
    }

    /// Where zones begin is known from the walk.
    async fn delegation(&self, query: &Query) -> Result<Message, String> {
        let zone = self.zone_of(query.name()).await?;
        let mut answer = Message::query().into_response();
        answer.add_query(query.clone());
        if zone.name == *query.name() {
            let target = RData::NS(rdata::NS(Name::root()));
            answer.add_answer(Record::from_rdata(query.name().clone(), 0, target));
        }
        Ok(answer)
    }

    async fn kept(&self, query: &Query) -> Result<Message, String> {
        let key = (query.name().clone(), query.query_type());
        let cell = {
            let mut kept = self.links.kept.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(kept.entry(key).or_default())
        };
        cell.get_or_try_init(|| self.fetch(query)).await.cloned()
    }

    /// A DS is kept by the zone above, a key by the zone itself.
    async fn fetch(&self, query: &Query) -> Result<Message, String> {
        let name = query.name();
        let zone = match query.query_type() {
            WireType::DS => self.zone_of(&name.base_name()).await?,
            _ => self.zone_of(name).await?,
        };
        let question = wire::question(name.clone(), query.query_type(), Recursion::Off, true);
        let is_answer = |answer: &Message| {
            answer.metadata.authoritative
                && matches!(
                    answer.metadata.response_code,
                    ResponseCode::NoError | ResponseCode::NXDomain
                )
        };
        self.links.walk.ask_one(&zone, &question, is_answer).await
    }

    async fn zone_of(&self, name: &Name) -> Result<Arc<super::walk::Zone>, String> {
        let zone = self.links.walk.zone_of(name, self.links.deadline).await;
        zone.map_err(|error| error.message().to_owned())
    }
}
