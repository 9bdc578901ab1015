//! Planning that nobody gets at what belongs to a site, or everybody again: its database's login and its mail domain. Its zone
//! stays served, and its certificate is renewed.

use serde_json::{Value, json};
use tokio_postgres::Client;

use super::list::Site;
use super::steps::Replace;
use crate::config::Config;
use crate::database::{self, Clusters, Existing};
use crate::env::deadline::Deadline;
use crate::error::Result;
use crate::journal::{Change, Plan, PlannedStep, Reversal};
use crate::mail::{domain, records};
use crate::model::{DatabaseName, DomainName};

/// What a site may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Logins and mail work.
    Active,
    /// They do not.
    Suspended,
}

impl State {
    /// As the row has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            State::Active => "active",
            State::Suspended => "suspended",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            State::Active => "site.resume",
            State::Suspended => "site.suspend",
        }
    }
}

/// Plans that `site` and its parts are in this state, whoever brought them into another; nothing where all of them are.
///
/// # Errors
/// Those of its parts; `denied`, reason `protected`, for the domain of the mail server itself.
pub async fn plan_state(
    client: &Client,
    clusters: &Clusters,
    config: &Config,
    site: &Site,
    state: State,
    deadline: Deadline,
) -> Result<Plan> {
    let mut steps = Vec::new();
    if let Some(name) = &site.database {
        let name: DatabaseName = name.parse()?;
        let cluster = site.cluster.as_deref();
        let existing = database::observe_existing(client, clusters, &name, cluster, deadline).await?;
        steps.extend(of_database(&existing, state)?);
    }
    if let Some(name) = &site.mail_domain {
        let name: DomainName = name.parse()?;
        if state == State::Suspended {
            let host = config.mail.hostname.as_deref();
            let host = host.map(|host| records::host(Some(host))).transpose()?;
            domain::check_protected(&name, host.as_ref())?;
        }
        let image = domain::observe(client, &name, Some(site.account_id)).await?;
        steps.extend(domain::plan_state(image, state.word())?);
    }
    steps.extend(of_row(site, state)?);
    Ok(Plan {
        kind: state.kind(),
        target: site.domain.clone(),
        account: Some(site.account_id),
        request: Value::Null,
        steps,
        claims: vec![format!("site:{}", site.domain)],
        result: json!({ "site": site.domain, "state": state.word() }),
    })
}

fn of_database(existing: &Existing, state: State) -> Result<Vec<PlannedStep>> {
    let plan = match state {
        State::Active => database::plan_resume(existing)?,
        State::Suspended => database::plan_suspend(existing)?,
    };
    Ok(plan.steps)
}

fn of_row(site: &Site, state: State) -> Result<Option<PlannedStep>> {
    let before = site.image()?;
    if before.state == state.word() {
        return Ok(None);
    }
    let mut after = before.clone();
    state.word().clone_into(&mut after.state);
    let change = Change {
        action: "change",
        resource: format!("site {}", site.domain),
        before: Some(before.state.clone()),
        after: Some(after.state.clone()),
        undo: Reversal::Undoable,
    };
    let step = Replace {
        before: Box::new(before),
        after: Box::new(after),
    };
    PlannedStep::in_control(&step, change).map(Some)
}
