//! Reading boxes.

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row, Transaction};
use uuid::Uuid;

use super::steps::{HOME, described, none};
use crate::error::{Error, Kind, Result};
use crate::mail::rows::{OURS, exists, foreign, missing, query, text_in, was_written_by};
use crate::model::{DomainName, MailAddress, Quota, Secret};

/// A box, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailBox {
    /// Lower case, domain in A-label form.
    pub address: String,
    /// Whose it is.
    pub account: String,
    /// How much mail it takes; nothing is unlimited.
    pub quota_bytes: Option<i64>,
    /// `active` or `suspended`: its own state, whatever that of its domain.
    pub state: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A box as a plan sees it.
#[derive(Debug)]
pub struct Image {
    /// Its address.
    pub address: MailAddress,
    /// Whose it is.
    pub account: Uuid,
    /// `active` or `suspended`.
    pub state: String,
    /// How much mail it takes.
    pub quota: Quota,
    pub(in crate::mail) row: Secret,
}

impl Image {
    /// Where its mail lies, below the directory of all mail: `example.com/info`.
    #[must_use]
    pub fn home(&self) -> String {
        text_in(&self.row, HOME)
    }

    /// Whether `operation` wrote its row last.
    #[must_use]
    pub fn was_written_by(&self, operation: Uuid) -> bool {
        was_written_by(&self.row, operation)
    }
}

fn select() -> String {
    format!(
        "SELECT b.address, a.name, b.quota_bytes, b.state, b.created_at, {OURS}
        FROM hostctl.email_accounts b JOIN hostctl.accounts a ON a.id = b.account_id
        WHERE ($1::uuid IS NULL OR b.account_id = $1)"
    )
}

fn select_image() -> String {
    format!(
        "SELECT b.address, b.account_id, b.state, b.quota_bytes, to_jsonb(b)::text, {OURS}
        FROM hostctl.email_accounts b"
    )
}

/// All boxes, those of one account or of one domain if it is given, by address.
///
/// # Errors
/// Those of the control database.
pub async fn list(
    client: &impl GenericClient,
    account: Option<Uuid>,
    domain: Option<&DomainName>,
) -> Result<Vec<MailBox>> {
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
) -> Result<Vec<MailBox>> {
    listed(client, account, domain, &format!("NOT {OURS}")).await
}

async fn listed(
    client: &impl GenericClient,
    account: Option<Uuid>,
    domain: Option<&DomainName>,
    which: &str,
) -> Result<Vec<MailBox>> {
    let statement = format!(
        "{} AND ($2::text IS NULL OR b.domain = $2) AND {which} ORDER BY b.address COLLATE \"C\"",
        select()
    );
    let domain = domain.map(DomainName::as_str);
    let parameters = [(&account as _, Type::UUID), (&domain as _, Type::TEXT)];
    let rows = query(client, "the mail boxes", &statement, &parameters).await?;
    Ok(rows.iter().map(mail_box).collect())
}

/// The box `address`; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`.
pub async fn find(
    client: &impl GenericClient,
    address: &MailAddress,
    account: Option<Uuid>,
) -> Result<MailBox> {
    let statement = format!("{} AND b.address = $2", select());
    let parameters = [(&account as _, Type::UUID), (&address.as_str() as _, Type::TEXT)];
    let rows = query(client, &described(address), &statement, &parameters).await?;
    match rows.first() {
        Some(row) if row.get(5) => Ok(mail_box(row)),
        Some(_) => Err(none(address).hint("hostctl mail box list --foreign")),
        None => Err(none(address)),
    }
}

/// Whether the box can be made in its domain, for `account` if it is given, and whose it will be.
///
/// # Errors
/// `not_found` without the domain, `conflict` (`taken`; `exists`, also as an alias), `denied` (`suspended`).
pub async fn observe_create(
    client: &impl GenericClient,
    address: &MailAddress,
    account: Option<Uuid>,
) -> Result<Uuid> {
    let statement =
        "SELECT d.account_id, d.state, EXISTS (SELECT FROM hostctl.email_accounts WHERE address = $2),
            EXISTS (SELECT FROM hostctl.email_aliases WHERE source = $2)
        FROM hostctl.email_domains d WHERE d.name = $1";
    let parameters = [
        (&address.domain().as_str() as _, Type::TEXT),
        (&address.as_str() as _, Type::TEXT),
    ];
    let rows = query(client, &described(address), statement, &parameters).await?;
    let row = check_domain(rows.first(), address.domain(), account)?;
    if row.get(2) {
        observe(client, address, None).await?;
        return Err(exists_already(address));
    }
    if row.get(3) {
        return Err(is_alias(address));
    }
    check_place(client, address, account).await?;
    Ok(row.get(0))
}

/// Whether the domain of a box is one of ours in which boxes can be, for `account` if it is given.
///
/// # Errors
/// As [`observe_create`], and `conflict` (`foreign`).
pub(super) async fn check_place(
    client: &impl GenericClient,
    address: &MailAddress,
    account: Option<Uuid>,
) -> Result<()> {
    crate::mail::domain::check_place(client, address.domain(), account).await
}

fn exists_already(address: &MailAddress) -> Error {
    let show = format!("hostctl mail box show {address}");
    exists(&described(address), &show)
}

