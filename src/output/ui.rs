//! The only user of stdout and stderr.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::json;

use super::color::{self, ColorChoice, Hue};
use super::progress::Progress;
use super::row::{Row, cells};
use super::table::Canvas;
use super::{Format, List, csv, json, table};
use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::model::escape::escape;

/// What the global options say about output and questions.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one for each flag")]
pub struct Options {
    /// `--output`.
    pub format: Format,
    /// `--color`.
    pub color: ColorChoice,
    /// `--quiet`: lists are identifiers, single things nothing; no notes, no progress.
    pub is_quiet: bool,
    /// `--verbose`.
    pub is_verbose: bool,
    /// `--no-input`.
    pub no_input: bool,
    /// `--yes`.
    pub says_yes: bool,
}

/// What the standard streams are.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one for each stream")]
pub struct Terminal {
    /// Whether stdin is a terminal.
    pub stdin: bool,
    /// Whether stdout is one.
    pub stdout: bool,
    /// Whether stderr is one.
    pub stderr: bool,
    /// The width of stdout in cells, if it is a terminal that says so.
    pub width: Option<u16>,
    /// Whether the environment lets us colour.
    pub allows_color: bool,
}

const USUAL_WIDTH: u16 = 80;

impl Terminal {
    /// Looks at the streams of this process; `variables` is its environment.
    #[must_use]
    pub fn of_process(variables: &BTreeMap<String, String>) -> Self {
        let variable = |name: &str| variables.get(name).map(String::as_str);
        let size = rustix::termios::tcgetwinsize(io::stdout()).ok();
        Terminal {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
            width: size.map(|size| size.ws_col).filter(|width| *width > 0),
            allows_color: color::allowed(variable("NO_COLOR"), variable("TERM")),
        }
    }

    /// Whether what is written to stdout goes nowhere. One that was closed when we were started is such: the runtime
    /// opens /dev/null in its place.
    #[must_use]
    pub fn is_stdout_void() -> bool {
        let void = rustix::fs::stat("/dev/null").map(|void| void.st_rdev);
        let stdout = rustix::fs::fstat(io::stdout()).map(|stdout| stdout.st_rdev);
        // What is no device has the number 0.
        matches!((void, stdout), (Ok(void), Ok(stdout)) if void == stdout && void != 0)
    }
}

/// The one way out.
pub struct Ui {
    options: Options,
    terminal: Terminal,
    stdout: Mutex<Box<dyn Write + Send>>,
    stderr: Mutex<Box<dyn Write + Send>>,
    is_closed: AtomicBool,
    progress: Progress,
}

impl fmt::Debug for Ui {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ui")
            .field("options", &self.options)
            .field("terminal", &self.terminal)
            .finish_non_exhaustive()
    }
}

impl Ui {
    /// Over the streams of this process.
    #[must_use]
    pub fn new(options: Options, terminal: Terminal) -> Self {
        Ui::over(options, terminal, Box::new(io::stdout()), Box::new(io::stderr()))
    }

    /// Over other streams.
    #[must_use]
    pub fn over(
        options: Options,
        terminal: Terminal,
        stdout: Box<dyn Write + Send>,
        stderr: Box<dyn Write + Send>,
    ) -> Self {
        Ui {
            options,
            terminal,
            stdout: Mutex::new(stdout),
            stderr: Mutex::new(stderr),
            is_closed: AtomicBool::new(false),
            progress: Progress::default(),
        }
    }

    /// The options it was made with.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The streams it was made for.
    #[must_use]
    pub fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    /// Shows one thing: an object, or a table of its fields; with `--quiet` nothing.
    ///
    /// # Errors
    /// `unavailable` with reason `output` where stdout cannot be written; a closed pipe is no error.
    pub fn one<R: Row>(&self, row: &R) -> Result<()> {
        let cells = cells(row)?;
        if self.options.is_quiet {
            return Ok(());
        }
        let text = match self.options.format {
            Format::Table => table::of_one(&cells, self.canvas()),
            Format::Json => json::indented(row)?,
            Format::Ndjson => json::line(row)?,
            Format::Csv => csv::header(R::COLUMNS)? + &csv::line(&cells)?,
        };
        self.print(&text)
    }

