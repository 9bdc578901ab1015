//! Reading challenges.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::challenge::{Method, Publication, Scope, record_name, url};
use crate::config;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::model::{DomainName, Secret};

/// A value and its type: with both, a statement needs one round trip.
pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// What somebody has to publish, and whether it was seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Challenge {
    /// A-label form.
    pub name: String,
    /// Whose.
    pub account: String,
    /// What is proven.
    pub scope: Scope,
    /// How.
    pub method: Method,
    /// `verified`, `pending` or `expired`.
    pub state: String,
    /// Where the domain is to lead.
    pub routes_to: Option<String>,
    /// Until when the token is good.
    pub expires_at: Timestamp,
    /// When it was seen wherever it has to be.
    pub verified_at: Option<Timestamp>,
    /// When it was last looked for.
    pub checked_at: Option<Timestamp>,
    /// What the last look saw.
    pub found: Option<String>,
    /// Every server of the last look.
    pub evidence: Value,
    /// When it was first asked for.
    pub created_at: Timestamp,
    #[serde(skip)]
    pub(super) account_id: Uuid,
    #[serde(skip)]
    pub(super) token: String,
    #[serde(skip)]
    pub(super) path: String,
    #[serde(skip)]
    pub(super) target: Option<String>,
    /// Whether the token was good when the row was read.
    #[serde(skip)]
    pub(super) is_expired: bool,
    /// Whether the check of this very token has succeeded.
    #[serde(skip)]
    pub(super) is_proven: bool,
    #[serde(skip)]
    pub(super) row: RowImage,
}

/// A whole row as JSON.
#[derive(Clone, Debug)]
pub(super) struct RowImage(pub(super) Secret);

impl PartialEq for RowImage {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose() == other.0.expose()
    }
}

impl Challenge {
    /// Whose.
    #[must_use]
    pub fn account_id(&self) -> Uuid {
        self.account_id
    }

    /// What to publish; nothing once that was seen, or its time is over.
    #[must_use]
    pub fn publication(&self, config: &config::Domain) -> Option<Publication> {
        if self.is_expired || self.is_proven {
            return None;
        }
        Some(match self.method {
            Method::Txt => Publication {
                r#type: "TXT",
                name: record_name(&self.name, self.scope),
                value: format!("token={} expiry={}", self.token, self.expires_at),
                until: self.expires_at,
            },
            Method::Cname => Publication {
                r#type: "CNAME",
                name: record_name(&self.name, self.scope),
                value: format!("{}.", self.target.as_deref().unwrap_or_default()),
                until: self.expires_at,
            },
            Method::Http => Publication {
                r#type: "HTTP",
                name: url(config, &self.name, &self.path),
                value: self.token.clone(),
                until: self.expires_at,
            },
        })
    }
}

/// What stands before a new challenge is made.
#[derive(Debug)]
pub struct Standing {
    /// The challenge whose time is over and that the new one replaces.
    pub replaced: Option<Challenge>,
    /// Until when a token made now is good.
    pub expires_at: Timestamp,
}

const SELECT: &str = "SELECT d.name, a.name, d.scope, d.method, d.token, d.path, d.target, d.expires_at,
        d.expires_at <= hostctl.now(), d.routes_to, d.verified_at, d.checked_at, d.evidence, d.created_at, d.account_id,
        coalesce(d.verified_at >= d.expires_at - interval '7 days', false), to_jsonb(d)::text
    FROM hostctl.domains d JOIN hostctl.accounts a ON a.id = d.account_id
    WHERE ($1::uuid IS NULL OR d.account_id = $1)";
const ORDER: &str = "ORDER BY d.name, a.name COLLATE \"C\", d.scope";

/// All challenges, those of one account if it is given, by name.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient, account: Option<Uuid>) -> Result<Vec<Challenge>> {
    let statement = format!("{SELECT} {ORDER}");
    let rows = query(client, "the domains", &statement, &[(&account, Type::UUID)]).await?;
    rows.iter().map(challenge).collect()
}

