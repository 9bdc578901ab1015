//! The HTTP API of the PowerDNS authoritative server, 4.x and 5.x. What is sent and what comes back is in [`wire`], how an
//! HTTP answer becomes an error in [`answer`].
//!
//! One POST makes a whole zone and one PATCH changes several sets, each in one transaction. The API has no
//! compare-and-swap: `X-PDNS-Old-Serial` is no help (4.7.3 gives the new serial in it), so whoever changes reads
//! immediately before and looks at the serial afterwards. Where an update server is configured, changes go there as
//! DNSUPDATE, which compares; everything else stays with the API.

mod answer;
mod keep;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use futures_util::future::try_join_all;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue};

use self::answer::Answer;
use super::update::{self, Server};
use super::{Capabilities, MarkedZone, NewZone, SetName, ZoneChange};
use crate::config::PowerDns;
use crate::dns::live::LiveZone;
use crate::env::deadline::awaited;
use crate::env::tls::{self, Verify};
use crate::env::{files, http};
use crate::error::{Error, Result};
use crate::journal::Failure;
use crate::model::escape::excerpt;
use crate::model::{RecordName, ZoneName};

/// One request, body included. A zone of many records takes a while.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How many zones within another are looked at.
const MOST_FOUND: u32 = 10_000;
/// What stands in a path segment as it is (RFC 3986 §2.3, unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What the API alone can do.
const CAPABILITIES: Capabilities = Capabilities {
    zones: true,
    records: true,
    atomic_change: true,
    compare_and_swap: false,
};

/// A client of one server.
#[derive(Clone, Debug)]
pub struct Api {
    /// For messages: `PowerDNS at http://127.0.0.1:8081`.
    name: String,
    /// Its section in the configuration: `dns.main`.
    section: String,
    /// `http://127.0.0.1:8081/api/v1/servers/localhost`.
    server: String,
    http: reqwest::Client,
    headers: HeaderMap,
    update: Option<Server>,
}

/// The address that steps keep.
pub(super) fn substrate(settings: &PowerDns) -> String {
    format!("powerdns:{}/{}", base(settings), settings.server_id)
}

impl Api {
    /// Reads the key; opens no connection.
    ///
    /// # Errors
    /// `usage` where the key file or the server's identifier will not do.
    pub(super) fn new(provider: &str, settings: &PowerDns) -> Result<Self> {
        let base = base(settings);
        // An `http` URL never comes to TLS (redirects are not followed); reading the system's roots for it is wasted time.
        let is_plain = base.starts_with("http://");
        let tls = tls::client_config_verifying(None, if is_plain { Verify::Nothing } else { Verify::Full })?;
        let identifier = &settings.server_id;
        if matches!(identifier.as_str(), "" | "." | "..") {
            return Err(Error::configuration(format!(
                "[dns.{provider}] server_id \"{}\" is no identifier of a server",
                excerpt(identifier)
            )));
        }
        let identifier = utf8_percent_encode(identifier, SEGMENT);
        Ok(Api {
            name: format!("PowerDNS at {base}"),
            section: format!("dns.{provider}"),
            server: format!("{base}/api/v1/servers/{identifier}"),
            http: http::client(tls, TIMEOUT)?,
            headers: key(&settings.api_key_file)?,
            update: settings
                .update
                .as_ref()
                .map(|update| Server::new(provider, update))
                .transpose()?,
        })
    }

    pub(super) fn capabilities(&self) -> Capabilities {
        Capabilities {
            compare_and_swap: self.update.is_some(),
            ..CAPABILITIES
        }
    }

    pub(super) async fn version(&self) -> Result<String> {
        let answer = self.get("").await?;
        answer.expect_success("the server")?;
        if let Some(server) = &self.update {
            server.check(".").await?;
        }
        let version = wire::version(answer.json()?)?;
        let changes = self
            .update
            .as_ref()
            .map_or("", |_| "; compare-and-swap by DNSUPDATE");
        Ok(format!("PowerDNS {version}{changes}"))
    }

    pub(super) async fn zone(&self, zone: &ZoneName) -> Result<Option<LiveZone>> {
        self.read(zone, &path(zone)).await
    }

