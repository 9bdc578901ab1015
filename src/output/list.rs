//! A list on its way out: rows are pushed as they come. Streams for `json`, `ndjson` and `csv`; a table waits for the end,
//! to know its widths.

use std::marker::PhantomData;

use super::row::{Cell, Row, cells};
use super::ui::Ui;
use super::words::plural;
use super::{Format, csv, json, table};
use crate::error::Result;

/// A list that was begun by [`Ui::list`].
#[derive(Debug)]
#[must_use = "a list must be finished"]
pub struct List<'a, R: Row> {
    ui: &'a Ui,
    waiting: Vec<Vec<Cell>>,
    count: usize,
    row: PhantomData<R>,
}

impl<'a, R: Row> List<'a, R> {
    pub(super) fn new(ui: &'a Ui) -> Self {
        List {
            ui,
            waiting: Vec::new(),
            count: 0,
            row: PhantomData,
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// `unavailable` with reason `output` where stdout cannot be written; a closed pipe is no error.
    pub fn push(&mut self, row: &R) -> Result<()> {
        let cells = cells(row)?;
        let is_quiet = self.ui.options().is_quiet;
        let is_first = self.count == 0;
        self.count += 1;
        let text = match self.ui.options().format {
            Format::Table if is_quiet => identifier(&cells).map(Cell::for_line).unwrap_or_default() + "\n",
            Format::Table => {
                self.waiting.push(cells);
                return Ok(());
            }
            Format::Json => {
                let item = if is_quiet {
                    json::item(&identifier(&cells).map(|cell| &cell.value))?
                } else {
                    json::item(row)?
                };
                format!("{}{item}", if is_first { "[\n" } else { ",\n" })
            }
            Format::Ndjson if is_quiet => json::line(&identifier(&cells).map(|cell| &cell.value))?,
            Format::Ndjson => json::line(row)?,
            Format::Csv => {
                let header = if is_first {
                    self.csv_header()?
                } else {
                    String::new()
                };
                header
                    + &csv::line(if is_quiet {
                        cells.get(..1).unwrap_or_default()
                    } else {
                        &cells
                    })?
            }
        };
        self.ui.print(&text)
    }

    /// Ends it. A table of nothing is nothing on stdout, and a note on a terminal.
    ///
    /// # Errors
    /// As [`List::push`].
    pub fn finish(self) -> Result<()> {
        match self.ui.options().format {
            Format::Json => self.ui.print(if self.count == 0 { "[]\n" } else { "\n]\n" }),
            Format::Csv if self.count == 0 => self.ui.print(&self.csv_header()?),
            Format::Table if self.count == 0 => {
                self.ui.tell_on_terminal(&format!("no {}", plural(R::NOUN)));
                Ok(())
            }
            Format::Table if !self.ui.options().is_quiet => {
                self.ui
                    .print(&table::of_rows(R::COLUMNS, &self.waiting, self.ui.canvas()))
            }
            Format::Table | Format::Ndjson | Format::Csv => Ok(()),
        }
    }

    fn csv_header(&self) -> Result<String> {
        let is_quiet = self.ui.options().is_quiet;
        csv::header(if is_quiet {
            R::COLUMNS.get(..1).unwrap_or_default()
        } else {
            R::COLUMNS
        })
    }
}

/// What `--quiet` shows: the first column.
fn identifier(cells: &[Cell]) -> Option<&Cell> {
    cells.first()
}
