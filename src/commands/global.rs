//! The options that every verb has.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::error::{ContextKind, ContextValue};
use clap::{ArgAction, Args};

use crate::config::{self, Config};
use crate::env::crash;
use crate::env::deadline::Deadline;
use crate::env::files;
use crate::env::identity::Identity;
use crate::env::variables::Environment;
use crate::error::Result;
use crate::journal::Interrupt;
use crate::model::escape::escape;
use crate::model::{AccountName, Given, Span};
use crate::output::{ColorChoice, Format, Options, Terminal, Ui};
use crate::runner::{Context, Settings};
use crate::trail::Actor;

/// The options that every verb has.
#[derive(Clone, Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one for each flag")]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The configuration file [default: /etc/hostctl/hostctl.toml, else the user's]
    #[arg(short, long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How the answer is written: table, json, ndjson or csv
    #[arg(short, long, global = true, value_name = "FORMAT", default_value = "table")]
    pub output: Format,
    /// Only identifiers on lists, nothing else on stdout; no notes
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Tell more; twice: everything (`HOSTCTL_LOG` has the fine filter)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// When to colour: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// Show each step that would be done, after looking at the world, and do nothing
    #[arg(short = 'n', long, global = true)]
    pub dry_run: bool,
    /// Answer yes to the question of a verb that destroys
    #[arg(short, long, global = true)]
    pub yes: bool,
    /// Never ask; a question is an error
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Why, for the audit trail
    #[arg(long, global = true, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The account it is for, or whose objects are seen [variable: `HOSTCTL_ACCOUNT`]
    #[arg(long, global = true, value_name = "NAME")]
    pub account: Option<Given<AccountName>>,
    /// How long to wait for another operation on the same thing
    #[arg(long, global = true, value_name = "DURATION", default_value = "0s")]
    pub lock_wait: Span,
    /// The limit for the whole verb, such as 30s; taking back what was begun may take as long again, or 10s
    #[arg(long, global = true, value_name = "DURATION")]
    pub timeout: Option<Span>,
    /// The same key and request a second time give the first result and do nothing
    #[arg(long, global = true, value_name = "KEY")]
    pub idempotency_key: Option<String>,
    /// Show a new secret on stdout also where that is no terminal
    #[arg(long, global = true)]
    pub show_secret: bool,
    /// Write new secrets to a new file (0600), a line each: kind, name, secret
    #[arg(long, global = true, value_name = "FILE")]
    pub secret_out: Option<PathBuf>,
}

impl Global {
    /// The way out that these options ask for.
    #[must_use]
    pub fn ui(&self, environment: &Environment) -> Ui {
        let options = Options {
            format: self.output,
            color: self.color,
            is_quiet: self.quiet,
            is_verbose: self.verbose > 0,
            no_input: self.no_input,
            says_yes: self.yes,
        };
        Ui::new(options, Terminal::of_process(environment.all()))
    }

    /// Everything a verb works with. With `makes_configuration` the configuration is taken for empty, at the place where
    /// it is going to be.
    ///
    /// # Errors
    /// `usage` where the configuration or an option cannot be used; also returned with the way out, to tell it.
    pub fn context(
        &self,
        environment: Environment,
        ui: Ui,
        makes_configuration: bool,
    ) -> Result<Context, (Ui, crate::error::Error)> {
        match self.parts(&environment, makes_configuration) {
            Ok((config, account)) => Ok(Context {
                actor: Actor {
                    identity: Identity::of_process(&environment),
                    reason: self.reason.clone(),
                },
                settings: self.settings(account),
                interrupt: Interrupt::default(),
                engaged: std::sync::atomic::AtomicBool::new(false),
                deed: std::sync::OnceLock::new(),
                authorities: std::sync::OnceLock::new(),
                spare: Arc::default(),
                deadline: self.timeout.map(|span| Deadline::after(span.duration())),
                config,
                ui,
                environment,
            }),
            Err(error) => Err((ui, error)),
        }
    }

    fn parts(
        &self,
        environment: &Environment,
        makes_configuration: bool,
    ) -> Result<(Config, Option<AccountName>)> {
        crash::check(environment)?;
        let request = config::Request {
            explicit: self.config.as_deref(),
            variables: environment.all(),
            flags: &[],
            tolerates_unknown_keys: false,
        };
        let config = if makes_configuration {
            self.empty_configuration(environment)?
        } else {
            config::load(&request, files::read_config)?
        };
        let account = match (&self.account, environment.filled("HOSTCTL_ACCOUNT")) {
            (Some(given), _) => Some(given.value.clone()),
            (None, Some(text)) => Some(text.parse::<AccountName>()?),
            (None, None) => None,
        };
        for (flag, text) in [
            ("--reason", &self.reason),
            ("--idempotency-key", &self.idempotency_key),
        ] {
            if let Some(text) = text {
                plain(flag, text)?;
            }
        }
        Ok((config, account))
    }

