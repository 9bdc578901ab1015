//! A sandbox with a schema, a bystander who writes at PowerDNS without hostctl, and the world as it is served.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::pin::Pin;
use std::time::Duration;

use hostctl::config::{self, Config};
use hostctl::control::{Session, schema, session};
use hostctl::dns::{NewRecord, Observed, Providers, observe};
use hostctl::env::child::{self, Spec};
use hostctl::env::deadline::Deadline;
use hostctl::env::files;
use hostctl::error::{Error, Result};
use hostctl::journal::{ControlStep, Marker, OutsideStep, PlannedStep, Secrets};
use hostctl::lookup::{self, Answer, Recursion};
use hostctl::model::{RecordData, RecordName, RecordType, Ttl, ZoneName};
use hostctl::sandbox::{Lifetime, Name, Options, Parts, Sandbox};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support;
use crate::support::http::{self, Meeting};

pub struct Lab {
    pub sandbox: Sandbox,
    pub config: Config,
    pub providers: Providers,
    pub session: Session,
    pub account: Uuid,
    _outer: tempfile::TempDir,
}

pub fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

impl Lab {
    pub async fn new() -> Lab {
        let outer = tempfile::Builder::new()
            .prefix("dns-")
            .tempdir_in(support::room())
            .expect("directory");
        fs::set_permissions(outer.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let options = Options {
            parts: Parts {
                dns: true,
                mail: false,
            },
            lifetime: Lifetime::WithParent,
            templates: Some(support::templates()),
            ..Options::new(outer.path().join("box"))
        };
        let sandbox = Sandbox::up(options).await.expect("sandbox");
        let config = configured(&sandbox, &[]);
        schema::init(&session::target(&config).expect("target"), soon())
            .await
            .expect("schema");
        let session = Session::open(&config, soon()).await.expect("session");
        let row = session
            .query_one("SELECT id FROM hostctl.accounts WHERE name = 'main'", &[])
            .await;
        let account = row.expect("account").get(0);
        let providers = Providers::new(&config);
        Lab {
            sandbox,
            config,
            providers,
            session,
            account,
            _outer: outer,
        }
    }

    /// The same servers under another configuration.
    pub fn providers_with(&self, variables: &[(&str, &str)]) -> Providers {
        Providers::new(&configured(&self.sandbox, variables))
    }

    pub async fn down(self) {
        self.sandbox.down().await.expect("down");
    }

    pub async fn observe(&self, zone: &str) -> Observed {
        observe(&*self.session, &self.providers, &name(zone), None)
            .await
            .expect("observed")
    }

    pub fn dns(&self) -> SocketAddr {
        self.sandbox.addresses(Name::Powerdns).expect("addresses")[0]
    }

    pub fn api(&self) -> SocketAddr {
        self.sandbox.addresses(Name::Powerdns).expect("addresses")[1]
    }

    pub async fn ask(&self, name: &str, rtype: RecordType) -> Answer {
        lookup::query(self.dns(), name, rtype, Recursion::Off, soon())
            .await
            .expect("answer")
    }

    /// What `dig` says, which is not our code.
    pub async fn dig(&self, name: &str, rtype: &str) -> Vec<String> {
        let server = self.dns();
        let port = server.port().to_string();
        let at = format!("@{}", server.ip());
        let spec = Spec::new("dig").arguments(["+short", "+norecurse", "-p", &port, &at, name, rtype]);
        let output = child::run(spec).await.expect("dig").succeeded().expect("dig");
        let mut lines: Vec<String> = String::from_utf8(output.stdout.clone())
            .expect("text")
            .lines()
            .map(str::to_owned)
            .collect();
        lines.sort();
        lines
    }

    /// A request of somebody who has the key too and does not know hostctl.
    pub async fn bystander(&self, method: &str, path: &str, body: Value) -> u16 {
        bystander(self.api(), &self.key(), method, path, &body).await
    }

    /// The address of a wire on which the first request of this method meets something.
    pub async fn wire(&self, method: &'static str, meeting: Meeting) -> String {
        let mut meeting = Some(meeting);
        let meet = move |asked: &str| {
            let is_meant = asked == method;
            is_meant
                .then(|| meeting.take())
                .flatten()
                .unwrap_or(Meeting::Pass)
        };
        http::start(self.api(), meet).await
    }

    /// A bystander replaces a set in the instant before a request is passed on.
    pub fn write_before(&self, zone: &str, owner: &'static str, values: &'static [&'static str]) -> Meeting {
        Meeting::After(self.write(zone, owner, values))
    }

    /// A bystander replaces a set in the instant after a request was carried out.
    pub fn write_after(&self, zone: &str, owner: &'static str, values: &'static [&'static str]) -> Meeting {
        Meeting::Before(self.write(zone, owner, values))
    }

    fn write(
        &self,
        zone: &str,
        owner: &'static str,
        values: &'static [&'static str],
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (api, key, path) = (self.api(), self.key(), format!("/zones/{zone}."));
        Box::pin(async move {
            let status = bystander(api, &key, "PATCH", &path, &replace(owner, "A", values)).await;
            assert_eq!(status, 204);
        })
    }

    pub fn key(&self) -> String {
        fs::read_to_string(self.sandbox.directory().join("powerdns.key"))
            .expect("key")
            .trim()
            .to_owned()
    }

    /// Replaces one set behind our back.
    pub async fn bystander_sets(&self, zone: &str, name: &str, rtype: &str, values: &[&str]) {
        let status = self
            .bystander("PATCH", &format!("/zones/{zone}."), replace(name, rtype, values))
            .await;
        assert_eq!(status, 204);
    }

    /// Runs steps in order, the ones in the control database each in a transaction of its own.
    pub async fn run(&mut self, steps: &[PlannedStep], operation: Uuid) -> Result<()> {
        for (number, step) in steps.iter().enumerate() {
            self.apply(step, marker(operation, number)).await?;
        }
        Ok(())
    }

    pub async fn apply(&mut self, step: &PlannedStep, marker: Marker) -> Result<Value> {
        use hostctl::dns::step::{
            Published, RecordsChange, RecordsRecord, ZoneCreate, ZoneDelete, ZoneForget, ZoneRecord,
        };
        match step.kind {
            ZoneCreate::KIND => self.outside::<ZoneCreate>(step, marker).await,
            ZoneDelete::KIND => self.outside::<ZoneDelete>(step, marker).await,
            RecordsChange::KIND => self.outside::<RecordsChange>(step, marker).await,
            Published::KIND => self.outside::<Published>(step, marker).await,
            ZoneRecord::KIND => self.control::<ZoneRecord>(step, marker, false).await,
            ZoneForget::KIND => self.control::<ZoneForget>(step, marker, false).await,
            RecordsRecord::KIND => self.control::<RecordsRecord>(step, marker, false).await,
            other => panic!("step {other}"),
        }
    }

    async fn outside<S: OutsideStep<World = Providers>>(
        &self,
        step: &PlannedStep,
        marker: Marker,
    ) -> Result<Value> {
        let done = parameters::<S>(step)
            .apply(&self.providers, marker, &Secrets::default())
            .await;
        done.map_err(|failure| failure.error)
    }

    pub async fn control<S: ControlStep>(
        &mut self,
        step: &PlannedStep,
        marker: Marker,
        undo: bool,
    ) -> Result<Value> {
        let step = parameters::<S>(step);
        let transaction = self.session.transaction().await.expect("transaction");
        let done = if undo {
            step.undo(&transaction, marker, &Secrets::default())
                .await
                .map(|()| Value::Null)
        } else {
            step.apply(&transaction, marker, &Secrets::default()).await
        };
        if done.is_ok() {
            transaction.commit().await.expect("commit");
        }
        done
    }

    /// Rows of the tables that DNS owns or takes names in, for comparing before and after.
    pub async fn inventory(&self) -> String {
        let statement = "SELECT coalesce(string_agg(line, E'\\n' ORDER BY line), '') FROM (
            SELECT to_jsonb(z)::text FROM hostctl.dns_zones z
            UNION ALL SELECT to_jsonb(r)::text FROM hostctl.dns_records r
            UNION ALL SELECT to_jsonb(o)::text FROM hostctl.domain_owners o) AS rows (line)";
        self.session.query_one(statement, &[]).await.expect("rows").get(0)
    }
}

fn configured(sandbox: &Sandbox, variables: &[(&str, &str)]) -> Config {
    let variables: BTreeMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let file = sandbox.config_file();
    let request = config::Request {
        explicit: Some(&file),
        variables: &variables,
        flags: &[],
        tolerates_unknown_keys: false,
    };
    config::load(&request, files::read_config).expect("configuration")
}

pub fn parameters<S: DeserializeOwned>(step: &PlannedStep) -> S {
    serde_json::from_value(step.parameters.clone()).expect("parameters")
}

pub fn marker(operation: Uuid, number: usize) -> Marker {
    Marker {
        operation,
        step: u32::try_from(number).expect("few steps"),
        epoch: 1,
    }
}

pub fn operation() -> Uuid {
    hostctl::clock::new_id().expect("entropy")
}

pub fn name(zone: &str) -> ZoneName {
    ZoneName::parse(zone).expect(zone).value
}

pub fn data(zone: &str, rtype: RecordType, value: &str) -> RecordData {
    RecordData::parse(rtype, value, name(zone).domain())
        .expect(value)
        .value
}

pub fn record(zone: &str, owner: &str, rtype: RecordType, value: &str) -> NewRecord {
    NewRecord {
        name: RecordName::parse(owner, name(zone).domain()).expect(owner).value,
        ttl: Ttl::DEFAULT,
        data: data(zone, rtype, value),
    }
}

pub fn replace(name: &str, rtype: &str, values: &[&str]) -> Value {
    let records: Vec<Value> = values
        .iter()
        .map(|value| json!({ "content": value, "disabled": false }))
        .collect();
    json!({ "rrsets": [{ "name": name, "type": rtype, "ttl": 300, "changetype": "REPLACE", "records": records }] })
}

pub async fn bystander(api: SocketAddr, key: &str, method: &str, path: &str, body: &Value) -> u16 {
    let method = reqwest::Method::from_bytes(method.as_bytes()).expect("method");
    let tls =
        hostctl::env::tls::client_config_verifying(None, hostctl::env::tls::Verify::Nothing).expect("tls");
    let client = hostctl::env::http::client(tls, Duration::from_secs(10)).expect("client");
    let request = client.request(method, format!("http://{api}/api/v1/servers/localhost{path}"));
    let response = request
        .header("x-api-key", key)
        .json(body)
        .send()
        .await
        .expect("answered");
    response.status().as_u16()
}

/// `kind/reason` of what must fail.
pub fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    let error = outcome.expect_err("refused");
    format!("{}/{}", error.kind().word(), error.reason())
}
