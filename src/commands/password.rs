//! Where a password comes from: a pipe, a question, a private file, or our own making. Never from an argument.

use std::io::Read;
use std::path::PathBuf;

use crate::env::files;
use crate::error::{Error, Result};
use crate::model::password::{DEFAULT_MINIMUM, MAXIMUM};
use crate::model::{Password, Secret};
use crate::runner::{Context, Delivered, Done};

/// The options of a verb that sets a password.
#[derive(Debug, clap::Args)]
pub struct Source {
    /// Read the password from stdin: one line (a terminal is asked)
    #[arg(long, conflicts_with = "password_file")]
    password_stdin: bool,
    /// Read the password from a file that nobody else may read
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// A password and who chose it.
#[derive(Debug)]
pub struct Chosen {
    /// Obeys the policy.
    pub password: Password,
    /// Whether the person gave it.
    pub was_given: bool,
}

impl Source {
    /// Whether a password was given, from wherever.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.password_stdin || self.password_file.is_some()
    }

    /// Takes what was given, or makes a password.
    ///
    /// # Errors
    /// `usage` for a password that breaks the policy, and for a file that others may read; never repeats it.
    pub async fn take(&self, context: &Context) -> Result<Chosen> {
        let given = if self.password_stdin {
            Some(from_stdin(context, "--password-stdin").await?)
        } else {
            self.password_file
                .as_deref()
                .map(files::read_secret)
                .transpose()?
        };
        let was_given = given.is_some();
        let password = match given {
            Some(text) => Password::from_input(text.expose().as_bytes(), DEFAULT_MINIMUM)?,
            None => Password::generate()?,
        };
        Ok(Chosen { password, was_given })
    }
}

impl Chosen {
    /// As the runner hands it over; `renew` is the verb that sets another one.
    #[must_use]
    pub fn delivered(&self, kind: &'static str, name: &str, renew: String) -> Delivered {
        let secret = Secret::new(self.password.expose());
        Delivered {
            kind,
            name: name.to_owned(),
            secret,
            was_given: self.was_given,
            renew,
        }
    }
}

/// The password of a deed, as its answer shows it.
#[must_use]
pub fn shown(context: &Context, done: &Done) -> Option<String> {
    if done.is_replay {
        context
            .ui
            .note("an earlier request with this idempotency key did it; its password is not shown again");
    }
    done.secrets.first().and_then(|secret| context.shown(secret))
}

/// One secret line of stdin, without its line end; a terminal is asked, and shows nothing of the answer.
///
/// # Errors
/// `usage` where it is longer than a password may be or no UTF-8, or nobody may be asked.
pub async fn from_stdin(context: &Context, flag: &str) -> Result<Secret> {
    if context.ui.terminal().stdin {
        return context.ui.ask_password("Password", flag, true);
    }
    // A pipe that nobody closes must not keep a signal or a time limit from ending us.
    let read = tokio::task::spawn_blocking(|| read_line(std::io::stdin()));
    let read = async {
        read.await
            .map_err(|error| Error::internal("stdin was not read").source(error))?
    };
    match context.deadline {
        Some(deadline) => deadline.run("stdin", read).await,
        None => read.await,
    }
}

/// Reads to the end, but no further than it takes to know that it is too much.
fn read_line(input: impl Read) -> Result<Secret> {
    let limit = MAXIMUM + "\r\n".len();
    let mut bytes = Vec::with_capacity(limit + 1);
    let read = input.take(limit as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| Error::invalid(format!("stdin cannot be read: {error}")))?;
    let line = bytes
        .strip_suffix(b"\n")
        .map_or(bytes.as_slice(), |line| line.strip_suffix(b"\r").unwrap_or(line));
    if line.len() > MAXIMUM {
        return Err(Error::invalid(format!("stdin: longer than {MAXIMUM} bytes")));
    }
    if line.is_empty() {
        return Err(Error::invalid(
            "stdin is empty, and a password was to come from it",
        ));
    }
    if let Some(end) = line.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        return Err(Error::invalid(format!(
            "stdin: line break at byte {}; a password is one line",
            end + 1
        )));
    }
    let text = std::str::from_utf8(line);
    let text = text
        .map_err(|error| Error::invalid(format!("stdin: not UTF-8 at byte {}", error.valid_up_to() + 1)))?;
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_line_end_is_taken_off() {
        for input in ["correct horse", "correct horse\n", "correct horse\r\n"] {
            assert_eq!(
                read_line(input.as_bytes()).expect(input).expose(),
                "correct horse"
            );
        }
        for input in [
            "",
            "\n",
            "\r\n",
            "correct horse\n\n",
            "correct\nhorse",
            "correct horse\r",
        ] {
            let error = read_line(input.as_bytes()).expect_err("refused");
            assert_eq!(
                (error.kind().exit_code(), error.message().contains("horse")),
                (2, false),
                "{input:?}"
            );
        }
    }

    #[test]
    fn an_endless_pipe_is_refused_and_the_longest_password_is_not() {
        assert!(read_line(std::io::repeat(b'a')).is_err());
        for (length, end, is_accepted) in [
            (1024, "", true),
            (1024, "\r\n", true),
            (1025, "", false),
            (1025, "\n", false),
        ] {
            let input = "a".repeat(length) + end;
            assert_eq!(
                read_line(input.as_bytes()).is_ok(),
                is_accepted,
                "{length} {end:?}"
            );
        }
    }

    #[test]
    fn what_is_no_text_is_refused_by_position() {
        let error = read_line(&b"abc\xff"[..]).expect_err("no UTF-8");
        assert_eq!(error.message(), "stdin: not UTF-8 at byte 4");
    }
}
