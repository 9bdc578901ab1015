//! `dns.zone.adopt`: our marker into the account field of a zone that somebody else made. Its records stay as they are.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::zone_create::account;
use super::{account_words, before_effect, changed, resource};
use crate::dns::provider::{Location, Providers};
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};
use crate::model::ZoneName;

/// Marks a zone.
#[derive(Debug, Serialize, Deserialize)]
pub struct ZoneAdopt {
    /// Where.
    pub location: Location,
    /// Its name.
    pub zone: ZoneName,
    /// Its account field, as it was.
    pub account_before: String,
}

impl OutsideStep for ZoneAdopt {
    const KIND: &'static str = "dns.zone.adopt";
    const VERSION: i32 = 1;
    type World = Providers;

    fn resource(&self) -> String {
        resource(&self.zone)
    }

    fn substrate(&self) -> String {
        self.location.substrate.clone()
    }

    async fn apply(&self, world: &Providers, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let client = world.client_at(&self.location).map_err(before_effect)?;
        let live = client.zone(&self.zone).await.map_err(before_effect)?;
        let live = live.ok_or_else(|| Failure::refused(self.gone()))?;
        let output = json!({ "zone": self.zone, "serial": live.serial });
        if live.was_made_by(marker) {
            return Ok(output);
        }
        if live.account != self.account_before {
            return Err(Failure::refused(changed(
                &self.zone,
                &account_words(&live.account),
            )));
        }
        client.set_account(&self.zone, &account(marker)).await?;
        Ok(output)
    }

    async fn undo(&self, world: &Providers, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let client = world.client_at(&self.location).map_err(before_effect)?;
        match client.zone(&self.zone).await.map_err(before_effect)? {
            Some(live) if live.was_made_by(marker) => {
                client.set_account(&self.zone, &self.account_before).await
            }
            Some(live) if live.account == self.account_before => Ok(()),
            Some(live) => Err(Failure::refused(changed(
                &self.zone,
                &account_words(&live.account),
            ))),
            None => Err(Failure::refused(self.gone())),
        }
    }

    async fn probe(&self, world: &Providers, marker: Marker, _: &Secrets) -> Result<Found> {
        let live = world.client_at(&self.location)?.zone(&self.zone).await?;
        Ok(match live {
            None => Found::Foreign("the zone is gone".to_owned()),
            Some(live) if live.was_made_by(marker) => {
                Found::Ours(json!({ "zone": self.zone, "serial": live.serial }))
            }
            Some(live) if live.account == self.account_before => Found::Absent,
            Some(live) => Found::Foreign(account_words(&live.account)),
        })
    }
}

impl ZoneAdopt {
    fn gone(&self) -> Error {
        Error::new(Kind::Conflict, "changed", format!("zone {} is gone", self.zone))
    }
}
