//! What recovery would do, for `--dry-run`: step by step, as the journal and the world stand now. Nothing is taken over.

use std::time::Duration;

use serde::Serialize;
use uuid::Uuid;

use super::{Context, World};
use crate::env::deadline::Deadline;
use crate::error::{Error, Result};
use crate::journal::{
    self, Direction, Effects, Found, Operation, Place, Reversal, State, StepRecord, StepState, StepView,
};
use crate::output::{Column, Row};

/// For one look at one step.
const LOOK: Duration = Duration::from_secs(10);

/// A step of recovery as `--dry-run` shows it.
#[derive(Debug, Serialize)]
pub struct Foreseen {
    operation: Uuid,
    step: u32,
    action: String,
    resource: String,
    before: Option<String>,
    after: Option<String>,
    undo: Reversal,
}

impl Row for Foreseen {
    const NOUN: &'static str = "step";
    const COLUMNS: &'static [Column] = &[
        Column::new("operation").detail(),
        Column::new("step"),
        Column::new("action"),
        Column::new("resource"),
        Column::new("before"),
        Column::new("after"),
        Column::new("undo"),
    ];
}

/// What [`recover`](super::recover()) would do with `operation`, in its order.
///
/// # Errors
/// `busy`, reason `held`, where a living process holds it and is not to be fenced; those of the control database.
pub async fn foresee(
    context: &Context,
    operation: &Operation,
    direction: Direction,
    fences: bool,
) -> Result<Vec<Foreseen>> {
    let session = context.session().await?;
    let is_held = journal::is_held(&session, operation).await?;
    if is_held && !fences {
        return Err(journal::held(operation));
    }
    let world = World::new(&context.config);
    let sight = Sight {
        // Whoever is at work keeps others from looking until it is done.
        world: (!is_held).then_some(&world),
        operation,
        steps: journal::finished_steps(&session, operation, None).await?,
        views: journal::steps(&*session, operation.id).await?,
    };
    Ok(if sight.goes_back(direction).await {
        sight.back().await
    } else {
        sight.forth()
    })
}

struct Sight<'a> {
    world: Option<&'a World>,
    operation: &'a Operation,
    steps: Vec<StepRecord>,
    views: Vec<StepView>,
}

impl Sight<'_> {
    /// Recovery decides alike: past a pivot there is no way back.
    async fn goes_back(&self, direction: Direction) -> bool {
        for step in self.steps.iter().filter(|step| step.is_pivot) {
            let is_past = match step.state {
                StepState::Applied => true,
                StepState::Intent | StepState::Unknown => {
                    matches!(
                        self.look(step).await,
                        Some(Ok(Found::Ours(_) | Found::Changed(_)))
                    )
                }
                _ => false,
            };
            if is_past {
                return false;
            }
        }
        direction == Direction::Back || self.operation.state != State::Running
    }

    /// Newest first, every step that was begun.
    async fn back(&self) -> Vec<Foreseen> {
        let mut rows = Vec::new();
        for (step, view) in self.steps.iter().zip(&self.views).rev() {
            let is_begun = !matches!(
                step.state,
                StepState::Pending | StepState::NotApplied | StepState::Undone
            );
            if is_begun {
                rows.push(Foreseen {
                    action: "undo".to_owned(),
                    resource: format!("{} {}", view.word("action"), view.word("resource")),
                    before: Some(self.standing(step, view).await),
                    after: view.text("before"),
                    undo: Reversal::ForwardOnly,
                    ..self.row(step)
                });
            }
        }
        rows
    }

    fn forth(&self) -> Vec<Foreseen> {
        let all = self.steps.iter().zip(&self.views);
        let missing = all.filter(|(step, _)| step.state != StepState::Applied);
        missing
            .map(|(step, view)| Foreseen {
                action: view.word("action"),
                resource: view.word("resource"),
                before: view.text("before"),
                after: view.text("after"),
                ..self.row(step)
            })
            .collect()
    }

    fn row(&self, step: &StepRecord) -> Foreseen {
        Foreseen {
            operation: self.operation.id,
            step: step.number + 1,
            action: String::new(),
            resource: String::new(),
            before: None,
            after: None,
            undo: Reversal::ForwardOnly,
        }
    }

    /// What there is of a step that was begun.
    async fn standing(&self, step: &StepRecord, view: &StepView) -> String {
        let done = || view.text("after").unwrap_or_else(|| "done".to_owned());
        match self.look(step).await {
            Some(Ok(Found::Ours(_))) => done(),
            Some(Ok(Found::Absent)) => "nothing there".to_owned(),
            Some(Ok(Found::Changed(evidence) | Found::Foreign(evidence))) => evidence,
            Some(Err(error)) => format!("cannot be looked at: {}", error.message()),
            None if step.state == StepState::Applied => done(),
            None => format!("unknown, perhaps {}", done()),
        }
    }

    /// Nothing where there is nothing to look at: the journal itself knows, or somebody is at work.
    async fn look(&self, step: &StepRecord) -> Option<Result<Found, Error>> {
        let world = self.world.filter(|_| step.place != Place::Control)?;
        let marker = step.marker(self.operation.epoch);
        let look = Deadline::after(LOOK).run(&step.resource, world.probe(step, marker));
        Some(look.await)
    }
}
