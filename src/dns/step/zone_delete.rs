//! `dns.zone.delete`: a zone that is ours and still as it was seen. With a backup of its keys and settings it comes back as
//! it was, DS records at the parent included; without one it is forward only.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{account_words, before_effect, changed, foreign, resource};
use crate::dns::live::LiveZone;
use crate::dns::provider::{Backup, Client, Location, NewZone, Providers};
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// The name under which keys and settings travel, sealed.
pub(in crate::dns) const BACKUP: &str = "backup";

/// Deletes a zone.
#[derive(Debug, Serialize, Deserialize)]
pub struct ZoneDelete {
    /// Where.
    pub location: Location,
    /// The zone as it was seen, our marker included.
    pub image: LiveZone,
    /// Whether there is a backup of its keys and settings.
    #[serde(default)]
    pub has_backup: bool,
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

    async fn apply(&self, world: &Providers, _: Marker, secrets: &Secrets) -> Result<Value, Failure> {
        let zone = &self.image.zone;
        let client = world.client_at(&self.location).map_err(before_effect)?;
        match client.zone(zone).await.map_err(before_effect)? {
            None => return Ok(json!({ "zone": zone })),
            Some(live) if live.account != self.image.account => {
                return Err(Failure::refused(foreign(zone, &live.account)));
            }
            Some(live) if !live.is_still(&self.image) && !self.is_half_made(&live) => {
                return Err(Failure::refused(changed(
                    zone,
                    "somebody changed it since it was looked at",
                )));
            }
            Some(_) => {}
        }
        if let Some(backup) = self.backup(secrets).map_err(Failure::refused)? {
            let now = client
                .backup(zone)
                .await
                .map_err(before_effect)?
                .unwrap_or_default();
            if !now.has_keys_of(&backup) {
                return Err(Failure::refused(changed(zone, "it has other keys than it had")));
            }
        }
        client.delete(zone).await?;
        Ok(json!({ "zone": zone }))
    }

    async fn undo(&self, world: &Providers, _: Marker, secrets: &Secrets) -> Result<(), Failure> {
        let zone = &self.image.zone;
        let client = world.client_at(&self.location).map_err(before_effect)?;
        let backup = self.backup(secrets).map_err(Failure::refused)?;
        match (client.zone(zone).await.map_err(before_effect)?, backup) {
            // The members of a catalog are made in several messages.
            (Some(live), Some(backup)) if self.is_half_made(&live) => self.make_again(&client, &backup).await,
            (Some(live), _) if live.is_still(&self.image) => Ok(()),
            // Made again by an attempt that did not come to the end.
            (Some(live), Some(backup)) if live.has_records_of(&self.image) => {
                client.restore(zone, &backup).await
            }
            (Some(_), _) => Err(Failure::refused(changed(
                zone,
                "it is not the one that was to be deleted",
            ))),
            (None, Some(backup)) => self.make_again(&client, &backup).await,
            (None, None) => {
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

impl ZoneDelete {
    /// Whether an attempt to make it again has begun and not come to the end.
    fn is_half_made(&self, live: &LiveZone) -> bool {
        live.is_unfinished && !self.image.is_unfinished && live.account == self.image.account
    }

    fn backup(&self, secrets: &Secrets) -> Result<Option<Backup>> {
        self.has_backup
            .then(|| Backup::from_secret(secrets.get(BACKUP)?))
            .transpose()
    }

    /// For a moment a signed zone is there without its keys: the API has no request for both.
    async fn make_again(&self, client: &Client, backup: &Backup) -> Result<(), Failure> {
        let image = &self.image;
        let new = NewZone {
            zone: &image.zone,
            account: &image.account,
            kind: &image.kind,
            soa_edit_api: &image.soa_edit_api,
            sets: &image.sets,
            unread: &image.unread,
        };
        client.create(&new).await?;
        // It is there: whatever fails from here on, something was done.
        client
            .restore(&image.zone, backup)
            .await
            .map_err(|failure| Failure::unknown(failure.error))
    }
}
