//! Planning a new site: everything invisible first, then the zone and the operator's own steps, then a look whether it is
//! published.

use std::net::IpAddr;

use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use super::certificate::NewCertificate;
use super::records::{self, MailKey};
use super::steps::{self, Image, Record};
use crate::account;
use crate::certificate::store;
use crate::config::Config;
use crate::database::{self, Clusters, Room};
use crate::dns::zone::{self, CreateZone};
use crate::dns::{self, NewRecord, Observed, Providers};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::hook::{self, Facts, Hooks};
use crate::journal::{Change, Plan, PlannedStep, Reversal};
use crate::mail::boxes::{self, NewBox};
use crate::mail::dkim::PublicKey;
use crate::mail::domain::{self, NewDomain};
use crate::manifest::{self, RecordGroup};
use crate::model::{DomainName, Password, ZoneName};

/// What a site is to be.
#[derive(Debug)]
pub struct Request {
    /// Its domain.
    pub domain: DomainName,
    /// Whose it will be.
    pub account: Uuid,
    /// The account's name.
    pub account_name: String,
    /// What `@` and `www` point to.
    pub addresses: Vec<IpAddr>,
    /// Its database, if it is to have one.
    pub database: Option<NewDatabase>,
    /// Its mail, if it is to have some.
    pub mail: Option<NewMail>,
    /// Its zone: the flag `--provider`, if it is to have one.
    pub zone: Option<Option<String>>,
    /// Its certificate, if it is to have one.
    pub certificate: Option<NewCertificate>,
}

/// The database of a new site.
#[derive(Debug)]
pub struct NewDatabase {
    /// As `db create` takes it.
    pub request: database::Request,
    /// Of its login.
    pub password: Password,
}

/// The mail of a new site.
#[derive(Debug)]
pub struct NewMail {
    /// Its boxes.
    pub boxes: Vec<NewBox>,
    /// Its DKIM key.
    pub keys: Keys,
}

/// A DKIM key pair whose private half is sealed.
#[derive(Clone, Debug)]
pub struct Keys {
    /// What is published.
    pub public: PublicKey,
    /// As the key ring sealed it.
    pub sealed: String,
}

/// The world before.
#[derive(Debug)]
pub struct World {
    room: Option<Room>,
    zone: Option<Observed>,
}

/// Refuses a public suffix.
///
/// # Errors
/// `usage`, reason `public_suffix`.
pub fn check_suffix(domain: &DomainName) -> Result<()> {
    if !domain.is_public_suffix() {
        return Ok(());
    }
    let message = format!("site {domain}: a public suffix, below which everything belongs to strangers");
    Err(Error::new(Kind::Usage, "public_suffix", message))
}

/// Looks whether every part can be made, before anything is.
///
/// # Errors
/// Those of each part: `conflict` where a part exists or the domain is taken, `denied`, `usage`.
pub async fn observe_create(
    client: &Client,
    clusters: &Clusters,
    providers: &Providers,
    request: &Request,
    deadline: Deadline,
) -> Result<World> {
    check_suffix(&request.domain)?;
    account::check_domain(client, request.domain.as_str(), request.account).await?;
    if super::find(client, &request.domain, None).await.is_ok() {
        return Err(steps::exists(&request.domain));
    }
    let room = match &request.database {
        Some(new) => Some(database::observe_create(client, clusters, &new.request, deadline).await?),
        None => None,
    };
    if request.mail.is_some() {
        domain::observe_create(client, &request.domain, request.account).await?;
    }
    if let Some(new) = &request.certificate {
        store::check_free(client, &new.wanted).await?;
    }
    let zone = match &request.zone {
        Some(flag) => {
            let name = ZoneName::from(request.domain.clone());
            Some(dns::observe(client, providers, &name, flag.as_deref()).await?)
        }
        None => None,
    };
    Ok(World { room, zone })
}

