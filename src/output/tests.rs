mod tables;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::error::{Error, Kind};

#[derive(Serialize)]
struct ZoneRow {
    name: String,
    state: &'static str,
    size_bytes: Option<u64>,
    created_at: Timestamp,
    nameservers: Vec<&'static str>,
}

impl Row for ZoneRow {
    const NOUN: &'static str = "zone";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("state").state(),
        Column::new("size_bytes").titled("size").bytes(),
        Column::new("created_at").titled("created").time(),
        Column::new("nameservers").detail(),
    ];
}

fn zone(name: &str, state: &'static str, size_bytes: Option<u64>) -> ZoneRow {
    let created_at = "2020-01-02T03:04:05.678901Z".parse().expect("a time");
    ZoneRow {
        name: name.to_owned(),
        state,
        size_bytes,
        created_at,
        nameservers: vec!["ns1.test", "ns2.test"],
    }
}

fn zones() -> [ZoneRow; 2] {
    [
        zone("a.test", "active", Some(1536)),
        zone("=b.test", "stuck", None),
    ]
}

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("whole").clone()).expect("UTF-8")
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("whole").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A stdout that fails.
struct Failing(io::ErrorKind);

impl Write for Failing {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn shown(options: Options, terminal: Terminal, show: impl FnOnce(&Ui)) -> (String, String) {
    let (stdout, stderr) = (Sink::default(), Sink::default());
    let ui = Ui::over(
        options,
        terminal,
        Box::new(stdout.clone()),
        Box::new(stderr.clone()),
    );
    show(&ui);
    (stdout.text(), stderr.text())
}

fn in_format(format: Format, show: impl FnOnce(&Ui)) -> (String, String) {
    shown(
        Options {
            format,
            ..Options::default()
        },
        Terminal::default(),
        show,
    )
}

fn list_in(format: Format, is_quiet: bool, rows: &[ZoneRow]) -> String {
    let options = Options {
        format,
        is_quiet,
        ..Options::default()
    };
    shown(options, Terminal::default(), |ui| ui.all(rows).expect("written")).0
}

const TERMINAL: Terminal = Terminal {
    stdin: true,
    stdout: true,
    stderr: true,
    width: Some(80),
    allows_color: true,
};

#[test]
fn hostile_text_is_shown_escaped_in_tables_and_csv_and_is_whole_in_json() {
    let hostile = "\u{1b}]0;owned\u{7}\u{202e}\n=x";
    let rows = [zone(hostile, "active", None)];
    for format in [Format::Table, Format::Csv] {
        for is_quiet in [false, true] {
            let stdout = list_in(format, is_quiet, &rows);
            assert!(!stdout.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{stdout:?}");
            assert!(
                stdout.contains("\\u{1b}]0;owned\\u{7}\\u{202e}\\n=x"),
                "{stdout:?}"
            );
        }
    }
    let parsed: Value = serde_json::from_str(&list_in(Format::Json, false, &rows)).expect("valid");
    assert_eq!(parsed[0]["name"], hostile);
}

#[test]
fn json_is_an_object_or_an_array_with_the_keys_in_the_struct_s_order() {
    let expected = "\
[
  {
    \"name\": \"a.test\",
    \"state\": \"active\",
    \"size_bytes\": 1536,
    \"created_at\": \"2020-01-02T03:04:05.678901Z\",
    \"nameservers\": [
      \"ns1.test\",
      \"ns2.test\"
    ]
  }
]
";
    assert_eq!(list_in(Format::Json, false, &zones()[..1]), expected);
    assert_eq!(list_in(Format::Json, false, &[]), "[]\n");
    let two: Value = serde_json::from_str(&list_in(Format::Json, false, &zones())).expect("valid");
    assert_eq!(two[1]["size_bytes"], Value::Null);
    let one = in_format(Format::Json, |ui| ui.one(&zones()[0]).expect("written")).0;
    assert!(
        one.starts_with("{\n  \"name\": \"a.test\",\n") && one.ends_with("}\n"),
        "{one}"
    );
}

#[test]
fn ndjson_is_an_object_a_line() {
    let stdout = list_in(Format::Ndjson, false, &zones());
    let names: Vec<Value> = stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("valid")["name"].clone())
        .collect();
    assert_eq!(names, ["a.test", "=b.test"]);
    assert_eq!(list_in(Format::Ndjson, false, &[]), "");
}

#[test]
fn csv_has_a_header_even_for_nothing() {
    let header = "name,state,size_bytes,created_at,nameservers\r\n";
    assert_eq!(list_in(Format::Csv, false, &[]), header);
    let expected = format!(
        "{header}a.test,active,1536,2020-01-02T03:04:05.678901Z,\"[\"\"ns1.test\"\",\"\"ns2.test\"\"]\"\r\n\
         '=b.test,stuck,,2020-01-02T03:04:05.678901Z,\"[\"\"ns1.test\"\",\"\"ns2.test\"\"]\"\r\n"
    );
    assert_eq!(list_in(Format::Csv, false, &zones()), expected);
}

