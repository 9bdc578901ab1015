//! `dns.zone.create`: a whole zone, our marker in its account field or beside its name in the catalog.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{account_words, before_effect, changed, foreign, resource};
use crate::dns::live::LiveZone;
use crate::dns::provider::{Location, NewZone, Providers};
use crate::dns::rrset::RrSet;
use crate::error::{Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};
use crate::model::ZoneName;

/// The column is `varchar(40)` in the server's own schemas.
const ACCOUNT_LIMIT: usize = 40;

/// Makes a zone.
#[derive(Debug, Serialize, Deserialize)]
pub struct ZoneCreate {
    /// Where.
    pub location: Location,
    /// Its name.
    pub zone: ZoneName,
    /// The provider's word for how it is replicated.
    pub kind: String,
    /// How changes move its serial.
    pub soa_edit_api: String,
    /// Its records, SOA and NS included.
    pub sets: Vec<RrSet>,
}

impl OutsideStep for ZoneCreate {
    const KIND: &'static str = "dns.zone.create";
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
        let account = account(marker);
        let new = NewZone {
            zone: &self.zone,
            account: &account,
            kind: &self.kind,
            soa_edit_api: &self.soa_edit_api,
            sets: &self.sets,
            unread: &[],
        };
        match client.create(&new).await {
            Ok(live) => Ok(self.output(&live)),
            Err(failure) if failure.error.kind() == Kind::Conflict && failure.error.reason() == "exists" => {
                // An earlier attempt of ours, perhaps.
                match self
                    .probe(world, marker, &Secrets::default())
                    .await
                    .map_err(Failure::unknown)?
                {
                    Found::Ours(output) => Ok(output),
                    Found::Changed(evidence) => Err(Failure::refused(changed(&self.zone, &evidence))),
                    Found::Absent | Found::Foreign(_) => Err(failure),
                }
            }
            Err(failure) => Err(failure),
        }
    }

    async fn undo(&self, world: &Providers, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let client = world.client_at(&self.location).map_err(before_effect)?;
        let Some(live) = client.zone(&self.zone).await.map_err(before_effect)? else {
            return Ok(());
        };
        if !live.was_made_by(marker) {
            return Err(Failure::refused(foreign(&self.zone, &live.account)));
        }
        if !live.is_unfinished && !live.holds_exactly(&self.sets) {
            return Err(Failure::refused(changed(
                &self.zone,
                "somebody changed it since it was made",
            )));
        }
        client.delete(&self.zone).await
    }

    async fn probe(&self, world: &Providers, marker: Marker, _: &Secrets) -> Result<Found> {
        let live = world.client_at(&self.location)?.zone(&self.zone).await?;
        Ok(match live {
            None => Found::Absent,
            Some(live) if !live.was_made_by(marker) => Found::Foreign(account_words(&live.account)),
            Some(live) if live.is_unfinished => {
                Found::Changed("it was begun and has no records yet".to_owned())
            }
            Some(live) if live.holds_exactly(&self.sets) => Found::Ours(self.output(&live)),
            Some(_) => Found::Changed("its records are not those that were written".to_owned()),
        })
    }
}

impl ZoneCreate {
    fn output(&self, live: &LiveZone) -> Value {
        json!({ "zone": self.zone, "serial": live.serial })
    }
}

/// The marker as the account field can hold it. The epoch plays no part in recognising it, so it may be shortened.
pub(super) fn account(marker: Marker) -> String {
    let full = marker.to_string();
    if full.len() <= ACCOUNT_LIMIT {
        full
    } else {
        Marker { epoch: 0, ..marker }.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marker_fits_into_the_account_field_in_every_epoch() {
        for (step, epoch) in [(0, 1), (99, 99), (99, i64::MAX), (5, 123_456)] {
            let marker = Marker {
                operation: uuid::Uuid::max(),
                step,
                epoch,
            };
            let text = account(marker);
            assert!(text.len() <= ACCOUNT_LIMIT, "{text}");
            let found = Marker::parse(&text).expect("marker");
            assert_eq!((found.operation, found.step), (marker.operation, step));
        }
    }
}
