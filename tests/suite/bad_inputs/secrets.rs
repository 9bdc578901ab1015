//! Keys that go into a header or stand for a request.

use std::os::unix::fs::PermissionsExt;

use crate::bad_inputs::recorder::{Line, refused, refused_lines};

#[test]
fn keys_of_requests_and_reasons_that_are_none() {
    let long = "x".repeat(5000);
    let values = [
        "",
        " ",
        "a\nb",
        "a\u{0}b".trim_end_matches('\u{0}'),
        "k\u{202e}",
        "k\u{200b}",
        "\u{1b}[0m",
        &long,
    ];
    let values: Vec<&str> = values.into_iter().filter(|value| !value.contains('\0')).collect();
    refused(
        "--idempotency-key",
        &[&["account", "create", "acme", "--idempotency-key={}"]],
        &values,
    );
    refused(
        "--reason",
        &[&["account", "create", "acme", "--reason={}"]],
        &values,
    );
}

#[test]
fn keys_of_the_api_that_would_break_a_header() {
    let directory = tempfile::tempdir().expect("a directory");
    let texts: [(&str, u32, &[u8]); 7] = [
        ("inject", 0o600, b"abc\r\nX: y\n"),
        ("wide", 0o600, "schlüssel\n".as_bytes()),
        ("bytes", 0o600, b"\xff\xfe\n"),
        ("blank", 0o600, b"a b\n"),
        ("empty", 0o600, b""),
        ("control", 0o600, b"a\x07b\n"),
        ("readable", 0o644, b"key\n"),
    ];
    let mut lines = Vec::new();
    for (name, mode, text) in texts {
        let file = directory.path().join(name);
        std::fs::write(&file, text).expect("a file");
        std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).expect("a mode");
        let file = file.display().to_string();
        for words in [
            &["dns", "zone", "create", "example.com"][..],
            &["site", "create", "example.com", "--dns"],
        ] {
            lines.push(Line::new(words).variable("HOSTCTL_DNS__MAIN__API_KEY_FILE", &file));
        }
    }
    refused_lines("", &lines);
}

#[test]
fn a_server_is_never_a_way_up_the_path() {
    let lines: Vec<Line> = ["..", ".", ""]
        .iter()
        .map(|identifier| {
            let line = Line::new(&["dns", "zone", "create", "example.com"]);
            line.variable("HOSTCTL_DNS__MAIN__SERVER_ID", *identifier)
        })
        .collect();
    refused_lines("", &lines);
}
