//! `hostctl op retry ID`.

use uuid::Uuid;

use super::row::Shown;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Direction, State};
use crate::runner::{Context, Recovered, recover};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The stuck operation
    #[arg(value_name = "ID")]
    id: Uuid,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let operation = journal::find(&*context.session().await?, args.id).await?;
    if operation.state != State::Stuck {
        let message = format!("operation {} is {}, not stuck", args.id, operation.state.word());
        return Err(Error::new(Kind::Conflict, "not_stuck", message));
    }
    if !context.settings.is_dry_run
        && let Recovered::Left(error) = recover(
            context,
            &operation,
            Direction::Back,
            context.settings.lock_wait,
            false,
        )
        .await?
    {
        return Err(error);
    }
    if !context.settings.is_dry_run {
        context.stands(format!("op.retry {}", args.id), Some(args.id));
    }
    let session = context.session().await?;
    let operation = journal::find(&*session, args.id).await?;
    context.ui.one(&Shown::new(
        &operation,
        &journal::steps(&*session, args.id).await?,
    ))
}
