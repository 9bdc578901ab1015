//! `ca.key`: the row of a new account with its key, before the authority hears of either. A key that only we know can be
//! asked for its account again; an account whose key was lost with a process cannot.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use super::store::{change, described, resource};
use crate::certificate::rows::mark;
use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Marker, Secrets};

/// The name under which the sealed key travels.
pub(super) const KEY: &str = "account_key";

/// The row of an account that is to be made.
#[derive(Debug, Serialize, Deserialize)]
pub struct SaveKey {
    /// The authority.
    pub(super) ca: String,
    /// Its directory.
    pub(super) directory: String,
    /// How we are reached.
    pub(super) contacts: Vec<String>,
    /// The account elsewhere that it is bound to.
    pub(super) eab_kid: Option<String>,
    /// The terms that are agreed to.
    pub(super) terms: Option<String>,
    /// The row of a deactivated account that it takes the place of.
    pub(super) before: Option<Value>,
}

impl ControlStep for SaveKey {
    const KIND: &'static str = "ca.key";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.ca)
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let statement = "INSERT INTO hostctl.ca_accounts AS a (ca, directory, key_sealed, contacts, eab_kid, terms, state, marker)
            VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7)
            ON CONFLICT (ca) DO UPDATE SET directory = $2, key_sealed = $3, next_key_sealed = NULL, url = NULL, contacts = $4,
                eab_kid = $5, terms = $6, state = 'pending', marker = $7, created_at = hostctl.now()
                WHERE a.state = 'deactivated' OR starts_with(a.marker, $8) RETURNING 1";
        let key = secrets.get(KEY)?;
        let made = change(
            transaction,
            &self.ca,
            statement,
            &[
                (&self.ca, Type::TEXT),
                (&self.directory, Type::TEXT),
                (&key.expose(), Type::TEXT),
                (&self.contacts, Type::TEXT_ARRAY),
                (&self.eab_kid, Type::TEXT),
                (&self.terms, Type::TEXT),
                (&marker.to_string(), Type::TEXT),
                (&mark(marker), Type::TEXT),
            ],
        )
        .await?;
        match made {
            true => Ok(Value::Null),
            false => Err(exists(&self.ca)),
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, _: &Secrets) -> Result<()> {
        let statement =
            "DELETE FROM hostctl.ca_accounts WHERE ca = $1 AND starts_with(marker, $2) RETURNING 1";
        let parameters = [(&self.ca as _, Type::TEXT), (&mark(marker) as _, Type::TEXT)];
        let is_gone = change(transaction, &self.ca, statement, &parameters).await?;
        if let Some(before) = self.before.as_ref().filter(|_| is_gone) {
            let statement = "INSERT INTO hostctl.ca_accounts
                SELECT * FROM jsonb_populate_record(NULL::hostctl.ca_accounts, $1) RETURNING 1";
            change(transaction, &self.ca, statement, &[(before, Type::JSONB)]).await?;
        }
        Ok(())
    }
}

/// There is one already.
pub(super) fn exists(ca: &str) -> Error {
    Error::new(
        Kind::Conflict,
        "exists",
        format!("the {} exists already", described(ca)),
    )
    .hint(format!("hostctl ca show {ca}"))
}
