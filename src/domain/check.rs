//! Checking challenges, one or ten thousand at once.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use jiff::Timestamp;
use rustls::ClientConfig;
use tokio::time::MissedTickBehavior;

use super::challenge::{Method, record_name, url};
use super::finding::{Finding, State};
use super::page::{self, Page};
use super::records::{Wanted, of_authority, of_resolvers};
use super::store::Challenge;
use crate::config;
use crate::env::deadline::Deadline;
use crate::env::tls::{Verify, client_config_verifying};
use crate::error::Result;
use crate::lookup::{Look, Security};
use crate::model::RecordType;

/// How long what is known waits to be kept while others are asked.
const SOON: Duration = Duration::from_secs(1);

/// A challenge, and what became of its check.
#[derive(Debug)]
pub struct Checked {
    /// The challenge.
    pub challenge: Challenge,
    /// What was found; an error where nobody could be asked.
    pub finding: Result<Finding>,
}

/// What all checks have in common.
struct Ground<'a> {
    look: &'a Look,
    config: &'a config::Domain,
    tls: ClientConfig,
    tokens: HashMap<String, Vec<(uuid::Uuid, String)>>,
    now: Timestamp,
}

/// Checks `challenges`, all at once; `all` are those of every account for the same names, to tell whose a token is. Gives
/// them as they came. What is known is handed to `keep` soon, however long others take.
///
/// # Errors
/// `internal`; those of `keep`, and then nobody is asked any more.
pub async fn check_all(
    look: &Look,
    config: &config::Domain,
    (challenges, all): (Vec<Challenge>, &[Challenge]),
    now: Timestamp,
    deadline: Deadline,
    keep: impl AsyncFn(Vec<Checked>) -> Result<Vec<Checked>>,
) -> Result<Vec<Checked>> {
    let mut tokens: HashMap<String, Vec<_>> = HashMap::new();
    for challenge in all {
        let token = (challenge.account_id, challenge.token.clone());
        tokens.entry(challenge.name.clone()).or_default().push(token);
    }
    let ground = Ground {
        look,
        config,
        tls: client_config_verifying(None, Verify::Nothing)?,
        tokens,
        now,
    };
    let check = async |challenge: Challenge| {
        // Boxed, so that thousands of them are small while they wait.
        let finding = Box::pin(ground.check(&challenge, deadline)).await;
        Checked { challenge, finding }
    };
    let mut kept = Vec::with_capacity(challenges.len());
    // Those of one name are known together: of two accounts that prove it the first in order has it, whoever is answered first.
    let mut names: BTreeMap<String, Vec<Challenge>> = BTreeMap::new();
    for challenge in challenges {
        names.entry(challenge.name.clone()).or_default().push(challenge);
    }
    let mut open: FuturesUnordered<_> = names
        .into_values()
        .map(|same| join_all(same.into_iter().map(check)))
        .collect();
    let mut fresh = Vec::new();
    // Others are asked meanwhile: an answer that is looked at late counts as none.
    let mut keeping = FuturesUnordered::new();
    let mut soon = tokio::time::interval(SOON);
    soon.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !open.is_empty() {
        tokio::select! {
            Some(same) = open.next() => fresh.extend(same),
            Some(batch) = keeping.next() => kept.extend::<Vec<Checked>>(batch?),
            _ = soon.tick(), if keeping.is_empty() && !fresh.is_empty() => {
                keeping.push(keep(std::mem::take(&mut fresh)));
            }
        }
    }
    while let Some(batch) = keeping.next().await {
        kept.extend(batch?);
    }
    kept.extend(keep(fresh).await?);
    Ok(kept)
}

impl Ground<'_> {
    async fn check(&self, challenge: &Challenge, deadline: Deadline) -> Result<Finding> {
        if challenge.is_proven {
            return Ok(Finding::without_asking(State::Verified, "verified before"));
        }
        if challenge.is_expired {
            let found = format!("the token was good until {}", challenge.expires_at);
            return Ok(Finding::without_asking(State::Expired, found));
        }
        if let Some(rtype) = challenge.method.record_type() {
            return self.check_record(challenge, rtype, deadline).await;
        }
        let url = url(self.config, &challenge.name, &challenge.path);
        let page = Page {
            host: &challenge.name,
            url: &url,
            token: &challenge.token,
        };
        page::check(self.look, &self.tls, page, deadline).await
    }

    async fn check_record(
        &self,
        challenge: &Challenge,
        rtype: RecordType,
        deadline: Deadline,
    ) -> Result<Finding> {
        let name = record_name(&challenge.name, challenge.scope);
        let others = self.others(challenge);
        let wanted = Wanted {
            name: &name,
            method: challenge.method,
            token: &challenge.token,
            target: challenge
                .target
                .as_deref()
                .filter(|_| challenge.method == Method::Cname),
            others: &others,
            now: self.now,
        };
        let authority = self.look.ask_all(&challenge.name, &name, rtype, deadline).await?;
        let finding = of_authority(wanted, &authority);
        if finding.state != State::Verified || authority.security == Security::Secure {
            return Ok(finding);
        }
        // Not before: a resolver that is asked too early remembers the absence.
        let resolvers = self.look.ask_resolvers(&name, rtype, deadline).await?;
        Ok(of_resolvers(wanted, finding, &resolvers))
    }

    fn others(&self, challenge: &Challenge) -> Vec<String> {
        let tokens = self.tokens.get(&challenge.name).into_iter().flatten();
        let foreign = tokens.filter(|(account, _)| *account != challenge.account_id);
        foreign.map(|(_, token)| token.clone()).collect()
    }
}
