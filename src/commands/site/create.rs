//! `hostctl site create DOMAIN`.

use std::net::IpAddr;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use super::certificate::{Certificate, Options};
use crate::commands::Take;
use crate::error::{Error, Kind, Result};
use crate::keyring::{self, Keyring};
use crate::mail::boxes::{self, NewBox};
use crate::mail::dkim::{self, KeyPair};
use crate::mail::domain;
use crate::mail::hash::PasswordHash;
use crate::model::{
    ClusterName, DatabaseName, DomainName, Given, LocalPart, MailAddress, Password, ProviderName, Quota,
    Secret, ZoneName,
};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Delivered, Done, Outcome, World};
use crate::site::{self, Keys, NewDatabase, NewMail, Request};
use crate::{account, config, database, dns};

const LOOK: Duration = Duration::from_secs(30);

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    domain: Given<DomainName>,
    /// An address that the domain and www point to; several times, or with commas [default: [site] address]
    #[arg(long, value_name = "IP", value_delimiter = ',')]
    address: Vec<IpAddr>,
    /// Make a database of this name, and a login of the same name
    #[arg(long, value_name = "NAME")]
    db: Option<Given<DatabaseName>>,
    /// The cluster of the database
    #[arg(long, value_name = "NAME", requires = "db")]
    cluster: Option<ClusterName>,
    /// Make a mail domain with these boxes: local parts, with commas
    #[arg(long, value_name = "BOX", value_delimiter = ',')]
    mail: Vec<Given<LocalPart>>,
    /// How much mail each box takes
    #[arg(long, value_name = "SIZE", requires = "mail", default_value = "unlimited")]
    quota: Given<Quota>,
    /// Permit boxes of roles such as postmaster
    #[arg(long, requires = "mail")]
    allow_role: bool,
    /// Make a zone with the records of all of it
    #[arg(long)]
    dns: bool,
    /// The DNS provider of the zone
    #[arg(long, value_name = "NAME", requires = "dns")]
    provider: Option<ProviderName>,
    #[command(flatten)]
    certificate: Options,
    /// Succeed, changing nothing, where the site exists already
    #[arg(long)]
    if_not_exists: bool,
}

#[derive(Serialize)]
struct Created {
    domain: Value,
    account: Value,
    database: Value,
    mail: Value,
    zone: Value,
    certificate: Value,
    operation: Value,
}

