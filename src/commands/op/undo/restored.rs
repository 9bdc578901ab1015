//! A restore in place is turned round, and what it had brought goes into the trash: it may hold what was written since.

use uuid::Uuid;

use crate::control::Session;
use crate::database;
use crate::error::Result;
use crate::journal::{self, Operation, OutsideStep as _, PlannedStep};
use crate::runner::{Context, Instead, World, turn_back};

/// The steps that undo the restore `operation`, for the operation `id`; nothing where it is no restore.
pub(super) async fn plan(
    context: &Context,
    session: &Session,
    world: &World,
    operation: &Operation,
    id: Uuid,
) -> Result<Option<Vec<PlannedStep>>> {
    if operation.kind != "db.restore" {
        return Ok(None);
    }
    // What it loaded is what is kept.
    let loads = journal::steps(&**session, operation.id).await?;
    let loads = loads.iter().filter(|step| step.kind == database::Load::KIND);
    let kept = Instead {
        numbers: loads.filter_map(|step| u32::try_from(step.number).ok()).collect(),
        planned: Vec::new(),
    };
    let mut steps = turn_back(context, world, operation, vec![kept]).await?;
    let (name, cluster) = (operation.target.parse()?, operation.result["cluster"].as_str());
    let limit = context.within(super::LOOK);
    let existing = database::observe_existing(&**session, &world.clusters, &name, cluster, limit).await?;
    let retention = context.config.trash_retention;
    steps.extend(database::plan_park(id, &existing, operation.id, retention)?);
    Ok(Some(steps))
}
