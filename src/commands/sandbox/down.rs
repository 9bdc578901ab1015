//! `hostctl sandbox down`.

use super::Place;
use crate::error::{Kind, Result};
use crate::runner::Context;
use crate::sandbox;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Succeed where there is none
    #[arg(long)]
    if_exists: bool,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    if context.settings.is_dry_run {
        context
            .ui
            .note(&format!("would end the sandbox in {}", args.place.dir.display()));
        return Ok(());
    }
    context.engage();
    match sandbox::down(&args.place.dir).await {
        Err(error) if args.if_exists && error.kind() == Kind::NotFound => Ok(()),
        ended => ended,
    }
}
