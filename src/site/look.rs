//! A site as it stands: its row, and each part in the inventory and in the world.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, GenericClient};
use uuid::Uuid;

use super::create::check_suffix;
use super::list::{self, Site};
use super::recorded::{Recorded, recorded};
use crate::account;
use crate::control::sqlstate;
use crate::database::{self, Clusters, Existing, LoginLimits, Room, Standing};
use crate::dns::provider::Backup;
use crate::dns::{self, Observed, Providers};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::hook;
use crate::mail::{domain, rotation};
use crate::manifest;
use crate::model::{DatabaseName, DomainName, ZoneName};
use crate::trash::Fate;

/// Whose a site is or will be.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The account.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// What stands. Nothing of it is anybody else's.
#[derive(Debug)]
pub struct Look {
    /// Whose it is or will be.
    pub owner: Owner,
    /// Its row.
    pub site: Option<Site>,
    pub(super) database: Option<DatabaseLook>,
    /// Where a database that is wanted and not there would be.
    pub(super) room: Option<Room>,
    /// Its database before it was given another one.
    pub(super) former: Option<Existing>,
    pub(super) mail: Option<domain::Image>,
    /// States that the journal knows better than the rows.
    pub(super) recorded: Recorded,
    /// Below which names keys of its mail are published, while they are of use: those to come and those retired as well.
    pub(super) selectors: Vec<String>,
    pub(super) zone: Option<Observed>,
    /// What the zone could not be made again without, where the manifest does not name it.
    pub(super) backup: Option<Backup>,
    /// Configured servers that do not answer with what the provider holds.
    pub(super) late: Vec<String>,
    /// The operator's own steps that stand for it.
    pub(super) own: Vec<hook::Standing>,
}

/// A database in the cluster's catalog.
#[derive(Debug)]
pub(super) struct DatabaseLook {
    pub existing: Existing,
    pub standing: Standing,
    /// What is installed; absent where nobody wants to know, and where nobody may enter.
    pub extensions: Option<Vec<String>>,
}

impl DatabaseLook {
    /// Those of `wanted` that are not installed, as far as that is known.
    pub(super) fn missing(&self, wanted: &[String]) -> Vec<String> {
        let installed = self.extensions.as_deref();
        let is_missing = |name: &&String| installed.is_some_and(|installed| !installed.contains(name));
        wanted.iter().filter(is_missing).cloned().collect()
    }
}

/// What the world is seen through.
#[derive(Clone, Copy)]
pub struct Eyes<'a> {
    /// The control database.
    pub client: &'a Client,
    /// Tenants' clusters.
    pub clusters: &'a Clusters,
    /// DNS providers.
    pub providers: &'a Providers,
    /// The operator's own steps.
    pub hooks: &'a hook::Hooks,
    /// For all of it.
    pub deadline: Deadline,
}

/// How long servers are given to answer.
const ANSWERS: Duration = Duration::from_secs(3);

/// The site of `domain` as it stands, and the parts that `wanted` names.
///
/// # Errors
/// `conflict`: `taken` where it is another account's, `foreign` or `changed` where a part is not as we left it and cannot be
/// mended; those of each part.
pub async fn look(
    eyes: Eyes<'_>,
    domain: &DomainName,
    owner: Owner,
    wanted: Option<&manifest::Site>,
    all_extensions: bool,
) -> Result<Look> {
    let site = match list::find(eyes.client, domain, None).await {
        Ok(site) => Some(site),
        Err(error) if error.kind() == Kind::NotFound => None,
        Err(error) => return Err(error),
    };
    if let Some(site) = site.as_ref().filter(|site| site.account_id != owner.id) {
        return Err(taken(&format!("site {domain}"), &site.account));
    }
    if wanted.is_some() {
        check_suffix(domain)?;
        account::check_domain(eyes.client, domain.as_str(), owner.id).await?;
    }
    let selectors = selectors(eyes.client, domain, wanted).await?;
    let wants_mail = wanted.is_some_and(|wanted| wanted.mail.is_some());
    let has_mail = site.as_ref().is_some_and(|site| site.mail_domain.is_some());
    let dns = wanted.and_then(|wanted| wanted.dns.as_ref());
    let provider = dns.and_then(|dns| dns.provider.as_deref());
    let has_zone = site.as_ref().is_some_and(|site| site.zone.is_some());
    let (database, mail, zone, own) = tokio::try_join!(
        databases(eyes, domain, &owner, site.as_ref(), wanted, all_extensions),
        mail(eyes, domain, &owner, wants_mail || has_mail),
        zone(eyes, domain, &owner, has_zone || dns.is_some(), provider),
        own_steps(eyes, site.as_ref(), wanted),
    )?;
    if let Some(wish) = wanted.and_then(|wanted| wanted.mail.as_ref()) {
        check_destinations(eyes.client, &owner, wish, mail.as_ref()).await?;
    }
    let late = match &zone {
        Some(observed) => dns::late_servers(observed, eyes.deadline.within(ANSWERS)).await,
        None => Vec::new(),
    };
    let recorded = recorded(eyes.client, site.as_ref(), &database, mail.as_ref()).await?;
    let backup = match &zone {
        Some(observed) if dns.is_none() && wanted.is_some() => {
            let kept = Fate::Kept(Duration::ZERO);
            observed.backup(eyes.providers, kept).await?
        }
        _ => None,
    };
    let (database, room, former) = database;
    Ok(Look {
        owner,
        site,
        database,
        room,
        former,
        mail,
        recorded,
        selectors,
        zone,
        backup,
        late,
        own,
    })
}

