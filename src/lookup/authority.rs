//! What the servers of a zone say, every one of them, asked directly; and what resolvers make of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use hickory_proto::dnssec::TrustAnchors;
use hickory_resolver::proto::op::{Message, Query, ResponseCode};
use hickory_resolver::proto::rr::{RData, RecordType as WireType};

use super::answer::{Answer, word};
use super::ask::{Recursion, absolute};
use super::chain::{Chain, Security};
use super::servers::Silence;
use super::walk::{Walk, Zone, shown};
use super::{Resolver, hints, wire};
use crate::config;
use crate::env::deadline::Deadline;
use crate::error::Result;
use crate::model::{Reach, RecordType};

/// How long a broken signature may be a zone that is just being signed.
const PAUSE: Duration = Duration::from_millis(500);

/// One look at the world: nothing that it learns is older than itself.
pub struct Look {
    walk: Arc<Walk>,
    anchors: Option<Arc<TrustAnchors>>,
    chain: Option<Chain>,
    deadline: Deadline,
}

/// What the servers of a zone say about one name.
#[derive(Debug)]
pub struct Authority {
    /// The zone that the domain is in, without the final dot.
    pub zone: String,
    /// Whether that zone is signed.
    pub security: Security,
    /// Every address of every server, by the server's name.
    pub heard: Vec<Heard>,
}

/// What came from one address.
#[derive(Debug)]
pub struct Heard {
    /// The server's name as the delegation has it.
    pub server: String,
    /// Where it was asked; absent where it has no address.
    pub address: Option<SocketAddr>,
    /// What it said.
    pub reply: Reply,
}

/// What a server said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It spoke with authority.
    Answer(Told),
    /// It answers, and does not speak for the zone: `REFUSED`, `SERVFAIL`, `not authoritative`.
    Lame(String),
    /// It did not answer.
    Silent(Silence),
    /// Its address is a private one: it was not asked.
    Private,
    /// It has no address.
    Nowhere,
}

/// What a server said about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The records, and whether there is such a name.
    pub answer: Answer,
    /// For how many seconds the absence may be remembered (RFC 2308 §5).
    pub negative_ttl: Option<u32>,
    /// Whether it is as the zone signed it.
    pub security: Security,
}

impl Look {
    /// Nothing is asked yet. All of it ends at `deadline`.
    ///
    /// # Errors
    /// `usage` where root hints or trust anchors cannot be read.
    pub fn new(config: &config::Resolver, reach: &Reach, deadline: Deadline) -> Result<Self> {
        let walk = Arc::new(Walk::new(config, reach)?);
        let anchors = hints::anchors(config)?.map(Arc::new);
        let chain = anchors
            .as_ref()
            .map(|anchors| Chain::new(&walk, anchors, deadline));
        Ok(Look {
            walk,
            anchors,
            chain,
            deadline,
        })
    }

    /// How many questions were sent so far.
    #[must_use]
    pub fn questions(&self) -> u64 {
        self.walk.servers.questions()
    }