    /// What holds before there is a file: defaults alone, and the place of the file.
    fn empty_configuration(&self, environment: &Environment) -> Result<Config> {
        let from_variable = environment.filled("HOSTCTL_CONFIG").map(PathBuf::from);
        let named = self.config.clone().or(from_variable);
        let path = named.unwrap_or_else(|| PathBuf::from(config::file::SYSTEM_FILE));
        let request = config::Request {
            explicit: Some(&path),
            variables: &BTreeMap::new(),
            flags: &[],
            tolerates_unknown_keys: false,
        };
        config::load(&request, |_| Ok(Some(String::new())))
    }

    fn settings(&self, account: Option<AccountName>) -> Settings {
        Settings {
            is_dry_run: self.dry_run,
            account,
            lock_wait: self.lock_wait.duration(),
            timeout: self.timeout.map(Span::duration),
            idempotency_key: self.idempotency_key.clone(),
            shows_secret: self.show_secret,
            secret_out: self.secret_out.clone(),
        }
    }
}

/// Text that is stored and shown again: neither empty nor over-long, without control characters.
fn plain(flag: &str, text: &str) -> Result<()> {
    const LONGEST: usize = 1000;
    let rule = match text {
        _ if text.trim().is_empty() => "must not be empty",
        _ if text.len() > LONGEST => "must not be longer than 1000 bytes",
        _ if text.chars().any(crate::model::escape::is_hidden) => {
            "must not hold control or invisible characters"
        }
        _ => return Ok(()),
    };
    Err(crate::error::Error::invalid(format!("{flag}: {rule}")))
}

/// The way out before the arguments could be understood: `-o json` counts all the same.
#[must_use]
pub fn early_ui(environment: &Environment) -> Ui {
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let mut format = Format::default();
    for (index, argument) in arguments.iter().enumerate() {
        let value = match argument.as_str() {
            "--" => break,
            "-o" | "--output" => arguments.get(index + 1).map(String::as_str),
            text => text.strip_prefix("--output=").or_else(|| text.strip_prefix("-o")),
        };
        if let Some(found) = value.and_then(|value| value.parse().ok()) {
            format = found;
        }
    }
    Ui::new(
        Options {
            format,
            ..Options::default()
        },
        Terminal::of_process(environment.all()),
    )
}

/// Characters of a message about arguments: they repeat what was given.
const LONGEST_MESSAGE: usize = 400;

/// What clap says about the arguments, as an error of ours. A value that was refused is not repeated beyond an excerpt.
#[must_use]
pub fn usage(error: &clap::Error) -> crate::error::Error {
    let looks_like_password =
        std::env::args().any(|argument| argument == "--password" || argument.starts_with("--password="));
    if looks_like_password {
        return crate::error::Error::invalid("there is no --password: whoever lists processes would see it")
            .hint("--password-stdin or --password-file FILE");
    }
    if let Some(error) = negative(error) {
        return error;
    }
    // What a parser of ours says names the value, escaped and shortened; clap would repeat it as it is.
    let said = std::error::Error::source(error).map(ToString::to_string);
    let message = match (said, error.get(ContextKind::InvalidArg)) {
        (Some(said), Some(argument)) => format!("invalid value for {argument}: {said}"),
        (Some(said), None) => said,
        (None, _) => rendered(error),
    };
    let message: String = escape(&message).chars().take(LONGEST_MESSAGE).collect();
    let ours =
        std::error::Error::source(error).and_then(|source| source.downcast_ref::<crate::error::Error>());
    let hint = ours.and_then(crate::error::Error::hint_text).map(str::to_owned);
    let hint = hint
        .or_else(|| tip(error))
        .unwrap_or_else(|| "hostctl --help".to_owned());
    crate::error::Error::invalid(message).hint(hint)
}

/// A negative number after an option, which clap takes for another option.
fn negative(error: &clap::Error) -> Option<crate::error::Error> {
    let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let is_number = given.starts_with('-') && given.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let mut pairs = arguments.iter().zip(arguments.iter().skip(1));
    let (option, value) = pairs
        .find(|(option, value)| option.starts_with("--") && is_number && value.starts_with(given.as_str()))?;
    let message = format!("invalid value for {option}: \"{value}\": nothing here is negative");
    let message: String = escape(&message).chars().take(LONGEST_MESSAGE).collect();
    Some(crate::error::Error::invalid(message).hint("hostctl --help"))
}

/// How clap begins what it advises.
const TIP: &str = "tip: ";

/// What clap advises: the argument that was meant, perhaps.
fn tip(error: &clap::Error) -> Option<String> {
    let rendered = error.render().to_string();
    let tip = rendered.lines().find_map(|line| line.trim().strip_prefix(TIP))?;
    Some(escape(tip).to_string())
}

/// clap's own words on one line, without its usage and its advice.
fn rendered(error: &clap::Error) -> String {
    let rendered = error.render().to_string();
    let lines = rendered.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
        .filter(|line| !line.starts_with(TIP))
        .collect();
    lines.join(" ").trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::plain;

    proptest! {
        #[test]
        fn a_key_or_a_reason_is_one_visible_line(text in "\\PC{0,40}|[ -~]{0,40}|.{0,20}|x{990,1010}") {
            let is_right = plain("--reason", &text).is_ok();
            prop_assert!(!is_right || !text.trim().is_empty() && text.len() <= 1000);
            prop_assert!(!is_right || !text.chars().any(char::is_control));
        }
    }
}