pub(super) type Databases = (Option<DatabaseLook>, Option<Room>, Option<Existing>);

async fn databases(
    eyes: Eyes<'_>,
    domain: &DomainName,
    owner: &Owner,
    site: Option<&Site>,
    wanted: Option<&manifest::Site>,
    all_extensions: bool,
) -> Result<Databases> {
    let recorded: Option<DatabaseName> = site
        .and_then(|site| site.database.as_deref())
        .map(str::parse)
        .transpose()?;
    let cluster = site.and_then(|site| site.cluster.as_deref());
    let Some(wish) = wanted.and_then(|wanted| wanted.database.as_ref()) else {
        let Some(name) = recorded else {
            return Ok((None, None, None));
        };
        let existing = existing(eyes, owner, &name, cluster).await?;
        return Ok((Some(stand(eyes, existing, all_extensions).await?), None, None));
    };
    let (cluster_wanted, _) = eyes.clusters.pick(wish.cluster.as_deref().or(cluster))?;
    check_free(eyes.client, domain, &wish.name, cluster_wanted).await?;
    let is_other = recorded
        .as_ref()
        .is_some_and(|name| *name != wish.name || cluster.is_some_and(|cluster| cluster != cluster_wanted));
    let former = match (&recorded, is_other) {
        (Some(name), true) => Some(existing(eyes, owner, name, cluster).await?),
        _ => None,
    };
    if database::find(eyes.client, &wish.name, Some(cluster_wanted))
        .await?
        .is_some()
    {
        let existing = existing(eyes, owner, &wish.name, Some(cluster_wanted)).await?;
        let asks = all_extensions || !wish.extensions.is_empty();
        let stands = stand(eyes, existing, asks).await?;
        let missing = stands.missing(&wish.extensions);
        if !missing.is_empty() {
            database::check_extensions(eyes.clusters, &stands.existing, &missing, eyes.deadline).await?;
        }
        return Ok((Some(stands), None, former));
    }
    let request = new_database(owner, wish, cluster_wanted);
    let room = database::observe_create(eyes.client, eyes.clusters, &request, eyes.deadline).await?;
    Ok((None, Some(room), former))
}

/// The database of a manifest, as it is created.
pub(super) fn new_database(owner: &Owner, wish: &manifest::Database, cluster: &str) -> database::Request {
    database::Request {
        name: wish.name.clone(),
        account_id: owner.id,
        account: owner.name.clone(),
        cluster: Some(cluster.to_owned()),
        locale: None,
        extensions: wish.extensions.clone(),
        connections: wish.limits.connections,
        statement_timeout: limits(wish).statement_timeout,
        idle_in_transaction_timeout: limits(wish).idle_in_transaction_timeout,
    }
}

/// The limits of a manifest, as the database knows them.
pub(super) fn limits(wish: &manifest::Database) -> LoginLimits {
    LoginLimits {
        connections: wish.limits.connections,
        statement_timeout: wish.limits.statement_timeout.map(Into::into),
        idle_in_transaction_timeout: wish.limits.idle_in_transaction_timeout.map(Into::into),
    }
}

async fn existing(
    eyes: Eyes<'_>,
    owner: &Owner,
    name: &DatabaseName,
    cluster: Option<&str>,
) -> Result<Existing> {
    let found = database::observe_existing(eyes.client, eyes.clusters, name, cluster, eyes.deadline).await?;
    if found.database.account_id == owner.id {
        return Ok(found);
    }
    Err(taken(&found.subject.words(), &found.database.account))
}

