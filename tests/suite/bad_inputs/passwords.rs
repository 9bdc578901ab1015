//! Passwords and hashes: from stdin and from files.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use hostctl::env::child::{self, Spec};

use crate::bad_inputs::recorder::{Line, refused_lines, run};

/// Verbs that take a password.
const VERBS: [&[&str]; 4] = [
    &["db", "create", "shop"],
    &["db", "passwd", "shop"],
    &["mail", "box", "create", "user@example.com"],
    &["mail", "box", "passwd", "user@example.com"],
];

fn with(words: &[&str], more: &[&str]) -> Line {
    Line::new(&[words, more].concat())
}

#[test]
fn passwords_that_are_none() {
    let huge = vec![b'x'; 1024 * 1024];
    let long = [vec![b'x'; 1025], b"\n".to_vec()].concat();
    let values: [&[u8]; 10] = [
        b"",
        b"\n",
        b"x\n",
        b"1234567\n",
        b"elevenchars\n",
        b"a long one with\na second line\n",
        b"a nul \0 in the middle\n",
        b"\xff\xfe not utf-8 \xff\n",
        &huge,
        &long,
    ];
    for value in values {
        let lines = VERBS.map(|words| with(words, &["--password-stdin"]).stdin(value));
        refused_lines("", &lines);
    }
}

#[test]
fn what_postgresql_would_take_for_a_hash_is_no_password() {
    let hash = format!("md5{}\n", "0123456789abcdef".repeat(2));
    let verifier = format!(
        "SCRAM-SHA-256$4096:{salt}$${key}:${key}\n",
        salt = "c2FsdHNhbHRzYWx0c2FsdA==",
        key = "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U="
    )
    .replace("$$", "$")
    .replace(":$", ":");
    for value in [hash, verifier] {
        let lines =
            [&VERBS[0], &VERBS[1]].map(|words| with(words, &["--password-stdin"]).stdin(value.as_bytes()));
        refused_lines("password", &lines);
    }
}

#[test]
fn hashes_that_are_none() {
    let values = [
        "{PLAIN}secret-secret",
        "{MD5}$1$abc$xyz",
        "{CRYPT}$1$abc$xyz",
        "{SHA}aaaa",
        "md5abc",
        "{ARGON2ID}$argon2id$x",
        "{ARGON2ID}$argon2id$v=19$m=4294967295,t=2,p=1$c2FsdHNhbHQ$aGFzaA",
        "{BLF-CRYPT}$2y$99$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "{BLF-CRYPT}x",
        "",
    ];
    let lines: Vec<Line> = values
        .iter()
        .map(|value| {
            let line = ["mail", "box", "create", "user@example.com", "--hash-stdin"];
            Line::new(&line).stdin(format!("{value}\n"))
        })
        .collect();
    refused_lines("", &lines);
}

#[test]
fn a_password_is_no_argument_and_is_not_repeated() {
    for words in VERBS {
        for more in [
            &["--password", "hunter2"][..],
            &["--password=hunter2"],
            &["-p", "hunter2"],
        ] {
            let (ran, connections) = run(&[with(words, more)]);
            assert_eq!((ran[0].code, connections), (Some(2), 0), "{}", ran[0]);
            assert!(!ran[0].stderr.contains("hunter2"), "{}", ran[0]);
            if more[0].starts_with("--") {
                assert!(ran[0].stderr.contains("--password-stdin"), "{}", ran[0]);
            }
        }
    }
}

#[test]
fn files_that_no_password_is_read_from() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name);
    let write = |name: &str, mode: u32, text: &[u8]| {
        std::fs::write(path(name), text).expect("a file");
        std::fs::set_permissions(path(name), PermissionsExt::from_mode(mode)).expect("a mode");
    };
    write("readable", 0o644, b"a password of theirs\n");
    write("group", 0o640, b"a password of theirs\n");
    write("writable", 0o602, b"a password of theirs\n");
    write("good", 0o600, b"a password of theirs\n");
    write("empty", 0o600, b"");
    write("huge", 0o600, &vec![b'x'; 1024 * 1024]);
    write("lines", 0o600, b"a password of theirs\nand more\n");
    symlink(path("readable"), path("link")).expect("a link");
    std::fs::create_dir(path("directory")).expect("a directory");
    make_pipe(&path("pipe"));
    let names = [
        "readable",
        "group",
        "writable",
        "empty",
        "huge",
        "lines",
        "link",
        "directory",
        "pipe",
        "missing",
    ];
    let mut files: Vec<String> = names
        .iter()
        .map(|name| path(name).display().to_string())
        .collect();
    files.extend([
        "/dev/zero".to_owned(),
        "/dev/null".to_owned(),
        String::new(),
        "-".to_owned(),
    ]);
    for words in VERBS {
        let lines: Vec<Line> = files
            .iter()
            .map(|file| with(words, &["--password-file", file]))
            .collect();
        refused_lines("", &lines);
        // The same file with the right mode is read, and the database is asked.
        let good = path("good").display().to_string();
        let (ran, connections) = run(&[with(words, &["--password-file", &good, "--timeout", "2s"])]);
        assert!(connections > 0, "{}", ran[0]);
    }
}

fn make_pipe(path: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("an event loop");
    let made = runtime.block_on(child::run(Spec::new("mkfifo").argument(path)));
    made.and_then(child::Output::succeeded).expect("a pipe");
}
