//! CSV by RFC 4180, safe to open in a spreadsheet.

use csv::{Terminator, WriterBuilder};
use serde_json::Value;

use super::row::{Cell, Column, plain};
use crate::error::{Error, Result};

/// The line of headers, with its line end.
///
/// # Errors
/// `internal` where the CSV writer fails, which it does not in memory.
pub fn header(columns: &[Column]) -> Result<String> {
    record(columns.iter().map(|column| column.key.to_owned()))
}

/// The line of a row, with its line end.
///
/// # Errors
/// As [`header`].
pub fn line(row: &[Cell]) -> Result<String> {
    record(row.iter().map(|cell| text(&cell.value)))
}

fn record(fields: impl Iterator<Item = String>) -> Result<String> {
    let failed = || Error::internal("CSV cannot be written");
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(fields).map_err(|_| failed())?;
    let bytes = writer.into_inner().map_err(|_| failed())?;
    String::from_utf8(bytes).map_err(|_| failed())
}

/// Spreadsheets execute cells that begin with one of these; numbers are no text and stay what they are.
fn text(value: &Value) -> String {
    let shown = plain(value);
    let is_text = matches!(value, Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']));
    if is_text { format!("'{shown}") } else { shown }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line_of(values: &[Value]) -> String {
        let cells: Vec<Cell> = values
            .iter()
            .map(|value| Cell {
                column: Column::new("x"),
                value: value.clone(),
            })
            .collect();
        line(&cells).expect("written")
    }

    #[test]
    fn what_a_spreadsheet_would_execute_is_disarmed() {
        let values = [
            json!("=cmd()"),
            json!("+1"),
            json!("-1"),
            json!("@x"),
            json!("\tx"),
            json!("\rx"),
            json!("a=b"),
        ];
        assert_eq!(line_of(&values), "'=cmd(),'+1,'-1,'@x,'\\tx,'\\rx,a=b\r\n");
    }

    #[test]
    fn numbers_nothing_and_nested_values_are_what_they_are() {
        let values = [
            json!(-1),
            json!(1.5),
            json!(null),
            json!(true),
            json!(["a", "b"]),
            json!({"a": 1}),
        ];
        assert_eq!(
            line_of(&values),
            "-1,1.5,,true,\"[\"\"a\"\",\"\"b\"\"]\",\"{\"\"a\"\":1}\"\r\n"
        );
    }

    #[test]
    fn quotes_and_commas_are_quoted_and_escapes_are_shown() {
        assert_eq!(
            line_of(&[json!("a,\"b\""), json!("\u{1b}]0;owned\u{7}")]),
            "\"a,\"\"b\"\"\",\\u{1b}]0;owned\\u{7}\r\n"
        );
    }
}
