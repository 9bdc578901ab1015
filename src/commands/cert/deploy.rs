//! `hostctl cert deploy NAME…|--pending`, also as `tick` does it.

use serde::Serialize;

use crate::certificate::deploy::{self, Deployed, Left, Station};
use crate::certificate::place::Layout;
use crate::commands::Take;
use crate::error::{Error, Kind, Result};
use crate::keyring;
use crate::model::{CertificateName, Given};
use crate::output::words::Count;
use crate::output::{Column, Row};
use crate::runner::{Context, World};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The certificates
    #[arg(value_name = "NAME", required_unless_present = "pending")]
    names: Vec<Given<CertificateName>>,
    /// Whatever waits for this host, as far as it is time to try; what it was taken off is removed
    #[arg(long, conflicts_with = "names")]
    pending: bool,
}

/// What is to be done on this host.
struct Work {
    names: Vec<CertificateName>,
    /// What it was taken off.
    leaving: Vec<CertificateName>,
}

impl Work {
    async fn pending(context: &Context) -> Result<Self> {
        let session = context.session().await?;
        Ok(Work {
            names: deploy::pending(&*session, context.host()).await?,
            leaving: deploy::leaving(&*session, context.host()).await?,
        })
    }
}

#[derive(Debug, Serialize)]
struct Line {
    certificate: String,
    host: String,
    /// `deployed`, `unchanged`, `removed`, `busy`, `failed`, or `waiting` and `leaving` with `--dry-run`.
    state: &'static str,
    generation: Option<i32>,
    serial: Option<String>,
    error: Option<String>,
}

impl Row for Line {
    const NOUN: &'static str = "certificate";
    const COLUMNS: &'static [Column] = &[
        Column::new("certificate"),
        Column::new("host"),
        Column::new("state").state(),
        Column::new("generation"),
        Column::new("serial"),
        Column::new("error"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let work = match args.pending {
        true => Work::pending(context).await?,
        false => Work {
            names: args
                .names
                .into_iter()
                .map(|given| given.take(&context.ui))
                .collect(),
            leaving: Vec::new(),
        },
    };
    if context.settings.is_dry_run {
        let waiting = work.names.iter().map(|name| line(name, context, "waiting"));
        let leaving = work.leaving.iter().map(|name| line(name, context, "leaving"));
        return context.ui.all(&waiting.chain(leaving).collect::<Vec<_>>());
    }
    let count = work.names.len() + work.leaving.len();
    let mut list = context.ui.list();
    let mut first = None;
    let mut failed = 0;
    each(&work, context, |line, error| {
        if let Some(error) = error {
            failed += 1;
            if count > 1 {
                context
                    .ui
                    .warn(&format!("{}: {}", line.certificate, error.message()));
            }
            first.get_or_insert(error);
        }
        list.push(line)
    })
    .await?;
    list.finish()?;
    match first {
        None => Ok(()),
        Some(error) if count == 1 => Err(error),
        Some(_) => {
            let message = format!("{failed} of {} failed", Count(count, "certificate"));
            Err(Error::new(Kind::Partial, "partial", message).hint("hostctl cert status"))
        }
    }
}

/// Deploys whatever waits for this host. Gives what failed.
///
/// # Errors
/// Those of the control database and of the key ring.
pub async fn deploy_pending(context: &Context) -> Result<Vec<Error>> {
    let work = Work::pending(context).await?;
    let mut failed = Vec::new();
    each(&work, context, |line, error| {
        let told = error.map(|error| error.context(format_args!("certificate {}", line.certificate)));
        failed.extend(told.filter(|error| error.reason() != "held"));
        Ok(())
    })
    .await?;
    Ok(failed)
}

/// Deploys `name` on this host, right after it was issued; what failed.
///
/// # Errors
/// Those of the control database and of the key ring.
pub(super) async fn deploy_here(name: &CertificateName, context: &Context) -> Result<Option<Error>> {
    let mut failed = None;
    let work = Work {
        names: vec![name.clone()],
        leaving: Vec::new(),
    };
    each(&work, context, |_, error| {
        failed = error;
        Ok(())
    })
    .await?;
    Ok(failed)
}

/// One after the other; what fails does not stop the rest.
async fn each(
    work: &Work,
    context: &Context,
    mut tell: impl FnMut(&Line, Option<Error>) -> Result<()>,
) -> Result<()> {
    if work.names.is_empty() && work.leaving.is_empty() {
        return Ok(());
    }
    let ring = keyring::open(&context.config, &context.environment)?;
    let world = World::of(context);
    let station = Station {
        authorities: &world.authorities,
        config: &context.config,
        keyring: &ring,
        host: context.host(),
        actor: &context.actor,
        layout: Layout::configured(&context.config.certificate).await?,
    };
    // From here on a signal waits for the end of what is under way.
    context.engage();
    for name in &work.leaving {
        let (line, error) = removed(name, context, station.leave(name).await);
        tell(&line, error)?;
    }
    for name in &work.names {
        if context.interrupt.is_requested() {
            let message = "interrupted between two certificates";
            return Err(Error::new(Kind::Interrupted, "interrupted", message));
        }
        context.ui.step(name.as_str());
        let outcome = station.deploy(name).await;
        let (line, error) = told(name, context, outcome);
        tell(&line, error)?;
    }
    Ok(())
}

fn removed(name: &CertificateName, context: &Context, outcome: Result<Left>) -> (Line, Option<Error>) {
    match outcome {
        Ok(Left::Gone(others)) => {
            if !others.is_empty() {
                context.ui.note(&format!(
                    "what others put beside certificate {name} stays: {}",
                    others.join(", ")
                ));
            }
            (line(name, context, "removed"), None)
        }
        Ok(Left::Busy) => {
            let error = held(name);
            (line(name, context, "busy"), Some(error))
        }
        Err(error) => (with_error(line(name, context, "failed"), &error), Some(error)),
    }
}

fn held(name: &CertificateName) -> Error {
    let message = format!("another process is deploying certificate {name}");
    Error::new(Kind::Busy, "held", message).hint("give the command again in a moment")
}

fn told(name: &CertificateName, context: &Context, outcome: Result<Deployed>) -> (Line, Option<Error>) {
    let with = |state, material: deploy::Served| Line {
        generation: Some(material.generation),
        serial: Some(material.serial),
        ..line(name, context, state)
    };
    match outcome {
        Ok(Deployed::Yes(served)) => (with("deployed", served), None),
        Ok(Deployed::Unchanged(served)) => (with("unchanged", served), None),
        Ok(Deployed::Busy) => (line(name, context, "busy"), Some(held(name))),
        Ok(Deployed::Failed(error)) => {
            let failed = Error::new(Kind::Partial, error.reason(), error.message());
            let failed = failed.hint(format!("hostctl cert status {name}")).source(error);
            (with_error(line(name, context, "failed"), &failed), Some(failed))
        }
        Err(error) => (with_error(line(name, context, "failed"), &error), Some(error)),
    }
}

fn with_error(line: Line, error: &Error) -> Line {
    Line {
        error: Some(error.message().to_owned()),
        ..line
    }
}

fn line(name: &CertificateName, context: &Context, state: &'static str) -> Line {
    Line {
        certificate: name.to_string(),
        host: context.host().to_owned(),
        state,
        generation: None,
        serial: None,
        error: None,
    }
}
