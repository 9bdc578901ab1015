//! What an authority wants us to leave alone for a while: remembered for all hosts.

use std::time::Duration;

use jiff::Timestamp;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use crate::certificate::acme::{Failed, Problem};
use crate::certificate::authorities::Authorities;
use crate::certificate::rows::query;
use crate::config::Rate;
use crate::error::{Error, Kind, Result};

const WHAT: &str = "the pauses of authorities";
/// Where an authority says "too many" and not until when.
const UNTOLD: Duration = Duration::from_secs(60);

/// What is asked of an authority.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// A new order for these names.
    Order(&'a [String]),
    /// An account.
    Account,
    /// When a certificate should be renewed (RFC 9773 §4).
    RenewalInfo,
    /// Anything else.
    Anything,
}

/// A wait that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Until when.
    pub until: Timestamp,
    /// The authority's words.
    pub reason: String,
}

impl Pause {
    /// As a refusal; `ca` is the name of the authority.
    #[must_use]
    pub fn error(&self, ca: &str) -> Error {
        let message = format!(
            "{ca} wants to be left alone until {}: {}",
            self.until, self.reason
        );
        Error::new(Kind::Busy, "throttled", message).hint(format!("hostctl ca limits {ca}"))
    }
}

impl Asked<'_> {
    fn word(&self) -> &'static str {
        match self {
            Asked::Order(_) => "orders",
            Asked::Account => "accounts",
            Asked::RenewalInfo => "renewal_info",
            Asked::Anything => "requests",
        }
    }

    /// What stands in the way of it. An authority that cannot even be asked for what there is, cannot be asked for more.
    fn scopes(&self) -> Vec<String> {
        let mut scopes = vec![self.word().to_owned(), Asked::Anything.word().to_owned()];
        if let Asked::Order(names) = self {
            scopes.extend(names.iter().map(|name| of_name(name)));
            scopes.push(of_names(names));
        }
        scopes
    }

    /// What a refusal is about: the names that it names; else these names, where the wait is longer than any account has
    /// to wait there; else all of that kind.
    fn meant(&self, problem: &Problem, wait: Duration, account: Option<Rate>) -> Vec<String> {
        let Asked::Order(names) = self else {
            return vec![self.word().to_owned()];
        };
        let told: Vec<String> = problem
            .subproblems
            .iter()
            .filter_map(|sub| Some(of_name(&sub.identifier.as_ref()?.value)))
            .collect();
        let is_about_names = problem.status != 503 && account.is_some_and(|rate| wait > rate.window);
        match (told.is_empty(), is_about_names) {
            (false, _) => told,
            (true, true) => vec![of_names(names)],
            (true, false) => vec![self.word().to_owned()],
        }
    }
}

fn of_name(name: &str) -> String {
    format!("name:{}", name.to_ascii_lowercase())
}

fn of_names(names: &[String]) -> String {
    let mut names = names.to_vec();
    names.sort_unstable();
    format!("names:{}", names.join(" "))
}

/// Remembers that an authority wants to be left alone. What cannot be remembered is no reason to fail.
pub async fn heed(world: &Authorities, ca: &str, asked: Asked<'_>, failed: &Failed) {
    let Failed::Refused(problem) = failed else {
        return;
    };
    heed_problem(world, ca, asked, problem).await;
}

/// As [`heed`], for whatever was refused lately to this process, new orders and accounts apart.
pub async fn heed_requests(world: &Authorities, ca: &str) {
    let told = world.told_to_wait(ca).await;
    if let Some(problem) = told {
        heed_problem(world, ca, Asked::Anything, &problem).await;
    }
}

async fn heed_problem(world: &Authorities, ca: &str, asked: Asked<'_>, problem: &Problem) {
    if !problem.is_throttling() {
        return;
    }
    let wait = problem.retry_after.unwrap_or(UNTOLD);
    let account = world.config.acme.get(ca).and_then(|acme| acme.limits.orders);
    let scopes = asked.meant(problem, wait, account);
    if let Err(error) = remember(world, ca, &scopes, wait, problem).await {
        tracing::warn!(%error, "the pause of an authority could not be remembered");
    }
}