/// An alias stands in the box's place, and would take all its mail.
pub(super) fn is_alias(address: &MailAddress) -> Error {
    let message = format!("{} cannot be made: {address} is an alias", described(address));
    Error::new(Kind::Conflict, "exists", message).hint(format!("hostctl mail alias show {address}"))
}

/// What a domain that was looked up (account, state, …) says to a new box or alias.
pub(in crate::mail) fn check_domain<'a>(
    found: Option<&'a Row>,
    domain: &DomainName,
    account: Option<Uuid>,
) -> Result<&'a Row> {
    let hint = format!("hostctl mail domain create {domain}");
    let row = found.ok_or_else(|| missing(&format!("mail domain {domain}"), &hint))?;
    if account.is_some_and(|account| account != row.get::<_, Uuid>(0)) {
        return Err(of_another(domain));
    }
    if row.get::<_, &str>(1) == "suspended" {
        let message = format!("mail domain {domain} is suspended");
        return Err(Error::new(Kind::Denied, "suspended", message));
    }
    Ok(row)
}

/// Refuses to bring back `what`, the box or alias that was `row`, where its domain is gone or belongs to another account by
/// now; else the domain stays until the transaction ends. A suspended one is no hindrance: nothing in it is open.
pub(in crate::mail) async fn keep_domain(
    transaction: &Transaction<'_>,
    what: &str,
    domain: &DomainName,
    row: &Secret,
) -> Result<()> {
    let statement = "SELECT account_id = ($2::text::jsonb ->> 'account_id')::uuid
        FROM hostctl.email_domains WHERE name = $1 FOR SHARE";
    let parameters = [
        (&domain.as_str() as _, Type::TEXT),
        (&row.expose() as _, Type::TEXT),
    ];
    let found = query(transaction, what, statement, &parameters).await?;
    match found.first().map(|row| row.get(0)) {
        Some(true) => Ok(()),
        Some(false) => Err(of_another(domain)),
        None => {
            let message = format!("{what} cannot come back: mail domain {domain} is gone");
            let hint = format!("hostctl mail domain create {domain}");
            Err(Error::new(Kind::Conflict, "changed", message).hint(hint))
        }
    }
}

fn of_another(domain: &DomainName) -> Error {
    let message = format!("mail domain {domain} is taken: it belongs to another account");
    Error::new(Kind::Conflict, "taken", message)
}

/// Reads the box before it is changed or removed; with `account` only if it is of that account.
///
/// # Errors
/// `not_found`; `conflict`, reason `foreign`, where others wrote it.
pub async fn observe(
    client: &impl GenericClient,
    address: &MailAddress,
    account: Option<Uuid>,
) -> Result<Image> {
    let row = read(client, address, account).await?;
    if row.get(5) {
        return image(&row);
    }
    let adopt = format!("hostctl mail box create {address} --adopt");
    Err(foreign(&described(address), &adopt))
}

/// Reads a box that others wrote.
///
/// # Errors
/// `not_found`; `conflict`, reason `exists`, where it is ours.
pub(super) async fn observe_foreign(client: &impl GenericClient, address: &MailAddress) -> Result<Image> {
    let row = read(client, address, None).await;
    let row = row.map_err(|error| match error.kind() {
        Kind::NotFound => error.hint("hostctl mail box list --foreign"),
        _ => error,
    })?;
    match row.get(5) {
        true => Err(exists_already(address)),
        false => image(&row),
    }
}

async fn read(client: &impl GenericClient, address: &MailAddress, account: Option<Uuid>) -> Result<Row> {
    let statement = format!(
        "{} WHERE b.address = $1 AND ($2::uuid IS NULL OR b.account_id = $2)",
        select_image()
    );
    let parameters = [(&address.as_str() as _, Type::TEXT), (&account as _, Type::UUID)];
    let rows = query(client, &described(address), &statement, &parameters).await?;
    rows.into_iter().next().ok_or_else(|| none(address))
}

/// Reads all boxes of a domain that are ours, by address.
///
/// # Errors
/// Those of the control database; `usage` where a panel wrote an address that is none.
pub async fn observe_all(client: &impl GenericClient, domain: &DomainName) -> Result<Vec<Image>> {
    let statement = format!(
        "{} WHERE b.domain = $1 AND {OURS} ORDER BY b.address COLLATE \"C\"",
        select_image()
    );
    let rows = query(
        client,
        "the mail boxes",
        &statement,
        &[(&domain.as_str(), Type::TEXT)],
    )
    .await?;
    rows.iter().map(image).collect()
}

fn image(row: &Row) -> Result<Image> {
    let bytes = row.get::<_, Option<i64>>(3).map(i64::unsigned_abs);
    Ok(Image {
        address: row.get::<_, &str>(0).parse()?,
        account: row.get(1),
        state: row.get(2),
        quota: bytes.map_or(Ok(Quota::Unlimited), Quota::from_bytes)?,
        row: Secret::new(row.get::<_, String>(4)),
    })
}

fn mail_box(row: &Row) -> MailBox {
    MailBox {
        address: row.get(0),
        account: row.get(1),
        quota_bytes: row.get(2),
        state: row.get(3),
        created_at: row.get(4),
    }
}

#[cfg(test)]
impl Image {
    /// A box that nobody has.
    pub(crate) fn for_test(address: &str) -> Self {
        Image {
            address: address.parse().expect(address),
            account: Uuid::nil(),
            state: "active".to_owned(),
            quota: Quota::Unlimited,
            row: Secret::new("{}"),
        }
    }
}