/// Plans the site. `operation` is the identifier under which the plan will begin.
///
/// # Errors
/// Those of each part.
pub fn plan_create(
    operation: Uuid,
    mut request: Request,
    world: &World,
    hooks: &Hooks,
    config: &Config,
) -> Result<Plan> {
    let mut steps = Vec::new();
    let certificate = request.certificate.take();
    let mut result = json!({
        "domain": request.domain, "account": request.account_name, "database": null, "mail": null, "zone": null,
        "certificate": null, "operation": operation,
    });
    if let (Some(new), Some(room)) = (&request.database, &world.room) {
        let plan = database::plan_create(operation, &new.request, room, &new.password)?;
        steps.extend(plan.steps);
        result["database"] = plan.result;
    }
    if let Some(new) = &request.mail {
        steps.extend(domain::plan_create(NewDomain {
            name: request.domain.clone(),
            account: request.account,
            dkim: new.keys.public.clone(),
            sealed_dkim: new.keys.sealed.clone(),
        })?);
        let addresses: Vec<Value> = new
            .boxes
            .iter()
            .map(|one| json!({ "address": one.address, "password": null }))
            .collect();
        result["mail"] = json!({ "domain": request.domain, "boxes": addresses });
        steps.extend(boxes::plan_create(new.boxes.clone(), request.account, true)?);
    }
    let mut published = None;
    if let Some(observed) = &world.zone {
        let new = CreateZone {
            account: request.account,
            nameservers: Vec::new(),
            records: zone_records(&request, config)?,
            allows_public_suffix: false,
        };
        let mut zone_steps = zone::plan_create(&new, observed)?;
        // Whether the world sees it is asked when everything else is there.
        published = zone_steps.pop();
        steps.extend(zone_steps);
        result["zone"] =
            json!({ "name": request.domain, "serial": null, "nameservers": nameservers(observed) });
    }
    let own = hook::plan_create(hooks, operation, &facts(&request, world))?;
    steps.extend(own.steps);
    let certificate_name = certificate.as_ref().map(|new| new.wanted.name.to_string());
    steps.push(record(operation, &request, certificate_name, world, hooks)?);
    steps.extend(own.rows);
    steps.extend(published);
    if let Some(new) = certificate {
        result["certificate"] = new.result();
        steps.extend(new.steps()?);
    }
    Ok(Plan {
        kind: "site.create",
        target: request.domain.to_string(),
        account: Some(request.account),
        request: Value::Null,
        steps,
        claims: vec![format!("site:{}", request.domain)],
        result,
    })
}

fn facts(request: &Request, world: &World) -> Facts {
    let database = request.database.as_ref().zip(world.room.as_ref());
    Facts {
        domain: request.domain.to_string(),
        account: request.account_name.clone(),
        addresses: request.addresses.clone(),
        database: database.map(|(new, room)| hook::Database {
            name: new.request.name.to_string(),
            cluster: room.cluster.clone(),
        }),
        mail_domain: request.mail.as_ref().map(|_| request.domain.to_string()),
        zone: request.zone.as_ref().map(|_| request.domain.to_string()),
    }
}

fn record(
    operation: Uuid,
    request: &Request,
    certificate: Option<String>,
    world: &World,
    hooks: &Hooks,
) -> Result<PlannedStep> {
    let image = Image {
        domain: request.domain.clone(),
        account: request.account,
        cluster: world.room.as_ref().map(|room| room.cluster.clone()),
        database: request.database.as_ref().map(|new| new.request.name.to_string()),
        mail_domain: request.mail.as_ref().map(|_| request.domain.to_string()),
        zone: request.zone.as_ref().map(|_| request.domain.to_string()),
        certificate,
        state: "active".to_owned(),
        operation,
        created_at: None,
        manifest: kept(&manifest(request, hooks)?)?,
    };
    let change = Change {
        action: "record",
        resource: format!("site {}", request.domain),
        before: None,
        after: Some("active".to_owned()),
        undo: Reversal::Undoable,
    };
    PlannedStep::in_control(&Record(image), change)
}

fn nameservers(observed: &Observed) -> Vec<String> {
    observed
        .target
        .nameservers
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// What the zone holds besides SOA and NS: the addresses, and what mail needs.
fn zone_records(request: &Request, config: &Config) -> Result<Vec<NewRecord>> {
    let mail = request.mail.as_ref().map(|new| MailKey(Some(&new.keys.public)));
    let groups = records::generated(&request.domain, &request.addresses, mail, config)?;
    Ok(groups.into_iter().flat_map(new_records).collect())
}

pub(super) fn new_records(group: RecordGroup) -> impl Iterator<Item = NewRecord> {
    let (name, ttl) = (group.name, group.ttl);
    group.values.into_iter().map(move |data| NewRecord {
        name: name.clone(),
        ttl,
        data,
    })
}

/// The same as a manifest says it.
fn manifest(request: &Request, hooks: &Hooks) -> Result<manifest::Site> {
    let database = request.database.as_ref().map(|new| &new.request);
    let boxes = request.mail.as_ref().map(|new| new.boxes.as_slice());
    Ok(manifest::Site {
        domain: request.domain.clone(),
        account: Some(request.account_name.parse()?),
        steps: hooks
            .in_order()
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect(),
        database: database.map(|new| manifest::Database {
            name: new.name.clone(),
            cluster: new.cluster.clone(),
            extensions: new.extensions.clone(),
            limits: manifest::Limits::default(),
            password_file: None,
        }),
        mail: boxes.map(|boxes| manifest::Mail {
            allow_role: boxes.iter().any(|new| new.address.is_role()),
            boxes: boxes
                .iter()
                .map(|new| manifest::MailBox {
                    name: new.address.local().clone(),
                    quota: new.quota,
                    password_file: None,
                })
                .collect(),
            aliases: Vec::new(),
        }),
        dns: request.zone.as_ref().map(|provider| manifest::Dns {
            provider: provider.clone(),
            addresses: Some(request.addresses.clone()),
            defaults: true,
            records: Vec::new(),
        }),
    })
}

/// A site as its row keeps it.
pub(super) fn kept(site: &manifest::Site) -> Result<Option<Value>> {
    let mut file = manifest::to_json(&[site.clone().without_files()])?;
    Ok(Some(file["site"][0].take()))
}
