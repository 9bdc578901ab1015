//! The steps on a challenge's row.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::challenge::{Method, Scope};
use super::store::{Parameter, check_proven, described, exists, query};
use crate::account;
use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::DomainName;

/// The name under which a row that is replaced or removed travels: the whole of it as JSON.
pub(super) const ROW: &str = "row";

/// Which row.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Key {
    pub name: DomainName,
    pub account: Uuid,
    pub scope: Scope,
}

/// `domain.add`: a row with a token, in place of one whose time is over where there is one.
#[derive(Debug, Serialize, Deserialize)]
pub struct Add {
    #[serde(flatten)]
    pub(super) key: Key,
    pub(super) method: Method,
    pub(super) token: String,
    pub(super) path: String,
    pub(super) target: Option<String>,
    pub(super) expires_at: Timestamp,
    pub(super) routes_to: Option<String>,
    pub(super) replaces: bool,
}

/// `domain.delete`: the row as the plan saw it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Delete {
    #[serde(flatten)]
    pub(super) key: Key,
}

impl Key {
    fn resource(&self) -> String {
        format!("domain:{}/{}/{}", self.name, self.scope, self.account)
    }

    fn described(&self) -> String {
        described(self.name.as_str())
    }

    fn changed(&self) -> Error {
        let message = format!("{} is not as it was when this was planned", self.described());
        Error::new(Kind::Conflict, "changed", message).hint("look at it, then give the command again")
    }

    /// Whether this step wrote the row; nothing where there is none.
    async fn is_ours(&self, client: &impl GenericClient, marker: Marker) -> Result<Option<bool>> {
        let statement = "SELECT coalesce(starts_with(marker, $4), false) FROM hostctl.domains
            WHERE name = $1 AND account_id = $2 AND scope = $3";
        let rows = self
            .ask(client, statement, &[(&mark(marker), Type::TEXT)])
            .await?;
        Ok(rows.first().map(|row| row.get(0)))
    }

    /// A statement whose first three parameters are the key.
    async fn ask(
        &self,
        client: &impl GenericClient,
        statement: &str,
        more: &[Parameter<'_>],
    ) -> Result<Vec<tokio_postgres::Row>> {
        let (name, scope) = (self.name.as_str(), self.scope.word());
        let mut parameters: Vec<Parameter<'_>> = vec![
            (&name, Type::TEXT),
            (&self.account, Type::UUID),
            (&scope, Type::TEXT),
        ];
        parameters.extend_from_slice(more);
        query(client, &self.described(), statement, &parameters).await
    }

    /// Puts the row back as it was.
    async fn restore(&self, transaction: &Transaction<'_>, secrets: &Secrets) -> Result<()> {
        let statement = "INSERT INTO hostctl.domains
            SELECT * FROM jsonb_populate_record(NULL::hostctl.domains, $1::text::jsonb)
            ON CONFLICT DO NOTHING RETURNING 1";
        let row = secrets.get(ROW)?;
        let back = query(
            transaction,
            &self.described(),
            statement,
            &[(&row.expose(), Type::TEXT)],
        )
        .await?;
        match back.is_empty() {
            false => Ok(()),
            true => self.check_seen(transaction, secrets).await,
        }
    }

    /// The row is as it was.
    async fn check_seen(&self, transaction: &Transaction<'_>, secrets: &Secrets) -> Result<()> {
        let statement = "SELECT FROM hostctl.domains d, jsonb_populate_record(NULL::hostctl.domains, $4::text::jsonb) seen
            WHERE d.name = $1 AND d.account_id = $2 AND d.scope = $3 AND d = seen";
        let row = secrets.get(ROW)?.expose();
        let same = self.ask(transaction, statement, &[(&row, Type::TEXT)]).await?;
        match same.is_empty() {
            true => Err(self.changed()),
            false => Ok(()),
        }
    }

    /// Refuses to bring a proof back of what somebody else has proven meanwhile, until the transaction ends.
    async fn keep_owner(&self, transaction: &Transaction<'_>) -> Result<()> {
        account::lock_owners(transaction).await?;
        check_proven(transaction, &self.name, self.scope, self.account).await
    }
}

/// What the marker of a row begins with that this step wrote, in whatever epoch.
fn mark(marker: Marker) -> String {
    format!("hostctl:{}:{}.", marker.short(), marker.step)
}

