//! Reading and writing `ca_accounts`.

use jiff::Timestamp;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use crate::certificate::rows::{Parameter, query};
use crate::error::{Error, Result};
use crate::keyring::{Keyring, Place};
use crate::model::Secret;

const PURPOSE: &str = "ca_account";

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The key is there, the authority has not answered yet.
    Pending,
    /// It can be used.
    Valid,
    /// It can never be used again.
    Deactivated,
}

impl State {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Valid => "valid",
            State::Deactivated => "deactivated",
        }
    }

    fn from_word(word: &str) -> Result<Self> {
        let all = [State::Pending, State::Valid, State::Deactivated];
        let found = all.into_iter().find(|state| state.word() == word);
        found.ok_or_else(|| Error::internal("an account in an unknown state"))
    }
}

/// Our account at an authority.
#[derive(Clone, Debug)]
pub struct Row {
    /// The authority's name in the configuration.
    pub ca: String,
    /// Its directory when the account was made.
    pub directory: String,
    /// Where the account is.
    pub url: Option<String>,
    /// Its key.
    pub key_sealed: String,
    /// The key that is on its way in.
    pub next_key_sealed: Option<String>,
    /// How we are reached.
    pub contacts: Vec<String>,
    /// The account elsewhere that it is bound to.
    pub eab_kid: Option<String>,
    /// The terms that were agreed to.
    pub terms: Option<String>,
    /// Where it stands.
    pub state: State,
    /// The operation that made it.
    pub marker: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

const COLUMNS: &str =
    "ca, directory, url, key_sealed, next_key_sealed, contacts, eab_kid, terms, state, marker, created_at";

/// The account at `ca`.
///
/// # Errors
/// Those of the control database.
pub async fn find(client: &impl GenericClient, ca: &str) -> Result<Option<Row>> {
    let statement = format!("SELECT {COLUMNS} FROM hostctl.ca_accounts WHERE ca = $1");
    let rows = query(client, &described(ca), &statement, &[(&ca, Type::TEXT)]).await?;
    rows.first().map(row).transpose()
}

/// Every account, by the name of its authority.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient) -> Result<Vec<Row>> {
    let statement = format!("SELECT {COLUMNS} FROM hostctl.ca_accounts ORDER BY ca");
    let rows = query(client, "the accounts at authorities", &statement, &[]).await?;
    rows.iter().map(row).collect()
}

/// Runs a statement that changes the row of `ca`; `false` where there is none such.
pub(super) async fn change(
    client: &impl GenericClient,
    ca: &str,
    statement: &str,
    parameters: &[Parameter<'_>],
) -> Result<bool> {
    let rows = query(client, &described(ca), statement, parameters).await?;
    Ok(!rows.is_empty())
}

/// Opens the key of an account.
///
/// # Errors
/// `denied`, reason `undecryptable`.
pub fn open_key(keyring: &Keyring, ca: &str, sealed: &str) -> Result<Secret> {
    keyring.open(place(ca), sealed)
}

/// Seals the key of an account.
///
/// # Errors
/// `internal` without entropy.
pub fn seal_key(keyring: &Keyring, ca: &str, key: &Secret) -> Result<String> {
    keyring.seal(place(ca), key)
}

fn place(ca: &str) -> Place<'_> {
    Place {
        purpose: PURPOSE,
        row: ca,
    }
}

/// The account in words.
pub(super) fn described(ca: &str) -> String {
    format!("account at {ca}")
}

/// The key that an operation claims.
pub(super) fn resource(ca: &str) -> String {
    format!("ca:{ca}")
}

fn row(row: &tokio_postgres::Row) -> Result<Row> {
    Ok(Row {
        ca: row.get(0),
        directory: row.get(1),
        url: row.get(2),
        key_sealed: row.get(3),
        next_key_sealed: row.get(4),
        contacts: row.get(5),
        eab_kid: row.get(6),
        terms: row.get(7),
        state: State::from_word(row.get(8))?,
        marker: row.get(9),
        created_at: row.get(10),
    })
}
