//! One account at one authority, as the rest of the room uses it: documents in, documents out.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::{Client, Failed, Repeat};
use super::jws::{AccountKey, Signer};
use super::reply::Reply;
use super::wire::{Authorization, Identifier, Order};
use crate::error::{Error, Result};

/// How many documents are asked for at once: how many there are, the authority says.
const AT_ONCE: usize = 16;

/// An account that is known to the authority.
#[derive(Clone, Debug)]
pub struct Account {
    /// The authority.
    pub client: Arc<Client>,
    /// The key of the account.
    pub key: Arc<AccountKey>,
    /// Its URL.
    pub url: String,
}

/// A document, and how long the authority wants to be left alone before it is asked for again.
#[derive(Debug)]
pub struct Told<T> {
    /// The document.
    pub document: T,
    /// The wait it asks for.
    pub retry_after: Option<Duration>,
}

/// A new order and where it is.
#[derive(Debug)]
pub struct Placed {
    /// Where.
    pub url: String,
    /// What.
    pub order: Order,
}

impl Account {
    /// Sends `payload` in the name of the account.
    ///
    /// # Errors
    /// As [`Client::post`].
    pub async fn post(&self, url: &str, payload: &Value, repeat: Repeat) -> Result<Reply, Failed> {
        let signer = Signer::Account(&self.url);
        self.client
            .post(&self.key, signer, url, Some(payload), repeat)
            .await
    }

    /// Asks for what is at `url`.
    ///
    /// # Errors
    /// As [`Client::post`].
    pub async fn get(&self, url: &str) -> Result<Reply, Failed> {
        let signer = Signer::Account(&self.url);
        self.client
            .post(&self.key, signer, url, None, Repeat::Harmless)
            .await
    }

    /// Orders a certificate. Where the answer was lost, whoever counts orders decides whether it is asked for again.
    ///
    /// # Errors
    /// As [`Client::post`].
    pub async fn order(
        &self,
        identifiers: &[Identifier],
        profile: Option<&str>,
        replaces: Option<&str>,
    ) -> Result<Placed, Failed> {
        let mut payload = json!({ "identifiers": identifiers });
        if let Some(profile) = profile {
            payload["profile"] = json!(profile);
        }
        if let Some(replaces) = replaces {
            payload["replaces"] = json!(replaces);
        }
        let url = &self.client.directory.new_order;
        let reply = self.post(url, &payload, Repeat::Never).await?;
        let order = self.read::<Order>(&reply)?;
        let none = || {
            Failed::Lost(Error::unavailable(format!(
                "{}: an order without a place",
                self.client.name
            )))
        };
        Ok(Placed {
            url: reply.location.clone().ok_or_else(none)?,
            order,
        })
    }

    /// The order at `url` as it stands.
    ///
    /// # Errors
    /// As [`Client::post`].
    pub async fn order_at(&self, url: &str) -> Result<Told<Order>, Failed> {
        self.told(url).await
    }

    /// The authorization at `url` as it stands.
    ///
    /// # Errors
    /// As [`Client::post`].
    pub async fn authorization(&self, url: &str) -> Result<Told<Authorization>, Failed> {
        self.told(url).await
    }

    /// All authorizations of an order as they stand, in its order; some at a time.
    pub async fn authorizations(&self, order: &Order) -> Vec<Result<Told<Authorization>, Failed>> {
        stream::iter(&order.authorizations)
            .map(|url| self.authorization(url))
            .buffered(AT_ONCE)
            .collect()
            .await
    }

    /// Says that the proof of a challenge is there. Some take that only once: what became of a request whose answer was
    /// lost, its authorization tells.
    ///
    /// # Errors
    /// As [`Client::post`].
    pub async fn ready(&self, challenge: &str) -> Result<(), Failed> {
        self.post(challenge, &json!({}), Repeat::Never).await.map(|_| ())
    }

    async fn told<T: DeserializeOwned>(&self, url: &str) -> Result<Told<T>, Failed> {
        let reply = self.get(url).await?;
        Ok(Told {
            document: self.read(&reply)?,
            retry_after: reply.retry_after,
        })
    }

    fn read<T: DeserializeOwned>(&self, reply: &Reply) -> Result<T, Failed> {
        reply.document(&self.client.name).map_err(Failed::Lost)
    }
}