    /// Which addresses it may ask.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.walk.reach
    }

    /// The resolver that is configured.
    #[must_use]
    pub fn resolver(&self) -> &Resolver {
        &self.walk.resolver
    }

    /// Asks every server that speaks for `domain` about `name`, which is `domain` or below. What looks forged is asked for
    /// once more, with the whole chain anew.
    ///
    /// # Errors
    /// `unavailable` where nobody says who speaks for the domain.
    pub async fn ask_all(
        &self,
        domain: &str,
        name: &str,
        rtype: RecordType,
        deadline: Deadline,
    ) -> Result<Authority> {
        let zone = self.walk.zone_of(&absolute(domain)?, deadline).await?;
        let query = Query::query(absolute(name)?, WireType::from(rtype.number()));
        // Boxed, here and below: of thousands that wait, each is as small as can be.
        let found = Box::pin(self.hear(&zone, &query, self.chain.as_ref(), deadline)).await?;
        let (Some(anchors), true) = (&self.anchors, found.has_bogus()) else {
            return Ok(found);
        };
        tokio::time::sleep(PAUSE).await;
        let chain = Chain::new(&self.walk, anchors, self.deadline);
        Box::pin(self.hear(&zone, &query, Some(&chain), deadline)).await
    }

    /// Asks every resolver that is configured.
    ///
    /// # Errors
    /// `usage` where the system's cannot be read.
    pub async fn ask_resolvers(
        &self,
        name: &str,
        rtype: RecordType,
        deadline: Deadline,
    ) -> Result<Vec<Heard>> {
        let question = wire::question(
            absolute(name)?,
            WireType::from(rtype.number()),
            Recursion::On,
            false,
        );
        let ask = async |server: SocketAddr| {
            let asked = async { Ok(self.walk.servers.ask(server, &question).await) };
            let reply = match deadline.run("a resolver", asked).await {
                Ok(Ok(answer)) => told(server, &answer, Security::Insecure),
                Ok(Err(silence)) => Reply::Silent(silence),
                Err(_) => Reply::Silent(Silence::NoAnswer),
            };
            Heard {
                server: server.to_string(),
                address: Some(server),
                reply,
            }
        };
        Ok(join_all(self.walk.resolver.servers()?.into_iter().map(ask)).await)
    }

    async fn hear(
        &self,
        zone: &Zone,
        query: &Query,
        chain: Option<&Chain>,
        deadline: Deadline,
    ) -> Result<Authority> {
        let security = match chain {
            Some(chain) => {
                let judged = async { Ok(Box::pin(chain.of_zone(&zone.name)).await) };
                let judged = deadline.run("the chain of trust", judged).await;
                judged.unwrap_or(Security::Unknown)
            }
            None => Security::Insecure,
        };
        // In a zone that nobody signed there is nothing to look at.
        let chain = chain.filter(|_| security != Security::Insecure);
        let one = async |server: &str, address: SocketAddr| {
            let asked = async { Ok(self.hear_one(zone, address, query, chain).await) };
            let reply = deadline.run(server, asked).await;
            Heard {
                server: server.to_owned(),
                address: Some(address),
                reply: reply.unwrap_or(Reply::Silent(Silence::NoAnswer)),
            }
        };
        let asked = zone.servers.iter().flat_map(|server| {
            let at = |address: &SocketAddr| one(&server.name, *address);
            server.addresses.iter().map(at)
        });
        let mut heard = join_all(asked).await;
        let nowhere = zone.servers.iter().filter(|server| server.addresses.is_empty());
        heard.extend(nowhere.map(|server| Heard {
            server: server.name.clone(),
            address: None,
            reply: Reply::Nowhere,
        }));
        Ok(Authority {
            zone: shown(&zone.name),
            security,
            heard,
        })
    }

    async fn hear_one(
        &self,
        zone: &Zone,
        address: SocketAddr,
        query: &Query,
        chain: Option<&Chain>,
    ) -> Reply {
        if !self.walk.reach.may(address.ip()) {
            return Reply::Private;
        }
        let question = wire::question(query.name().clone(), query.query_type(), Recursion::Off, true);
        match self.walk.ask(zone, address, &question).await {
            Err(silence) => Reply::Silent(silence),
            Ok(answer) if !speaks(&answer) => Reply::Lame(complaint(&answer)),
            Ok(answer) => {
                let security = match chain {
                    Some(chain) => Box::pin(chain.of_answer(query.clone(), answer.clone())).await,
                    None => Security::Insecure,
                };
                told(address, &answer, security)
            }
        }
    }
}

impl Authority {
    fn has_bogus(&self) -> bool {
        self.security == Security::Bogus
            || self.heard.iter().any(|heard| match &heard.reply {
                Reply::Answer(told) => told.security == Security::Bogus,
                _ => false,
            })
    }
}

fn speaks(answer: &Message) -> bool {
    let is_known = matches!(
        answer.metadata.response_code,
        ResponseCode::NoError | ResponseCode::NXDomain
    );
    answer.metadata.authoritative && is_known
}

fn complaint(answer: &Message) -> String {
    match answer.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => "not authoritative".to_owned(),
        code => word(code),
    }
}

/// What was told, or why it counts for nothing.
fn told(server: SocketAddr, answer: &Message, security: Security) -> Reply {
    match answer.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => Reply::Answer(Told {
            answer: Answer::new(server, answer),
            negative_ttl: negative_ttl(answer),
            security,
        }),
        code => Reply::Lame(word(code)),
    }
}

fn negative_ttl(answer: &Message) -> Option<u32> {
    answer.authorities.iter().find_map(|record| match &record.data {
        RData::SOA(soa) => Some(record.ttl.min(soa.minimum)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use hickory_resolver::proto::op::OpCode;
    use hickory_resolver::proto::rr::rdata::SOA;
    use hickory_resolver::proto::rr::{Name, Record};

    use super::*;

    #[test]
    fn only_who_has_authority_speaks() {
        let mut answer = Message::response(1, OpCode::Query);
        assert!(!speaks(&answer));
        assert_eq!(complaint(&answer), "not authoritative");
        answer.metadata.authoritative = true;
        assert!(speaks(&answer));
        answer.metadata.response_code = ResponseCode::Refused;
        assert!(!speaks(&answer));
        assert_eq!(complaint(&answer), "REFUSED");
    }

    #[test]
    fn absence_is_remembered_for_the_shorter_of_two_times() {
        let name = Name::from_ascii("example.test.").expect("a name");
        let mut answer = Message::response(1, OpCode::Query);
        assert_eq!(negative_ttl(&answer), None);
        let soa = SOA::new(name.clone(), name.clone(), 1, 2, 3, 4, 300);
        answer.add_authority(Record::from_rdata(name, 60, RData::SOA(soa)));
        assert_eq!(negative_ttl(&answer), Some(60));
    }
}
