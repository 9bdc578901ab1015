//! One site of a manifest at a time: look, and where something differs one operation.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::input::{Item, Wish};
use super::mint::Mint;
use super::preview::{LOOK, Watch, check_stale, eyes};
use crate::control::Session;
use crate::error::{Error, Kind, Result};
use crate::output::words::First;
use crate::output::{self, Column};
use crate::runner::{Change, Context, Done, Outcome, Proposal, SecretFile, World};
use crate::site::{self, Reach, Site};
use crate::trash::Fate;

/// One thing to do.
pub(super) enum Task {
    /// Bring a site to what its manifest says.
    Apply(Box<Item>),
    /// End a site that no manifest names.
    Delete(Box<Site>),
}

/// What works on sites.
pub(super) struct Worker<'a> {
    pub context: &'a Context,
    pub watch: &'a Watch<'a>,
    /// Where new secrets go.
    pub file: Option<Arc<SecretFile>>,
    pub prunes: bool,
    /// Hashing and making keys take a core each, and memory: not more of them at once than there are cores.
    pub cores: Semaphore,
    /// Sites of which nothing goes.
    pub unseen: &'a BTreeSet<String>,
}

/// What became of one site.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub domain: String,
    account: Option<String>,
    /// `created`, `changed`, `unchanged`, `removed`, `failed` or `skipped`.
    status: &'static str,
    /// How many steps it took.
    steps: usize,
    operation: Option<String>,
    /// New passwords, where they may be shown.
    secrets: Option<Vec<Value>>,
    error: Option<Value>,
    #[serde(skip)]
    pub failure: Option<Error>,
    /// How many new passwords were not shown.
    #[serde(skip)]
    pub unshown: usize,
}

impl output::Row for Row {
    const NOUN: &'static str = "site";
    const COLUMNS: &'static [Column] = &[
        Column::new("domain"),
        Column::new("account"),
        Column::new("status").state(),
        Column::new("steps"),
        Column::new("operation").detail(),
        Column::new("secrets"),
        Column::new("error"),
    ];
}

impl Worker<'_> {
    /// Does one.
    pub async fn run(&self, task: Task) -> Row {
        match task {
            Task::Apply(item) => self.apply(*item).await,
            Task::Delete(site) => {
                let ended = self.delete(&site).await;
                let row = Row::new(&site.domain, Some(&site.account));
                match ended {
                    Ok(outcome) => self.told(row, outcome, "removed"),
                    Err(error) => row.failed(error),
                }
            }
        }
    }

    /// One that is not begun, because another failed.
    pub fn skipped(task: &Task) -> Row {
        match task {
            Task::Apply(item) => {
                let account = item.wish.as_ref().ok().map(|wish| wish.owner.name.as_str());
                Row::new(&item.label, account)
            }
            Task::Delete(site) => Row::new(&site.domain, Some(&site.account)),
        }
    }

    async fn apply(&self, item: Item) -> Row {
        let wish = match item.wish {
            Ok(wish) => wish,
            Err(error) => return Row::new(&item.label, None).failed(error),
        };
        let row = Row::new(&item.label, Some(&wish.owner.name));
        let prunes = self.prunes && !self.unseen.contains(wish.site.domain.as_str());
        // Most sites of most runs are as they shall be: that costs a look on a session that is there.
        match self.watch.preview(&wish, prunes).await {
            Ok(preview) if preview.steps.is_empty() => return row.with("unchanged"),
            Ok(_) => {}
            // What a dead process left is ended by the change itself, which then looks again.
            Err(error) if error.kind() == Kind::Conflict && error.reason() != "stale" => {}
            Err(error) => return row.failed(error),
        }
        match self.change(&wish, prunes).await {
            Ok(outcome) => self.told(row, outcome, "changed"),
            Err(error) => row.failed(error),
        }
    }

    async fn change(&self, wish: &Wish, prunes: bool) -> Result<Outcome> {
        let mint = Mint::default();
        let domain = &wish.site.domain;
        Change::new("site.apply", domain.as_str(), json!({ "prune": prunes }))
            .shares(self.file.clone())
            .run(self.context, async |session: &Session, world: &World, id| {
                let eyes = eyes(self.context, session, world);
                let look = site::look(eyes, domain, wish.owner.clone(), Some(&wish.site), false).await?;
                let digest = look.digest();
                let needs = site::needs(&wish.site, &look);
                let (material, secrets) = mint.make(&needs, domain, &self.cores, self.context).await?;
                let config = &self.context.config;
                let planned = site::converge(id, &wish.site, look, material, prunes, &world.hooks, config)?;
                check_stale(wish, &digest, planned.plan.steps.is_empty())?;
                let others = &planned.replaces;
                let question = || format!("replace what others wrote ({})?", First(others));
                Ok(Proposal {
                    question: (!others.is_empty()).then(question),
                    secrets,
                    ..Proposal::from(planned.plan)
                })
            })
            .await
    }

    async fn delete(&self, site: &Site) -> Result<Outcome> {
        Change::new("site.delete", site.domain.as_str(), json!({}))
            .shares(self.file.clone())
            .run(self.context, async |session: &Session, world: &World, _| {
                let found = site::find(&**session, &site.domain.parse()?, Some(site.account_id)).await?;
                let reach = Reach {
                    clusters: &world.clusters,
                    providers: &world.providers,
                    hooks: &world.hooks,
                };
                let (config, limit) = (&self.context.config, self.context.within(LOOK));
                let fate = Fate::Kept(config.trash_retention);
                site::plan_delete(session, reach, config, &found, fate, limit).await
            })
            .await
    }

    fn told(&self, row: Row, outcome: Outcome, status: &'static str) -> Row {
        match outcome {
            Outcome::Shown | Outcome::Unchanged(_) => row.with("unchanged"),
            Outcome::Done(done) => {
                let is_new = done.result.get("is_new") == Some(&json!(true));
                let status = if is_new { "created" } else { status };
                let (secrets, unshown) = self.secrets(&done);
                Row {
                    steps: done.steps,
                    operation: Some(done.operation.to_string()),
                    secrets,
                    unshown,
                    ..row.with(status)
                }
            }
        }
    }

    /// The new passwords as the row shows them, and how many it does not.
    fn secrets(&self, done: &Done) -> (Option<Vec<Value>>, usize) {
        let context = self.context;
        let made: Vec<_> = done.secrets.iter().filter(|secret| !secret.was_given).collect();
        let is_told = context.settings.secret_out.is_some();
        let is_shown = context.settings.shows_secret || (context.ui.terminal().stdout && !is_told);
        if made.is_empty() || !is_shown {
            return (None, if is_told { 0 } else { made.len() });
        }
        let shown = made.into_iter().map(
            |secret| json!({ "kind": secret.kind, "name": secret.name, "password": secret.secret.expose() }),
        );
        (Some(shown.collect()), 0)
    }
}

impl Row {
    fn new(domain: &str, account: Option<&str>) -> Self {
        Row {
            domain: domain.to_owned(),
            account: account.map(ToOwned::to_owned),
            status: "skipped",
            steps: 0,
            operation: None,
            secrets: None,
            error: None,
            failure: None,
            unshown: 0,
        }
    }

    fn with(self, status: &'static str) -> Self {
        Row { status, ..self }
    }

    fn failed(self, error: Error) -> Self {
        Row {
            error: Some(json!({
                "kind": error.kind().word(), "reason": error.reason(), "message": error.message(),
                "hint": error.hint_text(),
            })),
            operation: error.operation_id().map(ToOwned::to_owned),
            failure: Some(error),
            ..self.with("failed")
        }
    }
}
