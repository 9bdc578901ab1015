//! What an account has, what its package allows, and the refusal where the one exceeds the other.
//!
//! A limit is enforced inside the transaction that writes the new row: it locks the account's row, and only then counts.
//! Whoever comes second waits for the first one's commit and counts its row too.

use serde::{Deserialize, Serialize};
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::Plan;

/// What an account may have at most; nothing is unlimited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// PostgreSQL databases.
    pub databases: Option<i64>,
    /// Mail boxes.
    pub boxes: Option<i64>,
    /// Domains that take mail.
    pub domains: Option<i64>,
    /// DNS zones.
    pub zones: Option<i64>,
    /// Mail aliases.
    pub aliases: Option<i64>,
    /// The sum of the quotas of all boxes.
    pub quota_bytes: Option<i64>,
    /// All databases together; told, never enforced.
    pub database_bytes: Option<i64>,
}

/// What an account has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// PostgreSQL databases.
    pub databases: i64,
    /// Mail boxes.
    pub boxes: i64,
    /// Domains that take mail.
    pub domains: i64,
    /// DNS zones.
    pub zones: i64,
    /// Mail aliases.
    pub aliases: i64,
    /// The sum of the quotas of all boxes; nothing where one of them has no quota.
    pub quota_bytes: Option<i64>,
}

/// A kind of thing that packages limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owned {
    /// A PostgreSQL database.
    Database,
    /// A mail box, and with it the sum of quotas.
    Box,
    /// A domain that takes mail.
    Domain,
    /// A DNS zone.
    Zone,
    /// A mail alias.
    Alias,
}

impl Owned {
    /// Every kind.
    pub const ALL: [Owned; 5] = [
        Owned::Database,
        Owned::Box,
        Owned::Domain,
        Owned::Zone,
        Owned::Alias,
    ];

    /// The kind that a step of this name adds one of.
    fn made_by(step: &str) -> Option<Owned> {
        match step {
            "database.record" => Some(Owned::Database),
            "mail.box.create" => Some(Owned::Box),
            "mail.domain.create" => Some(Owned::Domain),
            "dns.zone.record" => Some(Owned::Zone),
            "mail.alias.create" => Some(Owned::Alias),
            _ => None,
        }
    }

    fn words(self) -> [&'static str; 2] {
        match self {
            Owned::Database => ["database", "databases"],
            Owned::Box => ["box", "boxes"],
            Owned::Domain => ["mail domain", "mail domains"],
            Owned::Zone => ["zone", "zones"],
            Owned::Alias => ["alias", "aliases"],
        }
    }

    fn counted(self, number: i64) -> String {
        let [one, many] = self.words();
        format!("{number} {}", if number == 1 { one } else { many })
    }
}

impl Usage {
    pub(super) fn of(&self, owned: Owned) -> i64 {
        match owned {
            Owned::Database => self.databases,
            Owned::Box => self.boxes,
            Owned::Domain => self.domains,
            Owned::Zone => self.zones,
            Owned::Alias => self.aliases,
        }
    }

    fn add(&mut self, owned: Owned) {
        let count = match owned {
            Owned::Database => &mut self.databases,
            Owned::Box => &mut self.boxes,
            Owned::Domain => &mut self.domains,
            Owned::Zone => &mut self.zones,
            Owned::Alias => &mut self.aliases,
        };
        *count += 1;
    }
}

impl Limits {
    fn of(&self, owned: Owned) -> Option<i64> {
        match owned {
            Owned::Database => self.databases,
            Owned::Box => self.boxes,
            Owned::Domain => self.domains,
            Owned::Zone => self.zones,
            Owned::Alias => self.aliases,
        }
    }

    /// What of `kinds` exceeds the limits, in words: `3 boxes of at most 2`.
    #[must_use]
    pub fn exceeded_by(&self, usage: &Usage, kinds: &[Owned]) -> Vec<String> {
        let mut found: Vec<String> = kinds
            .iter()
            .filter_map(|kind| {
                let (used, most) = (usage.of(*kind), self.of(*kind)?);
                (used > most).then(|| format!("{} of at most {most}", kind.counted(used)))
            })
            .collect();
        if kinds.contains(&Owned::Box) {
            found.extend(self.quota_exceeded_by(usage));
        }
        found
    }