async fn remember(
    world: &Authorities,
    ca: &str,
    scopes: &[String],
    wait: Duration,
    problem: &Problem,
) -> Result<()> {
    let statement = "INSERT INTO hostctl.ca_pauses AS p (ca, scope, until, reason)
        SELECT $1, scope, hostctl.now() + make_interval(secs => $3), $4 FROM unnest($2::text[]) AS s(scope)
        GROUP BY scope ORDER BY scope
        ON CONFLICT (ca, scope) DO UPDATE SET until = greatest(p.until, excluded.until), reason = excluded.reason
        RETURNING 1";
    let (seconds, words) = (wait.as_secs_f64(), problem.words());
    let parameters = [
        (&ca as _, Type::TEXT),
        (&scopes as _, Type::TEXT_ARRAY),
        (&seconds as _, Type::FLOAT8),
        (&words as _, Type::TEXT),
    ];
    let session = world.session().await?;
    query(&**session, WHAT, statement, &parameters).await.map(drop)
}

/// The pause that stands longest in the way of what is going to be asked.
///
/// # Errors
/// Those of the control database.
pub async fn paused(client: &impl GenericClient, ca: &str, asked: Asked<'_>) -> Result<Option<Pause>> {
    let statement = "SELECT until, reason FROM hostctl.ca_pauses
        WHERE ca = $1 AND scope = ANY ($2) AND until > hostctl.now() ORDER BY until DESC LIMIT 1";
    let scopes = asked.scopes();
    let parameters = [(&ca as _, Type::TEXT), (&scopes as _, Type::TEXT_ARRAY)];
    let rows = query(client, WHAT, statement, &parameters).await?;
    Ok(rows.first().map(|row| Pause {
        until: row.get(0),
        reason: row.get(1),
    }))
}

/// Refuses as long as the authority wants to be left alone.
///
/// # Errors
/// `busy`, reason `throttled`, with the time at which it may go on.
pub async fn check_pause(client: &impl GenericClient, ca: &str, asked: Asked<'_>) -> Result<()> {
    match paused(client, ca, asked).await? {
        Some(pause) => Err(pause.error(ca)),
        None => Ok(()),
    }
}

/// Removes what is over.
///
/// # Errors
/// Those of the control database.
pub async fn prune_pauses(client: &impl GenericClient) -> Result<()> {
    let statement = "DELETE FROM hostctl.ca_pauses WHERE until < hostctl.now() RETURNING 1";
    query(client, WHAT, statement, &[]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::acme::{Identifier, Subproblem};

    fn problem(status: u16, names: &[&str]) -> Problem {
        let subproblems = names.iter().map(|name| Subproblem {
            detail: String::new(),
            identifier: Some(Identifier {
                kind: "dns".to_owned(),
                value: (*name).to_owned(),
            }),
        });
        Problem {
            subproblems: subproblems.collect(),
            ..Problem::of_status(status, None)
        }
    }

    #[test]
    fn a_refusal_is_about_names_the_set_of_them_or_the_account() {
        let names = ["b.test", "a.test"].map(ToOwned::to_owned);
        let rate = Rate {
            count: 300,
            window: Duration::from_secs(10_800),
        };
        let meant = |status, sub: &[&str], wait, rate| {
            let scopes = Asked::Order(&names).meant(&problem(status, sub), Duration::from_secs(wait), rate);
            scopes.join(",")
        };
        assert_eq!(meant(429, &["A.test"], 60, Some(rate)), "name:a.test");
        assert_eq!(meant(429, &[], 10_800, Some(rate)), "orders");
        assert_eq!(meant(429, &[], 10_801, Some(rate)), "names:a.test b.test");
        assert_eq!(meant(503, &[], 10_801, Some(rate)), "orders");
        assert_eq!(
            meant(429, &[], 86_400, None),
            "orders",
            "an authority of unknown limits"
        );
        let other = Asked::Anything.meant(&problem(429, &[]), UNTOLD, Some(rate));
        assert_eq!(other, ["requests"]);
        for scope in ["name:a.test", "names:a.test b.test", "orders", "requests"] {
            assert!(
                Asked::Order(&names).scopes().iter().any(|found| found == scope),
                "{scope}"
            );
        }
        assert_eq!(Asked::RenewalInfo.scopes(), ["renewal_info", "requests"]);
    }
}
