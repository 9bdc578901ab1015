//! `hostctl op retry ID`.

use uuid::Uuid;

use super::row::Shown;
use crate::commands::scope;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Direction, State};
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
        let message = format!("operation {} is {}, not stuck", args.id, operation.state.word());
        return Err(Error::new(Kind::Conflict, "not_stuck", message));
    }
    if context.settings.is_dry_run {
        let steps = foresee(context, &operation, Direction::Back, false).await?;
        return context.ui.all(&steps);
    }
    let wait = context.settings.lock_wait;
    if let Recovered::Left(error) = recover(context, &operation, Direction::Back, wait, false).await? {
        return Err(error);
    }
    context.stands(format!("op.retry {}", args.id), Some(args.id));
    let session = context.session().await?;
    let operation = scope::operation(context, &*session, args.id).await?;
    context.ui.one(&Shown::new(
        &operation,
        &journal::steps(&*session, args.id).await?,
    ))
}
