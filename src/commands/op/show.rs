//! `hostctl op show ID`.

use uuid::Uuid;

use super::row::Shown;
use crate::error::Result;
use crate::journal::{self, State, StepState};
use crate::output::Format;
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The operation
    #[arg(value_name = "ID")]
    id: Uuid,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let operation = journal::find(&*session, args.id).await?;
    let steps = journal::steps(&*session, args.id).await?;
    let shown = Shown::new(&operation, &steps);
    context.ui.one(&shown)?;
    if context.ui.options().format == Format::Table && !context.ui.options().is_quiet {
        context.ui.print("\n")?;
        context.ui.all(shown.steps())?;
    }
    if operation.state == State::Stuck {
        for step in steps.iter().filter(|step| step.state == StepState::UndoStuck) {
            context.ui.note(&format!(
                "{} remains; put it right by hand, then: hostctl op retry {}",
                step.resource, args.id
            ));
        }
    }
    Ok(())
}