impl Row for Created {
    const NOUN: &'static str = "site";
    const COLUMNS: &'static [Column] = &[
        Column::new("domain"),
        Column::new("account"),
        Column::new("database"),
        Column::new("mail"),
        Column::new("zone"),
        Column::new("certificate"),
        Column::new("operation"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let wish = Wish::new(&args, context)?;
    let asked = json!({
        "addresses": wish.addresses, "database": wish.database, "cluster": args.cluster, "boxes": wish.boxes,
        "quota": args.quota.value, "dns": args.dns, "provider": args.provider,
        "certificate": wish.certificate.as_ref().map(Certificate::asked),
    });
    let made = Material::make(&wish, context).await?;
    let change = Change::new("site.create", wish.domain.as_str(), asked)
        .claims(wish.claims(&args, context))
        .secrets(made.delivered(&wish));
    let outcome = change
        .run(context, async |session, world, id| {
            let owner = account::pick(&**session, context.settings.account.as_ref()).await?;
            let mut request = wish.request(&args, &made, &owner);
            if let Some(certificate) = &wish.certificate {
                request.certificate = Some(certificate.plan(context, world, owner.id).await?);
            }
            let (clusters, providers) = (&world.clusters, &world.providers);
            let before =
                site::observe_create(session, clusters, providers, &request, context.within(LOOK)).await?;
            site::plan_create(id, request, &before, &world.hooks, &context.config)
        })
        .await;
    match outcome {
        Ok(Outcome::Shown | Outcome::Unchanged(_)) => Ok(()),
        Ok(Outcome::Done(mut done)) => {
            if let Some(certificate) = &wish.certificate {
                done.result["certificate"] = certificate.finish(context).await;
            }
            tell(context, &done)
        }
        Err(error) if args.if_not_exists && error.kind() == Kind::Conflict && error.reason() == "exists" => {
            context
                .ui
                .note(&format!("site {} exists already; unchanged", wish.domain));
            let session = context.session().await?;
            context.ui.one(&site::find(&*session, &wish.domain, None).await?)
        }
        Err(error) => Err(error),
    }
}

/// The arguments, canonical, with a note for each that was made so.
struct Wish {
    domain: DomainName,
    addresses: Vec<IpAddr>,
    database: Option<DatabaseName>,
    boxes: Vec<MailAddress>,
    quota: Quota,
    certificate: Option<Certificate>,
}

impl Wish {
    fn new(args: &Args, context: &Context) -> Result<Wish> {
        let domain = args.domain.take(&context.ui);
        if args.db.is_none() && args.mail.is_empty() && !args.dns && !args.certificate.cert {
            return Err(Error::invalid("a site needs at least one part")
                .hint("--db NAME, --mail BOX,…, --dns or --cert"));
        }
        site::check_suffix(&domain)?;
        if args.db.is_some() {
            config::pick(
                &context.config.clusters,
                args.cluster.as_ref().map(ClusterName::as_str),
            )?;
        }
        if args.dns {
            let flag = args.provider.as_ref().map(ProviderName::as_str);
            let zone = ZoneName::from(domain.clone());
            World::new(&context.config).providers.check(&zone, flag)?;
        }
        let boxes = args
            .mail
            .iter()
            .map(|local| MailAddress::new(local.take(&context.ui), domain.clone()));
        let boxes = boxes.collect::<Result<Vec<_>>>()?;
        boxes::check_addresses(&boxes, args.allow_role)?;
        let configured = || context.config.site_addresses.clone();
        Ok(Wish {
            addresses: if args.address.is_empty() {
                configured()
            } else {
                args.address.clone()
            },
            database: args.db.as_ref().map(|name| name.take(&context.ui)),
            quota: args.quota.take(&context.ui),
            certificate: args.certificate.take(&domain, args.dns, context)?,
            boxes,
            domain,
        })
    }

    /// Its parts, which others may be making at the moment.
    fn claims(&self, args: &Args, context: &Context) -> Vec<String> {
        let cluster = args.cluster.as_ref().map(ClusterName::as_str);
        let cluster = config::pick(&context.config.clusters, cluster).ok();
        let database = self.database.as_ref().zip(cluster);
        let database = database.map(|(name, (cluster, _))| database::resource(cluster, name));
        let mail = (!self.boxes.is_empty()).then(|| domain::resource(&self.domain));
        let zone = ZoneName::from(self.domain.clone());
        let zone = args.dns.then(|| dns::step::resource(&zone));
        let boxes = self.boxes.iter().map(boxes::resource);
        database
            .into_iter()
            .chain(mail)
            .chain(zone)
            .chain(boxes)
            .collect()
    }

