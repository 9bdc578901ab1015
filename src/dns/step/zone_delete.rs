//! `dns.zone.delete`: a zone that is ours and still as it was seen. Forward only: its keys and settings beside the records
//! would not come back.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{account_words, before_effect, changed, foreign, resource};
use crate::dns::live::LiveZone;
use crate::dns::provider::{Location, Providers};
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Deletes a zone.
#[derive(Debug, Serialize, Deserialize)]
pub struct ZoneDelete {
    /// Where.
    pub location: Location,
    /// The zone as it was seen, our marker included.
    pub image: LiveZone,
}

impl OutsideStep for ZoneDelete {
    const KIND: &'static str = "dns.zone.delete";
    const VERSION: i32 = 1;
    type World = Providers;

    fn resource(&self) -> String {
        resource(&self.image.zone)
    }

    fn substrate(&self) -> String {
        self.location.substrate.clone()
    }

    async fn apply(&self, world: &Providers, _: Marker, _: &Secrets) -> Result<Value, Failure> {
        let zone = &self.image.zone;
        let client = world.client_at(&self.location).map_err(before_effect)?;
        match client.zone(zone).await.map_err(before_effect)? {
            None => return Ok(json!({ "zone": zone })),
            Some(live) if live.account != self.image.account => {
                return Err(Failure::refused(foreign(zone, &live.account)));
            }
            Some(live) if !live.is_still(&self.image) => {
                return Err(Failure::refused(changed(
                    zone,
                    "somebody changed it since it was looked at",
                )));
            }
            Some(_) => {}
        }
        client.delete(zone).await?;
        Ok(json!({ "zone": zone }))
    }

    async fn undo(&self, world: &Providers, _: Marker, _: &Secrets) -> Result<(), Failure> {
        let zone = &self.image.zone;
        let client = world.client_at(&self.location).map_err(before_effect)?;
        match client.zone(zone).await.map_err(before_effect)? {
            Some(live) if live.is_still(&self.image) => Ok(()),
            Some(_) => Err(Failure::refused(changed(
                zone,
                "it is not the one that was to be deleted",
            ))),
            None => {
                let message = format!("zone {zone} is deleted, and deleting a zone cannot be taken back");
                Err(Failure::refused(Error::new(
                    Kind::Conflict,
                    "forward_only",
                    message,
                )))
            }
        }
    }

    async fn probe(&self, world: &Providers, _: Marker, _: &Secrets) -> Result<Found> {
        let zone = &self.image.zone;
        Ok(match world.client_at(&self.location)?.zone(zone).await? {
            None => Found::Ours(json!({ "zone": zone })),
            Some(live) if live.account != self.image.account => Found::Foreign(account_words(&live.account)),
            Some(live) if live.is_still(&self.image) => Found::Absent,
            Some(_) => Found::Changed("its records are not those that were seen".to_owned()),
        })
    }
}
