//! Another key for an account (RFC 8555 §7.3.5): `ca.next_key` saves it, `acme.rollover` has the authority take it. Which of
//! the two it knows can be asked at any time, so that no crash loses the account.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use super::register::{existing, fenced};
use super::store::{self, Row, change, resource};
use crate::certificate::acme::{AccountKey, Client, Failed, Repeat, Signer};
use crate::certificate::authorities::Authorities;
use crate::certificate::failure::{before, refusal};
use crate::env::crash;
use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Failure, Found, Marker, OutsideStep, Secrets};

/// The name under which the sealed key travels.
pub(super) const NEXT: &str = "next_key";

/// The row of the next key.
#[derive(Debug, Serialize, Deserialize)]
pub struct SaveNextKey {
    pub(super) ca: String,
}

impl ControlStep for SaveNextKey {
    const KIND: &'static str = "ca.next_key";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.ca)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, secrets: &Secrets) -> Result<Value> {
        let statement = "UPDATE hostctl.ca_accounts SET next_key_sealed = $2 WHERE ca = $1 AND state = 'valid' RETURNING 1";
        let key = secrets.get(NEXT)?;
        let parameters = [(&self.ca as _, Type::TEXT), (&key.expose() as _, Type::TEXT)];
        match change(transaction, &self.ca, statement, &parameters).await? {
            true => Ok(Value::Null),
            false => Err(Error::new(
                Kind::Conflict,
                "changed",
                format!("the {} is not valid any more", store::described(&self.ca)),
            )),
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        let statement = "UPDATE hostctl.ca_accounts SET next_key_sealed = NULL WHERE ca = $1 RETURNING 1";
        change(transaction, &self.ca, statement, &[(&self.ca, Type::TEXT)])
            .await
            .map(drop)
    }
}

/// Has the authority take the next key.
#[derive(Debug, Serialize, Deserialize)]
pub struct Rollover {
    pub(super) ca: String,
    pub(super) directory: String,
}

/// Which keys there are.
struct Keys {
    row: Row,
    now: AccountKey,
    next: AccountKey,
}

impl OutsideStep for Rollover {
    const KIND: &'static str = "acme.rollover";
    const VERSION: i32 = 1;
    type World = Authorities;

    fn resource(&self) -> String {
        resource(&self.ca)
    }

    fn substrate(&self) -> String {
        self.directory.clone()
    }

    async fn apply(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Value, Failure> {
        let Some(keys) = self.keys(world).await.map_err(before)? else {
            return Ok(self.output());
        };
        let client = world.client(&self.ca).await.map_err(before)?;
        let known = existing(&client, &keys.next)
            .await
            .map_err(|failed| refusal(&self.ca, failed))?;
        if known.is_none() {
            self.ask(&client, &keys).await?;
            crash::mid_effect().map_err(Failure::unknown)?;
        }
        self.swap(world, &keys.row).await?;
        Ok(self.output())
    }

    /// The authority has one key at a time: there is no way back that is not another change of keys.
    async fn undo(&self, _: &Authorities, _: Marker, _: &Secrets) -> Result<(), Failure> {
        Ok(())
    }

    async fn probe(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Found> {
        let Some(keys) = self.keys(world).await? else {
            return Ok(Found::Ours(self.output()));
        };
        let client = world.client(&self.ca).await?;
        let known = existing(&client, &keys.next)
            .await
            .map_err(|failed| failed.error(&self.ca))?;
        Ok(match known {
            Some(_) => Found::Changed(format!("{} has taken the new key", self.ca)),
            None => Found::Absent,
        })
    }
}

impl Rollover {
    fn output(&self) -> Value {
        json!({ "ca": self.ca })
    }

    /// Nothing where there is no next key any more: it is in.
    async fn keys(&self, world: &Authorities) -> Result<Option<Keys>> {
        let row = store::find(&**world.session().await?, &self.ca).await?;
        let row = row.ok_or_else(|| Error::internal("an account without a row"))?;
        let Some(next) = &row.next_key_sealed else {
            return Ok(None);
        };
        let keyring = world.keyring()?;
        let next = AccountKey::open(&store::open_key(&keyring, &self.ca, next)?)?;
        let now = AccountKey::open(&store::open_key(&keyring, &self.ca, &row.key_sealed)?)?;
        Ok(Some(Keys { row, now, next }))
    }

    async fn ask(&self, client: &Client, keys: &Keys) -> Result<(), Failure> {
        let url = client.directory.key_change.as_ref();
        let url = url.ok_or_else(|| Failure::refused(no_other_key(&self.ca)))?;
        let account = keys.row.url.as_deref();
        let account =
            account.ok_or_else(|| Failure::refused(Error::internal("an account without a place")))?;
        let wish = json!({ "account": account, "oldKey": keys.now.jwk() });
        let inner = keys
            .next
            .sign(Signer::Key, url, None, Some(&wish))
            .map_err(before)?;
        let payload = json!(inner);
        let asked = client
            .post(
                &keys.now,
                Signer::Account(account),
                url,
                Some(&payload),
                Repeat::Never,
            )
            .await;
        match asked {
            Ok(_) => Ok(()),
            // What was lost may have arrived: only the authority can tell.
            Err(failed @ (Failed::Lost(_) | Failed::Refused(_))) => {
                match existing(client, &keys.next).await {
                    Ok(Some(_)) => Ok(()),
                    Ok(None) => Err(refusal(&self.ca, failed)),
                    Err(_) => Err(Failure::unknown(failed.error(&self.ca))),
                }
            }
            Err(failed) => Err(refusal(&self.ca, failed)),
        }
    }

    /// The next key becomes the one in use: the one that was offered, and no other. Whoever slept meanwhile may find that of
    /// a later change, which the authority knows nothing of.
    async fn swap(&self, world: &Authorities, row: &Row) -> Result<(), Failure> {
        let statement = "UPDATE hostctl.ca_accounts SET key_sealed = next_key_sealed, next_key_sealed = NULL
            WHERE ca = $1 AND next_key_sealed = $2 RETURNING 1";
        let session = world.session().await.map_err(Failure::unknown)?;
        let parameters = [
            (&self.ca as _, Type::TEXT),
            (&row.next_key_sealed as _, Type::TEXT),
        ];
        let swapped = change(&**session, &self.ca, statement, &parameters).await;
        match swapped.map_err(Failure::unknown)? {
            true => Ok(()),
            false => Err(Failure::unknown(fenced())),
        }
    }
}

fn no_other_key(ca: &str) -> Error {
    let message = format!("{ca} gives no account another key");
    Error::new(Kind::Denied, "no_key_change", message)
}
