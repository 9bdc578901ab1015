//! `hostctl op abandon ID`.

use uuid::Uuid;

use super::row::Shown;
use crate::commands::scope;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, State};
use crate::runner::{Context, abandon};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The operation, which is stuck or kept
    #[arg(value_name = "ID")]
    id: Uuid,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let operation = scope::operation(context, &*context.session().await?, args.id).await?;
    let is_kept = operation.resumes && operation.state.is_open();
    if operation.state != State::Stuck && !is_kept {
        let message = format!("operation {} is {}, not stuck", args.id, operation.state.word());
        return Err(Error::new(Kind::Conflict, "not_stuck", message).hint("hostctl op recover"));
    }
    if !context.settings.is_dry_run {
        let words = operation.kind.replace('.', " ");
        context.ui.confirm(&format!(
            "abandon {words} {} and leave what remains of it as it is?",
            operation.target
        ))?;
        abandon(context, &operation).await?;
        context.stands(format!("op.abandon {}", args.id), Some(args.id));
    }
    let session = context.session().await?;
    let operation = scope::operation(context, &*session, args.id).await?;
    context.ui.one(&Shown::new(
        &operation,
        &journal::steps(&*session, args.id).await?,
    ))
}
