//! Reading aliases, and what speaks against a new one.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::steps::{described, domain, exists_already, none, texts};
use crate::account;
use crate::error::{Error, Kind, Result};
use crate::mail::boxes::check_domain;
use crate::mail::rows::{OURS, foreign, query};
use crate::model::{AliasSource, DomainName, MailAddress, Secret};

/// An alias, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alias {
    /// An address, or `@` and a domain.
    pub source: String,
    /// Whose it is.
    pub account: String,
    /// Where its mail goes, in order.
    pub destinations: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An alias as a plan sees it.
#[derive(Debug)]
pub struct Image {
    /// What it stands for.
    pub source: AliasSource,
    /// Whose it is.
    pub account: Uuid,
    /// Where its mail goes, in order.
    pub destinations: Vec<MailAddress>,
    pub(in crate::mail) row: Secret,
}

fn select() -> String {
    format!(
        "SELECT l.source, a.name, l.destinations, l.created_at, {OURS}
        FROM hostctl.email_aliases l JOIN hostctl.accounts a ON a.id = l.account_id
        WHERE ($1::uuid IS NULL OR l.account_id = $1)"
    )
}

fn select_image() -> String {
    format!(
        "SELECT l.source, l.account_id, l.destinations, to_jsonb(l)::text, {OURS} FROM hostctl.email_aliases l"
    )
}

/// All aliases, those of one account or of one domain if it is given, by source.
///
/// # Errors
/// Those of the control database.
pub async fn list(
    client: &impl GenericClient,
    account: Option<Uuid>,
    domain: Option<&DomainName>,
) -> Result<Vec<Alias>> {
    listed(client, account, domain, OURS).await
}

/// As [`list`], those that others wrote.
///
/// # Errors
/// Those of the control database.
pub async fn list_foreign(
    client: &impl GenericClient,
    account: Option<Uuid>,
    domain: Option<&DomainName>,
) -> Result<Vec<Alias>> {
    listed(client, account, domain, &format!("NOT {OURS}")).await
}

async fn listed(
    client: &impl GenericClient,
    account: Option<Uuid>,
    domain: Option<&DomainName>,
    which: &str,
) -> Result<Vec<Alias>> {
    let statement = format!(
        "{} AND ($2::text IS NULL OR l.domain = $2) AND {which} ORDER BY l.source COLLATE \"C\"",
        select()
    );
    let domain = domain.map(DomainName::as_str);
    let parameters = [(&account as _, Type::UUID), (&domain as _, Type::TEXT)];
    let rows = query(client, "the mail aliases", &statement, &parameters).await?;
    Ok(rows.iter().map(alias).collect())
}

/// The alias `source`; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`.
pub async fn find(client: &impl GenericClient, source: &AliasSource, account: Option<Uuid>) -> Result<Alias> {
    let statement = format!("{} AND l.source = $2", select());
    let parameters = [(&account as _, Type::UUID), (&source.as_str() as _, Type::TEXT)];
    let rows = query(client, &described(source), &statement, &parameters).await?;
    match rows.first() {
        Some(row) if row.get(4) => Ok(alias(row)),
        Some(_) => Err(none(source).hint("hostctl mail alias list --foreign")),
        None => Err(none(source)),
    }
}

/// Whether the alias can be made in its domain, for `account` if it is given, and whose it will be.
///
/// # Errors
/// `not_found` without the domain; `conflict`: `taken` (the domain or a destination's belongs to another account),
/// `exists` (an alias, or a box), `loop`; `denied` (`suspended`).
pub async fn observe_create(
    client: &impl GenericClient,
    source: &AliasSource,
    destinations: &[MailAddress],
    account: Option<Uuid>,
) -> Result<Uuid> {
    let statement =
        "SELECT d.account_id, d.state, EXISTS (SELECT FROM hostctl.email_aliases WHERE source = $2)
        FROM hostctl.email_domains d WHERE d.name = $1";
    let parameters = [
        (&source.domain() as _, Type::TEXT),
        (&source.as_str() as _, Type::TEXT),
    ];
    let rows = query(client, &described(source), statement, &parameters).await?;
    let row = check_domain(rows.first(), &domain(source)?, account)?;
    let owner = row.get(0);
    if row.get(2) {
        observe(client, source, None).await?;
        return Err(exists_already(source));
    }
    check_place(client, source, account).await?;
    check(client, source, destinations, owner).await?;
    Ok(owner)
}

/// Whether the domain of an alias is one of ours in which aliases can be, for `account` if it is given.
///
/// # Errors
/// As [`observe_create`], and `conflict` (`foreign`).
pub(super) async fn check_place(
    client: &impl GenericClient,
    source: &AliasSource,
    account: Option<Uuid>,
) -> Result<()> {
    crate::mail::domain::check_place(client, &domain(source)?, account).await
}

