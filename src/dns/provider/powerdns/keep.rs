//! Reading what a zone has beside its records, and giving it back to a zone that was made again. Both may be repeated.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{Api, path, wire};
use crate::dns::provider::backup::{Backup, Key};
use crate::error::Result;
use crate::journal::Failure;
use crate::model::ZoneName;

/// Fields of a zone that only a change can set: some need its keys first.
const SETTINGS: [&str; 5] = ["soa_edit", "nsec3param", "nsec3narrow", "api_rectify", "masters"];
/// Metadata that are fields of the zone, or that the API shows and does not take.
const NOT_SET: [&str; 9] = [
    "API-RECTIFY",
    "AXFR-MASTER-TSIG",
    "LUA-AXFR-SCRIPT",
    "NSEC3NARROW",
    "NSEC3PARAM",
    "PRESIGNED",
    "SOA-EDIT",
    "SOA-EDIT-API",
    "TSIG-ALLOW-AXFR",
];

impl Api {
    /// Keys and settings of a zone that is there.
    pub(in crate::dns::provider) async fn backup(&self, zone: &ZoneName) -> Result<Backup> {
        let answer = self.get(&path(zone)).await?;
        answer.expect_success(&format!("zone {zone}"))?;
        let fields = answer.json()?;
        let is_set = |value: &&Value| {
            !matches!(value, Value::Null | Value::Bool(false)) && **value != json!("") && **value != json!([])
        };
        let setting = |name: &str| Some((name.to_owned(), fields.get(name).filter(is_set)?.clone()));
        let settings: Map<String, Value> = SETTINGS.iter().filter_map(|name| setting(name)).collect();
        let mut keys = Vec::new();
        for listed in self.keys(zone).await? {
            let answer = self
                .get(&format!("{}/cryptokeys/{}", path(zone), listed.id))
                .await?;
            answer.expect_success(&format!("a key of zone {zone}"))?;
            keys.push(wire::key(answer.json()?)?);
        }
        let answer = self.get(&format!("{}/metadata", path(zone))).await?;
        answer.expect_success(&format!("the settings of zone {zone}"))?;
        let metadata = wire::metadata(answer.json()?)?;
        let metadata = metadata
            .into_iter()
            .filter(|(kind, _)| !NOT_SET.contains(&kind.as_str()));
        Ok(Backup {
            keys,
            settings,
            metadata: metadata.collect(),
        })
    }

    /// Gives a zone that was made again its keys and settings. What it has already stays.
    pub(in crate::dns::provider) async fn restore(
        &self,
        zone: &ZoneName,
        backup: &Backup,
    ) -> Result<(), Failure> {
        let there = self.keys(zone).await.map_err(Failure::not_now)?;
        let is_missing = |key: &&Key| there.iter().all(|listed| listed.dnskey != key.dnskey);
        for key in backup.keys.iter().filter(is_missing) {
            let body = json!({
                "keytype": key.keytype, "active": key.active, "published": key.published, "privatekey": key.privatekey,
            });
            let answer = self
                .send(Method::POST, &format!("{}/cryptokeys", path(zone)), Some(body))
                .await?;
            answer.expect_written(&format!("a key of zone {zone}"))?;
        }
        if !backup.settings.is_empty() {
            let body = Value::Object(backup.settings.clone());
            let answer = self.send(Method::PUT, &path(zone), Some(body)).await?;
            answer.expect_written(&format!("the settings of zone {zone}"))?;
        }
        for (kind, values) in &backup.metadata {
            let body = json!({ "kind": kind, "metadata": values });
            let answer = self
                .send(
                    Method::PUT,
                    &format!("{}/metadata/{kind}", path(zone)),
                    Some(body),
                )
                .await?;
            answer.expect_written(&format!("setting {kind} of zone {zone}"))?;
        }
        Ok(())
    }

    async fn keys(&self, zone: &ZoneName) -> Result<Vec<wire::ListedKey>> {
        let answer = self.get(&format!("{}/cryptokeys", path(zone))).await?;
        answer.expect_success(&format!("the keys of zone {zone}"))?;
        wire::keys(answer.json()?)
    }
}
