//! `hostctl op watch ID`.

use std::time::Duration;

use uuid::Uuid;

use super::row::Shown;
use crate::commands::scope;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, State};
use crate::runner::Context;

const PAUSE: Duration = Duration::from_millis(250);

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The operation
    #[arg(value_name = "ID")]
    id: Uuid,
}

/// Waits until the operation is over and answers as `op show` does; exit 5 where it did not succeed.
pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    loop {
        let operation = scope::operation(context, &*session, args.id).await?;
        if !operation.state.is_open() {
            let steps = journal::steps(&*session, args.id).await?;
            context.ui.one(&Shown::new(&operation, &steps))?;
            return match operation.state {
                State::Succeeded => Ok(()),
                state => Err(Error::new(
                    Kind::No,
                    state.word(),
                    format!("the operation is {}", state.word()),
                )
                .operation(args.id.to_string())),
            };
        }
        context.ui.step(&format!(
            "{}: {}",
            operation.state.word(),
            operation.step.as_deref().unwrap_or("beginning")
        ));
        if context.interrupt.is_requested() {
            return Err(Error::new(
                Kind::Interrupted,
                "interrupted",
                "interrupted; the operation goes on",
            ));
        }
        if let Some(deadline) = context.deadline.filter(|deadline| deadline.is_spent()) {
            return Err(deadline.expired("the operation"));
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = context.interrupt.first() => {}
        }
    }
}