    pub(super) fn quota_exceeded_by(&self, usage: &Usage) -> Option<String> {
        let most = self.quota_bytes?;
        match usage.quota_bytes {
            None => Some(format!("a box without quota where all share {most} bytes")),
            Some(sum) => (sum > most).then(|| format!("quotas of {sum} bytes of at most {most}")),
        }
    }
}

pub(super) const LIMIT_COLUMNS: &str =
    "p.databases, p.boxes, p.domains, p.zones, p.aliases, p.quota_bytes, p.database_bytes";
const USAGE_COLUMNS: &str = "u.databases, u.boxes, u.domains, u.zones, u.aliases, CASE u.unlimited_boxes WHEN 0 THEN u.quota_bytes END";

/// Limits from seven columns beginning with `first`.
pub(super) fn limits(row: &Row, first: usize) -> Limits {
    Limits {
        databases: row.get(first),
        boxes: row.get(first + 1),
        domains: row.get(first + 2),
        zones: row.get(first + 3),
        aliases: row.get(first + 4),
        quota_bytes: row.get(first + 5),
        database_bytes: row.get(first + 6),
    }
}

fn usage_of(row: &Row, first: usize) -> Usage {
    Usage {
        databases: row.get(first),
        boxes: row.get(first + 1),
        domains: row.get(first + 2),
        zones: row.get(first + 3),
        aliases: row.get(first + 4),
        quota_bytes: row.get(first + 5),
    }
}

/// How an account stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its name.
    pub account: String,
    /// `active` or `suspended`.
    pub state: String,
    /// Its package, where it has one.
    pub package: Option<String>,
    /// What the package allows.
    pub limits: Limits,
    /// What it has.
    pub usage: Usage,
}

