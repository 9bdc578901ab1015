//! `hostctl sandbox up`.

use super::{Place, status};
use crate::error::{Error, Kind, Result};
use crate::runner::Context;
use crate::sandbox::{self, Options, Parts, Sandbox};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// PostgreSQL alone, whatever is installed
    #[arg(long)]
    bare: bool,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let parts = if args.bare {
        Parts::NONE
    } else {
        Parts::installed()
    };
    if context.settings.is_dry_run {
        context
            .ui
            .note(&format!("would start a sandbox in {}", args.place.dir.display()));
        return Ok(());
    }
    if !args.bare {
        tell_missing(parts, context);
    }
    let sandbox = start(
        Options {
            parts,
            ..Options::new(&args.place.dir)
        },
        context,
    )
    .await?;
    status::tell(&sandbox, context)?;
    let dir = sandbox.directory().display().to_string();
    context
        .ui
        .note(&format!("use it: eval \"$(hostctl sandbox env --dir {dir})\""));
    context
        .ui
        .note(&format!("end it: hostctl sandbox down --dir {dir}"));
    Ok(())
}

/// Starts and furnishes a sandbox; Ctrl-C and every failure take it away again.
pub(super) async fn start(options: Options, context: &Context) -> Result<Sandbox> {
    context.ui.step("starting a sandbox");
    let directory = options.directory.clone();
    let has_mail = options.parts.mail;
    context.engage();
    let work = async {
        let sandbox = Sandbox::up(options).await?;
        let furnished = sandbox.furnish(has_mail).await;
        Ok((sandbox, furnished))
    };
    let made = tokio::select! {
        made = work => made,
        () = context.interrupt.first() => {
            // Half of one may be there; `down` clears that as well.
            let _ = sandbox::down(&directory).await;
            return Err(Error::new(Kind::Interrupted, "interrupted", "interrupted; the sandbox was taken away"));
        }
    };
    context.ui.clear_progress();
    let (sandbox, furnished) = made?;
    if let Err(error) = furnished {
        sandbox.down().await?;
        return Err(error);
    }
    Ok(sandbox)
}

fn tell_missing(parts: Parts, context: &Context) {
    for (has_it, what) in [
        (
            parts.dns,
            Parts {
                dns: true,
                mail: false,
            },
        ),
        (
            parts.mail,
            Parts {
                dns: false,
                mail: true,
            },
        ),
    ] {
        if !has_it && let Err(error) = sandbox::require(what) {
            let hint = error
                .hint_text()
                .map(|hint| format!(": {hint}"))
                .unwrap_or_default();
            context.ui.note(&format!("{}{hint}", error.message()));
        }
    }
}