    /// Before 4.6 the whole zone; before 5.0 without records that are disabled.
    pub(super) async fn glance(&self, zone: &ZoneName, sets: &[SetName<'_>]) -> Result<Option<LiveZone>> {
        let names: BTreeSet<&RecordName> = sets.iter().map(|(name, _)| *name).collect();
        let reads = names.iter().map(|name| {
            let name = name.absolute();
            let path = format!(
                "{}?rrset_name={}",
                path(zone),
                utf8_percent_encode(&name, SEGMENT)
            );
            async move { self.read(zone, &path).await }
        });
        let Some(reads) = try_join_all(reads).await?.into_iter().collect::<Option<Vec<_>>>() else {
            return Ok(None);
        };
        let mut whole: Option<LiveZone> = None;
        for read in reads {
            match &mut whole {
                None => whole = Some(read),
                Some(whole) if whole.serial == read.serial => whole.add(read),
                // Somebody wrote between two of them.
                Some(_) => return self.zone(zone).await,
            }
        }
        Ok(whole)
    }

    async fn read(&self, zone: &ZoneName, path: &str) -> Result<Option<LiveZone>> {
        let answer = self.get(path).await?;
        if answer.is_missing() {
            return Ok(None);
        }
        answer.expect_success(&format!("zone {zone}"))?;
        wire::zone(zone, answer.json()?).map(Some)
    }

    pub(super) async fn serials(&self) -> Result<BTreeMap<String, u32>> {
        // Without `dnssec=false` the server looks up the keys of every zone.
        let answer = self.get("/zones?dnssec=false").await?;
        answer.expect_success("the list of zones")?;
        wire::serials(answer.json()?)
    }

    pub(super) async fn marks(&self) -> Result<Vec<MarkedZone>> {
        let answer = self.get("/zones?dnssec=false").await?;
        answer.expect_success("the list of zones")?;
        let mut zones = wire::marks(answer.json()?)?;
        if let Some(server) = &self.update {
            for zone in &mut zones {
                zone.change = update::mark_of(server, &zone.name).await?;
            }
        }
        Ok(zones)
    }

    pub(super) async fn has_zone(&self, name: &str) -> Result<bool> {
        let asked = utf8_percent_encode(name, SEGMENT);
        let answer = self.get(&format!("/zones?dnssec=false&zone={asked}.")).await?;
        answer.expect_success("the list of zones")?;
        // A server that knows no such filter gives all of them.
        Ok(wire::serials(answer.json()?)?.contains_key(name))
    }

    pub(super) async fn zones_below(&self, zone: &ZoneName) -> Result<Vec<String>> {
        let path = format!("/search-data?q=*.{zone}&max={MOST_FOUND}&object_type=zone");
        let answer = self.get(&path).await?;
        answer.expect_success("the search for zones")?;
        wire::zones_below(zone, answer.json()?)
    }

    pub(super) async fn delegates(&self, parent: &str, zone: &ZoneName) -> Result<bool> {
        let answer = self
            .get(&format!("/zones/{}.", utf8_percent_encode(parent, SEGMENT)))
            .await?;
        answer.expect_success(&format!("zone {parent}"))?;
        wire::delegates(parent, zone, answer.json()?)
    }

    pub(super) async fn create(&self, new: &NewZone<'_>) -> Result<LiveZone, Failure> {
        let answer = self.send(Method::POST, "/zones", Some(wire::create(new))).await?;
        answer.expect_written(&format!("zone {}", new.zone))?;
        // It is made, whatever the answer looks like.
        let live = answer
            .json()
            .and_then(|json| wire::zone(new.zone, json))
            .map_err(Failure::unknown)?;
        if let Some(server) = &self.update {
            self.open_to_updates(new, &server.key()).await?;
        }
        Ok(live)
    }

    /// Lets our key change the zone, each change moving the serial by one.
    async fn open_to_updates(&self, new: &NewZone<'_>, key: &str) -> Result<(), Failure> {
        for (kind, value) in [("TSIG-ALLOW-DNSUPDATE", key), ("SOA-EDIT-DNSUPDATE", "INCREASE")] {
            let path = format!("{}/metadata/{kind}", path(new.zone));
            let answer = self
                .send(Method::PUT, &path, Some(wire::setting(kind, value)))
                .await?;
            let written = answer.expect_written(&format!("zone {}: {kind}", new.zone));
            // The zone is there: only looking tells what to do with it.
            written.map_err(|failure| Failure::unknown(failure.error))?;
        }
        Ok(())
    }

    pub(super) async fn change(&self, change: &ZoneChange<'_>) -> Result<(), Failure> {
        if let Some(server) = &self.update {
            return update::change(server, change).await;
        }
        if change.sets.is_empty() {
            return Ok(());
        }
        let zone = &change.live.zone;
        let answer = self
            .send(Method::PATCH, &path(zone), Some(wire::change(change.sets)))
            .await?;
        answer.expect_written(&format!("zone {zone}"))
    }

    /// What is not in the body stays as it is.
    pub(super) async fn set_account(&self, zone: &ZoneName, account: &str) -> Result<(), Failure> {
        let body = serde_json::json!({ "account": account });
        let answer = self.send(Method::PUT, &path(zone), Some(body)).await?;
        answer.expect_written(&format!("zone {zone}"))
    }

    pub(super) async fn delete(&self, zone: &ZoneName) -> Result<(), Failure> {
        let answer = self.send(Method::DELETE, &path(zone), None).await?;
        if answer.is_missing() {
            Ok(())
        } else {
            answer.expect_written(&format!("zone {zone}"))
        }
    }

    async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, None)
            .await
            .map_err(|failure| failure.error)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
    ) -> Result<Answer, Failure> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.server))
            .headers(self.headers.clone());
        if let Some(body) = body {
            request = request.json(&body);
        }
        let exchange = async {
            let response = request.send().await;
            let response = response.map_err(|error| answer::failed(&self.name, error))?;
            Answer::read(&self.name, response).await
        };
        awaited(&self.name, exchange).await.map_err(|failure| Failure {
            error: self.helped(failure.error),
            ..failure
        })
    }

    /// Says where the server is named.
    fn helped(&self, error: Error) -> Error {
        error.hint(format!(
            "does it run, with webserver=yes and api=yes? [{}] url names it: hostctl config show --origin",
            self.section
        ))
    }
}