#[test]
fn quiet_lists_are_identifiers_and_quiet_single_things_are_nothing() {
    assert_eq!(list_in(Format::Table, true, &zones()), "a.test\n=b.test\n");
    assert_eq!(
        list_in(Format::Json, true, &zones()),
        "[\n  \"a.test\",\n  \"=b.test\"\n]\n"
    );
    assert_eq!(
        list_in(Format::Ndjson, true, &zones()),
        "\"a.test\"\n\"=b.test\"\n"
    );
    assert_eq!(
        list_in(Format::Csv, true, &zones()),
        "name\r\na.test\r\n'=b.test\r\n"
    );
    let options = Options {
        is_quiet: true,
        ..Options::default()
    };
    let (stdout, stderr) = shown(options, TERMINAL, |ui| {
        ui.one(&zones()[0]).expect("written");
        ui.note("nobody hears this");
        ui.step("nor sees this");
    });
    assert_eq!((stdout.as_str(), stderr.as_str()), ("", ""));
}

#[test]
fn a_table_of_nothing_is_a_note_on_a_terminal_only() {
    let none: [ZoneRow; 0] = [];
    let empty = |terminal| shown(Options::default(), terminal, |ui| ui.all(&none).expect("written"));
    assert_eq!(empty(TERMINAL), (String::new(), "no zones\n".to_owned()));
    assert_eq!(empty(Terminal::default()), (String::new(), String::new()));
}

#[test]
fn an_error_is_two_lines_or_one_object() {
    let error = Error::new(Kind::Conflict, "exists", "the zone a\u{1b}b exists")
        .hint("hostctl dns zone show ab")
        .operation("op1");
    let (stdout, stderr) = in_format(Format::Table, |ui| ui.error(&error));
    assert_eq!(
        (stdout.as_str(), stderr.as_str()),
        (
            "",
            "error: the zone a\\u{1b}b exists\nhint: hostctl dns zone show ab\n"
        )
    );
    for format in [Format::Json, Format::Ndjson] {
        let (_, stderr) = in_format(format, |ui| ui.error(&error));
        assert_eq!(stderr.lines().count(), 1);
        let object: Value = serde_json::from_str(&stderr).expect("valid");
        let expected = serde_json::json!({"error": {
            "kind": "conflict", "reason": "exists", "message": "the zone a\u{1b}b exists",
            "hint": "hostctl dns zone show ab", "operation": "op1"
        }});
        assert_eq!(object, expected);
    }
}

#[test]
fn notes_never_reach_stdout() {
    let tell = |ui: &Ui| {
        ui.note("a");
        ui.warn("b");
    };
    assert_eq!(
        in_format(Format::Csv, tell),
        (String::new(), "note: a\nwarning: b\n".to_owned())
    );
    let (stdout, stderr) = in_format(Format::Json, tell);
    assert_eq!(
        (stdout.as_str(), stderr.as_str()),
        (
            "",
            "{\"note\":{\"message\":\"a\"}}\n{\"warning\":{\"message\":\"b\"}}\n"
        )
    );
}

#[test]
fn a_closed_pipe_is_no_error_and_any_other_failure_is() {
    let over = |kind| {
        Ui::over(
            Options::default(),
            Terminal::default(),
            Box::new(Failing(kind)),
            Box::new(io::sink()),
        )
    };
    let closed = over(io::ErrorKind::BrokenPipe);
    assert!(!closed.stdout_is_closed());
    closed.all(&zones()).expect("quietly");
    assert!(closed.stdout_is_closed());
    let error = over(io::ErrorKind::StorageFull).all(&zones()).expect_err("full");
    assert_eq!((error.kind(), error.reason()), (Kind::Unavailable, "output"));
}

#[test]
fn nobody_is_asked_without_a_terminal_or_against_their_will() {
    let no_input = Options {
        no_input: true,
        ..Options::default()
    };
    let no_stdin = Terminal {
        stdin: false,
        ..TERMINAL
    };
    let no_stderr = Terminal {
        stderr: false,
        ..TERMINAL
    };
    for (options, terminal) in [
        (no_input, TERMINAL),
        (Options::default(), no_stdin),
        (Options::default(), no_stderr),
    ] {
        let (stdout, stderr) = shown(options, terminal, |ui| {
            let error = ui.confirm("delete a.test?").expect_err("nobody there");
            assert_eq!(
                (error.kind(), error.hint_text()),
                (Kind::Usage, Some("add --yes"))
            );
            let error = ui
                .ask_password("password", "--password-stdin", true)
                .expect_err("nobody there");
            assert_eq!(
                (error.kind(), error.hint_text()),
                (Kind::Usage, Some("use --password-stdin"))
            );
            assert_eq!(
                ui.ask("name", "--name", None).expect_err("nobody there").kind(),
                Kind::Usage
            );
        });
        assert_eq!((stdout.as_str(), stderr.as_str()), ("", ""));
    }
    let yes = Options {
        says_yes: true,
        ..no_input
    };
    shown(yes, Terminal::default(), |ui| {
        assert!(ui.confirm("delete a.test?").is_ok());
    });
}

#[derive(Serialize)]
struct WrongRow {
    name: &'static str,
    forgotten: u8,
}

impl Row for WrongRow {
    const NOUN: &'static str = "wrong";
    const COLUMNS: &'static [Column] = &[Column::new("name")];
}

#[test]
fn a_field_without_a_column_is_a_bug_that_shows() {
    let error = row::cells(&WrongRow {
        name: "a",
        forgotten: 1,
    })
    .expect_err("must show");
    assert_eq!(error.message(), "the field `forgotten` of a wrong has no column");
}
