//! Who owns which domain. What one account has taken is taken with its parents and children for every other.

use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::limits;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};

/// Refuses a domain whose parent, child or itself belongs to another account: because something of it stands there, be it
/// a site that has neither zone nor mail, or because it has proven to own it (a host alone does not cover what is below it).
///
/// # Errors
/// `conflict`, reason `taken`, naming up to five of the names in the way.
pub async fn check_domain(client: &impl GenericClient, domain: &str, account: Uuid) -> Result<()> {
    check(client, domain, account, false).await
}

/// As [`check_domain`], of what another account has proven to own: also for what was there before it did.
///
/// # Errors
/// As [`check_domain`].
pub async fn check_proven(client: &impl GenericClient, domain: &str, account: Uuid) -> Result<()> {
    check(client, domain, account, true).await
}

async fn check(client: &impl GenericClient, domain: &str, account: Uuid, is_proven: bool) -> Result<()> {
    // Sites and proofs are of other rooms, read and never written here.
    let statement = "SELECT o.domain FROM (SELECT domain, account_id FROM hostctl.domain_owners
            UNION ALL SELECT domain, account_id FROM hostctl.sites) o
        WHERE NOT $4 AND o.account_id <> $2 AND (o.domain = ANY($3) OR o.domain LIKE '%.' || replace(replace($1, '\\', '\\\\'), '_', '\\_'))
        UNION SELECT d.name FROM hostctl.domains d
        WHERE d.verified_at IS NOT NULL AND d.account_id <> $2 AND (d.name = $1 OR d.scope = 'domain' AND d.name = ANY($3)
            OR reverse(d.name) >= reverse('.' || $1) AND reverse(d.name) < reverse('.' || $1) || '~')
        ORDER BY 1 LIMIT 5";
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 4] = [
        (&domain, Type::TEXT),
        (&account, Type::UUID),
        (&with_parents(domain), Type::TEXT_ARRAY),
        (&is_proven, Type::BOOL),
    ];
    let rows = client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error("the owners of domains", error))?;
    let names: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    match names.is_empty() {
        true => Ok(()),
        false => Err(taken(domain, &names)),
    }
}

fn taken(name: &str, by: &[&str]) -> Error {
    let message = format!("{name} is taken: another account has {}", by.join(", "));
    Error::new(Kind::Conflict, "taken", message)
}

/// Refuses names of records that are, or stand below, a domain of another account. What stands above one is free: it may be
/// a zone in which many accounts have names.
///
/// # Errors
/// As [`check_domain`].
pub async fn check_names(client: &impl GenericClient, names: &[String], account: Uuid) -> Result<()> {
    let statement = "SELECT o.domain FROM (SELECT domain, account_id FROM hostctl.domain_owners
            UNION ALL SELECT domain, account_id FROM hostctl.sites) o
        WHERE o.account_id <> $2 AND o.domain = ANY($3)
        UNION SELECT d.name FROM hostctl.domains d
        WHERE d.verified_at IS NOT NULL AND d.account_id <> $2
            AND (d.name = ANY($1) OR d.scope = 'domain' AND d.name = ANY($3))
        ORDER BY 1 LIMIT 5";
    let parents: Vec<String> = names.iter().flat_map(|name| with_parents(name)).collect();
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 3] = [
        (&names, Type::TEXT_ARRAY),
        (&account, Type::UUID),
        (&parents, Type::TEXT_ARRAY),
    ];
    let rows = client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error("the owners of domains", error))?;
    let by: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    let is_below = |name: &&String| {
        with_parents(name)
            .iter()
            .any(|parent| by.contains(&parent.as_str()))
    };
    match names.iter().find(is_below) {
        None => Ok(()),
        Some(name) => Err(taken(name, &by)),
    }
}

/// Takes `domain` for `account`, or counts one more use of what it has already.
///
/// # Errors
/// As [`check_domain`].
pub async fn take_domain(client: &impl GenericClient, domain: &str, account: Uuid) -> Result<()> {
    lock_owners(client).await?;
    check_domain(client, domain, account).await?;
    let statement = "INSERT INTO hostctl.domain_owners AS o (domain, account_id) VALUES ($1, $2)
        ON CONFLICT (domain) DO UPDATE SET uses = o.uses + 1";
    let taken = client
        .query_typed(statement, &[(&domain, Type::TEXT), (&account, Type::UUID)])
        .await;
    taken
        .map(|_| ())
        .map_err(|error| sqlstate::error(&format!("domain {domain}"), error))
}

/// Keeps `domain` free of other accounts until the transaction ends, for something of `account` that is about to be written
/// and speaks for itself: a site.
///
/// # Errors
/// As [`check_domain`].
pub async fn claim_domain(client: &impl GenericClient, domain: &str, account: Uuid) -> Result<()> {
    // The account's row is locked before the names are, as everywhere.
    limits::lock(client, account).await?;
    lock_owners(client).await?;
    check_domain(client, domain, account).await
}

/// Lets nobody else take or prove a domain until the transaction ends: two accounts taking a parent and a child in the same
/// instant would not see each other's rows.
///
/// # Errors
/// Those of the control database.
pub async fn lock_owners(client: &impl GenericClient) -> Result<()> {
    let lock = "SELECT pg_advisory_xact_lock(1752134516, 0)";
    let locked = client.query_typed(lock, &[]).await;
    locked
        .map(|_| ())
        .map_err(|error| sqlstate::error("the owners of domains", error))
}

/// Gives back one use of `domain`; the last one frees it.
///
/// # Errors
/// Those of the control database.
pub async fn release_domain(client: &impl GenericClient, domain: &str) -> Result<()> {
    let statement = "WITH one_less AS (UPDATE hostctl.domain_owners SET uses = uses - 1
            WHERE domain = $1 AND uses > 1 RETURNING 1)
        DELETE FROM hostctl.domain_owners WHERE domain = $1 AND NOT EXISTS (SELECT FROM one_less)";
    let released = client.query_typed(statement, &[(&domain, Type::TEXT)]).await;
    released
        .map(|_| ())
        .map_err(|error| sqlstate::error(&format!("domain {domain}"), error))
}

/// `a.b.c` → `a.b.c`, `b.c`, `c`.
fn with_parents(domain: &str) -> Vec<String> {
    let starts = std::iter::once(0).chain(domain.match_indices('.').map(|(dot, _)| dot + 1));
    starts.map(|start| domain[start..].to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parent_is_looked_at() {
        assert_eq!(
            with_parents("a.example.test"),
            ["a.example.test", "example.test", "test"]
        );
    }
}
