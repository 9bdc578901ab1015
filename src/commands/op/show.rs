//! `hostctl op show ID`.

use uuid::Uuid;

use super::row::{Shown, StepRow};
use crate::commands::scope;
use crate::error::Result;
use crate::journal::{self, State, StepView};
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
    let operation = scope::operation(context, &*session, args.id).await?;
    let steps = journal::steps(&*session, args.id).await?;
    let shown = Shown::new(&operation, &steps);
    context.ui.one(&shown)?;
    if context.ui.options().format == Format::Table && !context.ui.options().is_quiet {
        context.ui.print("\n")?;
        context.ui.all(shown.steps())?;
    }
    if operation.state == State::Stuck {
        tell_residue(context, &steps, args.id);
    }
    Ok(())
}

/// For each thing that remains: what it is, why, and what would mend it.
fn tell_residue(context: &Context, steps: &[StepView], id: Uuid) {
    for step in journal::residue(steps) {
        let step = StepRow::from(step);
        let why = step.error.as_deref().unwrap_or(step.state);
        context
            .ui
            .note(&format!("{} remains, of step {}: {why}", step.what, step.step));
        if let Some(mend) = &step.mend {
            context.ui.note(&format!("to mend it: {mend}"));
        }
    }
    context.ui.note(&format!(
        "once that is mended: hostctl op retry {id}; to leave it as it is: hostctl op abandon {id}"
    ));
}
