//! Planning the end of a site: everything that can be taken back first, what cannot be afterwards.

use std::time::Duration;

use serde_json::Value;
use tokio_postgres::Client;

use super::list::Site;
use super::steps::Forget;
use crate::certificate::store;
use crate::config::Config;
use crate::database::{self, Clusters};
use crate::dns::{self, Protected, Providers, zone};
use crate::env::deadline::Deadline;
use crate::error::{Kind, Result};
use crate::hook::{self, Hooks};
use crate::journal::{Change, Plan, PlannedStep, Reversal};
use crate::mail::{domain, records};
use crate::model::{DatabaseName, DomainName, ZoneName};
use crate::trash::{self, Fate};

/// Through what the parts of a site are reached.
#[derive(Clone, Copy)]
pub struct Reach<'a> {
    /// Tenants' clusters.
    pub clusters: &'a Clusters,
    /// DNS providers.
    pub providers: &'a Providers,
    /// The operator's own steps.
    pub hooks: &'a Hooks,
}

/// Looks at every part of `site` and plans its end: the operator's own steps first, since they may need the rest. A part
/// that is gone already is left out.
///
/// # Errors
/// Those of each part: `conflict` where something there is not ours or not as we left it, `denied` for what is protected.
pub async fn plan_delete(
    client: &Client,
    reach: Reach<'_>,
    config: &Config,
    site: &Site,
    fate: Fate,
    deadline: Deadline,
) -> Result<Plan> {
    let Reach {
        clusters,
        providers,
        hooks,
    } = reach;
    let own = hook::plan_delete(hooks, hook::list(client, &site.domain).await?)?;
    let mut steps = own.steps;
    if let Some(name) = &site.database {
        let name: DatabaseName = name.parse()?;
        let existing =
            database::observe_existing(client, clusters, &name, site.cluster.as_deref(), deadline).await;
        match existing {
            Ok(existing) => steps.extend(database::plan_delete(&existing, fate)?.steps),
            Err(error) if error.kind() == Kind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    if let Some(name) = &site.mail_domain {
        let name: DomainName = name.parse()?;
        match domain::observe(client, &name, Some(site.account_id)).await {
            Ok(image) => {
                let host = config
                    .mail
                    .hostname
                    .as_deref()
                    .map(|host| records::host(Some(host)))
                    .transpose()?;
                steps.extend(domain::plan_delete(image, true, host.as_ref(), fate)?);
            }
            Err(error) if error.kind() == Kind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    if let Some(name) = &site.certificate {
        match store::observe(client, &name.parse()?, Some(site.account_id)).await {
            // Files on hosts stay, as where it is deleted alone.
            Ok(image) => steps.extend(store::plan_delete(image, true, fate)?),
            Err(error) if error.kind() == Kind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    if let Some(name) = &site.zone {
        let name: ZoneName = name.parse()?;
        let observed = dns::observe(client, providers, &name, None).await?;
        if observed.row.is_some() {
            let backup = observed.backup(providers, fate).await?;
            steps.extend(zone::plan_delete(
                &observed,
                &Protected::new(config),
                backup.as_ref(),
                fate,
            )?);
        }
    }
    steps.extend(own.rows);
    steps.push(step_forget(site)?);
    if let Fate::Kept(retention) = fate {
        steps.push(step_keep(site, retention)?);
    }
    Ok(Plan {
        kind: "site.delete",
        target: site.domain.clone(),
        account: Some(site.account_id),
        request: Value::Null,
        steps: pivots_last(steps),
        claims: vec![format!("site:{}", site.domain)],
        result: Value::Null,
    })
}

/// Each part ends with what cannot be taken back; of all parts these come last, in their order.
pub(super) fn pivots_last(steps: Vec<PlannedStep>) -> Vec<PlannedStep> {
    let (mut first, last) = split_at_pivots(steps);
    first.extend(last);
    first
}

/// What can be taken back and what cannot, each in its order.
#[must_use]
pub fn split_at_pivots(steps: Vec<PlannedStep>) -> (Vec<PlannedStep>, Vec<PlannedStep>) {
    let is_final = |step: &PlannedStep| step.change.undo == Reversal::ForwardOnly || step.is_pivot;
    steps.into_iter().partition(|step| !is_final(step))
}

/// The step that forgets what belongs together.
///
/// # Errors
/// `internal`.
pub fn step_forget(site: &Site) -> Result<PlannedStep> {
    let image = site.image()?;
    let change = Change {
        action: "forget",
        resource: format!("site {}", site.domain),
        before: Some(site.state.clone()),
        after: None,
        undo: Reversal::Undoable,
    };
    PlannedStep::in_control(&Forget(image), change)
}

/// The step that keeps in the trash for so long what belonged together.
///
/// # Errors
/// `internal`.
pub fn step_keep(site: &Site, retention: Duration) -> Result<PlannedStep> {
    trash::keep(
        "site",
        &site.domain,
        Some(site.account_id),
        Value::Null,
        retention,
    )
}
