//! `hostctl op retry ID`.

use uuid::Uuid;

use super::row::Shown;
use crate::commands::scope;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Direction, Operation, State};
use crate::runner::{Context, Recovered, foresee, recover};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The stuck operation
    #[arg(value_name = "ID")]
    id: Uuid,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let operation = scope::operation(context, &*context.session().await?, args.id).await?;
    if operation.state != State::Stuck {
        let session = context.session().await?;
        let is_held = operation.state.is_open() && journal::is_held(&session, &operation).await?;
        return Err(match is_held {
            true => journal::held(&operation),
            false => not_stuck(&operation),
        });
    }
    if context.settings.is_dry_run {
        let steps = foresee(context, &operation, Direction::Back, false).await?;
        return context.ui.all(&steps);
    }
    let wait = context.settings.lock_wait;
    match recover(context, &operation, Direction::Back, wait, false).await {
        Ok(Recovered::Ended(_)) => {}
        // Another one was quicker.
        Err(error) if error.reason() == "ended" => {
            let session = context.session().await?;
            return Err(not_stuck(&scope::operation(context, &*session, args.id).await?));
        }
        Ok(Recovered::Left(error)) | Err(error) => return Err(error),
    }
    context.stands(format!("op.retry {}", args.id), Some(args.id));
    let session = context.session().await?;
    let operation = scope::operation(context, &*session, args.id).await?;
    context.ui.one(&Shown::new(
        &operation,
        &journal::steps(&*session, args.id).await?,
    ))
}

fn not_stuck(operation: &Operation) -> Error {
    let state = operation.state.word().replace('_', " ");
    let message = format!("operation {} is {state}, not stuck", operation.id);
    Error::new(Kind::Conflict, "not_stuck", message)
}