/// How an account stands; nothing where there is none.
///
/// # Errors
/// Those of the control database.
pub async fn standing(client: &impl GenericClient, account: Uuid) -> Result<Option<Standing>> {
    let statement = format!(
        "SELECT a.name, a.state, a.package, {LIMIT_COLUMNS}, {USAGE_COLUMNS}
        FROM hostctl.accounts a LEFT JOIN hostctl.packages p ON p.name = a.package,
            LATERAL hostctl.account_usage(a.id) u WHERE a.id = $1"
    );
    let rows = client.query_typed(&statement, &[(&account, Type::UUID)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the account", error))?;
    Ok(rows.first().map(|row| Standing {
        account: row.get(0),
        state: row.get(1),
        package: row.get(2),
        limits: limits(row, 3),
        usage: usage_of(row, 10),
    }))
}

/// Refuses what a suspended account may not have.
///
/// # Errors
/// `denied`, reason `suspended`.
pub async fn check_awake(client: &impl GenericClient, account: Uuid) -> Result<()> {
    match standing(client, account).await? {
        Some(standing) if standing.state == "suspended" => Err(suspended(&standing.account)),
        Some(_) | None => Ok(()),
    }
}

/// Refuses a row that was just written for `account` in this transaction, where it is one too many, or where the account
/// is suspended. Keeps the account's row locked until the transaction ends.
///
/// # Errors
/// `denied`, reason `limit` or `suspended`.
pub async fn enforce(client: &impl GenericClient, account: Uuid, owned: Owned) -> Result<()> {
    let Some((name, package)) = limited(client, account).await? else {
        return Ok(());
    };
    check(client, account, &name, &package, &[owned]).await
}

/// As [`enforce`], where a box that was there has got a larger quota.
///
/// # Errors
/// As [`enforce`].
pub async fn enforce_quota(client: &impl GenericClient, account: Uuid) -> Result<()> {
    let Some((name, package)) = limited(client, account).await? else {
        return Ok(());
    };
    let exceeded = match held(client, account, &package).await? {
        Some((limits, usage)) => limits.quota_exceeded_by(&usage),
        None => None,
    };
    refuse(&name, &package, exceeded.as_slice())
}

/// Locks the account's row: name and package, where it has one.
async fn limited(client: &impl GenericClient, account: Uuid) -> Result<Option<(String, String)>> {
    match lock(client, account).await? {
        Some((name, state, _)) if state == "suspended" => Err(suspended(&name)),
        Some((name, _, Some(package))) => Ok(Some((name, package))),
        Some((_, _, None)) | None => Ok(None),
    }
}

/// Locks the account's row: name, state, package. Others may still refer to the row meanwhile.
pub(super) async fn lock(
    client: &impl GenericClient,
    account: Uuid,
) -> Result<Option<(String, String, Option<String>)>> {
    let statement =
        "SELECT a.name, a.state, a.package FROM hostctl.accounts a WHERE a.id = $1 FOR NO KEY UPDATE";
    let rows = client.query_typed(statement, &[(&account, Type::UUID)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the account", error))?;
    Ok(rows.first().map(|row| (row.get(0), row.get(1), row.get(2))))
}

/// Refuses what exceeds the package in any of these kinds.
pub(super) async fn check(
    client: &impl GenericClient,
    account: Uuid,
    name: &str,
    package: &str,
    kinds: &[Owned],
) -> Result<()> {
    let Some((limits, usage)) = held(client, account, package).await? else {
        return Ok(());
    };
    refuse(name, package, &limits.exceeded_by(&usage, kinds))
}

/// Counts in a statement of its own, so that it sees what was committed while the lock was waited for.
pub(super) async fn held(
    client: &impl GenericClient,
    account: Uuid,
    package: &str,
) -> Result<Option<(Limits, Usage)>> {
    let statement = format!(
        "SELECT {LIMIT_COLUMNS}, {USAGE_COLUMNS}
        FROM hostctl.packages p, LATERAL hostctl.account_usage($1) u WHERE p.name = $2 FOR SHARE OF p"
    );
    let parameters = [(&account as _, Type::UUID), (&package as _, Type::TEXT)];
    let rows = client.query_typed(&statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("package {package}"), error))?;
    Ok(rows.first().map(|row| (limits(row, 0), usage_of(row, 7))))
}

/// What may be done with anything of a suspended account, and undone: it is not its own doing, or changes nothing that it has.
const FREE: [&str; 3] = ["account.", "db.backup", "mail.dkim."];
/// What looks for itself whether the account may have what comes of it.
const LOOKS: &str = "op.";

/// Whether a suspended account allows a verb, or the undoing of one, named by the command's words with dots.
#[must_use]
pub fn is_free_of_suspension(kind: &str, is_undoing: bool) -> bool {
    let ends_it = if is_undoing { ".create" } else { ".delete" };
    FREE.iter().any(|free| kind.starts_with(free)) || kind.ends_with(ends_it)
}

/// Looks before anything is done whether the account of `plan` may do it: not while it is suspended (but for what ends
/// things and for what is free), and not beyond its limits. What counts in the end is [`enforce`].
///
/// # Errors
/// `denied`, reason `limit` or `suspended`.
pub async fn foresee(client: &impl GenericClient, kind: &str, plan: &Plan) -> Result<()> {
    let is_free = kind.starts_with(LOOKS) || is_free_of_suspension(kind, false);
    let Some(account) = plan.account.filter(|_| !is_free && !plan.steps.is_empty()) else {
        return Ok(());
    };
    let Some(mut standing) = standing(client, account).await? else {
        return Ok(());
    };
    if standing.state == "suspended" {
        return Err(suspended(&standing.account));
    }
    let Some(package) = &standing.package else {
        return Ok(());
    };
    let kinds: Vec<Owned> = plan
        .steps
        .iter()
        .filter_map(|step| Owned::made_by(step.kind))
        .collect();
    for kind in &kinds {
        standing.usage.add(*kind);
    }
    let mut kinds = kinds;
    kinds.sort();
    kinds.dedup();
    refuse(
        &standing.account,
        package,
        &standing.limits.exceeded_by(&standing.usage, &kinds),
    )
}

pub(super) fn refuse(account: &str, package: &str, exceeded: &[String]) -> Result<()> {
    if exceeded.is_empty() {
        return Ok(());
    }
    let message = format!(
        "account {account} would have {} (package {package})",
        exceeded.join(", ")
    );
    Err(Error::new(Kind::Denied, "limit", message).hint(format!("hostctl account show {account}")))
}

/// What helps where the limits shall be exceeded.
pub(super) fn with_force(error: Error) -> Error {
    match error.reason() {
        "limit" => error.hint("--force leaves what is there and refuses more of it"),
        _ => error,
    }
}

/// Nothing of a suspended account is changed.
pub(super) fn suspended(account: &str) -> Error {
    Error::new(
        Kind::Denied,
        "suspended",
        format!("account {account} is suspended"),
    )
    .hint(format!("hostctl account resume {account}"))
}

#[cfg(test)]
mod tests;
