//! What a run of cron says while the control database is down: once an hour, and at every run as soon as something that
//! this host serves is about to end.

use std::time::Duration;

use crate::certificate::place::{self, Ending};
use crate::clock;
use crate::env::seldom;
use crate::error::{Error, Kind};
use crate::runner::Context;

/// How often it is said.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// With less than that left it is said at every run.
const URGENT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// What this host remembers it by, in the state directory.
const NAME: &str = "unreachable";

/// Says `error`, if it is that the control database is down and it is time to say so, and leaves the exit code. A person at
/// a terminal is told always, and so is everybody where nothing can be remembered.
#[must_use]
pub fn unreachable(context: &Context, error: Error) -> Error {
    if !is_down(&error) || error.is_told() || context.ui.terminal().stderr {
        return error;
    }
    let now = clock::now();
    let ending = place::ending(&context.config.certificate.directory, now, URGENT);
    let every = if ending.is_empty() { EVERY } else { Duration::ZERO };
    seldom::say(&context.config.state_directory, NAME, every, now, || {
        context.ui.error(&error);
        for ending in &ending {
            context.ui.warn(&words(ending));
        }
    });
    error.told()
}

/// Whether nobody answered. What a database that is up refuses is said each time.
fn is_down(error: &Error) -> bool {
    let is_about_connecting = matches!(
        error.reason(),
        "unavailable" | "timeout" | "connection_lost" | "lock_lost"
    );
    error.kind() == Kind::Unavailable && is_about_connecting
}

fn words(ending: &Ending) -> String {
    let name = &ending.name;
    match ending.not_after {
        Some(at) if at <= clock::now() => format!("certificate {name} on this host has ended on {at}"),
        Some(at) => format!("certificate {name} on this host ends on {at}"),
        None => format!("certificate {name} on this host cannot be read"),
    }
}
