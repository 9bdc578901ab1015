//! Looking at a site and planning, without doing anything.

use std::time::Duration;

use serde::Serialize;

use super::input::Wish;
use crate::clock;
use crate::control::Session;
use crate::error::{Error, Kind, Result};
use crate::journal::{PlannedStep, Reversal};
use crate::output::{Column, Row};
use crate::runner::{Context, World};
use crate::site::{self, Eyes, Look, Material, Reach, Site};
use crate::trash::Fate;

/// How long one site may be looked at.
pub(super) const LOOK: Duration = Duration::from_secs(30);

/// One session of each kind for all looks: they hold nothing, and may be under way side by side.
pub(super) struct Watch<'a> {
    context: &'a Context,
    session: Session,
    world: World,
}

/// What would be done for a site.
#[derive(Debug)]
pub(super) struct Preview {
    pub steps: Vec<StepRow>,
    /// What goes, in words.
    pub removals: Vec<String>,
    /// What stands past manifest and program, and stays, in words.
    pub extras: Vec<String>,
    /// How many parts stand.
    pub parts: usize,
    /// What was seen.
    pub digest: String,
}

/// A step of a plan over several sites.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StepRow {
    site: String,
    step: usize,
    action: &'static str,
    resource: String,
    before: Option<String>,
    after: Option<String>,
    undo: Reversal,
    /// Whether it keeps the books for another step.
    #[serde(skip)]
    is_bookkeeping: bool,
}

impl Row for StepRow {
    const NOUN: &'static str = "step";
    const COLUMNS: &'static [Column] = &[
        Column::new("site"),
        Column::new("step"),
        Column::new("action"),
        Column::new("resource"),
        Column::new("before"),
        Column::new("after"),
        Column::new("undo"),
    ];
}

/// A difference between what stands and what is wanted.
#[derive(Debug, Serialize)]
pub(super) struct DifferenceRow {
    site: String,
    action: &'static str,
    resource: String,
    before: Option<String>,
    after: Option<String>,
}

impl Row for DifferenceRow {
    const NOUN: &'static str = "difference";
    const COLUMNS: &'static [Column] = &[
        Column::new("site"),
        Column::new("action"),
        Column::new("resource"),
        Column::new("before"),
        Column::new("after"),
    ];
}

impl<'a> Watch<'a> {
    pub async fn open(context: &'a Context) -> Result<Self> {
        Ok(Watch {
            context,
            session: context.session().await?,
            world: World::new(&context.config),
        })
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    pub async fn look(&self, wish: &Wish, all_extensions: bool) -> Result<Look> {
        let eyes = eyes(self.context, &self.session, &self.world);
        site::look(
            eyes,
            &wish.site.domain,
            wish.owner.clone(),
            Some(&wish.site),
            all_extensions,
        )
        .await
    }

    /// What ending a site would do.
    pub async fn deletion(&self, site: &Site) -> Result<Vec<StepRow>> {
        let reach = Reach {
            clusters: &self.world.clusters,
            providers: &self.world.providers,
            hooks: &self.world.hooks,
        };
        let config = &self.context.config;
        let limit = self.context.within(LOOK);
        let fate = Fate::Kept(config.trash_retention);
        let plan = site::plan_delete(&self.session, reach, config, site, fate, limit).await?;
        Ok(rows(&site.domain, &plan.steps))
    }

    /// What would be done.
    ///
    /// # Errors
    /// `conflict`, reason `stale`, where a kept plan saw something else; those of looking and planning.
    pub async fn preview(&self, wish: &Wish, prunes: bool) -> Result<Preview> {
        let look = self.look(wish, false).await?;
        let digest = look.digest();
        let material = Material::placeholder(&site::needs(&wish.site, &look))?;
        let config = &self.context.config;
        let hooks = &self.world.hooks;
        let planned = site::converge(
            clock::new_id()?,
            &wish.site,
            look,
            material,
            prunes,
            hooks,
            config,
        )?;
        check_stale(wish, &digest, planned.plan.steps.is_empty())?;
        planned.notes.iter().for_each(|note| self.context.ui.note(note));
        Ok(Preview {
            steps: rows(wish.site.domain.as_str(), &planned.plan.steps),
            removals: planned.removals,
            extras: planned.extras,
            parts: planned.parts,
            digest,
        })
    }
}

/// What a look needs.
pub(super) fn eyes<'w>(context: &Context, session: &'w Session, world: &'w World) -> Eyes<'w> {
    Eyes {
        client: session,
        clusters: &world.clusters,
        providers: &world.providers,
        hooks: &world.hooks,
        deadline: context.within(LOOK),
    }
}

/// Refuses what a kept plan did not see. Where nothing is left to do it does not matter: somebody, perhaps an earlier run,
/// has done it.
pub(super) fn check_stale(wish: &Wish, digest: &str, is_done: bool) -> Result<()> {
    if is_done || wish.digest.as_ref().is_none_or(|planned| planned == digest) {
        return Ok(());
    }
    let message = format!("site {} has changed since the plan was made", wish.site.domain);
    Err(Error::new(Kind::Conflict, "stale", message).hint("make the plan anew: hostctl site plan --out FILE"))
}

/// Steps as rows.
pub(super) fn rows(domain: &str, steps: &[PlannedStep]) -> Vec<StepRow> {
    let row = |(index, step): (usize, &PlannedStep)| {
        let is_record = matches!(step.change.action, "record" | "forget");
        let is_late = step.change.action == "publish" && step.change.before.is_some();
        StepRow {
            site: domain.to_owned(),
            step: index + 1,
            action: step.change.action,
            resource: step.change.resource.clone(),
            before: step.change.before.clone(),
            after: step.change.after.clone(),
            undo: step.change.undo,
            is_bookkeeping: (is_record || step.kind == "dns.published") && !is_late,
        }
    };
    steps.iter().enumerate().map(row).collect()
}

/// What differs, without the steps that only keep the books; all of them where there are no others.
pub(super) fn differences(steps: Vec<StepRow>) -> Vec<DifferenceRow> {
    let keeps_all = steps.iter().all(|step| step.is_bookkeeping);
    let shown = steps.into_iter().filter(|step| keeps_all || !step.is_bookkeeping);
    let row = |step: StepRow| DifferenceRow {
        site: step.site,
        action: step.action,
        resource: step.resource,
        before: step.before,
        after: step.after,
    };
    shown.map(row).collect()
}

/// What stands although the program did not make it.
pub(super) fn extras(domain: &str, extras: Vec<String>) -> Vec<DifferenceRow> {
    let row = |resource| DifferenceRow {
        site: domain.to_owned(),
        action: "extra",
        resource,
        before: Some("not made by hostctl".to_owned()),
        after: Some("stays; --adopt makes it ours".to_owned()),
    };
    extras.into_iter().map(row).collect()
}
