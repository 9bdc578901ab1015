//! `acme.register`: an account for a key that is saved. The authority knows accounts by their keys, so that asking again
//! gives the same one (RFC 8555 §7.3.1).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Type;

use super::pause::{Asked, check_pause, heed};
use super::store::{self, State, change, resource};
use crate::certificate::acme::{AccountKey, Client, Failed, Repeat, Reply, Signer};
use crate::certificate::authorities::Authorities;
use crate::certificate::failure::{before, for_good, refusal, unmade};
use crate::env::crash;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// The name under which what the authority gave out travels.
pub(super) const MAC: &str = "eab_key";

/// Makes an account at an authority.
#[derive(Debug, Serialize, Deserialize)]
pub struct Register {
    pub(super) ca: String,
    pub(super) directory: String,
    pub(super) contacts: Vec<String>,
    pub(super) eab_kid: Option<String>,
}

impl OutsideStep for Register {
    const KIND: &'static str = "acme.register";
    const VERSION: i32 = 1;
    type World = Authorities;

    fn resource(&self) -> String {
        resource(&self.ca)
    }

    fn substrate(&self) -> String {
        self.directory.clone()
    }

    async fn apply(&self, world: &Authorities, marker: Marker, secrets: &Secrets) -> Result<Value, Failure> {
        let key = self.key(world).await.map_err(before)?;
        // As long as nothing was made it is no loss to begin anew.
        self.check_pause(world)
            .await
            .map_err(|error| for_good(before(error)))?;
        let client = world
            .client(&self.ca)
            .await
            .map_err(|error| for_good(before(error)))?;
        let payload = self.payload(&client, &key, secrets).map_err(before)?;
        let reply = match ask(&client, &key, &payload).await {
            Ok(reply) => reply,
            Err(failed) => {
                heed(world, &self.ca, Asked::Account, &failed).await;
                return Err(unmade(refusal(&self.ca, failed)));
            }
        };
        crash::mid_effect().map_err(Failure::unknown)?;
        let url = reply
            .location
            .ok_or_else(|| Failure::unknown(nowhere(&self.ca)))?;
        self.record(world, marker, &url).await.map_err(Failure::unknown)?;
        Ok(json!({ "url": url }))
    }

    /// An account that nobody has a key of any more helps nobody.
    async fn undo(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<(), Failure> {
        let key = self.key(world).await.map_err(before)?;
        let client = world.client(&self.ca).await.map_err(before)?;
        let Some(url) = existing(&client, &key)
            .await
            .map_err(|failed| refusal(&self.ca, failed))?
        else {
            return Ok(());
        };
        let payload = json!({ "status": "deactivated" });
        let signer = Signer::Account(&url);
        let ended = client
            .post(&key, signer, &url, Some(&payload), Repeat::Harmless)
            .await;
        ended.map(drop).map_err(|failed| refusal(&self.ca, failed))
    }

    async fn probe(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Found> {
        let row = store::find(&**world.session().await?, &self.ca).await?;
        let valid = row.filter(|row| row.state == State::Valid);
        Ok(match valid.and_then(|row| row.url) {
            Some(url) => Found::Ours(json!({ "url": url })),
            None => Found::Absent,
        })
    }
}

impl Register {
    async fn check_pause(&self, world: &Authorities) -> Result<()> {
        check_pause(&**world.session().await?, &self.ca, Asked::Account).await
    }

    async fn key(&self, world: &Authorities) -> Result<AccountKey> {
        let row = store::find(&**world.session().await?, &self.ca).await?;
        let row = row.ok_or_else(|| Error::internal("an account without a row"))?;
        AccountKey::open(&store::open_key(&world.keyring()?, &self.ca, &row.key_sealed)?)
    }

    fn payload(&self, client: &Client, key: &AccountKey, secrets: &Secrets) -> Result<Value> {
        let mut payload = json!({ "termsOfServiceAgreed": true, "contact": self.contacts });
        if let Some(kid) = &self.eab_kid {
            let bound = key.bind(kid, secrets.get(MAC)?, &client.directory.new_account)?;
            payload["externalAccountBinding"] = json!(bound);
        }
        Ok(payload)
    }

    async fn record(&self, world: &Authorities, marker: Marker, url: &str) -> Result<()> {
        let statement = "UPDATE hostctl.ca_accounts a SET url = $2, state = 'valid' FROM hostctl.operations o
            WHERE a.ca = $1 AND o.id = $3 AND o.epoch = $4 RETURNING 1";
        let parameters = [
            (&self.ca as _, Type::TEXT),
            (&url as _, Type::TEXT),
            (&marker.operation as _, Type::UUID),
            (&marker.epoch as _, Type::INT8),
        ];
        let session = world.session().await?;
        match change(&**session, &self.ca, statement, &parameters).await? {
            true => Ok(()),
            false => Err(fenced()),
        }
    }
}

pub(super) fn fenced() -> Error {
    Error::new(
        Kind::Busy,
        "fenced",
        "another process has taken the operation over",
    )
}

async fn ask(client: &Client, key: &AccountKey, payload: &Value) -> Result<Reply, Failed> {
    let url = &client.directory.new_account;
    client
        .post(key, Signer::Key, url, Some(payload), Repeat::Harmless)
        .await
}

/// The account that the authority has for `key`, if any.
pub(super) async fn existing(client: &Client, key: &AccountKey) -> Result<Option<String>, Failed> {
    match ask(client, key, &json!({ "onlyReturnExisting": true })).await {
        Ok(reply) => Ok(reply.location),
        Err(Failed::Refused(problem)) if matches!(problem.word(), "accountDoesNotExist" | "unauthorized") => {
            Ok(None)
        }
        Err(failed) => Err(failed),
    }
}

fn nowhere(ca: &str) -> Error {
    Error::new(
        Kind::Unavailable,
        "ca_failed",
        format!("{ca}: an account without a place"),
    )
}
