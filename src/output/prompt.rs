//! Questions, on stderr and only to a person: without a terminal, or with `--no-input`, the missing flag is named instead.

use std::io::ErrorKind;

use dialoguer::console::Term;
use dialoguer::{Confirm, Input, Password};

use super::ui::Ui;
use crate::error::{Error, Kind, Result};
use crate::model::escape::escape;
use crate::model::secret::Secret;

/// Proof that a person, or `--yes`, agreed. Only [`Ui::confirm`] makes one.
#[derive(Debug)]
pub struct Confirmed(());

impl Ui {
    /// Asks before something is destroyed or replaced; the answer is no unless it is yes.
    ///
    /// # Errors
    /// `usage` with reason `needs_confirmation` naming `--yes` where nobody can be asked; `no` with reason `declined`;
    /// `interrupted` for Ctrl-C.
    pub fn confirm(&self, question: &str) -> Result<Confirmed> {
        if self.options().says_yes {
            return Ok(Confirmed(()));
        }
        if !self.can_ask() {
            let message = format!("this needs a confirmation: {question}");
            return Err(Error::new(Kind::Usage, "needs_confirmation", message).hint("add --yes"));
        }
        self.clear_progress();
        let question = escape(question).to_string();
        let prompt = Confirm::new()
            .with_prompt(question)
            .default(false)
            .wait_for_newline(true);
        match prompt.interact_on(&Term::stderr()) {
            Ok(true) => Ok(Confirmed(())),
            Ok(false) => Err(Error::new(
                Kind::No,
                "declined",
                "not confirmed; nothing was changed",
            )),
            Err(error) => Err(unanswered(error.into())),
        }
    }

    /// Asks for a password without showing it, twice where `repeats`. `flag` is the way without a terminal, such as
    /// `--password-stdin`.
    ///
    /// # Errors
    /// `usage` with reason `needs_input` naming `flag` where nobody can be asked; `interrupted` for Ctrl-C.
    pub fn ask_password(&self, question: &str, flag: &str, repeats: bool) -> Result<Secret> {
        self.check_can_ask(question, flag)?;
        let mut prompt = Password::new().with_prompt(escape(question).to_string());
        if repeats {
            prompt = prompt.with_confirmation("once more", "they differ, try again");
        }
        prompt
            .interact_on(&Term::stderr())
            .map(Secret::new)
            .map_err(|error| unanswered(error.into()))
    }

    /// Asks for a line, `default` where the answer is empty. `flag` is the way without a terminal.
    ///
    /// # Errors
    /// As [`Ui::ask_password`].
    pub fn ask(&self, question: &str, flag: &str, default: Option<&str>) -> Result<String> {
        self.check_can_ask(question, flag)?;
        let mut prompt = Input::<String>::new().with_prompt(escape(question).to_string());
        if let Some(default) = default {
            prompt = prompt.default(default.to_owned());
        }
        prompt
            .interact_on(&Term::stderr())
            .map_err(|error| unanswered(error.into()))
    }

    fn check_can_ask(&self, question: &str, flag: &str) -> Result<()> {
        if !self.can_ask() {
            let message = format!("this needs an answer: {question}");
            return Err(Error::new(Kind::Usage, "needs_input", message).hint(format!("use {flag}")));
        }
        self.clear_progress();
        Ok(())
    }

    /// Whether there is a person to ask.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        let terminal = self.terminal();
        terminal.stdin && terminal.stderr && !self.options().no_input
    }
}

fn unanswered(error: std::io::Error) -> Error {
    // A prompt that is left by Ctrl-C has hidden the cursor.
    let _ = Term::stderr().show_cursor();
    if error.kind() == ErrorKind::Interrupted {
        return Error::new(
            Kind::Interrupted,
            "interrupted",
            "interrupted; nothing was changed",
        );
    }
    Error::new(
        Kind::Usage,
        "needs_input",
        format!("no answer could be read: {error}"),
    )
    .source(error)
}