    fn request(&self, args: &Args, made: &Material, owner: &account::Account) -> Request {
        let database = self.database.as_ref().map(|name| NewDatabase {
            request: database::Request {
                name: name.clone(),
                account_id: owner.id,
                account: owner.name.clone(),
                cluster: args.cluster.as_ref().map(ToString::to_string),
                locale: None,
                extensions: Vec::new(),
                connections: None,
                statement_timeout: None,
                idle_in_transaction_timeout: None,
            },
            password: made.database.clone(),
        });
        let mail = match (&made.keys, self.boxes.is_empty()) {
            (Some(keys), false) => Some(NewMail {
                boxes: made.boxes(self),
                keys: keys.clone(),
            }),
            _ => None,
        };
        Request {
            domain: self.domain.clone(),
            account: owner.id,
            account_name: owner.name.clone(),
            addresses: self.addresses.clone(),
            database,
            mail,
            zone: args.dns.then(|| args.provider.as_ref().map(ToString::to_string)),
            certificate: None,
        }
    }
}

/// Passwords, hashes and keys: made once, on other threads, while the world is looked at.
struct Material {
    database: Password,
    passwords: Vec<(Password, PasswordHash)>,
    keys: Option<Keys>,
}

impl Material {
    async fn make(wish: &Wish, context: &Context) -> Result<Material> {
        let key = (!wish.boxes.is_empty()).then(|| tokio::task::spawn_blocking(dkim::generate));
        let hashes: Vec<_> = wish
            .boxes
            .iter()
            .map(|_| tokio::task::spawn_blocking(new_password))
            .collect();
        let mut passwords = Vec::new();
        for hash in hashes {
            passwords.push(hash.await.map_err(|_| panicked())??);
        }
        let keys = match key {
            Some(key) => Some(seal(&wish.domain, key.await.map_err(|_| panicked())??, context)?),
            None => None,
        };
        Ok(Material {
            database: Password::generate()?,
            passwords,
            keys,
        })
    }

    fn boxes(&self, wish: &Wish) -> Vec<NewBox> {
        let both = wish.boxes.iter().zip(&self.passwords);
        both.map(|(address, (_, hash))| NewBox {
            address: address.clone(),
            quota: wish.quota,
            hash: hash.clone(),
        })
        .collect()
    }

    fn delivered(&self, wish: &Wish) -> Vec<Delivered> {
        let database = wish
            .database
            .iter()
            .map(|name| delivered("database", name.as_str(), "db passwd", &self.database));
        let boxes = wish.boxes.iter().zip(&self.passwords);
        let boxes = boxes
            .map(|(address, (password, _))| delivered("box", address.as_str(), "mail box passwd", password));
        database.chain(boxes).collect()
    }
}

fn new_password() -> Result<(Password, PasswordHash)> {
    let password = Password::generate()?;
    let hash = PasswordHash::of(&password)?;
    Ok((password, hash))
}

pub(super) fn seal(domain: &DomainName, pair: KeyPair, context: &Context) -> Result<Keys> {
    let none =
        || Error::new(Kind::Usage, "no_keyring", "no key ring is configured").hint("hostctl keyring init");
    let ring: Keyring = context.keyring()?.ok_or_else(none)?;
    let place = keyring::Place {
        purpose: "dkim",
        row: domain.as_str(),
    };
    Ok(Keys {
        sealed: ring.seal(place, &pair.private)?,
        public: pair.public,
    })
}

fn delivered(kind: &'static str, name: &str, verb: &str, password: &Password) -> Delivered {
    Delivered {
        kind,
        name: name.to_owned(),
        secret: Secret::new(password.expose()),
        was_given: false,
        renew: format!("hostctl {verb} {name}"),
    }
}

pub(super) fn panicked() -> Error {
    Error::internal("a thread that made a key or a hash ended badly")
}

fn tell(context: &Context, done: &Done) -> Result<()> {
    let mut result = done.result.clone();
    for secret in &done.secrets {
        let shown = json!(context.shown(secret));
        if secret.kind == "database" {
            result["database"]["password"] = shown;
        } else {
            let boxes = result["mail"]["boxes"].as_array_mut();
            let one = boxes.and_then(|all| all.iter_mut().find(|one| one["address"] == secret.name.as_str()));
            if let Some(one) = one {
                one["password"] = shown;
            }
        }
    }
    if result["zone"].is_object() {
        let mut serials = done
            .outputs
            .iter()
            .flatten()
            .filter_map(|output| output.get("serial"));
        result["zone"]["serial"] = serials.next_back().cloned().unwrap_or(Value::Null);
    }
    let mut part = |name: &str| result[name].take();
    context.ui.one(&Created {
        domain: part("domain"),
        account: part("account"),
        database: part("database"),
        mail: part("mail"),
        zone: part("zone"),
        certificate: part("certificate"),
        operation: part("operation"),
    })
}
