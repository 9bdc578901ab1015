//! Tables for people: a header, a thin rule, no borders. On a terminal they fit its width; elsewhere lines are as long as
//! their content.

use comfy_table::{
    Attribute, Cell as Field, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, Table,
    TableStyle,
};
use jiff::Timestamp;
use serde_json::Value;

use super::color::Hue;
use super::row::{Cell, Column, Shown};

/// What a table is drawn on.
#[derive(Clone, Copy, Debug)]
pub struct Canvas {
    /// The width in cells of a terminal; absent elsewhere.
    pub width: Option<u16>,
    /// Whether to colour.
    pub has_color: bool,
    /// What times are relative to; absent: shown as they are.
    pub now: Option<Timestamp>,
}

const LISTED: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));
const SINGLE: TableStyle = TableStyle::new();
const GAP: u16 = 2;
/// What a wrapped column needs at least.
const ROOM: usize = 8;

/// Several rows under a header; ends with a line end.
#[must_use]
pub fn of_rows(columns: &[Column], rows: &[Vec<Cell>], canvas: Canvas) -> String {
    let columns: Vec<&Column> = columns.iter().filter(|column| !column.is_detail).collect();
    let mut table = new(LISTED, canvas);
    table.set_header(
        columns
            .iter()
            .map(|column| emphasised(Field::new(column.header()), canvas)),
    );
    for row in rows {
        let cells = row.iter().filter(|cell| !cell.column.is_detail);
        table.add_row(cells.map(|cell| field(cell, canvas, ", ")));
    }
    let is_number: Vec<bool> = columns.iter().map(|column| is_numeric(column, rows)).collect();
    for (column, is_number) in table.column_iter_mut().zip(&is_number) {
        if *is_number {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    if let Some(width) = canvas.width {
        let is_word = |index: usize| is_number[index] || columns[index].shown == Shown::State;
        let is_short = |index: usize| is_number[index] || columns[index].shown != Shown::Text;
        keep_whole(&mut table, width, is_word, is_short);
    }
    drawn(table)
}

/// Where the width is scarce, identifiers, numbers, times and states stay whole and the other texts are wrapped, as long
/// as that leaves these some room; times of several words are wrapped before an identifier is, which somebody may want to
/// copy.
fn keep_whole(
    table: &mut Table,
    width: u16,
    is_word: impl Fn(usize) -> bool,
    is_short: impl Fn(usize) -> bool,
) {
    let widths: Vec<usize> = table
        .column_max_content_widths()
        .into_iter()
        .map(usize::from)
        .collect();
    let gaps = usize::from(GAP) * widths.len().saturating_sub(1);
    let fits = |is_whole: &dyn Fn(usize) -> bool| {
        let needed = widths
            .iter()
            .enumerate()
            .map(|(index, width)| if is_whole(index) { *width } else { ROOM.min(*width) });
        needed.sum::<usize>() + gaps <= usize::from(width)
    };
    let with_identifier = |index: usize| index == 0 || is_short(index);
    let without_times = |index: usize| index == 0 || is_word(index);
    let choices: [&dyn Fn(usize) -> bool; 3] = [&with_identifier, &without_times, &is_short];
    let Some(is_whole) = choices.into_iter().find(|is_whole| fits(is_whole)) else {
        return;
    };
    for (index, column) in table.column_iter_mut().enumerate() {
        if is_whole(index) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
}

/// One row as a table of its fields; ends with a line end.
#[must_use]
pub fn of_one(row: &[Cell], canvas: Canvas) -> String {
    let mut table = new(SINGLE, canvas);
    for cell in row.iter().filter(|cell| !cell.column.is_apart) {
        let title = emphasised(Field::new(cell.column.header()), canvas);
        table.add_row([title, field(cell, canvas, "\n")]);
    }
    drawn(table)
}

fn new(style: TableStyle, canvas: Canvas) -> Table {
    let mut table = Table::new();
    // Width and colour are ours to decide: comfy-table would look at the process's stdout.
    table.load_style(style).force_no_tty();
    if let Some(width) = canvas.width {
        // The gap behind the last column is trimmed away, so it may hang over.
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width.saturating_add(GAP));
    }
    if canvas.has_color {
        table.enforce_styling();
        table.style_text_only();
    }
    table
}

fn drawn(mut table: Table) -> String {
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP));
    }
    let mut text = String::new();
    for line in table.lines() {
        // The last column's gap is part of the rule, too.
        let is_rule = line.starts_with('─') && line.chars().all(|character| character == '─');
        let length = if is_rule {
            line.chars().count() - usize::from(GAP)
        } else {
            usize::MAX
        };
        text.extend(line.trim_end_matches(' ').chars().take(length));
        text.push('\n');
    }
    text
}

fn field(cell: &Cell, canvas: Canvas, separator: &str) -> Field {
    let field = Field::new(cell.for_table(canvas.now, separator));
    let hue = match (&cell.value, cell.column.shown) {
        (Value::String(word), Shown::State) => Hue::of_state(word),
        _ => None,
    };
    match hue {
        Some(Hue::Green) => field.fg(Color::DarkGreen),
        Some(Hue::Yellow) => field.fg(Color::DarkYellow),
        Some(Hue::Red) => field.fg(Color::DarkRed),
        None => field,
    }
}

fn emphasised(field: Field, canvas: Canvas) -> Field {
    if canvas.has_color {
        field.add_attribute(Attribute::Bold)
    } else {
        field
    }
}

fn is_numeric(column: &Column, rows: &[Vec<Cell>]) -> bool {
    let mut cells = rows
        .iter()
        .flatten()
        .filter(|cell| cell.column.key == column.key && !cell.value.is_null());
    cells.next().is_some_and(|cell| cell.value.is_number()) && cells.all(|cell| cell.value.is_number())
}