fn path(zone: &ZoneName) -> String {
    format!(
        "/zones/{}",
        utf8_percent_encode(&zone.domain().absolute(), SEGMENT)
    )
}

/// The address without what people add to it.
fn base(settings: &PowerDns) -> &str {
    let url = settings.url.trim_end_matches('/');
    url.strip_suffix("/api/v1").unwrap_or(url)
}

/// The key as a header that is never shown. A key with a line break in it would be a header more.
fn key(file: &Path) -> Result<HeaderMap> {
    let secret = files::read_secret(file)?;
    let refused = || {
        let message = format!("{} holds no API key: a key is printable ASCII", file.display());
        Error::configuration(message)
    };
    if !secret.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(refused());
    }
    let mut value = HeaderValue::from_str(secret.expose()).map_err(|_| refused())?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(
        reqwest::header::HeaderName::from_static("x-api-key"),
        value,
    )]))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn settings(url: &str, server_id: &str, key: &str) -> (PowerDns, tempfile::NamedTempFile) {
        let mut file = tempfile::NamedTempFile::new().expect("file");
        file.write_all(key.as_bytes()).expect("written");
        let settings = PowerDns {
            url: url.to_owned(),
            api_key_file: file.path().to_owned(),
            server_id: server_id.to_owned(),
            kind: "Native".to_owned(),
            soa_edit_api: "INCREASE".to_owned(),
            allow_insecure: false,
            update: None,
        };
        (settings, file)
    }

    #[test]
    fn identifiers_are_opaque() {
        let (settings, _file) = settings("http://127.0.0.1:8081/api/v1/", "localhost/zones/x=2F?#", "key\n");
        let api = Api::new("main", &settings).expect("client");
        assert_eq!(
            api.server,
            "http://127.0.0.1:8081/api/v1/servers/localhost%2Fzones%2Fx%3D2F%3F%23"
        );
    }

    #[test]
    fn a_server_is_never_a_way_up_the_path() {
        for identifier in ["", ".", ".."] {
            let (settings, _file) = settings("http://127.0.0.1:8081", identifier, "key");
            assert!(Api::new("main", &settings).is_err(), "{identifier}");
        }
    }

    #[test]
    fn a_key_that_would_break_a_header_is_refused_and_no_key_is_shown() {
        for key in ["a\rb", "a\nb", "schlüssel", "a b", "\u{7}", ""] {
            let (settings, _file) = settings("http://127.0.0.1:8081", "localhost", key);
            let error = Api::new("main", &settings).expect_err(key);
            assert!(key.is_empty() || !error.message().contains(key), "{error}");
        }
        let (settings, _file) = settings("http://127.0.0.1:8081", "localhost", "hunter2\n");
        let api = Api::new("main", &settings).expect("client");
        assert!(!format!("{api:?}").contains("hunter2"));
    }
}