/// The challenges for these names, whosever they are: by name.
///
/// # Errors
/// Those of the control database.
pub async fn named(client: &impl GenericClient, names: &[String]) -> Result<Vec<Challenge>> {
    let statement = format!("{SELECT} AND d.name = ANY($2) {ORDER}");
    let parameters: [Parameter<'_>; 2] = [(&None::<Uuid>, Type::UUID), (&names, Type::TEXT_ARRAY)];
    let rows = query(client, "the domains", &statement, &parameters).await?;
    rows.iter().map(challenge).collect()
}

/// The challenges for `name` that are seen: at least one.
///
/// # Errors
/// `not_found`.
pub async fn find(
    client: &impl GenericClient,
    name: &DomainName,
    scope: Option<Scope>,
    account: Option<Uuid>,
) -> Result<Vec<Challenge>> {
    let mut found = named(client, &[name.to_string()]).await?;
    found.retain(|challenge| {
        account.is_none_or(|account| challenge.account_id == account)
            && scope.is_none_or(|scope| challenge.scope == scope)
    });
    if found.is_empty() {
        return Err(none(name.as_str()));
    }
    Ok(found)
}

/// The one challenge for `name` that is meant.
///
/// # Errors
/// `not_found`; `usage` where there are several.
pub async fn one(
    client: &impl GenericClient,
    name: &DomainName,
    scope: Option<Scope>,
    account: Option<Uuid>,
) -> Result<Challenge> {
    let mut found = find(client, name, scope, account).await?;
    let is_one_account = found
        .iter()
        .all(|challenge| challenge.account_id == found[0].account_id);
    if let (Some(only), true) = (found.pop(), found.is_empty()) {
        return Ok(only);
    }
    let error = Error::invalid(format!(
        "domain {name} has several challenges, and none was named"
    ));
    Err(error.hint(if is_one_account {
        "--scope host or --scope domain"
    } else {
        "--account NAME"
    }))
}

/// Whether a challenge can be made for `account`.
///
/// # Errors
/// `conflict`: `exists` where there is one whose time is not over; `taken` where another account has proven the name, its
/// parent or its child.
pub async fn observe_add(
    client: &impl GenericClient,
    name: &DomainName,
    scope: Scope,
    account: Uuid,
) -> Result<Standing> {
    check_proven(client, name, scope, account).await?;
    let own = named(client, &[name.to_string()]).await?;
    let mut own = own
        .into_iter()
        .filter(|challenge| challenge.account_id == account && challenge.scope == scope);
    let replaced = own.next();
    if replaced.as_ref().is_some_and(|challenge| !challenge.is_expired) {
        return Err(exists(name));
    }
    let rows = query(
        client,
        "the clock",
        "SELECT date_trunc('second', hostctl.now() + interval '7 days')",
        &[],
    )
    .await?;
    let expires_at = rows.first().map(|row| row.get(0));
    Ok(Standing {
        replaced,
        expires_at: expires_at.ok_or_else(|| Error::internal("the control database has no time"))?,
    })
}

/// Refuses a name that another account has proven, that lies below one, or, where all below is meant, that has one below.
pub(super) async fn check_proven(
    client: &impl GenericClient,
    name: &DomainName,
    scope: Scope,
    account: Uuid,
) -> Result<()> {
    let statement = "SELECT d.name FROM hostctl.domains d
        WHERE d.verified_at IS NOT NULL AND d.account_id <> $2 AND (d.name = $1
            OR d.scope = 'domain' AND d.name = ANY($3)
            OR $4 = 'domain' AND reverse(d.name) >= reverse('.' || $1) AND reverse(d.name) < reverse('.' || $1) || '~')
        ORDER BY d.name LIMIT 1";
    let parameters: [Parameter<'_>; 4] = [
        (&name.as_str(), Type::TEXT),
        (&account, Type::UUID),
        (&parents(name.as_str()), Type::TEXT_ARRAY),
        (&scope.word(), Type::TEXT),
    ];
    let rows = query(client, &described(name.as_str()), statement, &parameters).await?;
    match rows.first() {
        None => Ok(()),
        Some(row) => {
            let message = format!(
                "{name} is taken: another account has verified {}",
                row.get::<_, &str>(0)
            );
            Err(Error::new(Kind::Conflict, "taken", message))
        }
    }
}

/// `a.b.c` → `b.c`, `c`.
pub(super) fn parents(name: &str) -> Vec<String> {
    name.match_indices('.')
        .map(|(dot, _)| name[dot + 1..].to_owned())
        .collect()
}

pub(super) fn described(name: &str) -> String {
    format!("domain {name}")
}

pub(super) fn none(name: &str) -> Error {
    let message = format!("no challenge for {}", described(name));
    Error::new(Kind::NotFound, "not_found", message).hint(format!("hostctl domain add {name}"))
}

pub(super) fn exists(name: &DomainName) -> Error {
    let message = format!("{} has a challenge already", described(name.as_str()));
    Error::new(Kind::Conflict, "exists", message).hint(format!("hostctl domain show {name}"))
}

pub(super) async fn query(
    client: &impl GenericClient,
    what: &str,
    statement: &str,
    parameters: &[Parameter<'_>],
) -> Result<Vec<Row>> {
    let rows = client.query_typed(statement, parameters).await;
    rows.map_err(|error| sqlstate::error(what, error))
}

fn challenge(row: &Row) -> Result<Challenge> {
    let verified_at: Option<Timestamp> = row.get(10);
    let evidence: Option<Value> = row.get(12);
    let is_expired: bool = row.get(8);
    let state = match (verified_at, is_expired) {
        (Some(_), _) => "verified",
        (None, true) => "expired",
        (None, false) => "pending",
    };
    let found = evidence.as_ref().and_then(|evidence| evidence["found"].as_str());
    Ok(Challenge {
        name: row.get(0),
        account: row.get(1),
        scope: row.get::<_, &str>(2).parse()?,
        method: row.get::<_, &str>(3).parse()?,
        state: state.to_owned(),
        routes_to: row.get(9),
        expires_at: row.get(7),
        verified_at,
        checked_at: row.get(11),
        found: found.map(str::to_owned),
        evidence: evidence
            .as_ref()
            .map_or(Value::Null, |evidence| evidence["servers"].clone()),
        created_at: row.get(13),
        account_id: row.get(14),
        token: row.get(4),
        path: row.get(5),
        target: row.get(6),
        is_expired,
        is_proven: row.get(15),
        row: RowImage(Secret::new(row.get::<_, String>(16))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_what_is_above() {
        assert_eq!(parents("a.example.test"), ["example.test", "test"]);
        assert!(parents("test").is_empty());
    }
}
