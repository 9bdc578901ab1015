//! `hostctl op accept ID --step N`.

use uuid::Uuid;

use super::row::Shown;
use crate::commands::scope;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, State};
use crate::runner::{Context, accept};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The stuck operation
    #[arg(value_name = "ID")]
    id: Uuid,
    /// The step that is stuck, by its number in `op show`
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    step: u32,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let operation = scope::operation(context, &*session, args.id).await?;
    if operation.state != State::Stuck {
        let message = format!("operation {} is {}, not stuck", args.id, operation.state.word());
        return Err(Error::new(Kind::Conflict, "not_stuck", message).hint("hostctl op recover"));
    }
    drop(session);
    if !context.settings.is_dry_run {
        context.ui.confirm(&format!(
            "take step {} of {} {} for good, as it is now?",
            args.step,
            operation.kind.replace('.', " "),
            operation.target
        ))?;
        let (resource, is_over) = accept(context, &operation, args.step).await?;
        context.stands(format!("op.accept {}", args.id), Some(args.id));
        context.ui.note(&match is_over {
            true => format!("{resource} stays as it is; nothing of the operation is stuck any more"),
            false => format!("{resource} stays as it is"),
        });
    }
    let session = context.session().await?;
    let operation = scope::operation(context, &*session, args.id).await?;
    context.ui.one(&Shown::new(
        &operation,
        &journal::steps(&*session, args.id).await?,
    ))
}
