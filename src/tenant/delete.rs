//! Planning the end of an account with everything it owns: what can be taken back first, what cannot be afterwards.

use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::account::{self, Account};
use crate::certificate::store;
use crate::config::Config;
use crate::database::{self, Clusters};
use crate::dns::{self, Protected, Providers, records, zone};
use crate::domain as ownership;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::hook;
use crate::journal::{Plan, PlannedStep};
use crate::mail::{self, alias, boxes, domain};
use crate::model::{DatabaseName, DomainName, HostName};
use crate::site::{self, Reach};
use crate::trash::Fate;

/// Looks at everything that `account` owns and plans the end of it and of the account itself.
///
/// # Errors
/// Those of each part: `conflict` where something there is not ours or not as we left it, `denied` for what is protected.
pub async fn plan_delete(
    client: &Client,
    reach: Reach<'_>,
    config: &Config,
    account: &Account,
    fate: Fate,
    deadline: Deadline,
) -> Result<Plan> {
    let Reach {
        clusters,
        providers,
        hooks,
    } = reach;
    let (mut steps, mut sites) = (Vec::new(), Vec::new());
    for site in site::list(client, Some(account.id)).await? {
        let own = hook::plan_delete(hooks, hook::list(client, &site.domain).await?)?;
        // First of all, since they may need the rest.
        steps.extend(own.steps);
        sites.extend(own.rows);
        sites.push(site::step_forget(&site)?);
        if let Fate::Kept(retention) = fate {
            sites.push(site::step_keep(&site, retention)?);
        }
    }
    steps.extend(databases(client, clusters, account.id, fate, deadline).await?);
    steps.extend(mail_domains(client, config, account.id, fate).await?);
    steps.extend(certificates(client, account.id, fate).await?);
    steps.extend(zones(client, providers, config, account.id, fate).await?);
    steps.extend(records_elsewhere(client, providers, account.id).await?);
    steps.extend(challenges(client, account.id, fate).await?);
    steps.extend(sites);
    let (mut first, last) = site::split_at_pivots(steps);
    // Before the point of no return: should something be there by then that was not when we looked, all of it comes back.
    first.extend(account::steps_delete(account, fate)?);
    first.extend(last);
    let mut plan = account::plan("account.delete", account, first);
    plan.result = json!({ "account": account.name, "state": "deleted" });
    Ok(plan)
}

async fn databases(
    client: &Client,
    clusters: &Clusters,
    account: Uuid,
    fate: Fate,
    deadline: Deadline,
) -> Result<Vec<PlannedStep>> {
    let mut steps = Vec::new();
    for row in database::owned(client, account).await? {
        let name: DatabaseName = row.name.parse()?;
        let found = database::observe_existing(client, clusters, &name, Some(&row.cluster), deadline).await?;
        steps.extend(database::plan_delete(&found, fate)?.steps);
    }
    Ok(steps)
}

async fn mail_domains(
    client: &Client,
    config: &Config,
    account: Uuid,
    fate: Fate,
) -> Result<Vec<PlannedStep>> {
    let host = mail_host(config)?;
    let mut steps = Vec::new();
    // They would keep the account as well.
    if let Some(row) = domain::list_foreign(client, Some(account)).await?.first() {
        domain::observe(client, &row.name.parse()?, None).await?;
    }
    for row in domain::list(client, Some(account)).await? {
        let name: DomainName = row.name.parse()?;
        let image = domain::observe(client, &name, Some(account)).await?;
        steps.extend(domain::plan_delete(image, true, host.as_ref(), fate)?);
    }
    check_strays(client, account).await?;
    Ok(steps)
}

/// A box or an alias is whose its domain is. One that somebody has given to this account in another one's domain would keep the
/// account, and is not ours to delete with it.
async fn check_strays(client: &Client, account: Uuid) -> Result<()> {
    let own = domain::list(client, Some(account)).await?;
    let boxes = boxes::list(client, Some(account), None).await?.into_iter();
    let aliases = alias::list(client, Some(account), None).await?.into_iter();
    let boxes = boxes.map(|one| ("mail box", "email_accounts", "address", one.address));
    let aliases = aliases.map(|one| ("mail alias", "email_aliases", "source", one.source));
    let is_stray = |name: &str| {
        !own.iter()
            .any(|domain| name.ends_with(&format!("@{}", domain.name)))
    };
    let stray = boxes.chain(aliases).find(|(_, _, _, name)| is_stray(name));
    let Some((kind, table, key, name)) = stray else {
        return Ok(());
    };
    let domain = name.rsplit('@').next().unwrap_or_default().to_owned();
    let message = format!(
        "{kind} {name} was given to this account past hostctl: its domain {domain} is another account's"
    );
    let is_site = site::find(client, &domain.parse()?, None).await.is_ok();
    let hint = match is_site {
        true => format!("hostctl site export {domain} | hostctl site apply - gives it back"),
        false => format!(
            "UPDATE hostctl.{table} SET account_id = (SELECT account_id FROM hostctl.email_domains \
            WHERE name = '{domain}') WHERE {key} = '{name}' gives it back"
        ),
    };
    Err(Error::new(Kind::Conflict, "changed", message).hint(hint))
}

/// Files on hosts stay: a host is told nothing, it asks.
async fn certificates(client: &Client, account: Uuid, fate: Fate) -> Result<Vec<PlannedStep>> {
    let mut steps = Vec::new();
    for row in store::list(client, Some(account)).await? {
        let image = store::observe(client, &row.name.parse()?, Some(account)).await?;
        steps.extend(store::plan_delete(image, true, fate)?);
    }
    Ok(steps)
}

async fn zones(
    client: &Client,
    providers: &Providers,
    config: &Config,
    account: Uuid,
    fate: Fate,
) -> Result<Vec<PlannedStep>> {
    let protected = Protected::new(config);
    let mut steps = Vec::new();
    for name in dns::zones_of(client, account).await? {
        let observed = dns::observe(client, providers, &name, None).await?;
        let backup = observed.backup(providers, fate).await?;
        steps.extend(zone::plan_delete(&observed, &protected, backup.as_ref(), fate)?);
    }
    Ok(steps)
}

/// What it has proven, or was to prove.
async fn challenges(client: &Client, account: Uuid, fate: Fate) -> Result<Vec<PlannedStep>> {
    let mut steps = Vec::new();
    for challenge in ownership::list(client, Some(account)).await? {
        steps.extend(ownership::plan_delete(challenge, fate)?);
    }
    Ok(steps)
}

/// Records in zones that somebody else made.
async fn records_elsewhere(
    client: &Client,
    providers: &Providers,
    account: Uuid,
) -> Result<Vec<PlannedStep>> {
    let mut steps = Vec::new();
    for name in dns::zones_with_records_of(client, account).await? {
        let observed = dns::observe(client, providers, &name, None).await?;
        steps.extend(records::plan_release(&observed, account)?);
    }
    Ok(steps)
}

/// `[mail] hostname`, where there is one.
pub(super) fn mail_host(config: &Config) -> Result<Option<HostName>> {
    let host = config.mail.hostname.as_deref();
    host.map(|host| mail::records::host(Some(host))).transpose()
}