async fn stand(eyes: Eyes<'_>, existing: Existing, asks: bool) -> Result<DatabaseLook> {
    let standing = database::observe_standing(eyes.clusters, &existing, eyes.deadline).await?;
    // What is installed shows inside only.
    let extensions = match asks && !standing.is_shut() {
        true => Some(database::installed(eyes.clusters, &existing, eyes.deadline).await?),
        false => None,
    };
    Ok(DatabaseLook {
        existing,
        standing,
        extensions,
    })
}

/// A database is of one site.
async fn check_free(
    client: &impl GenericClient,
    domain: &DomainName,
    name: &DatabaseName,
    cluster: &str,
) -> Result<()> {
    let statement = "SELECT domain FROM hostctl.sites WHERE database = $1 AND cluster = $2 AND domain <> $3";
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&name.as_str(), Type::TEXT),
        (&cluster, Type::TEXT),
        (&domain.as_str(), Type::TEXT),
    ];
    let rows = client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error("the sites", error))?;
    match rows.first() {
        None => Ok(()),
        Some(row) => {
            let message = format!(
                "database {name} on {cluster} belongs to site {}",
                row.get::<_, &str>(0)
            );
            Err(Error::new(Kind::Conflict, "taken", message))
        }
    }
}

async fn mail(
    eyes: Eyes<'_>,
    domain: &DomainName,
    owner: &Owner,
    is_asked: bool,
) -> Result<Option<domain::Image>> {
    if !is_asked {
        return Ok(None);
    }
    match domain::observe(eyes.client, domain, None).await {
        Ok(image) if image.account == owner.id => Ok(Some(image)),
        Ok(_) => Err(taken(&format!("mail domain {domain}"), "another account")),
        Err(error) if error.kind() == Kind::NotFound => domain::observe_create(eyes.client, domain, owner.id)
            .await
            .map(|()| None),
        Err(error) => Err(error),
    }
}

/// Refuses aliases that lead into a domain of another account, as far as they are not there.
async fn check_destinations(
    client: &impl GenericClient,
    owner: &Owner,
    wish: &manifest::Mail,
    image: Option<&domain::Image>,
) -> Result<()> {
    let stands = |wanted: &&manifest::MailAlias| {
        let mut aliases = image.iter().flat_map(|image| &image.aliases);
        aliases.any(|one| one.source == wanted.source && one.destinations == wanted.destinations)
    };
    let mut domains = BTreeMap::new();
    for alias in wish.aliases.iter().filter(|alias| !stands(alias)) {
        for destination in &alias.destinations {
            domains.entry(destination.domain()).or_insert(&alias.source);
        }
    }
    for (domain, source) in domains {
        let checked = account::check_domain(client, domain.as_str(), owner.id).await;
        checked.map_err(|error| error.context(format!("mail alias {source}")))?;
    }
    Ok(())
}

/// Those of the keys that have a row, where mail is wanted.
async fn selectors(
    client: &Client,
    domain: &DomainName,
    wanted: Option<&manifest::Site>,
) -> Result<Vec<String>> {
    if wanted.is_none_or(|wanted| wanted.mail.is_none()) {
        return Ok(Vec::new());
    }
    let keys = rotation::keys(client, domain).await?;
    Ok(keys.into_iter().map(|key| key.public.selector).collect())
}

async fn own_steps(
    eyes: Eyes<'_>,
    site: Option<&Site>,
    wanted: Option<&manifest::Site>,
) -> Result<Vec<hook::Standing>> {
    let named = wanted.map_or(&[][..], |wanted| &wanted.steps);
    match site {
        Some(site) => hook::look(eyes.client, eyes.hooks, &site.domain, named).await,
        None => Ok(Vec::new()),
    }
}

async fn zone(
    eyes: Eyes<'_>,
    domain: &DomainName,
    owner: &Owner,
    is_asked: bool,
    provider: Option<&str>,
) -> Result<Option<Observed>> {
    if !is_asked {
        return Ok(None);
    }
    let name = ZoneName::from(domain.clone());
    let observed = dns::observe(eyes.client, eyes.providers, &name, provider).await?;
    if let Some(row) = observed.row.as_ref().filter(|row| row.account != owner.id) {
        return Err(taken(&format!("zone {}", row.name), "another account"));
    }
    Ok(Some(observed))
}

fn taken(what: &str, by: &str) -> Error {
    Error::new(
        Kind::Conflict,
        "taken",
        format!("{what} is taken: it belongs to {by}"),
    )
}
