//! What is kept, to be gone on with, and stands in the way of something that is to come instead of it.

use crate::certificate::order::Finalize;
use crate::certificate::store::Delete;
use crate::control::Session;
use crate::error::Result;
use crate::journal::{self, Operation, OutsideStep as _, Plan};

/// Whether `plan` comes instead of what is kept as `operation`: its end, or the same at another authority. Whoever wants the
/// same at the same one gets it by going on.
///
/// # Errors
/// Those of the control database.
pub(super) async fn has_to_yield(session: &Session, operation: &Operation, plan: &Plan) -> Result<bool> {
    if !operation.resumes {
        return Ok(false);
    }
    if plan
        .steps
        .iter()
        .any(|step| step.kind == <Delete as journal::ControlStep>::KIND)
    {
        return Ok(true);
    }
    let Some(ours) = plan.steps.iter().find(|step| step.kind == Finalize::KIND) else {
        return Ok(false);
    };
    let kept = journal::finished_steps(session, operation, None).await?;
    let is_other = |theirs: &journal::StepRecord| theirs.parameters["ca"] != ours.parameters["ca"];
    Ok(kept
        .iter()
        .any(|theirs| theirs.kind == Finalize::KIND && is_other(theirs)))
}
