//! `acme.contacts`: how an authority reaches us (RFC 8555 §7.3.2).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Type;

use super::store::{self, change, resource};
use crate::certificate::acme::Repeat;
use crate::certificate::authorities::Authorities;
use crate::certificate::failure::{before, refusal};
use crate::error::Result;
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Other contacts of an account.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetContacts {
    pub(super) ca: String,
    pub(super) directory: String,
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
}

impl OutsideStep for SetContacts {
    const KIND: &'static str = "acme.contacts";
    const VERSION: i32 = 1;
    type World = Authorities;

    fn resource(&self) -> String {
        resource(&self.ca)
    }

    fn substrate(&self) -> String {
        self.directory.clone()
    }

    async fn apply(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Value, Failure> {
        self.set(world, &self.after)
            .await
            .map(|()| json!({ "contacts": self.after }))
    }

    async fn undo(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<(), Failure> {
        self.set(world, &self.before).await
    }

    async fn probe(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Found> {
        let row = store::find(&**world.session().await?, &self.ca).await?;
        Ok(match row.is_some_and(|row| row.contacts == self.after) {
            true => Found::Ours(json!({ "contacts": self.after })),
            false => Found::Absent,
        })
    }
}

impl SetContacts {
    async fn set(&self, world: &Authorities, contacts: &[String]) -> Result<(), Failure> {
        let session = world.session().await.map_err(before)?;
        let account = world.account(&session, &self.ca).await.map_err(before)?;
        let payload = json!({ "contact": contacts });
        let said = account.post(&account.url, &payload, Repeat::Harmless).await;
        said.map_err(|failed| refusal(&self.ca, failed))?;
        let statement = "UPDATE hostctl.ca_accounts SET contacts = $2 WHERE ca = $1 RETURNING 1";
        let parameters = [(&self.ca as _, Type::TEXT), (&contacts as _, Type::TEXT_ARRAY)];
        change(&**session, &self.ca, statement, &parameters)
            .await
            .map(drop)
            .map_err(Failure::unknown)
    }
}
