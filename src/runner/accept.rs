//! Ending a residue by taking it as it is.

use std::time::Duration;

use super::{Context, World};
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Effects, Found, Journal, Operation, Place, StepRecord, StepState};

/// How long looking at the step may take; it is accepted all the same where it cannot be seen.
const LOOK: Duration = Duration::from_secs(15);

/// Takes step `number` (from 1, as `op show` counts) of a stuck operation as it is. What was seen of it is kept in the audit
/// trail. Gives the resource, and whether the operation has ended with it.
///
/// # Errors
/// `not_found` where there is no such step, `conflict`, reason `not_stuck`, where it is not what keeps the operation from its
/// end; as [`recover`](super::recover).
pub async fn accept(context: &Context, operation: &Operation, number: u32) -> Result<(String, bool)> {
    context.engage();
    let world = World::new(&context.config);
    let session = context.session().await?;
    let wait = context.settings.lock_wait;
    let mut taken = journal::take_over(&session, operation, &context.actor, None, wait).await?;
    let steps = std::mem::take(&mut taken.steps);
    let step = stuck(operation, &steps, number)?;
    let found = look(context, &world, step, taken.epoch).await;
    let mut journal = Journal::resume(session, &context.config, &world, &context.actor, &taken);
    let is_over = journal.accept(step.number, &step.resource, &found).await?;
    Ok((step.resource.clone(), is_over))
}

/// The step, if it is part of what keeps the operation from its end.
///
/// # Errors
/// As [`accept`].
fn stuck<'a>(operation: &Operation, steps: &'a [StepRecord], number: u32) -> Result<&'a StepRecord> {
    let id = operation.id;
    let step = steps.iter().find(|step| step.number + 1 == number);
    let none = || {
        let message = format!("operation {id} has no step {number}");
        Error::new(Kind::NotFound, "not_found", message).hint(format!("hostctl op show {id}"))
    };
    let step = step.ok_or_else(none)?;
    let is_past_pivot = steps
        .iter()
        .any(|step| step.is_pivot && step.state == StepState::Applied);
    if step.state.is_residue(is_past_pivot) {
        return Ok(step);
    }
    let message = format!(
        "step {number} of operation {id} is {}, not stuck",
        step.state.word().replace('_', " ")
    );
    Err(Error::new(Kind::Conflict, "not_stuck", message).hint(format!("hostctl op show {id}")))
}

/// What is there, in words.
async fn look(context: &Context, world: &World, step: &StepRecord, epoch: i64) -> String {
    if step.place == Place::Control {
        return "a row of the control database".to_owned();
    }
    let probe = world.probe(step, step.marker(epoch));
    match context.within(LOOK).run(&step.resource, probe).await {
        Ok(Found::Absent) => "nothing of it is there".to_owned(),
        Ok(Found::Ours(_)) => "it is there as it was written".to_owned(),
        Ok(Found::Changed(evidence) | Found::Foreign(evidence)) => evidence,
        Err(error) => format!("it could not be seen: {}", error.message()),
    }
}