impl Add {
    async fn insert(&self, transaction: &Transaction<'_>, marker: Marker) -> Result<bool> {
        let statement = "INSERT INTO hostctl.domains
                (name, account_id, scope, method, token, path, target, expires_at, routes_to, marker)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (name, account_id, scope) DO NOTHING RETURNING 1";
        self.write(transaction, statement, marker, &[]).await
    }

    async fn replace(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<bool> {
        let statement =
            "UPDATE hostctl.domains d SET method = $4, token = $5, path = $6, target = $7, expires_at = $8,
                routes_to = $9, marker = $10
            FROM jsonb_populate_record(NULL::hostctl.domains, $11::text::jsonb) seen
            WHERE d.name = $1 AND d.account_id = $2 AND d.scope = $3 AND d = seen RETURNING 1";
        let row = secrets.get(ROW)?.expose();
        self.write(transaction, statement, marker, &[(&row, Type::TEXT)])
            .await
    }

    async fn write(
        &self,
        transaction: &Transaction<'_>,
        statement: &str,
        marker: Marker,
        more: &[Parameter<'_>],
    ) -> Result<bool> {
        let (method, marker) = (self.method.word(), marker.to_string());
        let mut parameters: Vec<Parameter<'_>> = vec![
            (&method, Type::TEXT),
            (&self.token, Type::TEXT),
            (&self.path, Type::TEXT),
            (&self.target, Type::TEXT),
            (&self.expires_at, Type::TIMESTAMPTZ),
            (&self.routes_to, Type::TEXT),
            (&marker, Type::TEXT),
        ];
        parameters.extend_from_slice(more);
        Ok(!self
            .key
            .ask(transaction, statement, &parameters)
            .await?
            .is_empty())
    }
}

impl ControlStep for Add {
    const KIND: &'static str = "domain.add";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        self.key.resource()
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let is_written = match self.replaces {
            true => self.replace(transaction, marker, secrets).await?,
            false => self.insert(transaction, marker).await?,
        };
        if is_written || self.key.is_ours(transaction, marker).await? == Some(true) {
            Ok(Value::Null)
        } else if self.replaces {
            Err(self.key.changed())
        } else {
            Err(exists(&self.key.name))
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<()> {
        // What was verified meanwhile has lost the mark, and stays.
        let statement = "DELETE FROM hostctl.domains
            WHERE name = $1 AND account_id = $2 AND scope = $3 AND starts_with(marker, $4) RETURNING 1";
        let gone = self
            .key
            .ask(transaction, statement, &[(&mark(marker), Type::TEXT)])
            .await?;
        match (self.replaces, gone.is_empty()) {
            (true, false) => self.key.restore(transaction, secrets).await,
            (true, true) => self.key.check_seen(transaction, secrets).await,
            (false, false) => Ok(()),
            (false, true) => match self.key.is_ours(transaction, marker).await? {
                None => Ok(()),
                Some(_) => Err(self.key.changed()),
            },
        }
    }

    async fn turn_back(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<()> {
        if self.replaces {
            self.key.keep_owner(transaction).await?;
        }
        self.undo(transaction, marker, secrets).await
    }
}

impl ControlStep for Delete {
    const KIND: &'static str = "domain.delete";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        self.key.resource()
    }

    async fn apply(&self, transaction: &Transaction<'_>, marker: Marker, secrets: &Secrets) -> Result<Value> {
        let statement = "DELETE FROM hostctl.domains d
            USING jsonb_populate_record(NULL::hostctl.domains, $4::text::jsonb) seen
            WHERE d.name = $1 AND d.account_id = $2 AND d.scope = $3 AND d = seen RETURNING 1";
        let row = secrets.get(ROW)?.expose();
        let gone = self
            .key
            .ask(transaction, statement, &[(&row, Type::TEXT)])
            .await?;
        if gone.is_empty() && self.key.is_ours(transaction, marker).await?.is_some() {
            return Err(self.key.changed());
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<()> {
        self.key.restore(transaction, secrets).await
    }

    async fn turn_back(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<()> {
        self.key.keep_owner(transaction).await?;
        self.undo(transaction, marker, secrets).await
    }
}
