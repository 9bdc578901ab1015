//! What was made in something that was there before is undone by deleting it as its own verb would, kept in the trash; the
//! rest of its operation is turned round. An archive stays where it is: undoing its backup takes it out of the list.

use std::collections::BTreeSet;

use crate::control::Session;
use crate::database;
use crate::dns::{self, Protected, step, zone};
use crate::error::{Kind, Result};
use crate::journal::{self, ControlStep as _, Operation, OutsideStep as _, PlannedStep, StepState, StepView};
use crate::mail::{alias, boxes, domain};
use crate::model::{MailAddress, ZoneName};
use crate::runner::{Context, Instead, World};
use crate::trash::Fate;

/// Who makes databases and zones beside other things.
const COMPOSING: [&str; 2] = ["site.create", "site.apply"];
/// The steps that make a database.
const DATABASE: [&str; 5] = [
    database::Roles::KIND,
    database::Create::KIND,
    database::Prepare::KIND,
    database::Publish::KIND,
    database::Record::KIND,
];
/// The steps that make a zone, and wait for it.
const ZONE: [&str; 3] = [
    step::ZoneCreate::KIND,
    step::ZoneRecord::KIND,
    step::Published::KIND,
];
/// For each kind of thing that can have been there before a site: what its key begins with, and the step that makes it.
const MAKING: [(&str, &str); 5] = [
    ("database:", database::Create::KIND),
    ("maildomain:", domain::Create::KIND),
    ("box:", boxes::Create::KIND),
    ("alias:", alias::Create::KIND),
    ("zone:", step::ZoneCreate::KIND),
];

/// Whether everything that `steps` delete was made by these.
pub(super) fn are_all_made(made: &[StepView], steps: &[PlannedStep]) -> bool {
    steps.iter().all(|step| {
        let making = MAKING.iter().find(|(key, _)| step.resource.starts_with(key));
        making.is_none_or(|(_, kind)| {
            made.iter()
                .any(|made| made.resource == step.resource && made.kind == *kind)
        })
    })
}

/// The deletions of what `operation` made, instead of turning its steps round. What is not as it left it is left to these:
/// they say so.
///
/// # Errors
/// Those of looking at it.
pub(super) async fn plan(
    context: &Context,
    session: &Session,
    world: &World,
    operation: &Operation,
) -> Result<Vec<Instead>> {
    let steps = journal::steps(&**session, operation.id).await?;
    let of = Of {
        context,
        session,
        world,
        operation,
        steps: &steps,
        fate: Fate::Kept(context.config.trash_retention),
    };
    let mut found = Vec::new();
    for step in steps.iter().filter(|step| step.state == StepState::Applied) {
        let is_composed = COMPOSING.contains(&operation.kind.as_str());
        found.extend(match step.kind.as_str() {
            boxes::Create::KIND => of.a_box(step).await?,
            database::Dump::KIND => of.an_archive(step)?,
            database::Create::KIND if is_composed => of.database(step).await?,
            step::ZoneCreate::KIND if is_composed => of.zone(step).await?,
            _ => None,
        });
    }
    Ok(found)
}

/// Of what.
struct Of<'a> {
    context: &'a Context,
    session: &'a Session,
    world: &'a World,
    operation: &'a Operation,
    steps: &'a [StepView],
    fate: Fate,
}

impl Of<'_> {
    async fn a_box(&self, step: &StepView) -> Result<Option<Instead>> {
        let address: MailAddress = after(step, "box:").parse()?;
        let found = boxes::observe(&**self.session, &address, None).await;
        match there(found)? {
            Some(image) if image.was_written_by(self.operation.id) => self.instead(
                step,
                &[boxes::Create::KIND],
                boxes::plan_delete(image, self.fate)?,
            ),
            Some(_) | None => Ok(None),
        }
    }

    fn an_archive(&self, step: &StepView) -> Result<Option<Instead>> {
        let words = step.description["resource"].as_str().unwrap_or(&step.resource);
        let ui = &self.context.ui;
        ui.note(&format!(
            "archive {words} stays where it is, and is taken off the list"
        ));
        self.instead(step, &[database::Dump::KIND], Vec::new())
    }

    async fn database(&self, step: &StepView) -> Result<Option<Instead>> {
        let (cluster, name) = after(step, "database:").split_once('/').unwrap_or_default();
        let limit = self.context.within(super::LOOK);
        let clusters = &self.world.clusters;
        let found =
            database::observe_existing(&**self.session, clusters, &name.parse()?, Some(cluster), limit).await;
        match there(found)? {
            Some(existing) if existing.database.database_operation == self.operation.id => self.instead(
                step,
                &DATABASE,
                database::plan_delete(&existing, self.fate)?.steps,
            ),
            Some(_) | None => Ok(None),
        }
    }

    async fn zone(&self, step: &StepView) -> Result<Option<Instead>> {
        let name: ZoneName = after(step, "zone:").parse()?;
        let was_forgotten =
            |other: &StepView| other.resource == step.resource && other.kind == step::ZoneForget::KIND;
        let observed = dns::observe(&**self.session, &self.world.providers, &name, None).await?;
        let row = observed.row.as_ref();
        let is_as_made = row.is_some_and(|row| row.was_written_by(self.operation.id));
        if !is_as_made || self.steps.iter().any(was_forgotten) {
            return Ok(None);
        }
        let backup = observed.backup(&self.world.providers, self.fate).await?;
        let protected = Protected::new(&self.context.config);
        let planned = zone::plan_delete(&observed, &protected, backup.as_ref(), self.fate)?;
        self.instead(step, &ZONE, planned)
    }

    /// In the place of the steps of these kinds that made what `step` helped to make.
    fn instead(&self, step: &StepView, kinds: &[&str], planned: Vec<PlannedStep>) -> Result<Option<Instead>> {
        let is_one =
            |other: &&StepView| other.resource == step.resource && kinds.contains(&other.kind.as_str());
        let numbers = self
            .steps
            .iter()
            .filter(is_one)
            .map(|other| u32::try_from(other.number));
        let numbers: Result<BTreeSet<u32>, _> = numbers.collect();
        let numbers = numbers.map_err(|_| crate::error::Error::internal("a step with a negative number"))?;
        Ok(Some(Instead { numbers, planned }))
    }
}

/// The name in the key of a step.
fn after<'a>(step: &'a StepView, prefix: &str) -> &'a str {
    step.resource.strip_prefix(prefix).unwrap_or_default()
}

/// What was found; nothing where it is gone.
fn there<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