/// The aliases that lead straight to `address`, by source.
///
/// # Errors
/// Those of the control database.
pub async fn leading_to(client: &impl GenericClient, address: &MailAddress) -> Result<Vec<String>> {
    let statement = "SELECT source FROM hostctl.email_aliases WHERE $1 = ANY (destinations) ORDER BY source COLLATE \"C\"";
    let parameters = [(&address.as_str() as _, Type::TEXT)];
    let rows = query(client, "the mail aliases", statement, &parameters).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Reads the alias before it is changed or removed; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`; `conflict`, reason `foreign`, where others wrote it.
pub async fn observe(
    client: &impl GenericClient,
    source: &AliasSource,
    account: Option<Uuid>,
) -> Result<Image> {
    let row = read(client, source, account).await?;
    if row.get(4) {
        return image(&row);
    }
    let adopt = format!("hostctl mail alias create {source} --adopt");
    Err(foreign(&described(source), &adopt))
}

/// Reads an alias that others wrote.
///
/// # Errors
/// `not_found`; `conflict`, reason `exists`, where it is ours.
pub(super) async fn observe_foreign(client: &impl GenericClient, source: &AliasSource) -> Result<Image> {
    let row = read(client, source, None).await;
    let row = row.map_err(|error| match error.kind() {
        Kind::NotFound => error.hint("hostctl mail alias list --foreign"),
        _ => error,
    })?;
    match row.get(4) {
        true => Err(exists_already(source)),
        false => image(&row),
    }
}

async fn read(client: &impl GenericClient, source: &AliasSource, account: Option<Uuid>) -> Result<Row> {
    let statement = format!(
        "{} WHERE l.source = $1 AND ($2::uuid IS NULL OR l.account_id = $2)",
        select_image()
    );
    let parameters = [(&source.as_str() as _, Type::TEXT), (&account as _, Type::UUID)];
    let rows = query(client, &described(source), &statement, &parameters).await?;
    rows.into_iter().next().ok_or_else(|| none(source))
}

/// Reads all aliases of a domain that are ours, by source.
///
/// # Errors
/// Those of the control database; `usage` where a panel wrote an address that is none.
pub async fn observe_all(client: &impl GenericClient, domain: &DomainName) -> Result<Vec<Image>> {
    let statement = format!(
        "{} WHERE l.domain = $1 AND {OURS} ORDER BY l.source COLLATE \"C\"",
        select_image()
    );
    let parameters = [(&domain.as_str() as _, Type::TEXT)];
    let rows = query(client, "the mail aliases", &statement, &parameters).await?;
    rows.iter().map(image).collect()
}

/// What in the database speaks against these destinations: a box in the source's place, a destination in a domain of
/// another account, a way back to the source.
///
/// # Errors
/// `conflict`: `taken`, `exists`, `loop`.
pub async fn check(
    client: &impl GenericClient,
    source: &AliasSource,
    destinations: &[MailAddress],
    account: Uuid,
) -> Result<()> {
    let domains: BTreeSet<&DomainName> = destinations.iter().map(MailAddress::domain).collect();
    for domain in domains {
        let checked = account::check_domain(client, domain.as_str(), account).await;
        checked.map_err(|error| error.context(described(source)))?;
    }
    // An address leads on by its own alias, stays where it is a box, and else falls to its domain's catch-all.
    let statement = "WITH RECURSIVE reached(address) AS (
            SELECT unnest($2::text[]) COLLATE \"C\"
            UNION
            SELECT unnest(a.destinations) FROM reached r
            CROSS JOIN LATERAL (SELECT CASE
                WHEN EXISTS (SELECT FROM hostctl.email_aliases WHERE source = r.address) THEN r.address
                WHEN EXISTS (SELECT FROM hostctl.email_accounts b WHERE b.address = r.address) THEN NULL
                ELSE '@' || split_part(r.address, '@', 2) END) AS next(source)
            JOIN hostctl.email_aliases a ON a.source = next.source AND a.source <> $1)
        SELECT EXISTS (SELECT FROM hostctl.email_accounts WHERE address = $1),
            (SELECT r.address FROM reached r
                WHERE r.address = $1 OR ('@' || split_part(r.address, '@', 2) = $1
                    AND NOT EXISTS (SELECT FROM hostctl.email_accounts b WHERE b.address = r.address)
                    AND NOT EXISTS (SELECT FROM hostctl.email_aliases l WHERE l.source = r.address))
                LIMIT 1)";
    let parameters = [
        (&source.as_str() as _, Type::TEXT),
        (&texts(destinations) as _, Type::TEXT_ARRAY),
    ];
    let rows = query(client, &described(source), statement, &parameters).await?;
    let row = rows
        .first()
        .ok_or_else(|| Error::internal("a question about aliases without an answer"))?;
    if row.get(0) {
        let message = format!("{} cannot be made: {source} is a mail box", described(source));
        let hint = format!("hostctl mail box show {source}");
        return Err(Error::new(Kind::Conflict, "exists", message).hint(hint));
    }
    if let Some(address) = row.get::<_, Option<&str>>(1) {
        let message = format!("{} would lead back to itself, by {address}", described(source));
        return Err(Error::new(Kind::Conflict, "loop", message).hint("hostctl mail alias list"));
    }
    Ok(())
}

fn image(row: &Row) -> Result<Image> {
    let destinations: Vec<&str> = row.get(2);
    Ok(Image {
        source: row.get::<_, &str>(0).parse()?,
        account: row.get(1),
        destinations: destinations.into_iter().map(str::parse).collect::<Result<_>>()?,
        row: Secret::new(row.get::<_, String>(3)),
    })
}

fn alias(row: &Row) -> Alias {
    Alias {
        source: row.get(0),
        account: row.get(1),
        destinations: row.get(2),
        created_at: row.get(3),
    }
}