    /// Begins a list whose rows come one by one.
    pub fn list<R: Row>(&self) -> List<'_, R> {
        List::new(self)
    }

    /// Shows a list that is complete, in its order.
    ///
    /// # Errors
    /// As [`Ui::one`].
    pub fn all<'r, R: Row + 'r>(&self, rows: impl IntoIterator<Item = &'r R>) -> Result<()> {
        let mut list = self.list();
        rows.into_iter().try_for_each(|row| list.push(row))?;
        list.finish()
    }

    /// Writes text to stdout as it is: what is no row, such as a zone file or a shell completion.
    ///
    /// # Errors
    /// As [`Ui::one`].
    pub fn print(&self, text: &str) -> Result<()> {
        self.progress.clear();
        if self.stdout_is_closed() {
            return Ok(());
        }
        let mut stdout = self.stdout.lock().unwrap_or_else(PoisonError::into_inner);
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Ok(()) => Ok(()),
            // `| head`: whoever read has enough. The exit code stays the deed's.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_closed.store(true, Ordering::Relaxed);
                Ok(())
            }
            Err(error) => {
                let message = format!("stdout cannot be written: {error}");
                Err(Error::new(Kind::Unavailable, "output", message).source(error))
            }
        }
    }

    /// Whether the reader of stdout went away; who follows something may stop then.
    #[must_use]
    pub fn stdout_is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    /// Tells something that helps to understand the answer; not with `--quiet`.
    pub fn note(&self, message: &str) {
        if !self.options.is_quiet {
            self.tell("note", None, message);
        }
    }

    /// Tells something that may need a person's attention.
    pub fn warn(&self, message: &str) {
        self.tell("warning", Some(Hue::Yellow), message);
    }

    /// Tells how it failed: two lines, or one JSON object with `-o json` and `-o ndjson`.
    pub fn error(&self, error: &Error) {
        if self.options.format.is_json() {
            let object = json!({ "error": {
                "kind": error.kind().word(),
                "reason": error.reason(),
                "message": error.message(),
                "hint": error.hint_text(),
                "operation": error.operation_id(),
            }});
            return self.write_stderr(&format!("{object}\n"));
        }
        let mut text = self.labelled("error", Some(Hue::Red), error.message());
        if let Some(hint) = error.hint_text() {
            text += &self.labelled("hint", None, hint);
        }
        self.write_stderr(&text);
    }

    /// Shows the step at hand, on a terminal only; whatever is printed next takes it away.
    pub fn step(&self, name: &str) {
        if self.terminal.stderr && !self.options.is_quiet {
            self.progress.step(name);
        }
    }

    /// Takes the step away.
    pub fn clear_progress(&self) {
        self.progress.clear();
    }

    /// A line for a person only, such as `no databases`.
    pub(super) fn tell_on_terminal(&self, message: &str) {
        if self.terminal.stderr && !self.options.is_quiet {
            self.write_stderr(&format!("{}\n", escape(message)));
        }
    }

    pub(super) fn canvas(&self) -> Canvas {
        let is_terminal = self.terminal.stdout;
        Canvas {
            width: is_terminal.then(|| self.terminal.width.unwrap_or(USUAL_WIDTH)),
            has_color: self
                .options
                .color
                .applies(is_terminal, self.terminal.allows_color),
            now: is_terminal.then(clock::now),
        }
    }

    fn tell(&self, label: &str, hue: Option<Hue>, message: &str) {
        let text = if self.options.format.is_json() {
            format!("{}\n", json!({ label: { "message": message } }))
        } else {
            self.labelled(label, hue, message)
        };
        self.write_stderr(&text);
    }

    fn labelled(&self, label: &str, hue: Option<Hue>, message: &str) -> String {
        let has_color = self
            .options
            .color
            .applies(self.terminal.stderr, self.terminal.allows_color);
        let label = color::bold(format_args!("{label}:"), hue, has_color);
        format!("{label} {}\n", escape(message))
    }

    /// A stderr that cannot be written leaves nobody to tell.
    fn write_stderr(&self, text: &str) {
        self.progress.clear();
        let mut stderr = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}
