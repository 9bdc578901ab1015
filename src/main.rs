//! The program: arguments in, exit code out. Parse, configure, dispatch, report.

use std::process::ExitCode;

use clap::error::ErrorKind;
use hostctl::cli::Cli;
use hostctl::commands::global::Global;
use hostctl::env::hangup;
use hostctl::env::variables::Environment;
use hostctl::error::{Error, Kind, Result};
use hostctl::output::{Options, Terminal, Ui};
use hostctl::runner::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};

fn main() -> ExitCode {
    let environment = match Environment::from_process() {
        Ok(environment) => environment,
        Err(error) => return fail(&Global::default().ui(&Environment::default()), &error),
    };
    let cli = match Cli::typed() {
        Ok(cli) => cli,
        Err(error) => return misused(&error, &environment),
    };
    start_log(&cli.global, &environment);
    let ui = cli.global.ui(&environment);
    let context = match cli
        .global
        .context(environment, ui, cli.command.makes_configuration())
    {
        Ok(context) => context,
        Err((ui, error)) => return fail(&ui, &error),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&context.ui, &Error::internal("no event loop").source(error)),
    };
    let outcome = runtime.block_on(run(cli, &context));
    // What still runs in the background (a session being closed) must not keep us.
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&context.ui, &context.judge(error)),
    }
}

async fn run(cli: Cli, context: &Context) -> Result<()> {
    tokio::select! {
        biased;
        outcome = cli.command.run(context) => outcome,
        error = signals(context) => Err(error),
    }
}

/// Counts Ctrl-C, SIGTERM, and SIGHUP unless whoever started us said to ignore it (nohup); ends only where they cannot be
/// listened to.
async fn signals(context: &Context) -> Error {
    let failed = |error: std::io::Error| Error::internal("signals cannot be listened to").source(error);
    let listen = || {
        let hangups = match hangup::is_ignored() {
            true => None,
            false => Some(signal(SignalKind::hangup())?),
        };
        Ok((
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            hangups,
        ))
    };
    let (mut interrupts, mut terminations, mut hangups) = match listen() {
        Ok(streams) => streams,
        Err(error) => return failed(error),
    };
    loop {
        tokio::select! {
            _ = interrupts.recv() => {}
            _ = terminations.recv() => {}
            Some(()) = next(hangups.as_mut()) => {}
        }
        if !context.is_engaged() {
            return Error::new(Kind::Interrupted, "interrupted", "interrupted; nothing was begun");
        }
        context.interrupt.signal();
    }
}

/// The next signal; never, where nobody listens.
async fn next(signals: Option<&mut Signal>) -> Option<()> {
    match signals {
        Some(signals) => signals.recv().await,
        None => std::future::pending().await,
    }
}

/// clap's words about arguments, in our form; help and version are answers, not errors.
fn misused(error: &clap::Error, environment: &Environment) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let written = Ui::new(Options::default(), Terminal::default()).print(&error.render().to_string());
        return match written {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&Global::default().ui(environment), &error),
        };
    }
    let ui = hostctl::commands::global::early_ui(environment);
    fail(&ui, &hostctl::commands::global::usage(error))
}

fn fail(ui: &Ui, error: &Error) -> ExitCode {
    if !error.is_told() {
        ui.error(error);
    }
    if let Some(source) = std::error::Error::source(error) {
        tracing::debug!(%source, "the cause");
    }
    ExitCode::from(error.kind().exit_code())
}

fn start_log(global: &Global, environment: &Environment) {
    let filter = environment.filled("HOSTCTL_LOG").map_or_else(
        || {
            match global.verbose {
                0 => "hostctl=warn",
                1 => "hostctl=debug",
                _ => "hostctl=trace,tokio_postgres=debug",
            }
            .to_owned()
        },
        ToOwned::to_owned,
    );
    let layer = tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::new(filter));
    layer
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .init();
}
