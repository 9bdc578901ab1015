//! `acme.deactivate`: the end of an account, for good (RFC 8555 §7.3.6). It has ended when the authority says so, not when
//! it was asked.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Type;

use super::store::{self, State, change, resource};
use crate::certificate::acme::{AccountDocument, Failed, Repeat};
use crate::certificate::authorities::Authorities;
use crate::certificate::failure::{before, refusal};
use crate::env::crash;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Ends an account.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deactivate {
    pub(super) ca: String,
    pub(super) directory: String,
}

impl OutsideStep for Deactivate {
    const KIND: &'static str = "acme.deactivate";
    const VERSION: i32 = 1;
    type World = Authorities;

    fn resource(&self) -> String {
        resource(&self.ca)
    }

    fn substrate(&self) -> String {
        self.directory.clone()
    }

    async fn apply(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Value, Failure> {
        if self.is_over(world).await.map_err(before)? {
            return Ok(json!({ "ca": self.ca }));
        }
        let session = world.session().await.map_err(before)?;
        let account = world.account(&session, &self.ca).await.map_err(before)?;
        let payload = json!({ "status": "deactivated" });
        match account.post(&account.url, &payload, Repeat::Harmless).await {
            Ok(reply) => self.check(&reply.document(&self.ca).map_err(Failure::unknown)?)?,
            // RFC 8555 §7.3.6: whatever a deactivated account asks is unauthorized. The first request came through.
            Err(Failed::Refused(problem))
                if matches!(problem.word(), "unauthorized" | "accountDoesNotExist") => {}
            Err(failed) => return Err(refusal(&self.ca, failed)),
        }
        crash::mid_effect().map_err(Failure::unknown)?;
        let statement =
            "UPDATE hostctl.ca_accounts SET state = 'deactivated' WHERE ca = $1 AND url = $2 RETURNING 1";
        let parameters = [(&self.ca as _, Type::TEXT), (&account.url as _, Type::TEXT)];
        let ended = change(&**session, &self.ca, statement, &parameters).await;
        ended.map_err(Failure::unknown)?;
        Ok(json!({ "ca": self.ca }))
    }

    /// There is no way back.
    async fn undo(&self, _: &Authorities, _: Marker, _: &Secrets) -> Result<(), Failure> {
        Ok(())
    }

    async fn probe(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Found> {
        Ok(match self.is_over(world).await? {
            true => Found::Ours(json!({ "ca": self.ca })),
            false => Found::Absent,
        })
    }
}

impl Deactivate {
    async fn is_over(&self, world: &Authorities) -> Result<bool> {
        let row = store::find(&**world.session().await?, &self.ca).await?;
        Ok(row.is_none_or(|row| row.state == State::Deactivated))
    }

    fn check(&self, account: &AccountDocument) -> Result<(), Failure> {
        if account.status == "deactivated" {
            return Ok(());
        }
        let message = format!("{}: the account is still {}", self.ca, account.status);
        Err(Failure::refused(Error::new(
            Kind::Unavailable,
            "ca_failed",
            message,
        )))
    }
}
