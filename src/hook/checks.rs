//! Whether the programs that are configured can be run, and by nobody's will but the operator's.

use std::path::Path;

use super::Hooks;
use crate::config::{Config, Step};
use crate::control::checks::{Check, Level};
use crate::env::files;
use crate::error::Result;

/// Looks at the programs of every step.
///
/// # Errors
/// `usage`, reason `file`, naming the key, what is wrong with the program, and what mends it.
pub fn check(config: &Config) -> Result<()> {
    config
        .steps
        .iter()
        .try_for_each(|(name, step)| check_step(name, step))
}

pub(super) fn check_step(name: &str, step: &Step) -> Result<()> {
    for (key, command) in [
        ("apply", &step.apply),
        ("probe", &step.probe),
        ("undo", &step.undo),
    ] {
        if let Some(program) = command.first() {
            files::check_program(Path::new(program))
                .map_err(|error| error.context(format!("`step.{name}.{key}`")))?;
        }
    }
    Ok(())
}

/// A finding for each step, in the order in which they are run.
#[must_use]
pub fn checks(config: &Config) -> Vec<Check> {
    let hooks = Hooks::new(config);
    let finding = |(name, step): (&str, &Step)| {
        let subject = format!("step {name}");
        match check_step(name, step) {
            Ok(()) => Check::new(&subject, Level::Ok, words(step, hooks.host())),
            Err(error) => Check::failed(&subject, &error),
        }
    };
    hooks.in_order().into_iter().map(finding).collect()
}

fn words(step: &Step, host: &str) -> String {
    let program = step.apply.first().map_or("", String::as_str);
    let place = match step.is_host_bound {
        true => format!("bound to {host}"),
        false => "on any host".to_owned(),
    };
    let end = match step.is_of_delete {
        true => "taken back with the site",
        false => "stays when the site is deleted",
    };
    format!("{program}, {place}, {end}")
}
